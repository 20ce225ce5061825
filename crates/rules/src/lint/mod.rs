//! What is odd about a condition that could run: tests that no CloudTrail record meets, and conditions that all do.
//!
//! Rules are run as written all the same: published ones have such tests beside others that do find events. Only what is
//! certain is said: a condition of which nothing is said here may still be one that nothing meets.

mod actions;
mod single;
#[cfg(test)]
mod tests;

use crate::condition::{Check, Condition, Field, Test};
use crate::ecs;

pub use actions::service;

/// The names that CloudTrail's records have at their top.
const MEMBERS: &[&str] = &[
    "additionalEventData",
    "addendum",
    "apiVersion",
    "awsRegion",
    "edgeDeviceDetails",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventContext",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "insightDetails",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "sourceIPAddress",
    "tlsDetails",
    "userAgent",
    "userIdentity",
    "vpcEndpointAccountId",
    "vpcEndpointId",
];

/// What is odd about the condition, each once, as sentences for the rule's author. Names of ECS fields that there are not
/// are said where they are read.
pub fn condition(condition: &Condition) -> Vec<String> {
    let mut all = Vec::new();
    look(condition, &mut all);
    match truth(condition) {
        Some(true) => all.push("every record meets the condition".to_owned()),
        Some(false) => all.push("no record meets the condition".to_owned()),
        None => {}
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|text| seen.insert(text.clone()));
    all
}

fn look(condition: &Condition, out: &mut Vec<String>) {
    match condition {
        Condition::All(parts) => {
            single::contradictions(parts, out);
            single::elsewhere(parts, out);
            parts.iter().for_each(|part| look(part, out));
        }
        Condition::Any(parts) => parts.iter().for_each(|part| look(part, out)),
        Condition::Not(part) => look(part, out),
        Condition::Test(test) => {
            member(&test.field, out);
            if let Check::Other(other, _) = &test.check {
                member(other, out);
            }
            if is_success(test) {
                out.push(
                    "`errorCode` is never `Success`: calls that succeeded have none".to_owned(),
                );
            }
        }
    }
}

fn member(field: &Field, out: &mut Vec<String>) {
    let Field::Path(path) = field else {
        return;
    };
    let Some(name) = path.first().filter(|_| is_unknown(path)) else {
        return;
    };
    let hint = syntax::diagnostic::closest(name, MEMBERS.iter().copied())
        .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    out.push(format!("no CloudTrail record has a field `{name}`{hint}"));
}

/// Whether a condition holds for all records, or for none; nothing where that depends on the record.
fn truth(condition: &Condition) -> Option<bool> {
    match condition {
        Condition::All(parts) => {
            let mut contradictory = Vec::new();
            single::contradictions(parts, &mut contradictory);
            match contradictory.is_empty() && !opposed(parts) {
                true => all(parts.iter().map(truth)),
                false => Some(false),
            }
        }
        Condition::Any(parts) if opposed(parts) => Some(true),
        Condition::Any(parts) => any(parts.iter().map(truth)),
        Condition::Not(part) => truth(part).map(|holds| !holds),
        Condition::Test(test) => match &test.field {
            Field::Path(_) if is_success(test) => Some(false),
            Field::Path(path) => is_unknown(path).then_some(false),
            Field::Ecs(name) => match ecs::find(name) {
                None => Some(false),
                Some(field) => single::passes(&test.check, field.constant()?),
            },
            Field::Anywhere => None,
        },
    }
}

/// Whether one of the conditions is another one's negation.
fn opposed(parts: &[Condition]) -> bool {
    parts.iter().any(|part| match part {
        Condition::Not(inside) => parts.contains(inside),
        _ => false,
    })
}

/// Whether all hold: known as soon as one does not.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let parts: Vec<Option<bool>> = parts.collect();
    match parts.contains(&Some(false)) {
        true => Some(false),
        false => (!parts.contains(&None)).then_some(true),
    }
}

/// Whether one holds: known as soon as one does.
fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|holds| !holds))).map(|none| !none)
}

/// Whether a test asks for the error code of a success, which there is none.
fn is_success(test: &Test) -> bool {
    let Field::Path(path) = &test.field else {
        return false;
    };
    let Check::Text { text, .. } = &test.check else {
        return false;
    };
    path.len() == 1 && path[0] == "errorCode" && text.eq_ignore_ascii_case("success")
}

fn is_unknown(path: &[String]) -> bool {
    path.first()
        .is_some_and(|name| !MEMBERS.contains(&name.as_str()))
}
