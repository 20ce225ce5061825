//! `in(needle, haystack, …)`

use datafusion::logical_expr::{Expr, expr::InList, lit};

use crate::compare::{Compare, Truth, compare};
use crate::document::only;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, Argument, required, variadic};
use crate::typed::Typed;
use crate::types::Type;
use crate::value;

pub(super) const IN: Function = Function {
    name: "in",
    summary: "Whether a value equals one of several; equality is that of `==`, so a null needle gives null. An array in a record stands for its elements.",
    parameters: &[
        required("needle", Accepts::ANY, "the value looked for").or("element"),
        variadic("haystack", Accepts::ANY, "where it is looked for").or("elements"),
    ],
    examples: &[
        ("in(\"java\", {\"java\", \"go\"})", "true"),
        ("in(\"JAVA\", \"java\")", "false"),
        ("in(2, {1, 2.0})", "true"),
        ("in(\"1\", {1, 2})", "false"),
        ("in(1, {null, 2})", "false"),
        ("in(null, {1, 2})", "null"),
        ("in(\"b\", array(\"a\", \"b\"))", "true"),
    ],
    body: Body::Build(|arguments, truth| {
        let needle = arguments.required("needle")?;
        let haystack: Vec<&Argument> = arguments.all("haystack").collect();
        Ok(Typed::boolean_of(member(&needle.value, &haystack, truth)))
    }),
};

fn member(needle: &Typed, haystack: &[&Argument], truth: Truth) -> Expr {
    let literals = literals(haystack);
    // An array stands for its elements, and a value whose type is not known may turn out to be one.
    let many = |value: &Typed| matches!(value.ty(), Type::Dynamic | Type::Array(_));
    if many(needle) || haystack.iter().any(|argument| many(&argument.value)) {
        let values = haystack.iter().map(|argument| argument.value.value_text());
        let of_text = |needle| value::udf::member(needle, values.collect());
        return match (needle, literals) {
            (Typed::Place(place), Some(list)) => {
                place.tested(truth, |text| within(text, list), of_text)
            }
            _ => of_text(needle.value_text()),
        };
    }
    match literals {
        Some(list) => among(needle, list),
        None => {
            // A null in the haystack equals nothing.
            let equal = |argument: &&Argument| {
                Expr::IsTrue(Box::new(compare(
                    Compare::Equal,
                    needle,
                    &argument.value,
                    truth,
                )))
            };
            let found = haystack.iter().map(equal).reduce(Expr::or);
            only(needle.is_not_null(), found.unwrap_or_else(|| lit(false)))
        }
    }
}

/// The haystack, where it is string literals alone.
fn literals(haystack: &[&Argument]) -> Option<Vec<Expr>> {
    haystack
        .iter()
        .map(|argument| argument.value.string_value().map(|_| argument.value.expr()))
        .collect()
}

/// One list, which files and row groups are pruned by, and not a chain of comparisons.
fn within(text: Expr, list: Vec<Expr>) -> Expr {
    Expr::InList(InList {
        expr: Box::new(text),
        list,
        negated: false,
    })
}

/// Membership of a value of a static type in a list of string literals.
fn among(needle: &Typed, list: Vec<Expr>) -> Expr {
    match needle.string() {
        Some(text) => within(text, list),
        // Of another type for certain: equal to no string, and null only where it is null itself.
        None => only(needle.is_not_null(), lit(false)),
    }
}
