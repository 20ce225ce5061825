//! `in(needle, haystack, …)`

use datafusion::logical_expr::{Expr, expr::InList, lit};
use syntax::{Code, Diagnostic};

use crate::compare::{Compare, Truth, compare};
use crate::document::only;
use crate::function::Function;
use crate::json;
use crate::parameter::{Accepts, Argument, required, variadic};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const IN: Function = Function {
    name: "in",
    summary: "Whether a value equals one of several; equality is that of `==`, so a null needle gives null. An array in a record stands for its elements.",
    parameters: &[
        required("needle", Accepts::Any, "the value looked for").or("element"),
        variadic("haystack", Accepts::Any, "where it is looked for").or("elements"),
    ],
    examples: &[
        ("in(\"java\", {\"java\", \"go\"})", "true"),
        ("in(\"JAVA\", \"java\")", "false"),
        ("in(2, {1, 2.0})", "true"),
        ("in(\"1\", {1, 2})", "false"),
    ],
    build: |arguments, truth| {
        let needle = arguments.required("needle")?;
        let haystack: Vec<&Argument> = arguments.all("haystack").collect();
        for argument in haystack.iter().copied().chain([needle]) {
            if matches!(argument.value.ty(), Type::Array(_)) {
                return Err(Diagnostic::error(
                    Code::UnsupportedExpression,
                    argument.span,
                    "`in` does not look into arrays yet",
                ));
            }
        }
        Ok(Typed::boolean_of(member(&needle.value, &haystack, truth)))
    },
};

fn member(needle: &Typed, haystack: &[&Argument], truth: Truth) -> Expr {
    let literals = literals(haystack);
    let dynamic = |value: &Typed| value.ty() == Type::Dynamic;
    // A value whose type is not known may turn out to be an array, which stands for its elements.
    if (dynamic(needle) || haystack.iter().any(|argument| dynamic(&argument.value)))
        && let Some(json) = needle.json()
        && let Some(values) = texts(haystack)
    {
        let of_json = |needle| json::member(needle, values);
        return match (needle, literals) {
            (Typed::Place(place), Some(list)) => {
                place.tested(truth, |text| within(text, list), of_json)
            }
            _ => of_json(json),
        };
    }
    match literals {
        Some(list) => among(needle, list),
        None => haystack
            .iter()
            .map(|argument| compare(Compare::Equal, needle, &argument.value, truth))
            .reduce(Expr::or)
            .unwrap_or_else(|| lit(false)),
    }
}

/// The haystack, where it is string literals alone.
fn literals(haystack: &[&Argument]) -> Option<Vec<Expr>> {
    haystack
        .iter()
        .map(|argument| argument.value.string_value().map(|_| argument.value.expr()))
        .collect()
}

/// The haystack as JSON texts, where all of it can be that.
fn texts(haystack: &[&Argument]) -> Option<Vec<Expr>> {
    haystack
        .iter()
        .map(|argument| argument.value.json())
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
