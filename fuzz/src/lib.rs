//! What must hold for any text: one function for each fuzz target. The tests of `syntax` compile this file, too, and put
//! the corpus and random texts through it.

use syntax::dql::format::canonical_query;
use syntax::dql::layout::lay_out;
use syntax::dql::token::{Token, TokenKind};
use syntax::{Diagnostic, Span};

/// A text is read as a query: its tokens cover it, and all that is said of it lies in it.
pub fn dql_parse(text: &str) {
    let (tokens, diagnostics) = syntax::dql::lex(text);
    let mut end = 0;
    for token in &tokens {
        assert_eq!(token.span.start, end, "{text:?} {token:?}");
        assert!(token.span.end > end, "{text:?} {token:?}");
        check_span(text, token.span);
        end = token.span.end;
    }
    assert_eq!(end, text.len());
    check_diagnostics(text, &diagnostics);

    let (query, diagnostics) = syntax::dql::parse(text);
    check_diagnostics(text, &diagnostics);
    assert!(diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
    let tree = format!("{query:?}");
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    assert!(
        broken || !query.commands.is_empty() && !has_error(&tree),
        "{text:?}"
    );
    check_spans(text, &tree);
}

/// A query that can be read is laid out: tokens and comments stay, the tree stays, a second time changes nothing. Its
/// canonical form is read as itself.
pub fn dql_format(text: &str) {
    let Ok(laid_out) = lay_out(text) else {
        return;
    };
    assert_eq!(tokens(&laid_out), tokens(text), "{text:?}\n{laid_out}");
    assert_eq!(comments(&laid_out), comments(text), "{text:?}\n{laid_out}");
    assert_eq!(lay_out(&laid_out).as_ref(), Ok(&laid_out), "{text:?}");
    assert!(laid_out.ends_with('\n'));
    let query = syntax::dql::parse(text).0;
    let again = syntax::dql::parse(&laid_out).0;
    assert_eq!(
        without_spans(&format!("{again:?}")),
        without_spans(&format!("{query:?}")),
        "{text:?}\n{laid_out}"
    );

    let canonical = canonical_query(&query);
    let (query, diagnostics) = syntax::dql::parse(&canonical);
    assert!(diagnostics.is_empty(), "{canonical:?} {diagnostics:?}");
    assert_eq!(canonical_query(&query), canonical);
}

/// A text is read as a pattern: all that is said of it lies in it.
pub fn dpl_parse(text: &str) {
    let (pattern, diagnostics) = syntax::dpl::parse(text);
    check_diagnostics(text, &diagnostics);
    check_spans(text, &format!("{pattern:?}"));
}

/// A text is read as Kibana's query language: all that is said of it lies in it, and what can be read is printed and read
/// again as itself.
pub fn kql_parse(text: &str) {
    let (query, diagnostics) = syntax::kql::parse(text);
    check_diagnostics(text, &diagnostics);
    assert!(diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
    let tree = format!("{query:?}");
    check_spans(text, &tree);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return;
    }
    assert!(!has_error(&tree), "{text:?}");
    let canonical = syntax::kql::format::canonical(&query);
    let (again, diagnostics) = syntax::kql::parse(&canonical);
    assert!(diagnostics.is_empty(), "{canonical:?} {diagnostics:?}");
    assert_eq!(
        without_spans(&format!("{again:?}")),
        without_spans(&tree),
        "{text:?}\n{canonical:?}"
    );
}

/// The tokens that mean something.
fn tokens(text: &str) -> Vec<(TokenKind, &str)> {
    let all = syntax::dql::lex(text).0.into_iter();
    all.filter(|token| !token.kind.is_trivia())
        .map(|token| (token.kind, &text[token.span.range()]))
        .collect()
}

/// The comments, without blanks at the end of their lines.
fn comments(text: &str) -> Vec<&str> {
    let is_comment =
        |token: &Token| matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment);
    let all = syntax::dql::lex(text).0.into_iter();
    all.filter(is_comment)
        .map(|token| text[token.span.range()].trim_end())
        .collect()
}

/// Whether a tree has a node for what could not be read.
fn has_error(tree: &str) -> bool {
    unquoted(tree).contains("kind: Error")
}

/// A tree as `Debug` prints it without what stands in quotes, which is the text's own.
fn unquoted(tree: &str) -> String {
    let (mut outside, mut quote, mut escaped) = (String::new(), None, false);
    for char in tree.chars() {
        match (quote, char) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == char => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, _) => outside.push(char),
        }
    }
    outside
}

fn check_diagnostics(text: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        check_span(text, diagnostic.span);
        for label in &diagnostic.labels {
            check_span(text, label.span);
        }
        if let Some(fix) = &diagnostic.fix {
            check_span(text, fix.span);
        }
        let message = &diagnostic.message;
        assert!(!message.is_empty() && !message.ends_with('.'), "{message}");
    }
    // Rendering takes far longer than all else.
    let few = diagnostics.len().min(3);
    syntax::render::render("any", text, &diagnostics[..few], true);
}

fn check_span(text: &str, span: Span) {
    assert!(
        span.start <= span.end && text.get(span.range()).is_some(),
        "{text:?} {span:?}"
    );
}

/// Checks all spans of a tree, read from its debug text so that none is forgotten.
fn check_spans(text: &str, tree: &str) {
    for part in unquoted(tree).split(SPAN).skip(1) {
        let inside = part.split('}').next().unwrap_or_default();
        let mut ends = inside
            .split(|end: char| !end.is_ascii_digit())
            .filter_map(|digits| digits.parse().ok());
        let (start, end) = (ends.next(), ends.next());
        let span = start.zip(end).map(|(start, end)| Span::new(start, end));
        assert!(span.is_some(), "{part}");
        check_span(text, span.unwrap_or_default());
    }
}

/// The debug text of a tree without its spans.
fn without_spans(tree: &str) -> String {
    let mut parts = tree.split(SPAN);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    out
}

const SPAN: &str = "Span { ";
