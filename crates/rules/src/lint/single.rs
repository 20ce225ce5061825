//! What is asked of a field that holds one value at most: whether any value could meet all of it.

use super::actions;
use crate::check::{Compiled, Value};
use crate::condition::{Check, Condition, Field, Test};
use crate::ecs;

/// Members that hold one string, so that two different ones never meet in a record.
const SINGLE: &[&str] = &[
    "awsRegion",
    "errorCode",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "recipientAccountId",
    "requestID",
    "sourceIPAddress",
    "userIdentity.accessKeyId",
    "userIdentity.accountId",
    "userIdentity.arn",
    "userIdentity.type",
    "userIdentity.userName",
];

/// What is asked of one field at once and no value of it meets, as sentences. `parts`: conditions that all are to hold.
pub(super) fn contradictions(parts: &[Condition], out: &mut Vec<String>) {
    let mut all = Vec::new();
    parts.iter().for_each(|part| flatten(part, &mut all));
    let mut fields: Vec<&Field> = Vec::new();
    for part in &all {
        if let Some(field) = only(part)
            && is_single(field)
            && !fields.contains(&field)
        {
            fields.push(field);
        }
    }
    for field in fields {
        let asked: Vec<&Condition> = all
            .iter()
            .copied()
            .filter(|part| only(part) == Some(field))
            .collect();
        if asked.len() > 1 && none_meets(field, &asked) {
            out.push(sentence(field, &asked));
        }
    }
}

/// Names of events that are asked for with the sources of other services than their own, as sentences. `parts`: conditions
/// that all are to hold.
pub(super) fn elsewhere(parts: &[Condition], out: &mut Vec<String>) {
    let mut all = Vec::new();
    parts.iter().for_each(|part| flatten(part, &mut all));
    let of = |path: &str| -> Vec<&Condition> {
        let is_of = |part: &&Condition| only(part).is_some_and(|field| copies(field, path));
        all.iter().copied().filter(is_of).collect()
    };
    let (names, sources) = (of("eventName"), of("eventSource"));
    if sources.is_empty() {
        return;
    }
    let asked = names.iter().filter_map(|part| texts(part)).flatten();
    for (name, cased) in asked {
        let Some(service) = actions::service(&name, cased) else {
            continue;
        };
        let rules_out = |source: &String| {
            let mut sources = sources.iter();
            sources.any(|part| meets(part, source, true) == Some(false))
        };
        // Other partitions may have other ends: what the rule itself names, its author may know.
        let source = actions::source(service);
        let begin = format!("{service}.");
        let mut its = vec![(source.clone(), true)];
        sources.iter().for_each(|part| mentioned(part, &mut its));
        its.retain(|(text, _)| text.to_ascii_lowercase().starts_with(&begin));
        // Where another part leaves the name out, nothing is asked of its source.
        let is_left_out = |part: &&Condition| meets(part, &name, cased) == Some(false);
        if its.iter().all(|(source, _)| rules_out(source)) && !names.iter().any(is_left_out) {
            out.push(format!(
                "`{name}` is an event of `{source}` alone, and is asked for with another source"
            ));
        }
    }
}

/// Whether a field has the value of this member.
fn copies(field: &Field, member: &str) -> bool {
    match field {
        Field::Path(path) => path.len() == 1 && path[0] == member,
        Field::Ecs(name) => ecs::find(name).and_then(|field| field.as_path()) == Some(member),
        Field::Anywhere => false,
    }
}

/// The conditions that all are to hold where this one is.
fn flatten<'a>(condition: &'a Condition, out: &mut Vec<&'a Condition>) {
    match condition {
        Condition::All(parts) => parts.iter().for_each(|part| flatten(part, out)),
        condition => out.push(condition),
    }
}

/// The field that all tests of the condition are of.
fn only(condition: &Condition) -> Option<&Field> {
    match condition {
        Condition::Test(test) => match test.check {
            Check::Other(..) => None,
            _ => Some(&test.field),
        },
        Condition::Not(part) => only(part),
        Condition::All(parts) | Condition::Any(parts) => {
            let mut fields = parts.iter().map(only);
            let first = fields.next()??;
            fields.all(|field| field == Some(first)).then_some(first)
        }
    }
}

