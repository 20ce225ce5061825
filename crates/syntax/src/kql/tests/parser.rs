//! Texts and their trees.

use super::shape;

fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shape(text), *expected, "{text}");
    }
}

#[test]
fn tests_of_fields() {
    check(&[
        ("", "all"),
        (" \n\t\u{a0}", "all"),
        ("a:b", "(is <a> <b>)"),
        (" a.b_c-d : b ", "(is <a.b_c-d> <b>)"),
        ("a:\"b\"", "(is <a> \"b\")"),
        ("\"a b\":b", "(is \"a b\" <b>)"),
        ("a:*", "(is <a> *)"),
        ("a:**", "(is <a> *)"),
        ("a:\"*\"", "(is <a> \"*\")"),
        ("a:b*c", "(is <a> <b>*<c>)"),
        ("a:?", "(is <a> <?>)"),
        ("a*.b:c", "(is <a>*<.b> <c>)"),
        ("*:*", "(is * *)"),
        ("a:'b'", "(is <a> <'b'>)"),
        ("a:true", "(is <a> <true>)"),
        ("a >= 5", "(GreaterOrEqual <a> <5>)"),
        ("a<=5", "(LessOrEqual <a> <5>)"),
        ("a > \"x y\"", "(Greater <a> \"x y\")"),
        ("a < now-1d", "(Less <a> <now-1d>)"),
        (
            "a:{ b:c and d:e }",
            "(nested <a> (and (is <b> <c>) (is <d> <e>)))",
        ),
        ("a : {b:{c:d}}", "(nested <a> (nested <b> (is <c> <d>)))"),
    ]);
}

#[test]
fn not_binds_before_and_before_or() {
    check(&[
        (
            "a:1 or b:2 and not c:3 or d:4",
            "(or (is <a> <1>) (and (is <b> <2>) (not (is <c> <3>))) (is <d> <4>))",
        ),
        (
            "(a:1 or b:2) and c:3",
            "(and (or (is <a> <1>) (is <b> <2>)) (is <c> <3>))",
        ),
        (
            "a:1 AND b:2 Or NOT c:3",
            "(or (and (is <a> <1>) (is <b> <2>)) (not (is <c> <3>)))",
        ),
        ("not (a:1)", "(not (is <a> <1>))"),
        ("not ( not a:1 )", "(not (not (is <a> <1>)))"),
        ("a:1\nand\r\n\tb:2", "(and (is <a> <1>) (is <b> <2>))"),
        (
            "((a:1 or b:2) or c:3)",
            "(or (or (is <a> <1>) (is <b> <2>)) (is <c> <3>))",
        ),
    ]);
}

#[test]
fn lists_of_values() {
    check(&[
        ("a:(b or c)", "(is <a> (or <b> <c>))"),
        ("a: ( b )", "(is <a> <b>)"),
        ("a:(* and not b)", "(is <a> (and * (not <b>)))"),
        (
            "a:(b or (c and not (d or \"e f\")))",
            "(is <a> (or <b> (and <c> (not (or <d> \"e f\")))))",
        ),
        ("a:(true or \"true\")", "(is <a> (or <true> \"true\"))"),
        (
            "a:(b or c) and d:e",
            "(and (is <a> (or <b> <c>)) (is <d> <e>))",
        ),
    ]);
}

#[test]
fn words_reach_to_the_next_keyword() {
    check(&[
        ("a: foo bar", "(is <a> <foo bar>)"),
        (
            "a: foo  bar  and b:c",
            "(and (is <a> <foo  bar>) (is <b> <c>))",
        ),
        ("foo bar", "<foo bar>"),
        ("foo or \"bar baz\"", "(or <foo> \"bar baz\")"),
        ("a: android or b", "(or (is <a> <android>) <b>)"),
        ("a: order", "(is <a> <order>)"),
        ("a: nothing", "(is <a> <nothing>)"),
        ("a: knot", "(is <a> <knot>)"),
        ("a: not", "(is <a> <not>)"),
        // Nothing separates these words from what would make them keywords.
        ("and a", "<and a>"),
        ("a or", "<a or>"),
        ("a: (or)", "(is <a> <or>)"),
        ("a == 1", "<a == 1>"),
        ("a:b c*d e", "(is <a> <b c>*<d e>)"),
        ("日本:é*", "(is <日本> <é>*)"),
    ]);
}

#[test]
fn escapes() {
    check(&[
        (r"a:\*", "(is <a> <*>)"),
        (r"a:b\:c\(\)\<\>\{\}\\", r"(is <a> <b:c()<>{}\\>)"),
        (r#"a:\"x"#, r#"(is <a> <\"x>)"#),
        (r"a:x\ty\r\n", r"(is <a> <x\ty\r\n>)"),
        (r"a:\u0041\u00e9", "(is <a> <Aé>)"),
        (r"a:\ud83d\ude00\ud83d", "(is <a> <😀\u{fffd}>)"),
        (r"a:b \and c \OR d \not e", "(is <a> <b and c OR d not e>)"),
        (r"a:\note", r"(is <a> <\note>)"),
        (r"a:\not", "(is <a> <not>)"),
        (r"a:\u0020b\u0020", "(is <a> < b >)"),
        (r#"a:"b\"c\\d\te""#, r#"(is <a> "b\"c\\d\te")"#),
        // In quotes a backslash before anything else stays.
        (r#"a:"\d\*\u12x\:""#, r#"(is <a> "\\d\\*\\u12x\\:")"#),
        (r#"a:"\u0041""#, r#"(is <a> "A")"#),
        ("a:\"b\nc\"", r#"(is <a> "b\nc")"#),
        (r"a\*b:c", "(is <a*b> <c>)"),
    ]);
}

#[test]
fn spans_are_those_of_the_text() {
    let text = "  a.b : (\"x\" or y z ) and not c < 5";
    let tree = format!("{:?}", super::super::parse(text).0);
    for part in [
        "a.b",
        "\"x\"",
        "y z",
        "a.b : (\"x\" or y z",
        "not c < 5",
        "c < 5",
    ] {
        let start = text.find(part).expect("the part");
        let span = format!(
            "span: Span {{ start: {start}, end: {} }}",
            start + part.len()
        );
        assert!(tree.contains(&span), "{part}\n{tree}");
    }
}
