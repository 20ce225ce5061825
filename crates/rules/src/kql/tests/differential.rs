//! Random queries on random records: the condition against a walk over the query's own tree.

use proptest::prelude::*;
use syntax::kql::ast::{Expr, ExprKind, Literal, LiteralKind, Part};

use crate::ecs::Record;
use crate::evaluate::{JsonEvent, Program};
use crate::naive::meets;

/// The fields of these queries, with the keys that they copy.
const FIELDS: &[(&str, &str)] = &[
    ("event.action", "eventName"),
    ("cloud.region", "awsRegion"),
    ("aws.cloudtrail.error_code", "errorCode"),
];

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(&["a", "ab", "b", "A", "*", "a*", "*b", "*a*b", "a*b*", "\"a\"", "\"a*\"", "\"\""][..])
            .prop_map(str::to_owned),
        1 => "[abA*]{1,4}",
    ]
}

/// Operands, joined and denied.
fn joined(leaf: BoxedStrategy<String>) -> BoxedStrategy<String> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|all| format!("({})", all.join(" or "))),
            prop::collection::vec(inner.clone(), 2..4)
                .prop_map(|all| format!("({})", all.join(" AND "))),
            inner.prop_map(|inside| format!("(not {inside})")),
        ]
    })
    .boxed()
}

fn query() -> impl Strategy<Value = String> {
    let field = prop::sample::select(FIELDS).prop_map(|(name, _)| name);
    let test =
        (field, joined(value().boxed())).prop_map(|(field, values)| format!("{field}: {values}"));
    joined(test.boxed())
}

/// Several values of each key, as an array; none leave the key out.
fn record() -> impl Strategy<Value = Vec<Vec<String>>> {
    let values = prop::collection::vec("[abA*]{1,4}", 0..3);
    prop::collection::vec(values, FIELDS.len())
}

/// Whether a document, one list of values a field, meets a query; right of a field, `of` is its values.
fn walk(expr: &Expr, document: &[Vec<String>], of: Option<&[String]>) -> bool {
    match &expr.kind {
        ExprKind::Or(all) => all.iter().any(|expr| walk(expr, document, of)),
        ExprKind::And(all) => all.iter().all(|expr| walk(expr, document, of)),
        ExprKind::Not(inside) => !walk(inside, document, of),
        ExprKind::Is { field, values } => {
            let at = FIELDS
                .iter()
                .position(|(name, _)| field.text() == Some(name));
            walk(values, document, Some(&document[at.expect("the field")]))
        }
        ExprKind::Value(value) => of.expect("a field").iter().any(|text| is(value, text)),
        other => panic!("{other:?}"),
    }
}

fn is(value: &Literal, text: &str) -> bool {
    match &value.kind {
        LiteralKind::Quoted(quoted) => quoted == text,
        LiteralKind::Plain(parts) => made_of(parts, text),
    }
}

/// Every length of every run, one after the other.
fn made_of(parts: &[Part], text: &str) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Text(start), rest @ ..] => text
            .strip_prefix(start.as_str())
            .is_some_and(|text| made_of(rest, text)),
        [Part::Star, rest @ ..] => (0..=text.len()).any(|length| made_of(rest, &text[length..])),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_condition_means_what_its_query_means(query in query(), document in record()) {
        let (tree, diagnostics) = syntax::kql::parse(&query);
        prop_assert!(diagnostics.is_empty(), "{} {:?}", query, diagnostics);
        let members: Vec<String> = FIELDS
            .iter()
            .zip(&document)
            .map(|((_, key), values)| format!("\"{key}\":{values:?}"))
            .collect();
        let record = format!("{{{}}}", members.join(","));
        let expected = walk(&tree.expr.clone().expect("a query"), &document, None);
        let (condition, _) = crate::kql::condition(&tree);
        prop_assert_eq!(meets(&Record::new(&record), &condition), expected, "{} {}", query, record);
        let program = Program::of(&condition).expect("a sound condition");
        let event = JsonEvent::new(&record).expect("a record");
        prop_assert_eq!(program.holds(&event), expected, "{} {}", query, record);
    }
}
