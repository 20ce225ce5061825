//! Fields by name.

use functions::Typed;
use syntax::dql::ast::FieldName;
use syntax::dql::write_name;
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
        let field = write_name(&name.text);
        ctx.report(
            Diagnostic::error(
                Code::NotAnAggregation,
                name.span,
                format!("`{}` has one value a record, not one a group", name.text),
            )
            .help(format!(
                "group by it, within the braces of `by: {{…, {field}}}`, or take one of its values: takeAny({field})",
            )),
        );
        return None;
    }
    if scope.is_unknown() {
        return Some(Typed::null());
    }
    if let Some(value) = scope.key(&name.text) {
        let columns: Vec<&str> = scope.names().collect();
        let resembles = syntax::diagnostic::closest(&name.text, columns.iter().copied());
        if resembles.is_some() || looks_like_text(name) {
            let message = format!(
                "`{}` is none of the known fields: it is null unless a record has it",
                name.text
            );
            ctx.report(missing(name, message, &columns));
        }
        return Some(value);
    }
    let names: Vec<&str> = scope.names().collect();
    let message = format!("no field `{}` here: it is null in every record", name.text);
    ctx.report(missing(name, message, &names));
    Some(Typed::null())
}

/// The warning about a field that nothing has, with what was probably meant.
pub(crate) fn missing(name: &FieldName, message: String, names: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::warning(Code::MissingField, name.span, message)
        .suggest(&name.text, names.iter().copied());
    if diagnostic.fix.is_some() {
        return diagnostic;
    }
    if looks_like_text(name) {
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

/// Whether a name was probably meant as a text: a bare word that begins with a capital, as no field of events does.
fn looks_like_text(name: &FieldName) -> bool {
    !name.quoted && name.text.chars().next().is_some_and(char::is_uppercase)
}
