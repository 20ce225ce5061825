//! `matchesRegex(expression, pattern)`

use syntax::{Code, Diagnostic};

use super::matching::{matched, paired};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::search::regex::compile;
use crate::search::test::{Kind, Options};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

pub(super) const MATCHES_REGEX: Function = Function {
    name: "matchesRegex",
    summary: "Whether a whole text matches a regular expression. Deprecated; what can't be matched in linear time is refused, or null where the expression is no constant.",
    parameters: &[
        required("expression", Accepts::STRING, "the text"),
        required("pattern", Accepts::STRING, "the regular expression"),
    ],
    examples: &[
        ("matchesRegex(\"abc\", \"a.c\")", "true"),
        ("matchesRegex(\"xabc\", \"a.c\")", "false"),
        ("matchesRegex(\"b\", \"a|b\")", "true"),
        ("matchesRegex(\"Abc\", \"abc\")", "false"),
        ("matchesRegex(null, \".*\")", "null"),
    ],
    body: Body::Build(|arguments, truth| {
        let value = &arguments.required("expression")?.value;
        let pattern = arguments.required("pattern")?;
        let text = match pattern.value.fixed() {
            Some(Value::String(text)) => text.into_owned(),
            _ => return Ok(paired(Kind::Regex, value, &pattern.value)),
        };
        if let Err(problem) = compile(&text) {
            return Err(Diagnostic::error(
                Code::PatternSyntax,
                pattern.span,
                format!("this regular expression {problem}"),
            )
            .help("DPL patterns are the way of DQL: matchesPattern(…)"));
        }
        let strings = match value {
            Typed::Place(place) if place.column().is_none() => {
                Typed::known(place.string(), Type::String)
            }
            value => value.clone(),
        };
        matched(
            Kind::Regex,
            &strings,
            &Options::default(),
            &[text],
            (truth, None),
        )
        .map_err(|fault| fault.at(pattern.span))
    }),
};