fn is_single(field: &Field) -> bool {
    match field {
        Field::Path(path) => SINGLE.contains(&path.join(".").as_str()),
        Field::Ecs(name) => ecs::find(name).is_some_and(|field| {
            field.as_path().is_some_and(|path| SINGLE.contains(&path))
                || field.constant().is_some()
                || field.name() == "event.outcome"
        }),
        Field::Anywhere => false,
    }
}

/// Whether the values of the field are few, by what is asked of it, and none of them meets all.
fn none_meets(field: &Field, asked: &[&Condition]) -> bool {
    let constant = match field {
        Field::Ecs(name) => ecs::find(name).and_then(|field| field.constant()),
        _ => None,
    };
    let candidates = match constant {
        Some(constant) => vec![(constant.to_owned(), true)],
        None => match asked.iter().find_map(|part| texts(part)) {
            Some(limits) => {
                // A text whose case is open may stand for one that is written otherwise elsewhere.
                let mut all = limits;
                asked.iter().for_each(|part| mentioned(part, &mut all));
                all
            }
            None => return false,
        },
    };
    candidates.iter().all(|(text, exact)| {
        asked
            .iter()
            .any(|part| meets(part, text, *exact) == Some(false))
    })
}

/// The texts to which a condition limits its field, each with whether its case is settled.
fn texts(condition: &Condition) -> Option<Vec<(String, bool)>> {
    match condition {
        Condition::Test(Test {
            check: Check::Text { text, cased },
            ..
        }) => Some(vec![(text.clone(), *cased)]),
        Condition::Any(parts) if !parts.is_empty() => {
            let all: Option<Vec<_>> = parts.iter().map(texts).collect();
            all.map(|all| all.into_iter().flatten().collect())
        }
        Condition::All(parts) => parts.iter().find_map(texts),
        _ => None,
    }
}

/// All texts that a condition names.
fn mentioned(condition: &Condition, out: &mut Vec<(String, bool)>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().for_each(|part| mentioned(part, out));
        }
        Condition::Not(part) => mentioned(part, out),
        Condition::Test(test) => {
            if let Check::Text { text, cased } = &test.check {
                out.push((text.clone(), *cased));
            }
        }
    }
}

/// Whether a field of this one text meets the condition; none where that depends on how the text is written.
fn meets(condition: &Condition, text: &str, exact: bool) -> Option<bool> {
    match condition {
        Condition::All(parts) => super::all(parts.iter().map(|part| meets(part, text, exact))),
        Condition::Any(parts) => super::any(parts.iter().map(|part| meets(part, text, exact))),
        Condition::Not(part) => meets(part, text, exact).map(|met| !met),
        Condition::Test(test) => match &test.check {
            Check::Present | Check::Key => Some(true),
            Check::Text {
                text: wanted,
                cased: true,
            } if !exact => {
                let same = passes(
                    &Check::Text {
                        text: wanted.clone(),
                        cased: false,
                    },
                    text,
                )?;
                if same { None } else { Some(false) }
            }
            Check::Regex(_) | Check::Order(..) | Check::Glob { cased: true, .. } if !exact => None,
            check => passes(check, text),
        },
    }
}

pub(super) fn passes(check: &Check, text: &str) -> Option<bool> {
    let compiled = Compiled::new(check).ok()?;
    Some(compiled.passes(&Value::String(text.into())))
}

fn sentence(field: &Field, asked: &[&Condition]) -> String {
    let name = match field {
        Field::Path(path) => path.join("."),
        Field::Ecs(name) => name.clone(),
        Field::Anywhere => String::new(),
    };
    let plain = |part: &&Condition| match part {
        Condition::Test(Test {
            check: Check::Text { text, cased },
            ..
        }) => Some((text.clone(), *cased)),
        _ => None,
    };
    let texts: Vec<(String, bool)> = asked.iter().filter_map(plain).collect();
    for (at, (text, _)) in texts.iter().enumerate() {
        for (other, cased) in &texts[..at] {
            let check = Check::Text {
                text: other.clone(),
                cased: *cased,
            };
            if passes(&check, text) == Some(false) {
                return format!(
                    "`{name}` is to be `{other}` and `{text}` at once, which no record meets"
                );
            }
        }
    }
    format!("no value of `{name}` meets all that is asked of it at once")
}
