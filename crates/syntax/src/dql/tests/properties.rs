//! What holds for any text and any tree.

use proptest::prelude::*;

use super::{generate, parsed, shape};
use crate::dql::format::{canonical, canonical_query};
use crate::dql::{lex, parse};
use crate::{Code, Diagnostic, Span};

proptest! {
    #[test]
    fn tokens_cover_any_text(text in "(?s).{0,60}") {
        check_tokens(&text);
    }

    #[test]
    fn tokens_cover_any_soup(text in generate::soup()) {
        check_tokens(&text);
    }

    #[test]
    fn any_text_is_read_without_panic(text in "(?s).{0,60}") {
        check_parse(&text);
    }

    #[test]
    fn any_soup_is_read_without_panic(text in generate::soup()) {
        check_parse(&text);
    }

    #[test]
    fn any_part_of_a_query_is_read_without_panic(query in generate::query(), cut in any::<prop::sample::Index>()) {
        let text = canonical_query(&query);
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        check_parse(&text[..ends[cut.index(ends.len())]]);
    }

    #[test]
    fn any_diagnostic_can_be_rendered(text in generate::lines(), spans in prop::collection::vec((0..40_usize, 0..12_usize), 1..4)) {
        let mut spans = spans.into_iter().map(|(start, length)| Span::new(start, start + length));
        let mut diagnostic = Diagnostic::error(Code::UnexpectedToken, spans.next().unwrap_or_default(), text.as_str());
        for span in spans {
            diagnostic = diagnostic.also(span, "x\u{1b}").fix(span, text.as_str());
        }
        let rendered = crate::render::render("any", &text, &[diagnostic], false);
        prop_assert!(!rendered.contains(|character: char| character != '\n' && character.is_control()));
    }

    #[test]
    fn queries_survive_printing(query in generate::query()) {
        let text = canonical_query(&query);
        let again = parsed(&text);
        prop_assert_eq!(shape::query(&again), shape::query(&query), "{}", &text);
        prop_assert_eq!(canonical_query(&again), text);
    }

    #[test]
    fn expressions_survive_printing(expr in generate::expression()) {
        let text = canonical(&expr);
        prop_assert_eq!(shape::expression(&super::expression(&text)), shape::expression(&expr), "{}", &text);
    }
}

fn check_tokens(text: &str) {
    let (tokens, diagnostics) = lex(text);
    let mut end = 0;
    for token in &tokens {
        assert_eq!(token.span.start, end);
        assert!(
            token.span.end > end && text.is_char_boundary(token.span.end),
            "{text:?} {token:?}"
        );
        end = token.span.end;
    }
    assert_eq!(end, text.len());
    diagnostics
        .iter()
        .for_each(|diagnostic| check_diagnostic(text, diagnostic));
}

fn check_parse(text: &str) {
    let (query, diagnostics) = parse(text);
    diagnostics
        .iter()
        .for_each(|diagnostic| check_diagnostic(text, diagnostic));
    assert!(diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
    // What has no error holds no error node and is a query.
    let tree = format!("{query:?}");
    assert!(
        !diagnostics.is_empty() || !query.commands.is_empty() && !tree.contains("kind: Error"),
        "{text:?}"
    );
    for span in spans(&tree) {
        check_span(text, span);
    }
    if diagnostics.is_empty() {
        assert_eq!(
            shape::query(&parsed(&canonical_query(&query))),
            shape::query(&query),
            "{text}"
        );
    }
    crate::render::render("any", text, &diagnostics, true);
}

fn check_diagnostic(text: &str, diagnostic: &Diagnostic) {
    check_span(text, diagnostic.span);
    diagnostic
        .labels
        .iter()
        .for_each(|label| check_span(text, label.span));
    diagnostic
        .fix
        .iter()
        .for_each(|fix| check_span(text, fix.span));
    assert!(
        !diagnostic.message.is_empty() && !diagnostic.message.ends_with('.'),
        "{diagnostic:?}"
    );
}

fn check_span(text: &str, span: Span) {
    assert!(
        span.start <= span.end && text.get(span.range()).is_some(),
        "{text:?} {span:?}"
    );
}

/// All spans of a tree, read from its debug text so that none is forgotten.
fn spans(tree: &str) -> Vec<Span> {
    let number = |text: &str| {
        text.split(|end: char| !end.is_ascii_digit())
            .next()
            .and_then(|digits| digits.parse().ok())
    };
    tree.split("Span { start: ")
        .skip(1)
        .filter_map(|rest| {
            Some(Span::new(
                number(rest)?,
                number(rest.split_once("end: ")?.1)?,
            ))
        })
        .collect()
}
