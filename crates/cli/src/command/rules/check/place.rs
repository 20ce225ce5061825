//! Where in a rule's file its query stands, so that what is wrong with the query is shown there.

use syntax::{Diagnostic, Span};

/// The place of a query in a file: for each of its lines where that begins in the query, and where in the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place(Vec<(usize, usize)>);

/// Finds a query in a file's text behind `from`: on one line, or with its lines below one another, all but their
/// indentation the same. None where it is written otherwise, with escapes or folded.
pub(super) fn of(text: &str, from: usize, query: &str) -> Option<Place> {
    let query = query.trim_end();
    let rest = text.get(from..)?;
    if !query.contains('\n') {
        return rest.find(query).map(|at| Place(vec![(0, from + at)]));
    }
    let mut wanted = Vec::new();
    let mut at = 0;
    for line in query.split_inclusive('\n') {
        wanted.push((at, line.trim_end()));
        at += line.len();
    }
    let mut lines = Vec::new();
    let mut at = from;
    for line in rest.split_inclusive('\n') {
        lines.push((at, line.trim_end()));
        at += line.len();
    }
    lines.windows(wanted.len()).find_map(|lines| {
        let line = |(wanted, line): (&(usize, &str), &(usize, &str))| {
            let before = line.1.strip_suffix(wanted.1)?;
            let place = line.0 + before.len();
            before.trim().is_empty().then_some((wanted.0, place))
        };
        let places: Option<Vec<_>> = wanted.iter().zip(lines).map(line).collect();
        places.map(Place)
    })
}

impl Place {
    /// A diagnostic of the query as one of the file.
    pub(super) fn diagnostic(&self, diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.moved(|span| self.span(span))
    }

    fn span(&self, span: Span) -> Span {
        Span::new(self.at(span.start), self.at(span.end))
    }

    fn at(&self, offset: usize) -> usize {
        let line = self.0.iter().rfind(|(begin, _)| *begin <= offset);
        line.map_or(offset, |(begin, place)| place + (offset - begin))
    }
}

#[cfg(test)]
mod tests {
    use syntax::Code;

    use super::*;

    #[test]
    fn a_query_is_found_where_it_stands() {
        let query = "fetch logs\n\n| filter é == x\n    and y\n";
        let text = "id: a\nother: fetch logs\nquery: |\n  fetch logs\n\n  | filter é == x\n      and y\ntests: []\n";
        let place = of(text, 0, query).expect("a place");
        for name in ["fetch logs", "é == x", "x\n", "and y"] {
            let at = query.find(name).expect("there");
            let moved = place.diagnostic(Diagnostic::error(
                Code::WrongType,
                Span::new(at, at + 2),
                "x",
            ));
            let begin = moved.span.start;
            assert!(text[begin..].starts_with(name.trim_end()), "{name}");
        }
        assert_eq!(of(text, text.find("tests").expect("there"), query), None);
    }

    #[test]
    fn a_query_on_one_line_and_one_that_is_written_otherwise() {
        let text = "id: a\nquery: 'fetch logs | limit 1'\n";
        assert_eq!(
            of(text, 0, "fetch logs | limit 1"),
            Some(Place(vec![(0, 14)]))
        );
        assert_eq!(of(text, 0, "fetch logs\n| limit 1"), None);
        assert_eq!(of("query: 'a == ''b'''", 0, "a == 'b'"), None);
    }
}
