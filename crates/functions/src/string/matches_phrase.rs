//! `matchesPhrase(expression, phrase, caseSensitive?, wildcard?)`

use super::matching::{CASE_SENSITIVE, WILDCARD, matched, options};
use crate::document::null;
use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::search::test::Kind;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

pub(super) const MATCHES_PHRASE: Function = Function {
    name: "matchesPhrase",
    summary: "Whether a text, or an element of an array, holds a phrase that no word goes on around. The case of ASCII letters does not matter unless asked for.",
    parameters: &[
        required(
            "expression",
            Accepts::STRING.or(Accepts::ARRAY),
            "the text, or an array of texts",
        ),
        required(
            "phrase",
            Accepts::STRING,
            "the phrase, in which `*` stands for any part of a word; at most 64, never two in a row",
        )
        .constant(),
        CASE_SENSITIVE,
        WILDCARD,
    ],
    examples: &[
        ("matchesPhrase(\"Dynatrace Query Language\", \"query\")", "true"),
        ("matchesPhrase(\"Dynatrace Query Language\", \"Dyna\")", "false"),
        ("matchesPhrase(\"Dynatrace Query Language\", \"Dyna*\")", "true"),
        ("matchesPhrase(\"from 10.20.30.45\", \"10.20.30.4\")", "false"),
        ("matchesPhrase(array(1, \"Linz, Austria\"), \"austria\")", "true"),
        ("matchesPhrase(null, \"x\")", "null"),
    ],
    body: Body::Build(|arguments, truth| {
        let options = options(MATCHES_PHRASE.name, arguments)?;
        let phrase = arguments.required("phrase")?;
        let Some(Value::String(text)) = phrase.value.fixed() else {
            return Ok(Typed::known(null(&Type::Boolean), Type::Boolean));
        };
        let value = &arguments.required("expression")?.value;
        matched(Kind::Phrase, value, &options, &[text.into_owned()], (truth, None))
            .map_err(|fault| fault.at(phrase.span))
    }),
};
