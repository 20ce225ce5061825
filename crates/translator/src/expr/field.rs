//! Fields by name.

use functions::Typed;
use syntax::dql::ast::FieldName;
use syntax::{Code, Diagnostic};

use super::Reading;
use crate::context::Context;

pub(super) fn field(ctx: &mut Context, reading: &Reading, name: &FieldName) -> Option<Typed> {
    let scope = reading.scope;
    if let Some(field) = scope.get(&name.text) {
        return Some(field.value.clone());
    }
    if let Some(aggregations) = &reading.aggregations
        && aggregations.input.get(&name.text).is_some()
    {
        ctx.report(
            Diagnostic::error(
                Code::NotAnAggregation,
                name.span,
                format!("`{}` has one value a record, not one a group", name.text),
            )
            .help(format!(
                "group by it, or take one of its values: takeAny({})",
                name.text
            )),
        );
        return None;
    }
    if let Some(value) = scope.key(&name.text) {
        let columns: Vec<&str> = scope.names().collect();
        let resembles = syntax::diagnostic::closest(&name.text, columns.iter().copied());
        if resembles.is_some() {
            ctx.report(missing(name, &columns));
        }
        return Some(value);
    }
    let names: Vec<&str> = scope.names().collect();
    ctx.report(missing(name, &names));
    Some(Typed::null())
}

/// A field that nothing has is null in every record, and surely not meant.
fn missing(name: &FieldName, names: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::warning(
        Code::MissingField,
        name.span,
        format!("no field `{}` here: it is null in every record", name.text),
    )
    .suggest(&name.text, names.iter().copied());
    if diagnostic.fix.is_some() {
        return diagnostic;
    }
    if looks_like_text(&name.text) {
        return diagnostic.help(format!(
            "a bare word is a field; a text stands in double quotes: \"{}\"",
            name.text
        ));
    }
    let mut shown: Vec<String> = names
        .iter()
        .take(8)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > shown.len() {
        shown.push("…".to_owned());
    }
    if shown.is_empty() {
        diagnostic
    } else {
        diagnostic.help(format!("the fields here are {}", shown.join(", ")))
    }
}

/// Whether a bare word was probably meant as a text: it begins with a capital, or is capitals throughout.
fn looks_like_text(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}
