//! The section `detection`: identifiers, and the condition over them.

use super::{condition, entry};
use crate::condition::Condition;
use crate::yaml::{Kind, Wrong, Yaml};

/// What the section says an event must be. `keys` are no identifiers.
pub(super) fn read(
    section: &Yaml,
    keys: &[&str],
    warnings: &mut Vec<Wrong>,
) -> Result<Condition, Wrong> {
    let Some(entries) = section.map() else {
        return Err(Wrong::new(
            section.place,
            "detection",
            "this must be a map of identifiers",
        ));
    };
    let mut identifiers = Vec::new();
    let mut conditions = None;
    for (key, value) in entries {
        match key.name.as_str() {
            "condition" => conditions = Some(value),
            "timeframe" => {
                let reason = "a timeframe counts nothing by itself; write a correlation";
                return Err(Wrong::new(key.place, "timeframe", reason));
            }
            name if keys.contains(&name) => {}
            name => identifiers.push((name.to_owned(), identifier(value, warnings)?)),
        }
    }
    let Some(conditions) = conditions else {
        return Err(Wrong::new(
            section.place,
            "condition",
            "the key `condition` is missing",
        ));
    };
    let texts = match &conditions.kind {
        Kind::List(items) if !items.is_empty() => items.as_slice(),
        _ => std::slice::from_ref(conditions),
    };
    let mut any = Vec::new();
    for text in texts {
        let Kind::Text(source) = &text.kind else {
            return Err(Wrong::new(text.place, "condition", "a condition is a text"));
        };
        any.push(condition::parse(source, text.place, &identifiers)?);
    }
    Ok(one_of(any))
}

/// What an identifier stands for.
fn identifier(value: &Yaml, warnings: &mut Vec<Wrong>) -> Result<Condition, Wrong> {
    match &value.kind {
        Kind::Map(entries) => {
            let parts = entries
                .iter()
                .map(|(key, value)| entry::read(key, value, warnings));
            Ok(all_of(parts.collect::<Result<_, _>>()?))
        }
        Kind::List(items) if items.is_empty() => Err(Wrong::new(
            value.place,
            "detection",
            "the identifier stands for nothing",
        )),
        Kind::List(items) => {
            let parts = items.iter().map(|item| identifier(item, warnings));
            Ok(one_of(parts.collect::<Result<_, _>>()?))
        }
        _ => entry::keyword(value),
    }
}

pub(super) fn all_of(mut parts: Vec<Condition>) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(part)) => part,
        (_, last) => {
            parts.extend(last);
            Condition::All(parts)
        }
    }
}

pub(super) fn one_of(mut parts: Vec<Condition>) -> Condition {
    match (parts.len(), parts.pop()) {
        (1, Some(part)) => part,
        (_, last) => {
            parts.extend(last);
            Condition::Any(parts)
        }
    }
}
