//! What a value means for a field of some type. A refusal goes on from the field's name: "is a number, and …".

use std::net::IpAddr;

use syntax::kql::ast::Literal;

use super::{Checks, date, network, parts};
use crate::condition::{Check, Comparison};
use crate::ecs::Type;

/// What a value of a field of this type must be to equal `value`, or to be made as its stars say.
pub(super) fn equals(kind: Type, value: &Literal) -> Result<Checks, String> {
    if value.is_star() {
        return Ok(Checks::Any(vec![Check::Present]));
    }
    let Some(text) = value.text() else {
        return match kind {
            Type::Keyword | Type::Flattened => Ok(Checks::Any(vec![Check::Glob {
                parts: parts(value),
                cased: true,
            }])),
            _ => Err(format!(
                "is {}, and has no text that stars could be part of",
                named(kind)
            )),
        };
    };
    if is_null(value) {
        return Err(
            "can't be compared with null; whether it is missing is asked by `not field: *`"
                .to_owned(),
        );
    }
    match kind {
        Type::Keyword | Type::Flattened => Ok(Checks::Any(vec![same(text)])),
        Type::Ip if network::is_network(text) => {
            Ok(Checks::Any(vec![Check::Network(text.to_owned())]))
        }
        Type::Ip => Err(
            "is an IP address, and this is neither one nor a network such as `10.0.0.0/8`"
                .to_owned(),
        ),
        Type::Long => {
            number(text).map(|number| Checks::Any(vec![Check::Number(Comparison::Equal, number)]))
        }
        Type::Boolean => match text {
            "true" | "false" => Ok(Checks::Any(vec![same(text)])),
            _ => Err("is a boolean: `true` or `false`".to_owned()),
        },
        Type::Date => {
            let (first, last) = date::span(text)?;
            Ok(Checks::All(vec![
                Check::Moment(Comparison::GreaterOrEqual, first),
                Check::Moment(Comparison::LessOrEqual, last),
            ]))
        }
        Type::GeoPoint => Err("is a place on earth, and can't be compared".to_owned()),
    }
}

/// What a value of a field of this type must be to compare so with `value`.
pub(super) fn range(kind: Type, comparison: Comparison, value: &Literal) -> Result<Checks, String> {
    let Some(text) = value.text() else {
        return Err("can't be compared with a text that has stars in it".to_owned());
    };
    if is_null(value) {
        return Err("can't be compared with null".to_owned());
    }
    match kind {
        Type::Keyword | Type::Flattened => {
            Ok(Checks::Any(vec![Check::Order(comparison, text.to_owned())]))
        }
        Type::Ip => {
            let address: IpAddr = text
                .parse()
                .map_err(|_| "is an IP address, and this is none".to_owned())?;
            let networks = network::compared(comparison, address);
            Ok(Checks::Any(
                networks.into_iter().map(Check::Network).collect(),
            ))
        }
        Type::Long => {
            number(text).map(|number| Checks::Any(vec![Check::Number(comparison, number)]))
        }
        Type::Boolean => Err("is a boolean, and has no order".to_owned()),
        Type::Date => {
            let (first, last) = date::span(text)?;
            // A value such as `2024-05` is a span of time; a range takes it whole or leaves it whole.
            let moment = match comparison {
                Comparison::Less | Comparison::GreaterOrEqual => first,
                Comparison::LessOrEqual | Comparison::Greater => last,
                Comparison::Equal => return equals(kind, value),
            };
            Ok(Checks::Any(vec![Check::Moment(comparison, moment)]))
        }
        Type::GeoPoint => Err("is a place on earth, and has no order".to_owned()),
    }
}

fn same(text: &str) -> Check {
    Check::Text {
        text: text.to_owned(),
        cased: true,
    }
}

/// Whether it is the bare word `null`.
fn is_null(value: &Literal) -> bool {
    matches!(value.kind, syntax::kql::ast::LiteralKind::Plain(_)) && value.text() == Some("null")
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "is a number, and this is none".to_owned())
}

fn named(kind: Type) -> &'static str {
    match kind {
        Type::Keyword | Type::Flattened => "a text",
        Type::Ip => "an IP address",
        Type::Long => "a number",
        Type::Boolean => "a boolean",
        Type::Date => "a time",
        Type::GeoPoint => "a place on earth",
    }
}
