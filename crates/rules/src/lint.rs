//! What is odd about a condition that could run: tests that no CloudTrail record meets.
//!
//! Rules are run as written all the same: published ones have such tests beside others that do find events.

use crate::condition::{Check, Comparison, Condition, Field, Test};

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

/// Members that hold one string, so that two different ones never meet in a record.
const SINGLE: &[&str] = &[
    "awsRegion",
    "errorCode",
    "eventCategory",
    "eventName",
    "eventSource",
    "eventType",
    "recipientAccountId",
    "sourceIPAddress",
];

/// What is odd about the condition, each once, as sentences for the rule's author. ECS fields are not looked at.
pub fn condition(condition: &Condition) -> Vec<String> {
    let mut all = Vec::new();
    look(condition, &mut all);
    let mut seen = std::collections::HashSet::new();
    all.retain(|text| seen.insert(text.clone()));
    all
}

fn look(condition: &Condition, out: &mut Vec<String>) {
    match condition {
        Condition::All(parts) => {
            contradictions(parts, out);
            parts.iter().for_each(|part| look(part, out));
        }
        Condition::Any(parts) => parts.iter().for_each(|part| look(part, out)),
        Condition::Not(part) => look(part, out),
        Condition::Test(test) => {
            member(&test.field, out);
            if let Check::Other(other, _) = &test.check {
                member(other, out);
            }
            if single(test).is_some_and(|(name, text)| name == "errorCode" && text == "success") {
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
    let Some(name) = path
        .first()
        .filter(|name| !MEMBERS.contains(&name.as_str()))
    else {
        return;
    };
    let hint = syntax::diagnostic::closest(name, MEMBERS.iter().copied())
        .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    out.push(format!("no CloudTrail record has a field `{name}`{hint}"));
}

/// The member of one string that a test is of, and the exact text that it asks for, in lower case.
fn single(test: &Test) -> Option<(&'static str, String)> {
    let Field::Path(path) = &test.field else {
        return None;
    };
    let [name] = path.as_slice() else {
        return None;
    };
    let name = SINGLE.iter().find(|known| *known == name)?;
    match &test.check {
        Check::Text { text, .. } => Some((name, text.to_lowercase())),
        Check::Number(Comparison::Equal, number) => Some((name, number.to_string())),
        _ => None,
    }
}

/// Two different texts that one member must have at once.
fn contradictions(parts: &[Condition], out: &mut Vec<String>) {
    let mut tests = Vec::new();
    parts.iter().for_each(|part| required(part, &mut tests));
    for (at, (name, text)) in tests.iter().enumerate() {
        let other = tests[..at].iter().find(|(known, _)| known == name);
        if let Some((_, other)) = other.filter(|(_, other)| other != text) {
            out.push(format!(
                "`{name}` is to be `{other}` and `{text}` at once, which no record meets"
            ));
        }
    }
}

/// The tests of single members that hold wherever the condition does.
fn required(condition: &Condition, out: &mut Vec<(&'static str, String)>) {
    match condition {
        Condition::All(parts) => parts.iter().for_each(|part| required(part, out)),
        Condition::Test(test) => out.extend(single(test)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(path: &str, text: &str) -> Condition {
        Condition::Test(Test {
            field: Field::Path(path.split('.').map(str::to_owned).collect()),
            check: Check::Text {
                text: text.into(),
                cased: false,
            },
        })
    }

    #[test]
    fn tests_that_nothing_meets_are_found() {
        for (given, parts) in [
            (test("eventName", "A"), &[][..]),
            (test("errorCode", "Success"), &["never `Success`"][..]),
            (
                test("eventname", "A"),
                &["`eventname`; did you mean `eventName`?"],
            ),
            (test("src_country", "x"), &["`src_country`"]),
            (
                Condition::All(vec![
                    test("eventName", "A"),
                    Condition::All(vec![test("eventName", "B"), test("eventSource", "c")]),
                ]),
                &["`a` and `b` at once"],
            ),
            (
                Condition::All(vec![test("eventName", "A"), test("eventName", "a")]),
                &[],
            ),
            (
                Condition::Any(vec![test("eventName", "A"), test("eventName", "B")]),
                &[],
            ),
            // A negated test asks for nothing.
            (
                Condition::All(vec![
                    test("eventName", "A"),
                    Condition::Not(Box::new(test("eventName", "B"))),
                ]),
                &[],
            ),
            // Arrays lead to several values.
            (
                Condition::All(vec![test("resources.ARN", "A"), test("resources.ARN", "B")]),
                &[],
            ),
        ] {
            let found = condition(&given);
            assert_eq!(found.len(), parts.len(), "{found:?}");
            for (text, part) in found.iter().zip(parts) {
                assert!(text.contains(part), "{text}");
            }
        }
    }
}
