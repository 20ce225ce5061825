//! Functions over strings.

mod contains;
mod ends_with;
mod lower;
mod starts_with;
mod upper;

use datafusion::logical_expr::{Expr, Like};
use syntax::Diagnostic;

use crate::compare::Truth;
use crate::function::Function;
use crate::parameter::Arguments;
use crate::typed::Typed;
use crate::types::Type;

/// The list.
pub(crate) const ALL: &[Function] = &[
    contains::CONTAINS,
    ends_with::ENDS_WITH,
    lower::LOWER,
    starts_with::STARTS_WITH,
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
    let ignore_case = !arguments.flag("caseSensitive", true)?;
    let (Some(text), Some(wanted)) = (value.string(), part.string()) else {
        return Ok(Typed::known(
            crate::document::null(&Type::Boolean),
            Type::Boolean,
        ));
    };
    let Some(literal) = part.string_value() else {
        return Ok(Typed::boolean_of(if ignore_case {
            dynamic(lower::lowered(text), lower::lowered(wanted))
        } else {
            dynamic(text, wanted)
        }));
    };
    let matches = |text: Expr| {
        let pattern = Typed::string_literal(&pattern(&like_literal(literal))).expr();
        let (text, pattern) = (Box::new(text), Box::new(pattern));
        Expr::Like(Like::new(false, text, pattern, Some('\\'), ignore_case))
    };
    let bare = match truth {
        Truth::OnlyTrue => value.test_bare(matches),
        Truth::Exact => None,
    };
    Ok(Typed::boolean_of(bare.unwrap_or_else(|| matches(text))))
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
