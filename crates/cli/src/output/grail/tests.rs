//! The result object, member by member, after the documented examples.

use engine::{Figures, Type};

use super::*;

fn field(name: &str, ty: Type) -> OutputField {
    OutputField {
        name: name.to_owned(),
        ty,
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn written(fields: Vec<OutputField>, zone: &str, rows: Vec<Vec<Value>>) -> String {
    let zone = TimeZone::get(zone).expect("a time zone");
    let mut grail = Grail::new(fields, zone);
    let mut out = Vec::new();
    grail.rows(rows, &mut out).expect("written");
    let closing = Closing {
        query: "data record(a = 1)\n| limit  5",
        diagnostics: &[Diagnostic::warning(
            syntax::Code::MissingField,
            syntax::Span::new(21, 26),
            "no such thing",
        )],
        timeframe: Timeframe {
            from: Some(0),
            to: None,
        },
        now: 1_000,
        figures: Figures {
            rows_scanned: 7,
            bytes_scanned: 12,
            ..Figures::default()
        },
    };
    grail.end(&closing, &mut out).expect("written");
    String::from_utf8(out).expect("text")
}

/// The JSON text of the member `path` of a document.
fn member<'a>(document: &'a str, path: &[&'static str]) -> &'a str {
    let path: Vec<json::Step<'_>> = path.iter().copied().map(json::Step::Key).collect();
    json::get(document, &path)
        .expect("JSON")
        .unwrap_or("absent")
}

#[test]
fn values_are_spelled_as_the_api_does() {
    let fields = vec![
        field("long", Type::Long),
        field("double", Type::Double),
        field("at", Type::TIMESTAMP),
        field("for", Type::Duration),
        field("frame", Type::Timeframe),
        field("event", Type::Dynamic),
    ];
    // 2025-09-17T08:16:38.340000128Z, an example of the API's documentation in summer time.
    let at = 1_758_096_998_340_000_128;
    let event = Value::Record(vec![
        ("n".into(), Value::Long(5)),
        (
            "list".into(),
            Value::Array(vec![Value::Long(1), Value::Null, text("x")]),
        ),
    ]);
    let row = vec![
        Value::Long(194_414_758),
        Value::Double(1.0),
        Value::Timestamp(at),
        Value::Duration(43_200_000_000_000),
        Value::Timeframe(at, at),
        event,
    ];
    let out = written(fields, "Europe/Vienna", vec![row]);
    let stamp = "2025-09-17T10:16:38.340000128+02:00";
    assert_eq!(
        member(&out, &["records"]),
        format!(
            r#"[
{{"long":"194414758","double":1.0,"at":"{stamp}","for":"43200000000000","frame":{{"start":"{stamp}","end":"{stamp}"}},"event":{{"n":"5","list":["1",null,"x"]}}}}]"#
        )
    );
    assert_eq!(
        member(&out, &["types"]),
        concat!(
            r#"[{"indexRange":[0,0],"mappings":{"long":{"type":"long"},"double":{"type":"double"},"#,
            r#""at":{"type":"timestamp"},"for":{"type":"duration"},"frame":{"type":"timeframe"},"#,
            r#""event":{"type":"record","types":[{"mappings":{"n":{"type":"long"},"list":{"type":"array","types":["#,
            r#"{"indexRange":[0,1],"mappings":{"element":{"type":"long"}}},"#,
            r#"{"indexRange":[2,2],"mappings":{"element":{"type":"string"}}}]}}}]}}}]"#
        )
    );
}

#[test]
fn a_new_range_begins_where_types_change() {
    let fields = || vec![field("a", Type::Dynamic), field("n", Type::Long)];
    let row = |a| vec![a, Value::Null];
    let rows = vec![
        row(Value::Null),
        row(text("x")),
        row(Value::Null),
        row(Value::Long(1)),
        row(Value::Array(vec![Value::Long(1)])),
        row(Value::Array(vec![
            Value::Null,
            Value::Long(2),
            Value::Long(3),
        ])),
        row(Value::Array(vec![])),
    ];
    let out = written(fields(), "UTC", rows);
    assert_eq!(
        member(&out, &["types"]),
        concat!(
            r#"[{"indexRange":[0,2],"mappings":{"a":{"type":"string"},"n":{"type":"long"}}},"#,
            r#"{"indexRange":[3,3],"mappings":{"a":{"type":"long"},"n":{"type":"long"}}},"#,
            r#"{"indexRange":[4,6],"mappings":{"a":{"type":"array","types":["#,
            r#"{"indexRange":[0,2],"mappings":{"element":{"type":"long"}}}]},"n":{"type":"long"}}}]"#
        )
    );
    let out = written(fields(), "UTC", vec![row(Value::Null)]);
    assert_eq!(
        member(&out, &["types"]),
        r#"[{"indexRange":[0,0],"mappings":{"a":{"type":"undefined"},"n":{"type":"long"}}}]"#
    );
}

#[test]
fn metadata_tell_of_the_query() {
    let out = written(vec![field("a", Type::Long)], "UTC", Vec::new());
    assert_eq!(member(&out, &["records"]), "[]");
    assert_eq!(member(&out, &["types"]), "[]");
    let grail = |name| member(&out, &["metadata", "grail", name]);
    assert_eq!(grail("query"), r#""data record(a = 1)\n| limit  5""#);
    assert_eq!(
        grail("canonicalQuery"),
        r#""data record(a = 1)\n| limit 5""#
    );
    assert_eq!(grail("timezone"), "\"UTC\"");
    assert_eq!(
        grail("analysisTimeframe"),
        r#"{"start":"1970-01-01T00:00:00.000000000Z","end":"1970-01-01T00:00:00.000001000Z"}"#
    );
    assert_eq!(grail("scannedRecords"), "7");
    assert_eq!(grail("scannedBytes"), "12");
    assert_eq!(
        grail("notifications"),
        concat!(
            r#"[{"severity":"WARNING","notificationType":"W0302","message":"no such thing","syntaxPosition":"#,
            r#"{"start":{"line":2,"column":3,"index":21},"end":{"line":2,"column":7,"index":25}}}]"#
        )
    );
}
