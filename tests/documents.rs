//! The documents: cases in `cases/`, and every example of the pages for readers. `README.md` has their form.

mod answer;
mod codes;
mod difference;
pub mod page;
mod table;

use std::path::PathBuf;

use crate::check::workspace;
use answer::{Answer, Asked, Ground};
use difference::difference;
use page::{Case, Page};

/// Whether expectations are rewritten rather than compared.
fn blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

#[test]
fn every_case_holds() {
    let paths = markdown(&workspace("tests/cases"));
    assert!(!paths.is_empty(), "there are no cases");
    let mut failures = Vec::new();
    let mut held = 0;
    for path in paths {
        let page = Page::read(&path);
        if page.cases.is_empty() {
            failures.push(format!("{}: no case here", page.name));
        }
        let mut blessed = page.text.clone();
        // From behind, so that the places of the fences before stay what they are.
        for case in page.cases.iter().rev() {
            match judge(&page, case) {
                Ok(()) => held += 1,
                Err(failure) if blessing() => blessed = bless(&page, case, blessed, failure),
                Err(failure) => failures.push(failure.text(&page, case)),
            }
        }
        if blessed != page.text {
            std::fs::write(&path, blessed).unwrap();
        }
    }
    assert!(
        failures.is_empty(),
        "{} cases hold, {} do not\n\n{}",
        held,
        failures.len(),
        failures.join("\n")
    );
}

/// What a query gives over a lake it gives over the archive itself.
#[test]
fn every_case_with_rows_holds_over_archives() {
    let mut failures = Vec::new();
    let mut held = 0;
    for path in markdown(&workspace("tests/cases")) {
        let page = Page::read(&path);
        for case in &page.cases {
            let Some(expected) = &case.rows else { continue };
            // Tables for lookups are kept in lakes.
            if case.query.text.contains("load ") || case.query.options.contains(&"lake=none".into())
            {
                continue;
            }
            let ground = match case.records.as_ref().or(page.records.as_ref()) {
                Some(records) => Ground::Records(&records.text),
                None => Ground::Sample,
            };
            let asked = Asked::new(&case.query.text, &case.query.options);
            match answer::ask_archive(ground, &asked).rows {
                Ok(rows) if table::same(&expected.text, &rows) => held += 1,
                Ok(got) | Err(got) => {
                    let failure = Failure(vec![(Some("rows"), expected.text.clone(), got)]);
                    failures.push(failure.text(&page, case));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(held > 200, "only {held} cases");
}

#[test]
fn every_example_of_the_pages_runs() {
    let mut paths = markdown(&workspace("docs"));
    paths.push(workspace("README.md"));
    let mut failures = Vec::new();
    let mut ran = 0;
    for path in paths {
        let page = Page::read(&path);
        for query in page.fences.iter().filter(|fence| fence.kind == "dql") {
            let asked = Asked::new(&query.text, &query.options);
            let answer = answer::ask(Ground::Sample, &asked);
            let complaint = match answer.rows {
                Err(said) => Some(said),
                Ok(_) => Some(answer.said).filter(|said| !said.is_empty()),
            };
            if let Some(said) = complaint {
                failures.push(format!("{}:{}\n{said}", page.name, page.line(query)));
            }
            ran += 1;
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(ran > 5, "only {ran} examples");
}

/// What a case got other than it expected, by the kind of its fence; `None` as the kind for a case that can't be held
/// against anything.
struct Failure(Vec<(Option<&'static str>, String, String)>);

impl Failure {
    fn text(&self, page: &Page, case: &Case) -> String {
        let mut out = format!(
            "{}:{} — {}\n",
            page.name,
            page.line(&case.query),
            case.heading
        );
        for (kind, expected, got) in &self.0 {
            match kind {
                Some(kind) => {
                    out += &format!("`{kind}`: - expected, + got\n{}", difference(expected, got))
                }
                None => out += got,
            }
        }
        out
    }
}

/// Runs a case and holds what comes of it against its fences.
fn judge(page: &Page, case: &Case) -> Result<(), Failure> {
    let ground = match case.records.as_ref().or(page.records.as_ref()) {
        Some(records) => Ground::Records(&records.text),
        None => Ground::Sample,
    };
    let asked = Asked::new(&case.query.text, &case.query.options);
    let answer = answer::ask(ground, &asked);
    let mut wrong = Vec::new();
    if case.rows.is_none() && case.error.is_none() {
        let nothing = "it expects nothing: add a fence `rows` or `error`\n".to_owned();
        wrong.push((None, String::new(), nothing));
    }
    if case
        .error
        .as_ref()
        .is_some_and(|error| error.text.trim().is_empty())
        && !blessing()
    {
        let nothing =
            "its fence `error` is empty: leave it out if nothing is to be said\n".to_owned();
        wrong.push((None, String::new(), nothing));
    }
    let Answer {
        rows,
        said,
        all_said,
    } = answer;
    match (&case.rows, rows) {
        (Some(expected), Ok(rows)) if !table::same(&expected.text, &rows) => {
            wrong.push((Some("rows"), expected.text.clone(), rows));
        }
        (Some(_), Err(said)) if case.error.is_none() => {
            wrong.push((None, String::new(), format!("no rows, but\n{said}")));
        }
        (None, Ok(rows)) if !all_said.contains("error[") && case.error.is_none() => {
            wrong.push((None, String::new(), rows));
        }
        _ => {}
    }
    match &case.error {
        Some(expected) if expected.text.trim_end() != all_said.trim_end() => {
            wrong.push((Some("error"), expected.text.clone(), all_said));
        }
        None if !said.is_empty() && case.rows.is_some() && wrong.is_empty() => {
            wrong.push((
                None,
                String::new(),
                format!("not expected to be said:\n{said}"),
            ));
        }
        _ => {}
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure(wrong))
    }
}

/// The text of the page with what the case got in the place of what it expected.
fn bless(page: &Page, case: &Case, mut text: String, failure: Failure) -> String {
    let mut fences: Vec<_> = [&case.rows, &case.error].into_iter().flatten().collect();
    fences.sort_by_key(|fence| std::cmp::Reverse(fence.range.start));
    for fence in fences {
        let got = failure
            .0
            .iter()
            .find(|(kind, ..)| *kind == Some(fence.kind.as_str()));
        if let Some((_, _, got)) = got {
            text.replace_range(fence.range.clone(), &format!("{}\n", got.trim_end()));
        }
    }
    // What was filled in has to be read by a person.
    eprintln!("{}", failure.text(page, case));
    text
}

/// The Markdown files of a folder and those in it, in order.
pub fn markdown(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            paths.extend(markdown(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            paths.push(path);
        }
    }
    paths.sort();
    paths
}
