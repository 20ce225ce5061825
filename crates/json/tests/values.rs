//! Values found by path and whole values rewritten, against rules stated in the documentation and against a walk over
//! serde_json's tree.

use json::{Step, canonical, elements, equal, get, get_trusted, members, normalize};
use proptest::prelude::*;
use serde_json::Value;

use Step::{Index, Key};

#[test]
fn paths() {
    let document = r#" {"a": {"b": [10, {"c": null}, "x"]}, "dup": 1, "n": {"x": 1, "x": {"y": 2}},
        "dup": {"k": true}, "esc\u0061ped": "v", "": 0, "a.b": "dotted"} "#;
    for (path, expected) in [
        (&[Key("a"), Key("b"), Index(0)][..], Some("10")),
        (&[Key("a"), Key("b"), Index(-1)], Some("\"x\"")),
        (&[Key("a"), Key("b"), Index(-3)], Some("10")),
        (&[Key("a"), Key("b"), Index(-4)], None),
        (&[Key("a"), Key("b"), Index(3)], None),
        (&[Key("a"), Key("b"), Index(i64::MIN)], None),
        (&[Key("a"), Key("b"), Index(1), Key("c")], Some("null")),
        (&[Key("a"), Key("b"), Key("c")], None),
        (&[Key("a"), Index(0)], None),
        (&[Key("dup")], Some(r#"{"k": true}"#)),
        (&[Key("dup"), Key("k")], Some("true")),
        (&[Key("n"), Key("x")], Some(r#"{"y": 2}"#)),
        (&[Key("n"), Key("x"), Key("y")], Some("2")),
        (&[Key("escaped")], Some("\"v\"")),
        (&[Key("")], Some("0")),
        (&[Key("a.b")], Some("\"dotted\"")),
        (&[Key("A")], None),
        (&[], Some(document.trim())),
    ] {
        assert_eq!(get(document, path), Ok(expected), "{path:?}");
        assert_eq!(get_trusted(document, path), expected, "{path:?}");
    }
}

#[test]
fn the_last_of_several_hides_what_the_first_held() {
    let document = r#"{"a":{"b":1},"a":2}"#;
    assert_eq!(get(document, &[Key("a"), Key("b")]), Ok(None));
    assert_eq!(get_trusted(document, &[Key("a"), Key("b")]), None);
}

#[test]
fn a_broken_document_has_no_values() {
    for document in [r#"{"a":1"#, r#"{"a":1} x"#, r#"{"a":1,"b":tru}"#, ""] {
        assert!(get(document, &[Key("a")]).is_err(), "{document}");
    }
}

#[test]
fn members_and_elements() {
    let found = members(r#"{"a": 1 , "\u0062":[2], "a":{"x":3}}"#).expect("valid");
    let found: Vec<_> = found
        .expect("an object")
        .into_iter()
        .map(|(name, raw)| (name.into_owned(), raw))
        .collect();
    assert_eq!(
        found,
        [("a".to_owned(), r#"{"x":3}"#), ("b".to_owned(), "[2]")]
    );
    assert_eq!(
        elements(" [1 , \"a,b\",[]] ").expect("valid"),
        Some(vec!["1", "\"a,b\"", "[]"])
    );
    assert_eq!(elements("{}"), Ok(None));
    assert_eq!(members("[]"), Ok(None));
    assert!(members("{").is_err());
}

#[test]
fn normal_and_canonical_text() {
    for (raw, normal, canon) in [
        (
            r#" { "b" : 1 , "a" : [ true , null ] } "#,
            r#"{"b":1,"a":[true,null]}"#,
            r#"{"a":[true,null],"b":1}"#,
        ),
        (
            r#"{"a":1,"b":2,"a":3}"#,
            r#"{"a":3,"b":2}"#,
            r#"{"a":3,"b":2}"#,
        ),
        (
            r#"{"b":1,"\u0062":2,"a":0}"#,
            r#"{"b":2,"a":0}"#,
            r#"{"a":0,"b":2}"#,
        ),
        ("-0", "0", "0"),
        ("-0.0", "0.0", "0"),
        ("0e5", "0.0", "0"),
        ("1.0", "1.0", "1"),
        ("1.50", "1.5", "1.5"),
        ("1e2", "100.0", "100"),
        ("10e-1", "1.0", "1"),
        (
            "9223372036854775807",
            "9223372036854775807",
            "9223372036854775807",
        ),
        (
            "9223372036854775808",
            "9.223372036854776e18",
            "9.223372036854776e18",
        ),
        (
            "-9223372036854775808.0",
            "-9.223372036854776e18",
            "-9223372036854775808",
        ),
        ("9007199254740993", "9007199254740993", "9007199254740993"),
        ("1e30", "1e30", "1e30"),
        ("0.00000001", "1e-8", "1e-8"),
        ("1e999", "1e999", "1e999"),
        (
            r#""\u003c\/\u000a\u0001ü\ud800""#,
            "\"</\\n\\u0001ü\u{fffd}\"",
            "\"</\\n\\u0001ü\u{fffd}\"",
        ),
        // By code point: U+FF5E comes before U+1F600, though not in UTF-16.
        (
            "{\"😀\":1,\"～\":2,\"\\n\":3}",
            "{\"😀\":1,\"～\":2,\"\\n\":3}",
            "{\"\\n\":3,\"～\":2,\"😀\":1}",
        ),
    ] {
        let (mut a, mut b) = (String::from(">"), String::from(">"));
        normalize(raw, &mut a).expect(raw);
        canonical(raw, &mut b).expect(raw);
        assert_eq!((&a[1..], &b[1..]), (normal, canon), "{raw}");
    }
    let mut out = String::from("kept");
    assert!(normalize(r#"{"a":[1,2}"#, &mut out).is_err());
    assert_eq!(out, "kept");
}

#[test]
fn equality() {
    assert!(equal(
        r#"{"a":1,"b":[1.0,"\u0061"]}"#,
        r#"{ "b":[1,"a"], "a":1 }"#
    ));
    assert!(equal(r#"{"a":1,"a":2}"#, r#"{"a":2}"#));
    assert!(!equal("[1,2]", "[2,1]"));
    assert!(!equal("1", "\"1\""));
    assert!(!equal("null", "{}"));
    assert!(!equal("9007199254740993", "9007199254740992.0"));
    assert!(equal("not json", "not json"));
    assert!(!equal("[", "[ "));
}

#[test]
fn values_as_deep_as_allowed_fit_a_small_stack() {
    let depth = json::DEPTH_LIMIT;
    let deep = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    let path = vec![Key("a"); depth];
    assert_eq!(get(&deep, &path), Ok(Some("1")));
    let mut out = String::new();
    assert_eq!(canonical(&deep, &mut out), Ok(()));
    assert_eq!(out, deep);
    let deeper = format!("[{deep}]");
    assert!(canonical(&deeper, &mut out).is_err());
    assert!(get(&deeper, &[Index(0)]).is_err());
}

/// A value's text with what makes it hard: members that repeat, escapes in names, white space.
fn document() -> impl Strategy<Value = String> {
    nested(prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        (-1e9..1e9).prop_map(|value: f64| format!("{value:?}")),
        "[ -!#-\\[\\]-~ü]{0,20}".prop_map(|body| format!("\"{body}\"")),
        Just(r#""\"}\\""#.to_owned()),
    ])
}

/// A small value's text from few parts, so that two of them are often equal; without doubles, which serde_json never
/// takes for equal to longs.
fn small_document() -> impl Strategy<Value = String> {
    let leaves = vec!["1", "2", r#""a""#, r#""\u0061""#];
    nested(prop::sample::select(leaves).prop_map(str::to_owned))
}

fn nested(leaf: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "\\u0061", "c\\n", "ü", ""]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let member = (name.clone(), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
            prop::collection::vec(member, 0..6).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\" :{value}"))
                    .collect();
                format!("{{ {}}}", members.join(","))
            }),
        ]
    })
}

fn path() -> impl Strategy<Value = Vec<Step<'static>>> {
    let step = prop_oneof![
        3 => prop::sample::select(vec!["a", "b", "c\n", "ü", ""]).prop_map(Key),
        1 => (-3..4_i64).prop_map(Index),
    ];
    prop::collection::vec(step, 0..4)
}

/// The same walk over serde_json's tree, in which the last of several members has won already.
fn walk<'a>(value: &'a Value, path: &[Step<'_>]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, step| match (step, value) {
            (Key(key), Value::Object(members)) => members.get(*key),
            (Index(index), Value::Array(items)) if *index < 0 => {
                items.iter().rev().nth(index.unsigned_abs() as usize - 1)
            }
            (Index(index), Value::Array(items)) => items.get(*index as usize),
            _ => None,
        })
}

fn tree(text: &str) -> Value {
    serde_json::from_str(text).expect("valid")
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn paths_agree_with_a_tree(document in document(), path in path()) {
        let found = get(&document, &path).expect("valid");
        let tree = tree(&document);
        let value = found.map(self::tree);
        prop_assert_eq!(value.as_ref(), walk(&tree, &path));
        prop_assert_eq!(get_trusted(&document, &path), found);
    }

    #[test]
    fn rewriting_keeps_the_value(document in document()) {
        let (mut normal, mut canon) = (String::new(), String::new());
        normalize(&document, &mut normal).expect("valid");
        canonical(&document, &mut canon).expect("valid");
        prop_assert_eq!(tree(&normal), tree(&document));
        prop_assert!(equal(&normal, &document));
        prop_assert!(equal(&canon, &document));
        let mut again = String::new();
        canonical(&normal, &mut again).expect("valid");
        prop_assert_eq!(&again, &canon);
        let mut twice = String::new();
        normalize(&normal, &mut twice).expect("valid");
        prop_assert_eq!(twice, normal);
    }

    #[test]
    fn equality_is_that_of_trees(a in small_document(), b in small_document()) {
        prop_assert_eq!(equal(&a, &b), tree(&a) == tree(&b));
    }

    #[test]
    fn strings_survive_writing_and_reading(value in any::<String>()) {
        let mut out = String::new();
        json::write_string(&value, &mut out);
        prop_assert_eq!(tree(&out), Value::String(value.clone()));
        let read = json::as_string(&out);
        prop_assert_eq!(read.as_deref(), Some(value.as_str()));
    }

    #[test]
    fn strings_are_read_as_serde_reads_them(body in r#"([a-z]|\\[nrtbf/"\\]|\\u00[0-9a-f]{2}|\\ud83d\\ude0[0-9a-f]){0,12}"#) {
        let text = format!("\"{body}\"");
        let expected: String = serde_json::from_str(&text).expect("valid");
        let read = json::as_string(&text);
        prop_assert_eq!(read.as_deref(), Some(expected.as_str()));
    }

    #[test]
    fn no_text_makes_the_trusting_reader_panic(text in "[\\[\\]{}\",:\\\\ a-c0-9ü]{0,40}", path in path()) {
        get_trusted(&text, &path);
    }
}
