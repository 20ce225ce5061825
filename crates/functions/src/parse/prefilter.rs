//! What a text must hold for a pattern to match it: a cheap test in front of an expensive one.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, Like};

use crate::string::like_literal;
use crate::typed::Typed;

/// A condition on the text that holds for every record in which `captures`, made by [`super::parse_captures`], is not
/// null; none where nothing is known of such texts, or `captures` is something else.
pub fn prefilter(captures: &Expr) -> Option<Expr> {
    let Expr::ScalarFunction(call) = captures else {
        return None;
    };
    let [text, Expr::Literal(pattern, _), Expr::Literal(zone, _), ..] = call.args.as_slice() else {
        return None;
    };
    if call.func.name() != super::captures::NAME {
        return None;
    }
    let literal = |value: &ScalarValue| value.try_as_str().flatten().map(str::to_owned);
    let program = super::pattern(&literal(pattern)?, &literal(zone)?).ok()?;
    let mandatory = program.mandatory()?;
    let any = if mandatory.first { "" } else { "%" };
    let pattern = format!("{any}{}%", like_literal(mandatory.text));
    Some(Expr::Like(Like::new(
        false,
        Box::new(text.clone()),
        Box::new(Typed::string_literal(&pattern).expr()),
        Some('\\'),
        false,
    )))
}
