//! What patterns do to texts, case by case after the rules of the language; and what must hold for all of them.

mod cases;
mod corpus;
mod errors;
mod json;
mod page;
mod properties;
mod time;
mod trace;
mod xml;

use super::capture::Capture;
use super::compile::compile;
use super::runs::run;
use crate::value::Value;

/// Runs a pattern and writes what it exports as JSON text; `-` if it does not match.
fn parse(pattern: &str, input: &str) -> String {
    let program = match compile(pattern) {
        Ok(program) => program,
        Err(diagnostics) => panic!("{pattern}: {diagnostics:#?}"),
    };
    let outcome = run(&program, input);
    assert!(!outcome.gave_up, "{pattern} gave up on {input:?}");
    let Some(captures) = outcome.captures else {
        return "-".to_owned();
    };
    let fields = program
        .exports()
        .iter()
        .zip(&captures)
        .map(|(export, capture)| {
            let mut text = format!("{}=", export.name);
            match capture {
                Capture::Str(value) | Capture::Json(value) => text.push_str(value),
                other => text.push_str(&json_of(&other.value())),
            }
            text
        });
    fields.collect::<Vec<_>>().join(" | ")
}

/// A value as JSON, types that JSON lacks as texts.
fn json_of(value: &Value<'_>) -> String {
    let quoted = |text: &str| {
        let mut out = String::new();
        ::json::write_string(text, &mut out);
        out
    };
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Long(value) => value.to_string(),
        Value::Double(value) => format!("{value:?}"),
        Value::Timestamp(nanos) => {
            let time = jiff::Timestamp::from_nanosecond(i128::from(*nanos)).unwrap();
            format!("\"{time:.9}\"")
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(json_of).collect();
            format!("[{}]", elements.join(","))
        }
        Value::Record(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| format!("{}:{}", quoted(name), json_of(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Ip(address) => quoted(&address.to_string()),
        other => quoted(&other.text().unwrap()),
    }
}

/// Checks rows of pattern, input, fields.
fn check(rows: &[(&str, &str, &str)]) {
    for (pattern, input, expected) in rows {
        assert_eq!(parse(pattern, input), *expected, "{pattern} on {input:?}");
    }
}
