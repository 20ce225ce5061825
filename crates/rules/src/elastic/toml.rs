//! TOML to nodes.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};
use syntax::{Code, Diagnostic, Span};

use super::node::{Member, Node, Value};

/// The root table of a text, and what is no TOML in it.
pub(super) fn read(text: &str) -> (Node, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let diagnostics = errors
        .iter()
        .map(|error| {
            let span = error
                .span()
                .map_or(Span::default(), |span| within(text, span));
            let message = format!("this is no TOML: {}", error.message().trim_end_matches('.'));
            Diagnostic::error(Code::BadRule, span, message)
        })
        .collect();
    let span = within(text, table.span());
    let root = Node {
        value: Value::Table(members(text, table.get_ref())),
        span,
    };
    (root, diagnostics)
}

fn members(text: &str, table: &DeTable<'_>) -> Vec<Member> {
    table
        .iter()
        .map(|(key, value)| Member {
            key: key.get_ref().to_string(),
            key_span: within(text, key.span()),
            value: node(text, value),
        })
        .collect()
}

fn node(text: &str, value: &Spanned<DeValue<'_>>) -> Node {
    let span = within(text, value.span());
    let value = match value.get_ref() {
        DeValue::String(string) => Value::Text(string.to_string()),
        DeValue::Integer(integer) => {
            let number = i64::from_str_radix(integer.as_str(), integer.radix());
            match number {
                Ok(number) => Value::Number(number as f64, number.to_string()),
                Err(_) => Value::Other(integer.as_str().to_owned()),
            }
        }
        DeValue::Float(float) => match float.as_str().parse() {
            Ok(number) => Value::Number(number, float.as_str().to_owned()),
            Err(_) => Value::Other(float.as_str().to_owned()),
        },
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Datetime(date) => Value::Other(date.to_string()),
        DeValue::Array(all) => Value::List(all.iter().map(|one| node(text, one)).collect()),
        DeValue::Table(table) => Value::Table(members(text, table)),
    };
    Node { value, span }
}

/// A span whose ends are on character boundaries.
fn within(text: &str, span: std::ops::Range<usize>) -> Span {
    let boundary = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = boundary(span.start);
    Span::new(start, boundary(span.end).max(start))
}
