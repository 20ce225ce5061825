//! What the functions that test texts share: their options, and the test of a value of any shape.

use std::borrow::Cow;

use datafusion::logical_expr::Expr;
use syntax::{Code, Diagnostic};

use crate::compare::Truth;
use crate::document::null;
use crate::parameter::{Accepts, Arguments, Parameter, optional};
use crate::search::test::{Kind, Options, Test};
use crate::search::udf;
use crate::search::wildcard::{Fault, STAR};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// Whether the case of letters matters, for functions where it does not unless asked for.
pub(super) const CASE_SENSITIVE: Parameter = optional(
    "caseSensitive",
    Accepts::BOOLEAN,
    "whether the case of ASCII letters matters; false unless given",
)
.constant();

/// What stands for any characters.
pub(super) const WILDCARD: Parameter = optional(
    "wildcard",
    Accepts::STRING,
    "the character that stands for any others, `*` unless given",
)
.literal();

/// The values of [`CASE_SENSITIVE`] and [`WILDCARD`].
pub(super) fn options(function: &str, arguments: &Arguments) -> Result<Options, Diagnostic> {
    let given = |name| arguments.get(name).and_then(|given| given.value.fixed());
    let case_sensitive = matches!(given("caseSensitive"), Some(Value::Boolean(true)));
    let mut wildcard = STAR;
    if let Some(argument) = arguments.get("wildcard") {
        let text = argument.value.string_value().unwrap_or_default();
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => wildcard = only,
            _ => {
                return Err(Diagnostic::error(
                    Code::OutOfRange,
                    argument.span,
                    format!("`wildcard` of `{function}` has to be one character"),
                ));
            }
        }
    }
    Ok(Options {
        fold: !case_sensitive,
        wildcard,
        ..Options::default()
    })
}

/// The test of a value against patterns. `stock` says the same of a text in DataFusion's own expressions, where they
/// can say it.
pub(super) fn matched(
    kind: Kind,
    value: &Typed,
    options: &Options,
    patterns: &[String],
    (truth, stock): (Truth, Option<&dyn Fn(Expr) -> Expr>),
) -> Result<Typed, Fault> {
    let texts: Vec<Cow<'_, str>> = patterns.iter().map(Cow::from).collect();
    let test = Test::new(kind, options, &texts)?;
    if let Some(fixed) = value.fixed() {
        let result = test.and_then(|test| test.value(&fixed));
        return Ok(Typed::constant(
            &Value::or_null(result, Value::Boolean),
            &Type::Boolean,
        ));
    }
    let call = |value: Expr, ty: &Type| {
        let patterns = patterns
            .iter()
            .map(|text| Typed::string_literal(text).expr());
        udf::call(kind, (value, ty), options, patterns.collect())
    };
    let of_text = |text: Expr| match stock {
        Some(stock) => stock(text),
        None => call(text, &Type::String),
    };
    Ok(Typed::boolean_of(match value {
        Typed::Place(place) => place.tested(truth, of_text, |value| call(value, &Type::Dynamic)),
        value if value.ty() == Type::String => of_text(value.expr()),
        value => call(value.expr(), &value.ty()),
    }))
}

/// The test of a text against a pattern that is no constant; null where either is no text.
pub(super) fn paired(kind: Kind, value: &Typed, pattern: &Typed) -> Typed {
    match (value.string(), pattern.string()) {
        (Some(text), Some(pattern)) => {
            let options = Options::default();
            Typed::boolean_of(udf::call(
                kind,
                (text, &Type::String),
                &options,
                vec![pattern],
            ))
        }
        _ => Typed::known(null(&Type::Boolean), Type::Boolean),
    }
}
