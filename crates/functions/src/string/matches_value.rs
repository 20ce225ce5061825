//! `matchesValue(expression, value, …, caseSensitive?, wildcard?)`

use datafusion::logical_expr::{Expr, expr::InList};

use super::bounds::Bounds;
use super::like_literal;
use super::matching::{CASE_SENSITIVE, WILDCARD, matched, options};
use crate::compare::Truth;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required, variadic};
use crate::search::glob::Glob;
use crate::search::test::{Kind, Options};
use crate::search::udf;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

pub(super) const MATCHES_VALUE: Function = Function {
    name: "matchesValue",
    summary: "Whether a whole text, or an element of an array, matches one of several patterns. The case of ASCII letters does not matter unless asked for.",
    parameters: &[
        required(
            "expression",
            Accepts::STRING.or(Accepts::SMARTSCAPE).or(Accepts::ARRAY),
            "the text, or an array of texts",
        ),
        variadic(
            "value",
            Accepts::STRING.or(Accepts::ARRAY),
            "the patterns, in which `*` stands for any characters; at most 64 in one, never two in a row",
        )
        .constant(),
        CASE_SENSITIVE,
        WILDCARD,
    ],
    examples: &[
        ("matchesValue(\"User 'x' failed\", \"user*\")", "true"),
        ("matchesValue(\"User 'x' failed\", \"user*\", caseSensitive: true)", "false"),
        ("matchesValue(\"from 10.20.30.4\", \"10.20.30.4\")", "false"),
        ("matchesValue(array(\"Java11\", 17), {\"docker\", \"java*\"})", "true"),
        ("matchesValue(\"Österreich\", \"österreich\")", "false"),
        ("matchesValue(null, \"*\")", "null"),
    ],
    body: Body::Build(|arguments, truth| {
        let options = options(MATCHES_VALUE.name, arguments)?;
        let mut patterns = Vec::new();
        for argument in arguments.all("value") {
            let given = match argument.value.fixed() {
                Some(Value::Array(elements)) => elements,
                Some(value) => vec![value],
                None => Vec::new(),
            };
            // What is no text matches nothing.
            for pattern in given.iter().filter_map(Value::as_str) {
                Glob::new(pattern, options.wildcard, options.fold)
                    .map_err(|fault| fault.at(argument.span))?;
                patterns.push(pattern.to_owned());
            }
        }
        let value = &arguments.required("expression")?.value;
        let bounds = match (truth, options.fold) {
            (Truth::OnlyTrue, true) => Bounds::of(&patterns, options.wildcard),
            _ => None,
        };
        let plain = |text| stock(text, &patterns, options.wildcard);
        let bounded = |text: Expr| {
            let texts = patterns.iter().map(|text| Typed::string_literal(text).expr());
            let test = udf::call(
                Kind::Value,
                (text.clone(), &Type::String),
                &options,
                texts.collect(),
            );
            match &bounds {
                Some(bounds) => bounds.hold(text).and(test),
                None => test,
            }
        };
        let stock: Option<&dyn Fn(Expr) -> Expr> = if is_prunable(&patterns, &options) {
            Some(&plain)
        } else if bounds.is_some() {
            Some(&bounded)
        } else {
            None
        };
        let stock = (truth, stock);
        matched(Kind::Value, value, &options, &patterns, stock)
            .map_err(|fault| fault.at(arguments.span))
    }),
};

/// Whether all patterns are texts as they are, or what texts begin with: these files are pruned by.
fn is_prunable(patterns: &[String], options: &Options) -> bool {
    let inner = |pattern: &String| {
        pattern
            .strip_suffix(options.wildcard)
            .unwrap_or(pattern)
            .contains(options.wildcard)
    };
    !options.fold && !patterns.is_empty() && !patterns.iter().any(inner)
}

/// Equality with patterns without a wildcard, and `LIKE` for those that end with one.
fn stock(text: Expr, patterns: &[String], wildcard: char) -> Expr {
    let literal = |text: &str| Typed::string_literal(text).expr();
    let (begins, whole): (Vec<&String>, Vec<&String>) = patterns
        .iter()
        .partition(|pattern| pattern.ends_with(wildcard));
    let list: Vec<Expr> = whole.iter().map(|pattern| literal(pattern)).collect();
    let among = (!list.is_empty()).then(|| {
        Expr::InList(InList {
            expr: Box::new(text.clone()),
            list,
            negated: false,
        })
    });
    let like = begins.iter().filter_map(|pattern| {
        let prefix = pattern.strip_suffix(wildcard)?;
        Some(
            text.clone()
                .like(literal(&format!("{}%", like_literal(prefix)))),
        )
    });
    among
        .into_iter()
        .chain(like)
        .reduce(Expr::or)
        .unwrap_or_else(|| text.is_null())
}
