//! JSON in patterns.

use super::check;
use crate::dpl::{Capture, compile, run};

#[test]
fn objects_as_they_stand() {
    check(&[
        (
            "JSON:e LD:r",
            r#"{"a": [1, {"b":null}]} rest"#,
            r#"e={"a": [1, {"b":null}]} | r= rest"#,
        ),
        ("LD JSON:e", r#"x {"a":1}"#, r#"e={"a":1}"#),
        ("JSON:e", r#" {"a":1}"#, "-"),
        ("JSON:e", "[1]", "-"),
        ("JSON:e", r#"{"a":1"#, "-"),
        ("JSON:e", "{a:1}", "-"),
        ("JSON(maxlen=7):e", r#"{"a":1}"#, r#"e={"a":1}"#),
        ("JSON(maxlen=6):e", r#"{"a":1}"#, "-"),
        (
            "JSON(strict=false):e",
            "{a : one, b:2, \"c\":[true, x]}",
            r#"e={"a":"one","b":2,"c":[true,"x"]}"#,
        ),
        ("JSON(strict=false):e", "{a : two words}", "-"),
    ]);
    let at_limit = format!("{{\"a\":\"{}\"}}", "x".repeat(128_000 - 8));
    check(&[("JSON:e", &at_limit, &format!("e={at_limit}"))]);
    let beyond = format!("{{\"a\":\"{}\"}}", "x".repeat(128_000 - 7));
    check(&[("JSON:e", &beyond, "-")]);
}

#[test]
fn objects_are_borrowed() {
    let program = compile("JSON:e").unwrap();
    let input = r#"{"a":1}"#;
    let captures = run(&program, input).captures.unwrap();
    assert!(
        matches!(&captures[0], Capture::Json(std::borrow::Cow::Borrowed(text)) if *text == input)
    );
}

#[test]
fn declared_members() {
    check(&[
        (
            "JSON{STRING:b, INT:a}:p",
            r#"{"a":1,"b":"x","c":2}"#,
            r#"p={"b":"x","a":1}"#,
        ),
        ("JSON{INT+:a}:p", r#"{"b":1}"#, "-"),
        ("JSON{INT+:a}:p", r#"{"a":"x"}"#, "-"),
        ("JSON{INT:a}:p", r#"{"a":"x"}"#, r#"p={"a":null}"#),
        ("JSON{INT+:a}:p", r#"{"a":null}"#, r#"p={"a":null}"#),
        // The whole of a value is converted, and strings as well.
        ("JSON{INT:a}:p", r#"{"a":"12"}"#, r#"p={"a":12}"#),
        ("JSON{INT:a}:p", r#"{"a":"12x"}"#, r#"p={"a":null}"#),
        ("JSON{INT:a}:p", r#"{"a":"\u0031"}"#, r#"p={"a":1}"#),
        (
            "JSON{STRING:a, STRING:b, STRING:c}:p",
            r#"{"a":1.50,"b":true,"c":[]}"#,
            r#"p={"a":"1.50","b":"true","c":null}"#,
        ),
        (
            "JSON{STRING:a}:p",
            r#"{"a":"two \"words\""}"#,
            r#"p={"a":"two \"words\""}"#,
        ),
        // The last of two members with one name counts.
        ("JSON{INT:a}:p", r#"{"a":1,"a":2}"#, r#"p={"a":2}"#),
        (
            "JSON{INT:'a b':c INT:d:null}(flat=true)",
            r#"{"a b":1,"d":2}"#,
            "c=1",
        ),
        (
            "JSON{JSON{INT:x}:a, JSON:b, {}:c, JSON_ARRAY:d}:p",
            r#"{"a":{"x":1,"y":2},"b":{"z":3},"c":{},"d":[4]}"#,
            r#"p={"a":{"x":1},"b":{"z":3},"c":{},"d":[4]}"#,
        ),
        (
            "JSON{INT[]:a, STRING[][]:b}:p",
            r#"{"a":[1,null,"2"],"b":[["x"],[]]}"#,
            r#"p={"a":[1,null,2],"b":[["x"],[]]}"#,
        ),
        ("JSON{INT[]:a}:p", r#"{"a":[1,"x"]}"#, r#"p={"a":null}"#),
        ("JSON{INT[]:a}:p", r#"{"a":1}"#, r#"p={"a":null}"#),
        (
            "JSON{INT:a}(greedy='o', flat=true)",
            r#"{"a":1,"b":[2],"c":"x"}"#,
            r#"a=1 | o={"b":[2],"c":"x"}"#,
        ),
        (
            "JSON{(INT:x '-' INT:y):a}(flat=true)",
            r#"{"a":"1-2"}"#,
            "x=1 | y=2 | a=1-2",
        ),
        (
            "JSON{STRING:a, JSON{STRING:c}(flat=true):b}(flat=true)",
            r#"{"a":"1","b":{"c":"2"}}"#,
            "a=1 | c=2",
        ),
        ("JSON{INT:a}(strict=false):p", "{a:1}", r#"p={"a":1}"#),
        (
            "JSON{IP:a, TIMESTAMP('yyyy'):t}(flat=true)",
            r#"{"a":"::1","t":"2020"}"#,
            r#"a="::1" | t="2020-01-01T00:00:00.000000000Z""#,
        ),
    ]);
}

#[test]
fn arrays_and_values() {
    check(&[
        ("JSON_ARRAY:a LD:r", "[1, [2]];", "a=[1, [2]] | r=;"),
        (
            "JSON_ARRAY{DOUBLE}:a",
            r#"[1,"3.14",null]"#,
            "a=[1.0,3.14,null]",
        ),
        ("JSON_ARRAY{INT}:a", r#"[1,"x"]"#, "-"),
        ("JSON_ARRAY:a", "{}", "-"),
        ("JSON_VALUE:v LD:r", "12;", "v=12 | r=;"),
        ("JSON_VALUE:v", "null", "v=null"),
        ("JSON_VALUE:v", r#""a\u0062""#, r#"v="a\u0062""#),
        ("JSON_VALUE{STRING}:v", r#""a\u0062""#, "v=ab"),
        ("JSON_VALUE{INT[]}:v", "[1,2]", "v=[1,2]"),
        ("JSON_VALUE:v", " 1", "-"),
    ]);
}
