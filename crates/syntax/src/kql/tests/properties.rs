//! What holds for any text and any tree.

use proptest::prelude::*;

use crate::fuzz;
use crate::kql::ast::{Expr, ExprKind, Literal, LiteralKind, Operator, Part, Query};
use crate::kql::format::canonical;
use crate::kql::parse;
use crate::{Diagnostic, Span};

/// Pieces of text that mean something somewhere, and some that nearly do.
const PIECES: &[&str] = &[
    "and",
    "or",
    "not",
    "AND ",
    " or ",
    "not ",
    " ",
    "\n",
    "\u{a0}",
    "(",
    ")",
    "{",
    "}",
    ":",
    "<",
    "<=",
    ">",
    ">=",
    "*",
    "\"",
    "\\",
    "\\n",
    "\\u0041",
    "\\ud83d",
    "\\and",
    "\\not",
    "a",
    "user.name",
    "é",
    "true",
    "5",
    "?",
    "=",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(&["a", "and", "or", "not", "*", " ", "\\", "\"", ":", "é", "t", "\n", "\u{a0}", "{", "no"][..])
            .prop_map(str::to_owned),
        1 => "(?s).{1,3}",
    ];
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

fn literal() -> impl Strategy<Value = Literal> {
    let part = prop_oneof![2 => text().prop_map(Some), 1 => Just(None)];
    let plain = prop::collection::vec(part, 1..4).prop_map(|all| {
        let mut parts: Vec<Part> = Vec::new();
        for part in all {
            match (parts.last_mut(), part) {
                (Some(Part::Text(before)), Some(text)) => before.push_str(&text),
                (Some(Part::Star), None) => {}
                (_, Some(text)) => parts.push(Part::Text(text)),
                (_, None) => parts.push(Part::Star),
            }
        }
        LiteralKind::Plain(parts)
    });
    let kind = prop_oneof![plain, text().prop_map(LiteralKind::Quoted)];
    kind.prop_map(|kind| Literal {
        kind,
        span: Span::default(),
    })
}

fn expr(kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: Span::default(),
    }
}

/// Trees above `leaf`.
fn tree(leaf: BoxedStrategy<Expr>) -> BoxedStrategy<Expr> {
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| expr(ExprKind::Or(all))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|all| expr(ExprKind::And(all))),
            inner.prop_map(|inside| expr(ExprKind::Not(Box::new(inside)))),
        ]
    })
    .boxed()
}

fn query() -> impl Strategy<Value = Query> {
    let value = literal()
        .prop_map(|value| expr(ExprKind::Value(value)))
        .boxed();
    let values = tree(value.clone());
    let operator = prop::sample::select(vec![
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ]);
    let test = prop_oneof![
        3 => (literal(), values).prop_map(|(field, values)| expr(ExprKind::Is { field, values: Box::new(values) })),
        1 => (literal(), operator, literal())
            .prop_map(|(field, operator, value)| expr(ExprKind::Range { field, operator, value })),
        1 => value,
    ]
    .boxed();
    let nested = (literal(), tree(test.clone())).prop_map(|(field, inside)| {
        expr(ExprKind::Nested {
            field,
            inside: Box::new(inside),
        })
    });
    let leaf = prop_oneof![5 => test, 1 => nested].boxed();
    prop::option::of(tree(leaf)).prop_map(|expr| Query { expr })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read(text in "(?s).{0,60}") {
        fuzz::kql_parse(&text);
    }

    #[test]
    fn any_soup_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        fuzz::kql_parse(&pieces.concat());
    }

    #[test]
    fn queries_survive_printing(query in query()) {
        let text = canonical(&query);
        let (again, diagnostics) = parse(&text);
        prop_assert!(!diagnostics.iter().any(Diagnostic::is_error), "{:?} {:?}", &text, diagnostics);
        prop_assert_eq!(shape(&again), shape(&query), "{:?}", &text);
        prop_assert_eq!(canonical(&again), text);
    }
}

fn shape(query: &Query) -> Option<String> {
    query.expr.as_ref().map(super::expression)
}
