//! Checks against a naive matcher and values worked out by hand.

use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Value<'_> {
    Value::String(text.into())
}

fn passes(check: Check, value: &Value<'_>) -> bool {
    Compiled::new(&check).expect("a sound check").passes(value)
}

/// The naive matcher: tries every length of every run.
fn naive(parts: &[Part], text: &[char]) -> bool {
    match (parts.split_first(), text.split_first()) {
        (None, None) => true,
        (None, _) => false,
        (Some((Part::Run, rest)), _) => (0..=text.len()).any(|from| naive(rest, &text[from..])),
        (Some((Part::One, rest)), Some((_, after))) => naive(rest, after),
        (Some((Part::One, _)), None) => false,
        (Some((Part::Text(wanted), rest)), _) => {
            let wanted: Vec<char> = wanted.chars().collect();
            text.starts_with(&wanted) && naive(rest, &text[wanted.len()..])
        }
    }
}

proptest! {
    #[test]
    fn globs_match_as_the_naive_matcher_has_it(
        pattern in "[abBäÄ*?]{0,8}", value in "[abABäÄ]{0,10}", cased: bool,
    ) {
        let mut parts = Vec::new();
        for c in pattern.chars() {
            match c {
                '*' if parts.last() == Some(&Part::Run) => {}
                '*' => parts.push(Part::Run),
                '?' => parts.push(Part::One),
                c => parts.push(Part::Text(c.to_string())),
            }
        }
        let lower = |s: &str| if cased { s.to_owned() } else { s.to_lowercase() };
        let plain: Vec<Part> = parts.iter().map(|part| match part {
            Part::Text(text) => Part::Text(lower(text)),
            part => part.clone(),
        }).collect();
        let chars: Vec<char> = lower(&value).chars().collect();
        let expected = naive(&plain, &chars);
        prop_assert_eq!(passes(Check::Glob { parts, cased }, &text(&value)), expected);
    }
}

#[test]
fn objects_are_read_as_text_with_and_without_escapes() {
    let object = Value::Json(r#"{ "policy": "{\"Resource\":[\"*\"]}" }"#);
    for wanted in [r#"{\"Resource\""#, r#"{"Resource":["*"]}"#, r#"{"policy":"#] {
        let parts = vec![Part::Run, Part::Text(wanted.into()), Part::Run];
        assert!(
            passes(Check::Glob { parts, cased: true }, &object),
            "{wanted}"
        );
    }
}

#[test]
fn objects_as_text_are_compact_and_keep_their_numbers() {
    for (raw, text) in [
        (
            r#"{ "a" : 1.0 , "b":[1e3,	"x \" y" ] }"#,
            r#"{"a":1.0,"b":[1e3,"x \" y"]}"#,
        ),
        (r#"{"a":"\\", "b":2}"#, r#"{"a":"\\","b":2}"#),
        ("[ ]", "[]"),
        (r#"{"ä":" ö "}"#, r#"{"ä":" ö "}"#),
    ] {
        let text = text.to_owned();
        assert!(
            passes(Check::Text { text, cased: true }, &Value::Json(raw)),
            "{raw}"
        );
    }
    assert!(passes(Check::Present, &Value::Json("{}")));
    assert!(!passes(Check::Present, &Value::Json("[null]")));
}

#[test]
fn networks_hold_addresses_and_no_names() {
    for (network, value, expected) in [
        ("10.0.0.0/8", "10.255.0.1", true),
        ("10.1.2.3/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("0.0.0.0/0", "255.1.1.1", true),
        ("0.0.0.0/0", "::1", false),
        ("192.0.2.1", "192.0.2.1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("10.0.0.0/8", "ec2.amazonaws.com", false),
    ] {
        assert_eq!(
            passes(Check::Network(network.into()), &text(value)),
            expected,
            "{network} {value}"
        );
    }
    for wrong in ["10.0.0.0/33", "10.0.0/8", "x", "::/129", "10.0.0.0/"] {
        assert!(
            Compiled::new(&Check::Network(wrong.into())).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn numbers_compare_from_numbers_and_from_strings() {
    let over = || Check::Number(Comparison::Greater, 5.0);
    assert!(passes(over(), &Value::Number("6")));
    assert!(passes(over(), &text("5.5")));
    assert!(!passes(over(), &Value::Number("5")));
    assert!(!passes(over(), &text("six")));
    assert!(!passes(over(), &text("inf")));
    assert!(!passes(over(), &Value::Null));
}

#[test]
fn parts_of_times_are_in_utc() {
    for (part, value, expected) in [
        (TimePart::Hour, "2026-01-01T01:30:00+02:00", 23),
        (TimePart::Year, "2026-01-01T01:30:00+02:00", 2025),
        (TimePart::Week, "2026-12-31T00:00:00Z", 53),
        (TimePart::Week, "2025-12-30", 1),
        (TimePart::Minute, "2026-01-01T01:30:00", 30),
    ] {
        let check = Check::Time(part, Comparison::Equal, expected);
        assert!(passes(check, &text(value)), "{part:?} {value}");
    }
    let check = Check::Time(TimePart::Day, Comparison::Equal, 1);
    assert!(!passes(check, &text("yesterday")));
}

#[test]
fn look_around_is_refused_in_words() {
    let error = Compiled::new(&Check::Regex("a(?!b)".into())).expect_err("look-ahead");
    assert!(error.contains("looks ahead"), "{error}");
    let error = Compiled::new(&Check::Regex("(a".into())).expect_err("no end");
    assert!(error.contains("unclosed group"), "{error}");
}
