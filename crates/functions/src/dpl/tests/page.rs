//! The examples of `docs/dpl.md`: a fence `dpl`, then one `text`, then the fields as `json`.

use super::json_of;
use crate::dpl::{Capture, compile, run};
use crate::value::{Value, from_json};

/// The fences of a page: what stands behind the backticks, and the content.
fn fences(page: &str) -> Vec<(&str, String)> {
    let mut fences = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let content: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            fences.push((kind, content.join("\n")));
        }
    }
    fences
}

#[test]
fn every_example_of_the_page_holds() {
    let page = include_str!("../../../../../docs/dpl.md");
    let fences = fences(page);
    let mut seen = 0;
    for window in fences.windows(3) {
        let [("dpl", pattern), rest @ ..] = window else {
            continue;
        };
        let [("text", input), ("json", expected)] = rest else {
            panic!("{pattern} has no text and fields");
        };
        let program = compile(pattern).unwrap();
        let captures = run(&program, input).captures;
        let fields = captures.map_or(Value::Null, |captures| {
            let fields = program.exports().iter().zip(&captures);
            let field = |(export, capture): (&crate::dpl::Export, &Capture<'_>)| {
                (export.name.clone().into(), capture.value().into_owned())
            };
            Value::Record(fields.map(field).collect())
        });
        // Types that JSON lacks are shown as texts.
        let shown = json_of(&fields);
        assert_eq!(from_json(&shown), from_json(expected), "{pattern}");
        seen += 1;
    }
    assert!(seen > 8, "only {seen} examples");
}
