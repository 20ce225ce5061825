//! `like(expression, pattern)`

use datafusion::logical_expr::Expr;

use super::matching::{matched, paired};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::search::test::{Kind, Options};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

pub(super) const LIKE: Function = Function {
    name: "like",
    summary: "Whether a whole text matches a pattern in which `%` stands for any characters and `_` for one. A pattern without any `%` is the text itself.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        required("pattern", Accepts::STRING, "the pattern"),
    ],
    examples: &[
        ("like(\"DQL is awesome!\", \"D_L%\")", "true"),
        ("like(\"xDQL\", \"DQL%\")", "false"),
        ("like(\"DQL\", \"D_L\")", "false"),
        ("like(\"dql\", \"D%\")", "false"),
        ("like(\"a\\\\b\", \"a\\\\%\")", "true"),
        ("like(null, \"%\")", "null"),
    ],
    body: Body::Build(|arguments, truth| {
        let value = &arguments.required("expression")?.value;
        let pattern = arguments.required("pattern")?;
        let text = match pattern.value.fixed() {
            Some(Value::String(text)) => text.into_owned(),
            _ => return Ok(paired(Kind::Like, value, &pattern.value)),
        };
        let stock = |value: Expr| {
            let literal = |text: &str| Typed::string_literal(text).expr();
            if text.contains('%') {
                // DQL's patterns have no escape.
                value.like(literal(&text.replace('\\', "\\\\")))
            } else {
                value.eq(literal(&text))
            }
        };
        let stock = (truth, Some(&stock as &dyn Fn(Expr) -> Expr));
        // Only strings match, so that places without a column need only be read for these.
        let strings = match value {
            Typed::Place(place) if place.column().is_none() => {
                Typed::known(place.string(), Type::String)
            }
            value => value.clone(),
        };
        matched(
            Kind::Like,
            &strings,
            &Options::default(),
            std::slice::from_ref(&text),
            stock,
        )
        .map_err(|fault| fault.at(pattern.span))
    }),
};
