//! What holds for any text and any tree.

use proptest::prelude::*;

use super::format::Few;
use super::{generate, parsed, shape};
use crate::dql::format::{canonical, canonical_query, canonical_query_with};
use crate::dql::layout::lay_out;
use crate::dql::{lex, parse};
use crate::{Code, Diagnostic, Span, fuzz};

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,60}") {
        check(&text);
    }

    #[test]
    fn any_soup_is_read(text in generate::soup()) {
        check(&text);
    }

    #[test]
    fn any_part_of_a_query_is_read(query in generate::query(), cut in any::<prop::sample::Index>()) {
        let text = canonical_query(&query);
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        check(&text[..ends[cut.index(ends.len())]]);
    }

    #[test]
    fn any_query_is_laid_out(query in generate::query(), between in generate::between()) {
        let text = scatter(&canonical_query(&query), &between);
        prop_assert!(lay_out(&text).is_ok(), "{}", text);
        check(&text);
    }

    #[test]
    fn any_change_of_a_real_query_is_read(
        which in any::<prop::sample::Index>(),
        between in generate::between(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..9_usize, "[a-z0-9 |,(){}\"=/*\n]{0,3}"), 0..4),
    ) {
        let queries = super::queries();
        let mut text = scatter(&queries[which.index(queries.len())], &between);
        prop_assert!(lay_out(&text).is_ok(), "{}", text);
        for (at, length, new) in changes {
            let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let start = at.index(text.len() + 1);
            text.replace_range(boundary(start)..boundary(start + length), &new);
        }
        check(&text);
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
    fn the_canonical_form_is_its_own(query in generate::query()) {
        let text = canonical_query_with(&query, &Few);
        prop_assert_eq!(canonical_query_with(&parsed(&text), &Few), text);
    }

    #[test]
    fn expressions_survive_printing(expr in generate::expression()) {
        let text = canonical(&expr);
        prop_assert_eq!(shape::expression(&super::expression(&text)), shape::expression(&expr), "{}", &text);
    }
}

/// What holds for any text, and that the printed form of one without errors has its tree.
fn check(text: &str) {
    fuzz::dql_parse(text);
    fuzz::dql_format(text);
    let (query, diagnostics) = parse(text);
    if !diagnostics.iter().any(Diagnostic::is_error) {
        assert_eq!(
            shape::query(&parsed(&canonical_query(&query))),
            shape::query(&query),
            "{text}"
        );
    }
}

/// The tokens of a text with `between` between them, over and over, in place of what stood there.
fn scatter(text: &str, between: &[String]) -> String {
    let mut fill = between.iter().cycle();
    let mut out = String::new();
    for token in lex(text).0 {
        if token.kind.is_trivia() {
            // A comment of the text stays.
            out.push_str(text[token.span.range()].trim_end());
            out.push('\n');
            continue;
        }
        out.extend(fill.next().map(String::as_str));
        out.push_str(&text[token.span.range()]);
    }
    out.extend(fill.next().map(String::as_str));
    out
}
