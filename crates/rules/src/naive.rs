//! Conditions evaluated in the plainest way, over one record's JSON: the tests' measure of what a condition means.

use std::net::IpAddr;

use crate::condition::{Check, Comparison, Condition, Field, Part};
use crate::ecs::{self, Record};

/// Whether the document of a record meets a condition on ECS fields.
pub(crate) fn meets(record: &Record<'_>, condition: &Condition) -> bool {
    match condition {
        Condition::All(all) => all.iter().all(|condition| meets(record, condition)),
        Condition::Any(any) => any.iter().any(|condition| meets(record, condition)),
        Condition::Not(inside) => !meets(record, inside),
        Condition::Test(test) => {
            let Field::Ecs(name) = &test.field else {
                panic!("not a field of a document: {:?}", test.field);
            };
            let field = ecs::find(name).expect("the field");
            field
                .values(record)
                .iter()
                .any(|value| passes(value, &test.check))
        }
    }
}

fn passes(value: &str, check: &Check) -> bool {
    match check {
        Check::Present => true,
        Check::Text { text, cased: true } => value == text,
        Check::Glob { parts, cased: true } => {
            let pattern: String = parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => regex::escape(text),
                    Part::Run => ".*".to_owned(),
                    Part::One => ".".to_owned(),
                })
                .collect();
            let pattern = format!("(?s)^{pattern}$");
            regex::Regex::new(&pattern)
                .expect("the pattern")
                .is_match(value)
        }
        Check::Network(network) => holds(network, value),
        Check::Number(comparison, number) => {
            let value = value.parse::<f64>();
            value.is_ok_and(|value| compares(*comparison, value.partial_cmp(number)))
        }
        Check::Order(comparison, text) => compares(*comparison, Some(value.cmp(text))),
        Check::Moment(comparison, moment) => {
            let value: Result<jiff::Timestamp, _> = value.parse();
            value.is_ok_and(|value| {
                compares(
                    *comparison,
                    Some(value.as_nanosecond().cmp(&i128::from(*moment))),
                )
            })
        }
        other => panic!("KQL has no such check: {other:?}"),
    }
}

fn compares(comparison: Comparison, order: Option<std::cmp::Ordering>) -> bool {
    order.is_some_and(|order| match comparison {
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Equal => order.is_eq(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Greater => order.is_gt(),
    })
}

/// Whether a network holds an address: bit by bit. One of version 4 holds none of version 6.
fn holds(network: &str, address: &str) -> bool {
    let bits = |text: &str| -> Option<Vec<bool>> {
        let bytes = match text.parse::<IpAddr>().ok()? {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        Some(
            bytes
                .iter()
                .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
                .collect(),
        )
    };
    let (start, length) = network.split_once('/').unwrap_or((network, "128"));
    let (Some(start), Some(address)) = (bits(start), bits(address)) else {
        return false;
    };
    let length = length.parse::<usize>().expect("a length").min(start.len());
    start.len() == address.len() && start[..length] == address[..length]
}
