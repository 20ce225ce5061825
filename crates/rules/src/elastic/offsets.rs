//! Where in a file the characters of a string stand: what is wrong with a query inside a string is shown at its place.

use syntax::{Diagnostic, Span};

/// The places of the characters of a string.
pub(super) struct Offsets {
    /// Where each character of the string begins, in the string and in the file, and where both end.
    places: Vec<(usize, usize)>,
}

impl Offsets {
    /// The places of the characters of `value`, which the file's text at `span` stands for: a string of TOML of any of
    /// its four kinds, or of JSON.
    pub(super) fn new(text: &str, span: Span, value: &str) -> Self {
        let raw = text.get(span.range()).unwrap_or_default();
        let quotes = ["'''", "\"\"\"", "'", "\""];
        let quote = quotes
            .into_iter()
            .find(|quote| raw.starts_with(quote))
            .unwrap_or("");
        let escapes = quote.starts_with('"');
        let mut at = quote.len();
        let next = |at: usize| raw.get(at..).and_then(|rest| rest.chars().next());
        if quote.len() == 3 {
            // A line break right behind the quotes is none of the string's.
            at += usize::from(next(at) == Some('\r'));
            at += usize::from(next(at) == Some('\n'));
        }
        let mut places = Vec::with_capacity(value.len() + 1);
        for (position, character) in value.char_indices() {
            // A backslash at a line's end takes line break and blanks away.
            while escapes && is_continued(raw, at) {
                at += 1;
                let rest = raw.get(at..).unwrap_or_default();
                at += rest.len() - rest.trim_start().len();
            }
            // Both kinds of line break may be read as one.
            if next(at) == Some('\r') && character == '\n' {
                at += 1;
            }
            places.push((position, span.start + at));
            at += match next(at) {
                Some('\\') if escapes => escape(raw, at, character),
                Some(other) => other.len_utf8(),
                None => 0,
            };
        }
        places.push((value.len(), span.start + at.min(raw.len())));
        Offsets { places }
    }

    /// Where in the file a span of the string is.
    pub(super) fn span(&self, span: Span) -> Span {
        let start = self.place(span.start);
        Span::new(start, self.place(span.end).max(start))
    }

    /// The diagnostic of the string as one of the file.
    pub(super) fn diagnostic(&self, diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.moved(|span| self.span(span))
    }

    fn place(&self, position: usize) -> usize {
        let after = self.places.partition_point(|(known, _)| *known < position);
        let found = self.places.get(after).or(self.places.last());
        found.map_or(0, |(_, place)| *place)
    }
}

fn is_continued(raw: &str, at: usize) -> bool {
    let Some(rest) = raw.get(at..).and_then(|rest| rest.strip_prefix('\\')) else {
        return false;
    };
    let blanks = rest.trim_start_matches([' ', '\t']);
    blanks.starts_with(['\n', '\r'])
}

/// How long the escape at `at` is that stands for `character`.
fn escape(raw: &str, at: usize, character: char) -> usize {
    match raw.as_bytes().get(at + 1) {
        // JSON writes a character beyond the basic plane as two escapes.
        Some(b'u') if character.len_utf16() == 2 => 12,
        Some(b'u') => 6,
        Some(b'U') => 10,
        Some(b'x') => 4,
        _ => 2,
    }
}
