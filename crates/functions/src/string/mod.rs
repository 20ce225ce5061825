//! Functions over strings.

mod bounds;
pub(crate) mod bytes;
mod concat;
mod contains;
mod decode_base16_to_binary;
mod decode_base16_to_string;
mod decode_base64_to_binary;
mod decode_base64_to_string;
mod decode_url;
mod encode_base16;
mod encode_base64;
mod encode_url;
mod ends_with;
mod escape;
mod get_character;
mod index_of;
mod last_index_of;
mod levenshtein_distance;
mod like;
mod lower;
mod matches_phrase;
mod matches_regex;
mod matches_value;
mod matching;
mod punctuation;
mod replace_string;
mod split_string;
mod starts_with;
mod string_length;
mod substring;
mod trim;
mod unescape;
mod unescape_html;
mod upper;
mod utf16;

use datafusion::logical_expr::{Expr, Like, not};
use syntax::Diagnostic;

use crate::compare::Truth;
use crate::document::{either, null};
use crate::function::Function;
use crate::parameter::Arguments;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// The list.
pub(crate) const ALL: &[Function] = &[
    concat::CONCAT,
    contains::CONTAINS,
    decode_base16_to_binary::DECODE_BASE16_TO_BINARY,
    decode_base16_to_string::DECODE_BASE16_TO_STRING,
    decode_base64_to_binary::DECODE_BASE64_TO_BINARY,
    decode_base64_to_string::DECODE_BASE64_TO_STRING,
    decode_url::DECODE_URL,
    encode_base16::ENCODE_BASE16,
    encode_base64::ENCODE_BASE64,
    encode_url::ENCODE_URL,
    ends_with::ENDS_WITH,
    escape::ESCAPE,
    get_character::GET_CHARACTER,
    index_of::INDEX_OF,
    last_index_of::LAST_INDEX_OF,
    levenshtein_distance::LEVENSHTEIN_DISTANCE,
    like::LIKE,
    lower::LOWER,
    matches_phrase::MATCHES_PHRASE,
    matches_regex::MATCHES_REGEX,
    matches_value::MATCHES_VALUE,
    punctuation::PUNCTUATION,
    replace_string::REPLACE_STRING,
    split_string::SPLIT_STRING,
    starts_with::STARTS_WITH,
    string_length::STRING_LENGTH,
    substring::SUBSTRING,
    trim::TRIM,
    unescape::UNESCAPE,
    unescape_html::UNESCAPE_HTML,
    upper::UPPER,
];

/// `value LIKE pattern`, for the functions that look for a part of a text. A part that is no literal is searched for
/// by `dynamic` instead. Null where either is no string.
fn like(
    arguments: &Arguments,
    part: &str,
    truth: Truth,
    pattern: fn(&str) -> String,
    dynamic: fn(Expr, Expr) -> Expr,
) -> Result<Typed, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    let part = &arguments.required(part)?.value;
    let (Some(text), Some(wanted)) = (value.string(), part.string()) else {
        return Ok(Typed::known(null(&Type::Boolean), Type::Boolean));
    };
    let matches = |text: Expr, ignore_case: bool| match part.string_value() {
        Some(literal) => {
            let pattern = Typed::string_literal(&pattern(&like_literal(literal))).expr();
            let (text, pattern) = (Box::new(text), Box::new(pattern));
            Expr::Like(Like::new(false, text, pattern, Some('\\'), ignore_case))
        }
        None if ignore_case => dynamic(lower::lowered(text), lower::lowered(wanted.clone())),
        None => dynamic(text, wanted.clone()),
    };
    let case_sensitive = arguments.get("caseSensitive").map(|given| &given.value);
    let ignore_case = match case_sensitive.map(|given| (given.fixed(), given.boolean())) {
        // Left out, or null.
        None | Some((Some(Value::Null), _)) => false,
        Some((Some(Value::Boolean(case_sensitive)), _)) => !case_sensitive,
        Some((_, Some(case_sensitive))) => {
            let ignored = case_sensitive
                .clone()
                .is_not_null()
                .and(not(case_sensitive));
            return Ok(Typed::boolean_of(either(
                ignored,
                matches(text.clone(), true),
                matches(text, false),
            )));
        }
        Some((_, None)) => return Ok(Typed::known(null(&Type::Boolean), Type::Boolean)),
    };
    let bare = match (truth, part.string_value()) {
        (Truth::OnlyTrue, Some(_)) => value.test_bare(|text| matches(text, ignore_case)),
        _ => None,
    };
    Ok(Typed::boolean_of(
        bare.unwrap_or_else(|| matches(text, ignore_case)),
    ))
}

/// The text as a LIKE pattern that matches itself alone; the escape character is the backslash.
pub fn like_literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
