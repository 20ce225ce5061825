//! A page of Markdown: its headings and fences, as far as cases need them.

use std::ops::Range;
use std::path::Path;

use crate::check::workspace;

/// What stands between two lines of backticks.
#[derive(Clone, Debug)]
pub struct Fence {
    /// The first word behind the backticks: `dql`.
    pub kind: String,
    /// The other words: `now=2024-11-27T12:00:00Z`.
    pub options: Vec<String>,
    /// What stands inside, without its last line break.
    pub text: String,
    /// Where that is in the page, with its last line break.
    pub range: Range<usize>,
}

/// What stands under one heading that has a query.
#[derive(Clone, Debug)]
pub struct Case {
    /// The heading.
    pub heading: String,
    /// The query.
    pub query: Fence,
    /// The records that it runs over, where they are its own.
    pub records: Option<Fence>,
    /// The expected rows.
    pub rows: Option<Fence>,
    /// The expected diagnostics.
    pub error: Option<Fence>,
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its path from the workspace on.
    pub name: String,
    /// All of it.
    pub text: String,
    /// Its fences, in order.
    pub fences: Vec<Fence>,
    /// Its cases, in order.
    pub cases: Vec<Case>,
    /// The records above its first case: those that all its cases run over.
    pub records: Option<Fence>,
}

impl Page {
    /// The page at `path`.
    pub fn read(path: &Path) -> Page {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let root = workspace("").canonicalize().unwrap();
        let path = path.canonicalize().unwrap();
        let name = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .display()
            .to_string();
        Page::new(name, text)
    }

    fn new(name: String, text: String) -> Page {
        let mut page = Page {
            name,
            text,
            fences: Vec::new(),
            cases: Vec::new(),
            records: None,
        };
        let mut heading = String::new();
        // The fences under the heading so far.
        let mut under: Vec<Fence> = Vec::new();
        let mut open: Option<Fence> = None;
        let mut at = 0;
        for line in page.text.clone().split_inclusive('\n') {
            let start = at;
            at += line.len();
            match (&mut open, line.trim_end().strip_prefix("```")) {
                (Some(_), Some("")) => {
                    let Some(mut fence) = open.take() else {
                        continue;
                    };
                    fence.range.end = start;
                    fence.text = page.text[fence.range.clone()]
                        .trim_end_matches('\n')
                        .to_owned();
                    page.fences.push(fence.clone());
                    under.push(fence);
                }
                (Some(_), _) => {}
                (None, Some(info)) => {
                    let mut words = info.split_whitespace().map(str::to_owned);
                    open = Some(Fence {
                        kind: words.next().unwrap_or_default(),
                        options: words.collect(),
                        text: String::new(),
                        range: at..at,
                    });
                }
                (None, None) if line.starts_with('#') => {
                    page.end(&heading, std::mem::take(&mut under));
                    heading = line.trim_start_matches('#').trim().to_owned();
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a fence has no end", page.name);
        page.end(&heading, under);
        page
    }

    /// What stood under a heading is a case if it has a query, and else may be the page's records.
    fn end(&mut self, heading: &str, under: Vec<Fence>) {
        let fence = |kind: &str| {
            let mut of_kind = under.iter().filter(|fence| fence.kind == kind);
            let first = of_kind.next().cloned();
            let again = of_kind.next().is_some();
            // Pages for readers have several queries under a heading; those are no cases.
            (!again).then_some(first).flatten()
        };
        let records = fence("json");
        match fence("dql") {
            Some(query) => self.cases.push(Case {
                heading: heading.to_owned(),
                query,
                records,
                rows: fence("rows"),
                error: fence("error"),
            }),
            None if self.cases.is_empty() && records.is_some() => self.records = records,
            None => {}
        }
    }

    /// The line on which the content of a fence begins, from 1.
    pub fn line(&self, fence: &Fence) -> usize {
        self.text[..fence.range.start].matches('\n').count() + 1
    }
}

#[test]
fn a_page_is_read_as_it_is_written() {
    let text = "# T\n```json\n{}\n```\n## a\n```dql now=latest\nfetch logs\n| limit 1\n```\ntext\n```rows\n```\n";
    let page = Page::new("p".to_owned(), text.to_owned());
    assert_eq!(
        page.records.as_ref().map(|records| records.text.as_str()),
        Some("{}")
    );
    let [case] = page.cases.as_slice() else {
        panic!("{page:?}")
    };
    assert_eq!(case.heading, "a");
    assert_eq!(case.query.text, "fetch logs\n| limit 1");
    assert_eq!(case.query.options, ["now=latest"]);
    assert_eq!(page.line(&case.query), 7);
    let rows = case.rows.as_ref().unwrap();
    assert!(rows.text.is_empty() && rows.range.is_empty());
    assert!(page.text[rows.range.start..].starts_with("```"));
}
