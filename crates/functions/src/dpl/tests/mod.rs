//! What patterns do to texts, case by case after the rules of the language; and what must hold for all of them.

mod cases;
mod errors;
mod json;
mod properties;
mod time;
mod trace;
mod xml;

use super::capture::Capture;
use super::compile::compile;
use super::run::run;

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
                Capture::Str(value) => text.push_str(value),
                other => other.write_json(&mut text),
            }
            text
        });
    fields.collect::<Vec<_>>().join(" | ")
}

/// Checks rows of pattern, input, fields.
fn check(rows: &[(&str, &str, &str)]) {
    for (pattern, input, expected) in rows {
        assert_eq!(parse(pattern, input), *expected, "{pattern} on {input:?}");
    }
}
