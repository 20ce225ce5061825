//! The tests of rule files. All rules here are of our own writing.

mod filters;
mod mistakes;
mod places;
mod secrets;
mod whole;

use std::path::Path;

use super::{Reading, read_toml};

/// A rule of one query, with more keys of its own table, and then other tables.
fn rule(keys: &str, tables: &str) -> String {
    let mut text = String::from(
        "[rule]\nname = \"n\"\ndescription = \"d\"\nrule_id = \"r\"\nrisk_score = 5\nseverity = \"low\"\n",
    );
    for (key, line) in [
        ("type", "type = \"query\"\n"),
        ("query", "query = 'event.action: A'\n"),
        ("index", "index = [\"logs-aws.cloudtrail-*\"]\n"),
    ] {
        if !keys.lines().any(|line| line.starts_with(key)) {
            text.push_str(line);
        }
    }
    text + keys + "\n" + tables
}

fn read(text: &str) -> Reading {
    read_toml(Path::new("rule.toml"), text)
}

/// The codes, each with the text that it is about.
fn complaints(text: &str) -> Vec<(&'static str, String)> {
    let diagnostics = read(text).diagnostics;
    diagnostics
        .iter()
        .map(|diagnostic| {
            (
                diagnostic.code.text(),
                text[diagnostic.span.range()].to_owned(),
            )
        })
        .collect()
}
