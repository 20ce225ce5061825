//! What is wrong, and where: all of it at once.

use crate::kql::parse;

/// The codes, each with the text that it is about.
fn mistakes(text: &str) -> Vec<(&'static str, &str)> {
    let (_, diagnostics) = parse(text);
    let about = |start, end| text.get(start..end).expect("the span");
    diagnostics
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.span;
            (diagnostic.code.text(), about(span.start, span.end))
        })
        .collect()
}

#[test]
fn every_mistake_has_its_code_and_place() {
    let table: &[(&str, &[(&str, &str)])] = &[
        ("a:", &[("E1101", "")]),
        ("a: )", &[("E1101", ")"), ("E1104", ")")]),
        (":b", &[("E1101", ":")]),
        ("a:b or ", &[("E1101", "")]),
        ("a:b and and c", &[]),
        ("a:b:c", &[("E1101", ":")]),
        ("a: arn:aws:iam", &[("E1101", ":")]),
        ("a:\"b\" c:d", &[("E1101", "c")]),
        ("a:\"b\"*", &[("E1101", "*")]),
        ("a:(b", &[("E1104", "(")]),
        ("(a:b", &[("E1104", "(")]),
        ("a:b)", &[("E1104", ")")]),
        ("a:b) and c:", &[("E1104", ")"), ("E1101", "")]),
        ("a:()", &[("E1101", ")")]),
        ("()", &[("E1101", ")")]),
        ("a:{b:c", &[("E1104", "{")]),
        ("a:\"b", &[("E1102", "\"")]),
        (r"a:\d", &[("E1103", r"\d")]),
        (r"a:b\", &[("E1103", r"\")]),
        (r"a:\u12x", &[("E1103", r"\u")]),
        ("a: not b", &[("E1105", "not")]),
        ("a: Not Found", &[("E1105", "Not")]),
        ("cannot do", &[("E1105", "not")]),
        ("not not a:b", &[("E1105", "not")]),
        ("not(a:b)", &[("E1105", "(")]),
        ("a:b and(c:d)", &[("E1105", "(")]),
        ("a:b or(c:d)", &[("E1105", "(")]),
        ("a > (1 or 2)", &[("E1101", "(")]),
        ("a >= 1 < 2", &[("E1101", "<")]),
        ("a <", &[("E1101", "")]),
        ("a{b}", &[("E1101", "{"), ("E1104", "}")]),
        // All of them, in order.
        (
            "a:b:c and (d:e f:\"g",
            &[
                ("E1101", ":"),
                ("E1104", "("),
                ("E1101", ":"),
                ("E1102", "\""),
            ],
        ),
    ];
    let wrong: Vec<_> = table
        .iter()
        .map(|(text, expected)| (text, mistakes(text), expected))
        .filter(|(_, found, expected)| found != *expected)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn nesting_has_a_limit_and_one_complaint() {
    let nested = |depth: usize| format!("{}a:b{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(mistakes(&nested(64)), []);
    for text in [nested(65), "(".repeat(100_000), "a:{".repeat(100_000)] {
        let found = mistakes(&text);
        assert_eq!(
            found.first().map(|first| first.0),
            Some("E1106"),
            "{found:?}"
        );
        assert!(found.len() <= 2, "{found:?}");
    }
}

#[test]
fn a_person_can_read_it() {
    let text = "event.action: GetSecretValue and\nuser.name: arn:aws";
    let (_, diagnostics) = parse(text);
    let rendered = crate::render::render("rule", text, &diagnostics, false);
    let expected = "\
error[E1101]: a colon can't stand in a value without quotes
 --> rule:2:15
  |
2 | user.name: arn:aws
  |               ^
  |
  = help: put the value into quotes, or write `\\:`
";
    assert_eq!(rendered, expected);
}
