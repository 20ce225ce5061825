//! The tests of Sigma. All rules here are of our own writing.

mod documents;
mod traps;

use std::path::Path;

use super::*;
use crate::evaluate::{JsonEvent, Program};
use crate::yaml;

fn read(detection: &str) -> Result<Condition, Wrong> {
    let text = format!(
        "title: t\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n{detection}"
    );
    let documents = yaml::documents(&text)?;
    match parse(Path::new("t.yml"), &documents[0])? {
        Document::Rule { rule, .. } => match rule.body {
            Body::Events { condition, .. } => Ok(condition),
            body => panic!("{body:?}"),
        },
        document => panic!("{document:?}"),
    }
}

fn holds(condition: &Condition, record: &str) -> bool {
    let program = Program::of(condition).expect("a sound condition");
    program.holds(&JsonEvent::new(record).expect("a record"))
}

/// Whether a selection of one entry matches the record.
fn hit(entry: &str, record: &str) -> bool {
    let detection = format!("  s:\n    {entry}\n  condition: s\n");
    let condition = read(&detection).unwrap_or_else(|wrong| panic!("{entry}: {wrong:?}"));
    holds(&condition, record)
}

#[test]
fn values_and_modifiers_match_as_the_specification_has_it() {
    for (entry, record, expected) in [
        ("a: ROOT", r#"{"a":"Root"}"#, true),
        ("A: Root", r#"{"a":"Root"}"#, false),
        ("a: oo", r#"{"a":"Root"}"#, false),
        ("a: [x, root]", r#"{"a":"Root"}"#, true),
        ("a.b: x", r#"{"a":[{"b":"y"},{"b":"x"}]}"#, true),
        ("a.b: x", r#"{"a":[{"b":["y","x"]}]}"#, true),
        ("a: x", r#"{"a":"x","a":"y"}"#, false),
        (r"a: r*\t", r#"{"a":"ro\\t"}"#, true),
        (r"a: a\*b", r#"{"a":"a*b"}"#, true),
        (r"a: a\*b", r#"{"a":"axb"}"#, false),
        (r"a: a\\*", r#"{"a":"a\\bc"}"#, true),
        (r"a: a\\\*", r#"{"a":"a\\*"}"#, true),
        ("a: a?c", r#"{"a":"aäc"}"#, true),
        ("a: a?c", r#"{"a":"ac"}"#, false),
        ("a: 22", r#"{"a":22}"#, true),
        ("a: 22", r#"{"a":"22"}"#, true),
        ("a: 22", r#"{"a":"222"}"#, false),
        ("a: true", r#"{"a":true}"#, true),
        ("a: 'true'", r#"{"a":true}"#, true),
        ("a: true", r#"{"a":"True"}"#, true),
        ("a: null", r#"{"b":1}"#, true),
        ("a: null", r#"{"a":null}"#, true),
        ("a: null", r#"{"a":""}"#, false),
        ("a: []", r#"{"b":1}"#, true),
        ("a: ''", r#"{"a":""}"#, true),
        ("a: ''", r#"{"b":""}"#, false),
        ("a: '*'", r#"{"a":null}"#, false),
        ("a|contains: '*'", r#"{"a":{"b":1}}"#, true),
        ("a|contains: oo", r#"{"a":"ROOT"}"#, true),
        ("a|startswith: ro", r#"{"a":"Root"}"#, true),
        ("a|endswith: ro", r#"{"a":"Root"}"#, false),
        ("a|contains|all: [x, y]", r#"{"a":["x1","y1"]}"#, true),
        ("a|contains|all: [x, y]", r#"{"a":"x"}"#, false),
        ("a|cased: root", r#"{"a":"Root"}"#, false),
        ("a|neq: x", r#"{"b":"x"}"#, true),
        ("a|neq: [x, y]", r#"{"a":"y"}"#, false),
        ("a|exists: true", r#"{"a":null}"#, true),
        ("a|exists: true", r#"{"b":1}"#, false),
        ("a|exists: false", r#"{"a":null}"#, false),
        ("a|startswith: 'R?o'", r#"{"a":"rooot"}"#, true),
        ("a|endswith: ot", r#"{"a":"Root"}"#, true),
        ("a|contains|cased: oo", r#"{"a":"ROOT"}"#, false),
        ("a|cased: Root", r#"{"a":"Root"}"#, true),
        ("a|contains: 012", r#"{"a":"x012y"}"#, true),
        ("a|contains: 012", r#"{"a":"x12y"}"#, false),
        ("a: 012345678901", r#"{"a":"012345678901"}"#, true),
        ("a: 1.50", r#"{"a":1.5}"#, true),
        ("a: false", r#"{"a":false}"#, true),
        ("a: false", r#"{"b":1}"#, false),
        ("a: [null]", r#"{"b":1}"#, true),
        ("a|re: ['^x', 't$']", r#"{"a":"Root"}"#, true),
        ("a|re|all: ['^R', 'x$']", r#"{"a":"Root"}"#, false),
        ("a|re|s: 'a.b'", r#"{"a":"a\nb"}"#, true),
        ("a|re: 'a.b'", r#"{"a":"a\nb"}"#, false),
        ("a|re|m: '^b'", r#"{"a":"a\nb"}"#, true),
        (r"a|re: 'a\.b'", r#"{"a":"a.b"}"#, true),
        (r"a|re: 'a\\.b'", r#"{"a":"a\\xb"}"#, true),
        (r"a|re: 'a\.b'", r#"{"a":"axb"}"#, false),
        (
            "a|cidr: [10.0.0.0/8, '2001:db8::/32']",
            r#"{"a":"2001:db8::1"}"#,
            true,
        ),
        ("a|neq: x", r#"{"a":"X"}"#, false),
        ("a|neq: null", r#"{"a":1}"#, true),
        ("a|neq: null", r#"{"b":1}"#, false),
        ("a|contains|neq: x", r#"{"a":"axb"}"#, false),
        ("a|gt: 5", r#"{"a":"5.5"}"#, true),
        ("a|lte: 5", r#"{"a":5}"#, true),
        ("a|lt: 5", r#"{"b":1}"#, false),
        ("a|minute: 10", r#"{"a":"2026-01-01T23:10:00Z"}"#, true),
        ("a|day: 1", r#"{"a":"2026-01-01T23:10:00Z"}"#, true),
        ("a|week: 1", r#"{"a":"2026-01-01T23:10:00Z"}"#, true),
        ("a|month|gte: 2", r#"{"a":"2026-01-01T23:10:00Z"}"#, false),
        ("a|year: 2026", r#"{"a":"2026-01-01T23:10:00Z"}"#, true),
        ("a|wide|base64: hi", r#"{"a":"aABpAA=="}"#, true),
        ("a|utf16be|base64: hi", r#"{"a":"AGgAaQ=="}"#, true),
        ("a|utf16|base64: hi", r#"{"a":"//5oAGkA"}"#, true),
        ("a|base64|cased: foo", r#"{"a":"zM9V"}"#, false),
        ("a|windash: '-f'", "{\"a\":\"\u{2015}f\"}", true),
        ("a|fieldref|startswith: b", r#"{"a":"Xy","b":"x"}"#, true),
        ("a|fieldref|contains: b", r#"{"a":"yXy","b":"x"}"#, true),
        ("a|fieldref: b", r#"{"b":"X"}"#, false),
        ("a|fieldref|neq: b", r#"{"a":"x","b":"y"}"#, true),
        ("a|fieldref: b", r#"{"a":"x*","b":"xy"}"#, false),
        ("a|exists: true", r#"{"a":[]}"#, true),
        ("a|exists: false", r#"{"b":1}"#, true),
        ("a|re: o+t$", r#"{"a":"Root"}"#, true),
        ("a|re: root", r#"{"a":"Root"}"#, false),
        ("a|re|i: root", r#"{"a":"Root"}"#, true),
        ("a|cidr: 10.0.0.0/8", r#"{"a":"10.2.3.4"}"#, true),
        ("a|cidr: 10.0.0.0/8", r#"{"a":"ec2.amazonaws.com"}"#, false),
        ("a|gte: 5", r#"{"a":5}"#, true),
        ("a|lt: 5", r#"{"a":"x"}"#, false),
        ("a|hour: 23", r#"{"a":"2026-01-01T23:10:00Z"}"#, true),
        ("a|hour|lt: 6", r#"{"a":"2026-01-01T23:10:00Z"}"#, false),
        ("a|base64: foo", r#"{"a":"Zm9v"}"#, true),
        (
            "a|base64offset|contains: foobar",
            r#"{"a":"eGZvb2Jhcg=="}"#,
            true,
        ),
        (
            "a|wide|base64offset|contains: hi",
            r#"{"a":"aABpAA=="}"#,
            true,
        ),
        ("a|windash|contains: ' -f '", r#"{"a":"x /f y"}"#, true),
        ("a|windash|contains: a-f", r#"{"a":"a/f"}"#, false),
        (r"a|expand: 5\%", r#"{"a":"5%"}"#, true),
        ("a|fieldref: b", r#"{"a":"X","b":"x"}"#, true),
        ("a|fieldref: b", r#"{"a":"X"}"#, false),
        ("a|fieldref|endswith: b", r#"{"a":"user/x","b":"X"}"#, true),
        ("'|all': [x, y]", r#"{"a":"1x","b":{"c":"y2"}}"#, true),
        (
            "a|contains: '\"*\"'",
            r#"{"a":{"p":"{\"R\":[\"*\"]}"}}"#,
            true,
        ),
        ("a|contains: '\"x\",\"y\"'", r#"{"a":["x", "y"]}"#, true),
        ("a: null", r#"{"a":[null]}"#, true),
        ("a|contains: '*'", r#"{"a":[]}"#, false),
        ("a: '${b}'", r#"{"a":"${b}"}"#, true),
    ] {
        assert_eq!(hit(entry, record), expected, "{entry} on {record}");
    }
}

#[test]
fn conditions_bind_and_name_as_the_specification_has_it() {
    let detection = |condition: &str| {
        format!(
            "  a: {{f: 1}}\n  b_x: {{g: 1}}\n  b_y: {{h: 1}}\n  _c: {{f: 1}}\n  condition: {condition}\n"
        )
    };
    for (condition, record, expected) in [
        ("a or b_x and b_y", r#"{"f":1}"#, true),
        ("(a or b_x) and b_y", r#"{"f":1}"#, false),
        ("not a and b_x", r#"{"g":1}"#, true),
        ("1 of b_*", r#"{"h":1}"#, true),
        ("all of b_*", r#"{"h":1}"#, false),
        ("ANY OF them", r#"{"h":1}"#, true),
        ("all of them", r#"{"f":1,"g":1,"h":1}"#, true),
        ("1 of _*", r#"{"f":1}"#, true),
        ("a and not 1 of b_*", r#"{"f":1}"#, true),
        ("[a, b_x]", r#"{"g":1}"#, true),
    ] {
        let read = read(&detection(condition)).expect("a sound rule");
        assert_eq!(holds(&read, record), expected, "{condition}");
    }
    for (condition, construct) in [
        ("a | count() > 5", "|"),
        ("1 of x_*", "x_*"),
        ("nobody", "nobody"),
        ("(a", "condition"),
        ("a b_x", "b_x"),
    ] {
        let wrong = read(&detection(condition)).expect_err(condition);
        assert_eq!(wrong.construct, construct, "{wrong:?}");
        assert_eq!(wrong.place.line, 8, "{wrong:?}");
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    for (entry, construct) in [
        ("a|nonsense: x", "nonsense"),
        ("a|contains|re: x", "re"),
        ("a|re: x(?=y)", "re"),
        ("a|cidr: 10.0.0/8", "cidr"),
        ("a|expand: '%x%'", "expand"),
        ("a: [x, null]", "null"),
        ("a|base64: x*", "base64"),
        ("a|contains|base64offset: x", "base64offset"),
        ("a|exists|all: true", "exists"),
        ("a|gt: x", "comparison"),
        ("a|i: x", "i"),
        ("'a|': x", "an empty name"),
        ("a|base64offset|contains: x", "base64offset"),
        ("a|base64offset|contains: ''", "base64offset"),
        ("a|wide: x", "wide"),
        ("a|wide|contains: x", "contains"),
        ("a|wide|base64: ä", "wide"),
        ("a|exists: 1", "exists"),
        ("'|exists': true", "exists"),
        ("a|hour: 1.5", "time"),
        ("a|re|cidr: x", "cidr"),
        ("a|lt|contains: 1", "lt|contains"),
        ("a|fieldref|cased: b", "fieldref|cased"),
        ("a|cidr: [10.0.0.0/8, x]", "cidr"),
        ("a|fieldref: null", "fieldref"),
        ("a|contains: null", "contains"),
        ("a: {b: c}", "value"),
        ("'': null", "null"),
    ] {
        let wrong = read(&format!("  s:\n    {entry}\n  condition: s\n")).expect_err(entry);
        assert_eq!(
            (wrong.construct.as_str(), wrong.place.line),
            (construct, 5),
            "{entry}"
        );
        assert!(!wrong.reason.is_empty());
    }
}
