//! Text to rows: `decode`, `flatten` and `trie` together, against a naive walk over serde_json's tree.

mod corpus;
mod million;
mod pieces;

use lake::{Column, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::block::{Block, Slot, Values};
use crate::decode::decode;
use crate::decoded::{Decoded, Other};
use crate::flatten::{Flattener, Refusal};

/// A table with every kind, and with columns above others.
fn columns() -> Vec<Column> {
    let columns = [
        ("t", Kind::Text),
        ("n", Kind::Long),
        ("b", Kind::Boolean),
        ("at", Kind::Timestamp),
        ("o", Kind::Json),
        ("o.t", Kind::Text),
        ("o.p.b", Kind::Boolean),
        ("x.y", Kind::Text),
        ("x.y.z", Kind::Text),
    ];
    let column = |(path, kind): (&str, Kind)| Column {
        path: path.split('.').map(str::to_owned).collect(),
        name: path.replace('.', "_"),
        kind,
        bloom: false,
        statistics: false,
        since: 1,
        doc: String::new(),
    };
    columns.into_iter().map(column).collect()
}

/// Decodes an object that stands behind another in its block.
fn rows_of(object: &[u8]) -> (Block, Decoded) {
    let columns = columns();
    let mut block = Block::new(&columns, 0);
    block.text.extend_from_slice(b"what stood before");
    let start = block.text.len();
    block.text.extend_from_slice(object);
    block.rows.begin(0, "object", None);
    let mut flattener = Flattener::new(&columns);
    let decoded = decode(
        &mut block.text,
        start,
        1 << 20,
        &mut flattener,
        &mut block.rows,
    );
    (block, decoded)
}

fn text(block: &Block, slot: Slot) -> Option<String> {
    let (side, at, length) = slot.place()?;
    let buffer = if side { &block.rows.side } else { &block.text };
    Some(String::from_utf8(buffer[at..at + length].to_vec()).expect("UTF-8"))
}

fn value(block: &Block, row: usize, column: usize) -> Option<String> {
    match &block.rows.columns[column] {
        Values::Text(values) => text(block, *values.get(row)?),
        Values::Boolean(values) => Some((*values.get(row)?)?.to_string()),
        Values::Long(values) | Values::Timestamp(values) => Some((*values.get(row)?)?.to_string()),
    }
}

fn contents(block: &Block) -> Vec<String> {
    block
        .rows
        .content
        .iter()
        .map(|&slot| text(block, slot).expect("a text"))
        .collect()
}

fn mistyped(block: &Block, row: usize) -> Option<String> {
    text(block, *block.rows.mistyped.get(row)?)
}

#[test]
fn records_are_found_whatever_stands_around_them() {
    for object in [
        r#"{"Records":[{"t":"1"},{"t":"2"}]}"#,
        "\u{feff} \r\n{ \"Records\" :\t[ {\"t\":\"1\"} , {\"t\":\"2\"} ] }\n",
        r#"{"a":{"Records":[{"t":"no"}]},"Records":[{"t":"1"},{"t":"2"}],"b":[1]}"#,
        r#"{"Records":[{"t":"1"}]}{"Records":[]}  {"Records":[{"t":"2"}]}"#,
        r#"{"Records":[{"t":"1"}],"Records":[{"t":"2"}]}"#,
        r#"{"\u0052ecords":[{"t":"1"},{"t":"2"}]}"#,
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(
            contents(&block),
            [r#"{"t":"1"}"#, r#"{"t":"2"}"#],
            "{object}"
        );
        assert_eq!((decoded.records, decoded.refused), (2, 0), "{object}");
        assert_eq!((decoded.broken, decoded.other), (None, None), "{object}");
        assert_eq!(block.rows.index, [0, 1], "{object}");
    }
    let (_, decoded) = rows_of(br#"{"Records":[]}"#);
    assert_eq!((decoded.records, decoded.other), (0, None));
}

fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).expect("packed");
    encoder.finish().expect("packed")
}

#[test]
fn other_objects_are_named() {
    for (object, other) in [
        (r#"{"digestStartTime":"x","logFiles":[]}"#, Other::Digest),
        (r#"{"configurationItems":[]}"#, Other::Foreign),
        (r#"{"Records":null}"#, Other::Foreign),
        (
            r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE"}]}"#,
            Other::Control,
        ),
        (
            r#"{"detail-type":"EC2 Instance State-change Notification","detail":{"eventName":"x"}}"#,
            Other::Foreign,
        ),
        (r#"["a", 1]"#, Other::Foreign),
        ("1 2", Other::Foreign),
        ("", Other::Foreign),
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(
            (decoded.other, block.rows.len()),
            (Some(other), 0),
            "{object}"
        );
    }
}

/// Two records in every form that they come in; what a record's text is by each.
#[test]
fn records_are_found_in_every_container() {
    use base64::Engine;
    let (a, b) = (
        r#"{"eventVersion":"1.08","eventName":"A","t":"1"}"#,
        r#"{"eventVersion":"1.08","eventName":"B","t":"é\""}"#,
    );
    let text = |record: &str| serde_json::Value::from(record).to_string();
    let message = format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","logEvents":[{{"id":"1","timestamp":1,"message":{}}},{{"id":"2","message":{}}}]}}"#,
        text(a),
        text(b)
    );
    let base64 = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let packed = base64(&gzip(message.as_bytes()));
    let kinesis = format!(
        r#"{{"Records":[{{"kinesis":{{"partitionKey":"k","data":"{packed}"}},"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"x","eventName":"aws:kinesis:record"}}]}}"#
    );
    for object in [
        format!(r#"{{"Records":[{a},{b}]}}"#),
        format!("[{a},\n{b}]"),
        format!("{a}{b}"),
        format!("{a}\n{b}\n"),
        format!("{a}\r\n[{b}]\n"),
        format!(r#"{{"Records":[{a}]}}{b}"#),
        format!(r#"{{"_1":{a}}}{{"_1":{b}}}"#),
        message.clone(),
        format!(r#"{{"awslogs":{{"data":"{packed}"}}}}"#),
        kinesis,
        format!(
            r#"{{"invocationId":"i","deliveryStreamArn":"d","records":[{{"recordId":"1","data":"{packed}"}}]}}"#
        ),
        format!(
            r#"{{"data":"{}"}}{{"data":"{}"}}"#,
            base64(a.as_bytes()),
            base64(b.as_bytes())
        ),
        format!(
            r#"[{{"version":"0","id":"1","detail-type":"AWS API Call via CloudTrail","source":"aws.s3","time":"t","region":"r","detail":{a}}},{{"version":"0","detail-type":"AWS Console Sign In via CloudTrail","detail":{b}}}]"#
        ),
        format!(
            r#"{{"Events":[{{"EventId":"1","EventName":"A","ReadOnly":"true","CloudTrailEvent":{}}},{{"CloudTrailEvent":{}}}],"NextToken":"n"}}"#,
            text(a),
            text(b)
        ),
        format!(
            "{{\"CloudTrailEvent\":{}}}\n{{\"CloudTrailEvent\":{}}}",
            text(a),
            text(b)
        ),
        format!(r#"{{"_raw":{},"_time":1}}{{"_raw":{}}}"#, text(a), text(b)),
        format!(
            r#"{{"event":{{"original":{}}}}}{{"input":{{"message":{}}}}}"#,
            text(a),
            text(b)
        ),
        format!(
            r#"{{"event.original":{}}}{{"@timestamp":1,"message":{}}}"#,
            text(a),
            text(b)
        ),
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(contents(&block), [a, b], "{object}");
        assert_eq!((decoded.records, decoded.refused), (2, 0), "{object}");
        assert_eq!((decoded.broken, decoded.other), (None, None), "{object}");
        assert_eq!(block.rows.index, [0, 1], "{object}");
    }
    // No records, but nothing wrong either.
    for object in [
        "[]",
        r#"{"Events":[]}"#,
        r#"{"messageType":"DATA_MESSAGE","logEvents":[]}"#,
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(
            (block.rows.len(), decoded.records, decoded.other),
            (0, 0, None),
            "{object}"
        );
    }
}

#[test]
fn what_is_no_record_among_records_is_counted() {
    let record = r#"{"eventVersion":"1.08","eventName":"A"}"#;
    for (object, taken, refused) in [
        (
            format!("{record}\n{{\"level\":\"info\"}}\n{record}\n"),
            2,
            1,
        ),
        (format!("{record}\n17\n\"x\"\n"), 1, 2),
        (format!("[{record},{{\"a\":}},{record}]"), 2, 1),
        (format!(r#"{{"data":"!"}}{record}"#), 1, 1),
        (format!(r#"{{"_raw":"no JSON"}}{record}"#), 1, 1),
        // Wrapped deeper than anybody wraps.
        (
            format!("{}{record}{}{record}", r#"{"_1":"#.repeat(5), "}".repeat(5)),
            1,
            1,
        ),
        (
            format!("{}{record}{}", r#"{"_1":"#.repeat(4), "}".repeat(4)),
            1,
            0,
        ),
        (
            format!(
                r#"{{"Records":[{{"eventVersion":"2.1","eventSource":"aws:s3","s3":{{}}}}]}}{record}"#
            ),
            1,
            1,
        ),
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(
            (block.rows.len() as u64, decoded.refused, decoded.records),
            (taken, refused, taken + refused),
            "{object}"
        );
    }
}

/// Refused values are kept, also where nothing else was found; what has nothing to do with CloudTrail is not copied.
#[test]
fn what_is_counted_as_refused_is_kept() {
    let malformed = r#"{"eventVersion":"1.08","eventName":}"#;
    for (object, refused, kept) in [
        (format!("[{malformed}]"), 1, malformed),
        (format!("[17,{malformed},\"x\"]"), 1, malformed),
        (format!("[17,{malformed},{{\"eventNa"), 1, malformed),
        ("17 \"x\" {\"level\":\"info\"}\n{\"lev".to_owned(), 0, ""),
        ("[17,\"x\",{\"level\":\"info\"}]".to_owned(), 0, ""),
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(
            (block.rows.len(), decoded.records, decoded.refused),
            (0, refused, refused),
            "{object}"
        );
        let aside: Vec<_> = decoded.aside.iter().map(|aside| &aside.bytes[..]).collect();
        assert_eq!(aside.concat(), kept.as_bytes(), "{object}");
    }
}

/// Bad values without an end, some in the others, are not looked through again and again; bad ones that end are still
/// refused alone.
#[test]
fn values_without_an_end_cost_no_more_than_a_look() {
    let record = r#"{"eventVersion":"1.08","eventName":"A"}"#;
    let last = format!("{{\"Records\":[{{\"a\":01}},{record}]}}");
    let open = "{\"Records\":[{\"a\":01,\n".repeat(200_000);
    let nested = format!("{}{{\"a\":01,{}", "[".repeat(500), " ".repeat(1_000_000));
    for object in [
        format!("{open}{last}"),
        format!("{nested}\n{last}"),
        format!("{open}{nested}\n{last}"),
    ] {
        let began = std::time::Instant::now();
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!((block.rows.len(), decoded.refused), (1, 1));
        assert!(decoded.broken.is_some());
        // Without a limit it would take the better part of an hour.
        assert!(began.elapsed().as_secs() < 60);
    }
}

/// In files of one record a line a broken line costs no other.
#[test]
fn lines_behind_a_broken_one_are_read() {
    let record = r#"{"eventVersion":"1.08","eventName":"A"}"#;
    for broken in [
        "{\"eventName\":",
        "{\"eventName\":\"A",
        "{\"a\":[1",
        "}",
        "x",
    ] {
        let (block, decoded) =
            rows_of(format!("{record}\n{broken}\n{record}\n{record}").as_bytes());
        assert_eq!(block.rows.len(), 3, "{broken}");
        let behind = |error: json::Error| error.at > record.len();
        assert_eq!(decoded.broken.map(behind), Some(true), "{broken}");
    }
}

#[test]
fn what_stands_before_a_break_goes_in() {
    for (object, taken, at) in [
        (r#"{"Records":[{"t":"1"},{"t":"2"#, 1, 29),
        (r#"{"Records":[{"t":"1"},"#, 1, 22),
        (r#"{"Records":[{"t":"1"}"#, 1, 21),
        (r#"{"Records":[{"t":"1"}{"t":"2"}]}"#, 1, 21),
        (r#"{"Records":[{"t":"1"}],"#, 1, 23),
        (r#"{"Records":[{"t":"1"}]}garbage"#, 1, 23),
        (r#"{"Records":[{"t":"1"},{"t":["2"}]}"#, 1, 31),
        (r#"{"Rec"#, 0, 5),
    ] {
        let (block, decoded) = rows_of(object.as_bytes());
        assert_eq!(
            (block.rows.len(), decoded.broken.map(|error| error.at)),
            (taken, Some(at)),
            "{object}"
        );
        assert_eq!(
            (decoded.records, decoded.other),
            (taken as u64, None),
            "{object}"
        );
    }
}

#[test]
fn bad_records_do_not_take_others_along() {
    let deep = format!("{}{}", r#"{"a":"#.repeat(600), "}".repeat(600));
    for (bad, refused_at) in [
        ("1", 1),
        ("null", 1),
        ("[[],{}]", 1),
        (r#"{"t":"no","n":01}"#, 1),
        (r#"{"t":"no",}"#, 1),
        (r#"{"t":"a\x"}"#, 0),
        (&deep, 1),
    ] {
        let object = format!(r#"{{"Records":[{{"t":"1"}}, {bad} ,{{"t":"2"}}]}}"#);
        let (block, decoded) = rows_of(object.as_bytes());
        if refused_at == 0 {
            // Where a string ends can't be said once its escapes are wrong.
            assert_eq!(
                (block.rows.len(), decoded.broken.is_some()),
                (1, true),
                "{bad}"
            );
            continue;
        }
        assert_eq!(contents(&block), [r#"{"t":"1"}"#, r#"{"t":"2"}"#], "{bad}");
        assert_eq!(block.rows.index, [0, 2], "{bad}");
        assert_eq!(
            (decoded.records, decoded.refused, decoded.broken),
            (3, 1, None),
            "{bad}"
        );
        assert_eq!(decoded.refusals[0].0, 23, "{bad}");
        assert_eq!(
            (value(&block, 0, 0), value(&block, 1, 0)),
            (Some("1".into()), Some("2".into())),
            "{bad}"
        );
    }
}

#[test]
fn records_that_are_not_utf8_are_refused_alone() {
    let object = b"{\"Records\":[{\"t\":\"1\"},{\"t\":\"\xff\"},{\"t\":\"\xc3\xbc\"}]}";
    let (block, decoded) = rows_of(object);
    assert_eq!(contents(&block), [r#"{"t":"1"}"#, r#"{"t":"ü"}"#]);
    assert_eq!(decoded.refusals, [(22, Refusal::NotUtf8)]);
}

#[test]
fn records_over_the_limit_are_marked_first() {
    let padding = lake::cloudtrail::JSON_LIMIT - r#"{"t":1,"p":""}"#.len();
    for (padding, expected) in [(padding, "t"), (padding + 1, "*,t")] {
        let object = format!(r#"{{"Records":[{{"t":1,"p":"{}"}}]}}"#, "x".repeat(padding));
        let (block, _) = rows_of(object.as_bytes());
        assert_eq!(mistyped(&block, 0).as_deref(), Some(expected));
    }
}

/// What a column must hold, and whether the record has it in another form, by a walk over the tree. Texts of JSON
/// columns are compared as trees: here they are written anew.
fn expected(record: &Value, column: &Column) -> (Option<String>, bool) {
    let found = column
        .path
        .iter()
        .try_fold(record, |value, key| value.as_object()?.get(key));
    let Some(found) = found.filter(|value| !value.is_null()) else {
        // An array on the way: its elements may hold what the column is for.
        let mut way = record;
        let array = column.path.iter().any(|key| {
            let array = way.is_array();
            way = way.get(key).unwrap_or(&Value::Null);
            array
        });
        return (None, array);
    };
    let value = match column.kind {
        Kind::Text => found.as_str().map(str::to_owned),
        Kind::Boolean => found.as_bool().map(|value| value.to_string()),
        Kind::Long => found.as_i64().map(|value| value.to_string()),
        Kind::Json => Some(found.to_string()),
        Kind::Timestamp => {
            // jiff takes forms that are none of ours; the generator makes none of these.
            let time = found
                .as_str()
                .and_then(|text| text.parse::<jiff::Timestamp>().ok());
            let micros = time.map(|time| time.as_nanosecond().div_euclid(1_000));
            let micros = micros.and_then(|micros| i64::try_from(micros).ok());
            let value = micros.filter(|micros| micros.checked_mul(1_000).is_some());
            let exact = found.as_str().is_some_and(|text| text.len() == 20);
            return (
                value.map(|micros| micros.to_string()),
                value.is_none() || !exact,
            );
        }
    };
    let missing = value.is_none();
    (value, missing)
}

/// Texts of JSON values with what makes them hard.
fn any_value() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "t", "n", "b", "at", "o", "p", "x", "y", "z", "\\u0074", "\\u006f", "other",
    ]);
    let times = prop::sample::select(vec![
        "2024-03-13T06:45:15Z",
        "2024-03-13T06:45:15.123Z",
        "2024-02-30T00:00:00Z",
        "2024-03-13T06:45:15+02:00",
        "1500-01-01T00:00:00Z",
        "\\u0032024-03-13T06:45:15Z",
        "1969-12-31T23:59:59.9999999Z",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        Just("1.5".to_owned()),
        Just("9223372036854775808".to_owned()),
        "[ a-zü]{0,20}".prop_map(|body| format!("\"{body}\"")),
        Just(r#""esc\u0061ped \"\\\n""#.to_owned()),
        times.prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(4, 60, 8, move |inner| {
        let member = (key.clone(), inner.clone());
        prop_oneof![
            1 => prop::collection::vec(inner, 0..3).prop_map(|items| format!("[{}]", items.join(" , "))),
            4 => prop::collection::vec(member, 0..8).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
                format!("{{{} }}", members.join(","))
            }),
        ]
    })
}

fn tree(text: &str) -> Value {
    serde_json::from_str(text).expect("valid")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

    #[test]
    fn columns_hold_what_a_walk_finds(records in prop::collection::vec(any_value(), 0..5)) {
        let object = format!("{{\"Records\": [{}]}}", records.join(",\n"));
        let (block, decoded) = rows_of(object.as_bytes());
        let taken: Vec<_> = records.iter().filter(|record| record.starts_with('{')).cloned().collect();
        prop_assert_eq!(contents(&block), taken.clone());
        prop_assert_eq!(decoded.refused as usize, records.len() - taken.len());
        for (row, record) in taken.iter().enumerate() {
            let record = tree(record);
            let mut names = Vec::new();
            for (place, column) in columns().iter().enumerate() {
                let (expected, other) = expected(&record, column);
                let found = value(&block, row, place);
                match column.kind {
                    Kind::Json => prop_assert_eq!(found.map(|text| tree(&text)), expected.map(|text| tree(&text))),
                    _ => prop_assert_eq!(found, expected, "{}", &column.name),
                }
                if other {
                    names.push(column.name.clone());
                }
            }
            prop_assert_eq!(mistyped(&block, row).unwrap_or_default(), names.join(","));
        }
    }

    #[test]
    fn no_object_makes_it_panic(tokens in prop::collection::vec(prop::sample::select(vec![
        "{\"Records\":[", "{", "}", "[", "]", ",", ":", "\"t\":", "\"o\":", "\"x\":{\"y\":", "\"a\"", "1", "null", "\"", "\\", "\u{feff}",
    ]), 0..30)) {
        let object = tokens.concat();
        let (block, decoded) = rows_of(object.as_bytes());
        prop_assert_eq!(block.rows.len() as u64, decoded.records - decoded.refused);
        for content in contents(&block) {
            prop_assert!(serde_json::from_str::<Value>(&content).is_ok());
        }
    }
}

#[test]
fn the_walk_itself_is_right() {
    let record = json!({"o": {"t": 1}, "x": "no object", "at": "2024-03-13T06:45:15.5Z"});
    let found: Vec<_> = columns()
        .iter()
        .map(|column| expected(&record, column))
        .collect();
    assert_eq!(found[3], (Some("1710312315500000".into()), true));
    assert_eq!(found[4], (Some("{\"t\":1}".into()), false));
    assert_eq!(found[5], (None, true));
    assert_eq!(found[7], (None, false));
}

/// Pieces that containers are made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(r#"{"Records":["#.to_owned()),
        Just(r#"{"eventVersion":"1.08","eventName":"A","eventTime":"t"}"#.to_owned()),
        Just(r#"{"logEvents":["#.to_owned()),
        Just(r#"{"message":"{\"eventName\":\"A\",\"eventTime\":1}"}"#.to_owned()),
        Just(r#"{"data":"e30="}"#.to_owned()),
        Just(r#"{"detail-type":"x via CloudTrail","detail":"#.to_owned()),
        Just(r#"{"Events":[{"CloudTrailEvent":"{}"}]}"#.to_owned()),
        "[\\[\\]{},:\"\n 0-9a-z\\\\]{0,6}",
    ]
}

proptest! {
    /// Whatever an object holds: every record is accounted for, and nothing is read twice.
    #[test]
    fn accounts_add_up(pieces in proptest::collection::vec(piece(), 0..8)) {
        let object = pieces.concat();
        let (block, decoded) = rows_of(object.as_bytes());
        crate::containers::container_read(object.as_bytes());
        prop_assert_eq!(block.rows.len() as u64 + decoded.refused, decoded.records);
        let whole = r#"{"eventVersion":"1.08","eventName":"A","eventTime":"t"}"#;
        let written = pieces.iter().filter(|piece| *piece == whole).count();
        let taken = contents(&block).iter().filter(|content| *content == whole).count();
        prop_assert!(taken <= written);
    }
}
