//! `in(needle, haystack, …)`

use datafusion::logical_expr::{Expr, expr::InList, lit};
use syntax::{Code, Diagnostic};

use crate::compare::{Compare, Truth, compare};
use crate::document::null;
use crate::function::Function;
use crate::parameter::{Accepts, Argument, required, variadic};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const IN: Function = Function {
    name: "in",
    summary: "Whether a value equals one of several; equality is that of `==`, so a null needle gives null.",
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
        let needle = &needle.value;
        Ok(Typed::boolean_of(match literals(&haystack) {
            Some(list) => among(needle, list, truth),
            None => haystack
                .iter()
                .map(|argument| compare(Compare::Equal, needle, &argument.value, truth))
                .reduce(Expr::or)
                .unwrap_or_else(|| lit(false)),
        }))
    },
};

/// The haystack, where it is string literals alone.
fn literals(haystack: &[&Argument]) -> Option<Vec<Expr>> {
    haystack
        .iter()
        .map(|argument| argument.value.string_value().map(|_| argument.value.expr()))
        .collect()
}

/// Membership in a list of string literals: one list, which files and row groups are pruned by, and not a chain of
/// comparisons.
fn among(needle: &Typed, list: Vec<Expr>, truth: Truth) -> Expr {
    let within = |text: Expr| {
        Expr::InList(InList {
            expr: Box::new(text),
            list: list.clone(),
            negated: false,
        })
    };
    let Some(text) = needle.string() else {
        // Of another type for certain: equal to no string, and null only where it is null itself.
        return if needle.ty() == Type::Null {
            null(&Type::Boolean)
        } else {
            crate::document::only(needle.is_not_null(), lit(false))
        };
    };
    let exact = within(text.clone());
    match (needle.ty(), truth) {
        (Type::Dynamic, Truth::Exact) => crate::document::either(
            text.is_not_null(),
            exact,
            crate::document::only(needle.is_not_null(), lit(false)),
        ),
        (_, Truth::OnlyTrue) => needle.test_bare(within).unwrap_or(exact),
        _ => exact,
    }
}
