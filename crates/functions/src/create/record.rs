//! `record([name =] expression, …)`: its arguments have names of their own, so that the translator reads them.

use std::borrow::Cow;

use crate::row::{Row, apply};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// The plan function takes keys and values in turn.
pub(crate) const RECORD: Row = Row::new(|_| Type::Record, record_row);

/// A record of the members in order; of several with one key the last counts, at the place of the first.
pub fn record(members: &[(String, Typed)]) -> Typed {
    let values: Vec<Typed> = members
        .iter()
        .flat_map(|(key, value)| [Typed::string_literal(key), value.clone()])
        .collect();
    apply("record", RECORD, &values)
}

fn record_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    let mut members: Vec<(Cow<'a, str>, Value<'a>)> = Vec::with_capacity(values.len() / 2);
    for pair in values.chunks_exact(2) {
        if let [Value::String(key), value] = pair {
            match members.iter_mut().find(|(known, _)| known == key) {
                Some((_, known)) => *known = value.clone(),
                None => members.push((key.clone(), value.clone())),
            }
        }
    }
    Value::Record(members)
}
