//! The file of exceptions, with the place of whatever is wrong in it.

use super::{Exception, Subject};
use crate::check::Compiled;
use crate::condition::{Check, Part};
use crate::sigma::wildcards;
use crate::yaml::{self, Kind, Wrong, Yaml};

const SUBJECTS: [Subject; 4] = [
    Subject::Agent,
    Subject::Address,
    Subject::Principal,
    Subject::Account,
];

/// The exceptions that a file holds, in its order. An empty file holds none.
///
/// # Errors
/// All that is wrong, by place; nothing of a file with errors is to be used.
pub fn parse(text: &str) -> Result<Vec<Exception>, Vec<Wrong>> {
    let documents = yaml::documents(text).map_err(|wrong| vec![wrong])?;
    let document = match documents.as_slice() {
        [] => return Ok(Vec::new()),
        [document] => document,
        [_, second, ..] => {
            let reason = "the file holds several documents: bring them together in one";
            return Err(vec![Wrong::new(second.place, "YAML", reason)]);
        }
    };
    let (mut exceptions, mut wrong) = (Vec::new(), Vec::new());
    let Some(entries) = document.map() else {
        let reason = format!("a file of exceptions is a map with the keys {}", keys());
        return Err(vec![Wrong::new(document.place, "YAML", reason)]);
    };
    for (key, value) in entries {
        let Some(subject) = SUBJECTS.into_iter().find(|one| one.key() == key.name) else {
            let reason = format!("there is no such key; there are {}", keys());
            wrong.push(Wrong::new(key.place, &key.name, reason));
            continue;
        };
        match &value.kind {
            Kind::Null => {}
            Kind::List(items) => {
                for item in items {
                    match entry(subject, item) {
                        Ok(exception) => exceptions.push(exception),
                        Err(error) => wrong.push(error),
                    }
                }
            }
            _ => {
                let reason = "this is a list: `- ` before each entry";
                wrong.push(Wrong::new(value.place, &key.name, reason));
            }
        }
    }
    match wrong.is_empty() {
        true => Ok(exceptions),
        false => Err(wrong),
    }
}

fn keys() -> String {
    SUBJECTS
        .map(|subject| format!("`{}`", subject.key()))
        .join(", ")
}

/// An entry: the value itself, or a map with it.
fn entry(subject: Subject, node: &Yaml) -> Result<Exception, Wrong> {
    let mut exception = Exception {
        place: node.place,
        subject,
        value: String::new(),
        reason: None,
        until: None,
        rules: Vec::new(),
    };
    let Some(members) = node.map() else {
        exception.value = value(subject, node)?;
        return Ok(exception);
    };
    for (key, member) in members {
        match key.name.as_str() {
            "value" => exception.value = value(subject, member)?,
            "reason" => exception.reason = Some(text(member, "reason")?),
            "until" => {
                let text = text(member, "until")?;
                let date = text.parse().map_err(|_| {
                    let reason =
                        "this is no date; write the last day on which it applies as 2027-03-31";
                    Wrong::new(member.place, "until", reason)
                })?;
                exception.until = Some(date);
            }
            "rules" => exception.rules = rules(member)?,
            other => {
                let reason =
                    "there is no such key; an entry has `value`, `reason`, `until` and `rules`";
                return Err(Wrong::new(key.place, other, reason));
            }
        }
    }
    match exception.value.is_empty() {
        true => Err(Wrong::new(node.place, "value", "the entry has no `value`")),
        false => Ok(exception),
    }
}

fn text(node: &Yaml, key: &str) -> Result<String, Wrong> {
    node.text()
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| Wrong::new(node.place, key, "this is a text that is not empty"))
}

/// Ids. An empty list is a mistake: it would make the exception one for all rules.
fn rules(node: &Yaml) -> Result<Vec<String>, Wrong> {
    let ids = match &node.kind {
        Kind::List(items) => items
            .iter()
            .map(|item| text(item, "rules"))
            .collect::<Result<Vec<_>, _>>()?,
        _ => vec![text(node, "rules")?],
    };
    match ids.is_empty() {
        true => {
            let reason = "no rule is named; without the key `rules` the exception is for all";
            Err(Wrong::new(node.place, "rules", reason))
        }
        false => Ok(ids),
    }
}

fn value(subject: Subject, node: &Yaml) -> Result<String, Wrong> {
    let key = subject.key();
    let value = text(node, key)?;
    let wrong = |reason: &str| Err(Wrong::new(node.place, key, reason));
    match subject {
        Subject::Address => {
            Compiled::new(&Check::Network(value.clone()))
                .map_err(|reason| Wrong::new(node.place, key, reason))?;
            let bits = value.split_once('/').map(|(_, bits)| bits.parse::<u32>());
            if bits == Some(Ok(0)) {
                return wrong("this network holds all addresses");
            }
        }
        Subject::Account => {
            if value.len() != 12 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
                return wrong("an account is 12 digits");
            }
        }
        Subject::Agent | Subject::Principal => {
            let parts = wildcards(&value);
            if !parts.iter().any(|part| matches!(part, Part::Text(_))) {
                return wrong("wildcards alone leave out every event");
            }
            if subject == Subject::Principal
                && !value.starts_with("arn:")
                && !value.starts_with('*')
            {
                return wrong(
                    "a principal is an ARN, such as `arn:aws:iam::111122223333:role/deploy`",
                );
            }
        }
    }
    Ok(value)
}
