//! What is JSON and what is not, against the grammar of RFC 8259 and against serde_json.

use json::{DEPTH_LIMIT, Problem, object_end, validate, value_end};
use proptest::prelude::*;

#[test]
fn valid_documents() {
    for text in [
        "null",
        " true ",
        "\t\r\nfalse",
        "0",
        "-0",
        "-0.0e-0",
        "1E+5",
        "10.01",
        "\"\"",
        r#""\u00e9\\""#,
        "[]",
        "[ ]",
        "{}",
        "{ }",
        r#"{"a":1,"a":2}"#,
        r#"[1, [2 ,{"":[]}]]"#,
        r#""\ud800""#,
        "1e999",
        "\"\u{7f}\u{2028}\"",
    ] {
        assert_eq!(validate(text), Ok(()), "{text}");
    }
}

#[test]
fn invalid_documents_and_where() {
    for (text, problem, at) in [
        ("", Problem::End, 0),
        ("  ", Problem::End, 2),
        ("nul", Problem::End, 3),
        ("nulL", Problem::Value, 3),
        ("True", Problem::Value, 0),
        ("01", Problem::Number, 1),
        ("-", Problem::End, 1),
        ("-a", Problem::Number, 1),
        ("1.", Problem::End, 2),
        (".5", Problem::Value, 0),
        ("+1", Problem::Value, 0),
        ("1e", Problem::End, 2),
        ("1ex", Problem::Number, 2),
        ("1 2", Problem::Trailing, 2),
        ("NaN", Problem::Value, 0),
        ("\"", Problem::End, 1),
        ("\"abcdefghij", Problem::End, 11),
        ("\"a\nb\"", Problem::Control, 2),
        ("\"\\x\"", Problem::Escape, 1),
        ("\"\\u12g4\"", Problem::Escape, 1),
        ("\"\\u12", Problem::End, 1),
        ("\"\\", Problem::End, 1),
        ("[1,]", Problem::Value, 3),
        ("[1 2]", Problem::Separator, 3),
        ("[1", Problem::End, 2),
        ("[1}", Problem::Separator, 2),
        ("{\"a\":1,}", Problem::Name, 7),
        ("{a:1}", Problem::Name, 1),
        ("{\"a\" 1}", Problem::Colon, 5),
        ("{\"a\":}", Problem::Value, 5),
        ("{\"a\":1]", Problem::Separator, 6),
        ("{}x", Problem::Trailing, 2),
        ("\u{feff}{}", Problem::Value, 0),
        ("\u{a0}1", Problem::Value, 0),
    ] {
        let error = validate(text).expect_err(text);
        assert_eq!((error.problem, error.at), (problem, at), "{text}");
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(validate(&nested(DEPTH_LIMIT)), Ok(()));
    let error = validate(&nested(DEPTH_LIMIT + 1)).expect_err("one too deep");
    assert_eq!((error.problem, error.at), (Problem::Depth, DEPTH_LIMIT));
    let mixed = format!("{}1{}", r#"{"a":["#.repeat(256), "]}".repeat(256));
    assert_eq!(validate(&mixed), Ok(()));
    assert!(validate(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn ends_of_values_inside_text() {
    let text = r#"x={"a":"}"} {"b" 12"#;
    assert_eq!(object_end(text, 2, 100), Some(11));
    assert_eq!(object_end(text, 2, 9), Some(11));
    assert_eq!(object_end(text, 2, 8), None);
    assert_eq!(object_end(text, 12, 100), None);
    assert_eq!(object_end(text, 1, 100), None);
    assert_eq!(object_end(text, 100, 100), None);
    assert_eq!(value_end("12345,", 0, 5), Some(5));
    assert_eq!(value_end("12345,", 0, 4), None);
    assert_eq!(value_end(" 1", 0, 4), None);
    assert_eq!(value_end("ü\"ä\"", 2, usize::MAX), Some(6));
}

#[test]
fn a_refused_value_can_be_passed_where_its_brackets_are_sound() {
    let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
    for (value, rest) in [
        (deep.as_str(), ",1]"),
        (r#"{"a":01,"b":["],"]}"#, ",1]"),
        ("{a:1}", " ]"),
        ("tru", ",1]"),
        ("\"a\"", "]"),
    ] {
        let text = format!("{value}{rest}");
        let mut cursor = json::Cursor::new(text.as_bytes());
        assert_eq!(cursor.skip_balanced(usize::MAX), Ok(()), "{value}");
        // White space after the value may be passed too.
        assert_eq!(text[cursor.at()..].trim(), rest.trim(), "{value}");
    }
    for (text, problem, at) in [
        ("{\"a\":[1}", Problem::Separator, 7),
        ("[1", Problem::End, 2),
        ("]", Problem::Separator, 0),
        ("[\"a\\x\"]", Problem::Escape, 3),
        ("", Problem::End, 0),
    ] {
        let error = json::Cursor::new(text.as_bytes())
            .skip_balanced(usize::MAX)
            .expect_err(text);
        assert_eq!((error.problem, error.at), (problem, at), "{text}");
    }
}

/// JSON-like text, so that a good part of it is valid or nearly so.
fn nearly_json() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\"",
        "\"a\"",
        "\"b\\n\"",
        "\\",
        "\\u00e9",
        "0",
        "12",
        "-",
        ".5",
        "e1",
        "E-2",
        "true",
        "false",
        "null",
        "nul",
        "\"a\":",
        "\u{1}",
        "ü",
        "long enough to fill two words",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4000) })]

    #[test]
    fn agrees_with_serde_json(text in nearly_json()) {
        let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert_eq!(validate(&text).is_ok(), theirs);
    }

    #[test]
    fn strings_of_any_length_are_checked(body in "[ -~ü\u{1}]{0,40}") {
        let text = format!("\"{body}\"");
        let theirs = serde_json::from_str::<String>(&text).is_ok();
        prop_assert_eq!(validate(&text).is_ok(), theirs);
    }
}
