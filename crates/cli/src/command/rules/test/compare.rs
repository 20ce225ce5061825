//! The alerts that a test expects, held against those that there are.
//!
//! An expected alert names some fields as `detect --format ndjson` writes them: `count`, `kind`, or what is inside `record`
//! and `key` with a dot between, `record.user`. It says nothing of all others.

use engine::{Value, json_value};
use rules::fixture::Expected;

use crate::command::detect::alerts;
use crate::human;
use crate::output::json_text;

/// How many alerts that nobody expected are shown.
const SHOWN: usize = 5;

/// What is not as expected, in lines; nothing where all is. `alerts`: a value for each field of an alert.
pub(super) fn compare(expected: &Expected, given: &[Vec<Value>]) -> Vec<String> {
    match expected {
        Expected::Count(count) => counted(*count, given),
        Expected::Alerts(wanted) => {
            let wanted: Vec<Vec<(String, Value)>> =
                wanted.iter().map(|text| fields(text)).collect();
            let unknown = unknown(&wanted);
            match unknown.is_empty() {
                true => each(&wanted, given),
                false => unknown,
            }
        }
    }
}

fn counted(count: u64, given: &[Vec<Value>]) -> Vec<String> {
    if given.len() as u64 == count {
        return Vec::new();
    }
    let mut lines = vec![how_many(count, given.len() as u64)];
    lines.extend(shown(given.iter()));
    lines
}

fn how_many(expected: u64, given: u64) -> String {
    let were = if expected == 1 { "was" } else { "were" };
    let are = if given == 1 { "is" } else { "are" };
    format!(
        "{} {were} expected, and there {are} {}",
        human::counted(expected, "alert"),
        human::count(given)
    )
}

fn each(wanted: &[Vec<(String, Value)>], given: &[Vec<Value>]) -> Vec<String> {
    let partners = pairs(wanted, given);
    let mut free: Vec<usize> = (0..given.len())
        .filter(|at| !partners.contains(&Some(*at)))
        .collect();
    let missing: Vec<usize> = (0..wanted.len())
        .filter(|at| partners[*at].is_none())
        .collect();
    let mut lines = Vec::new();
    if missing.is_empty() && free.is_empty() {
        return lines;
    }
    if wanted.len() != given.len() {
        lines.push(how_many(wanted.len() as u64, given.len() as u64));
    }
    for at in missing {
        let alert = &wanted[at];
        // The alert that it most likely was to be.
        let nearest = free
            .iter()
            .copied()
            .min_by_key(|free| differences(alert, &given[*free]).len());
        let name = format!("expected alert {} of {}", at + 1, wanted.len());
        match nearest.map(|nearest| (nearest, differences(alert, &given[nearest]))) {
            Some((nearest, differences)) if differences.len() < alert.len() || alert.len() == 1 => {
                free.retain(|free| *free != nearest);
                lines.push(format!("{name}: the nearest one differs"));
                lines.extend(differences.into_iter().map(|line| format!("  {line}")));
            }
            _ => {
                let fields: Vec<String> = alert
                    .iter()
                    .map(|(field, value)| format!("{field}: {}", json_text(value)))
                    .collect();
                lines.push(format!("{name} is missing: {}", fields.join(", ")));
            }
        }
    }
    lines.extend(shown(free.iter().map(|at| &given[*at])));
    lines
}

/// For each wanted alert the place of a given one that is like it, no two the same, and as many as possible.
fn pairs(wanted: &[Vec<(String, Value)>], given: &[Vec<Value>]) -> Vec<Option<usize>> {
    let like: Vec<Vec<usize>> = wanted
        .iter()
        .map(|alert| {
            let is = |at: &usize| differences(alert, &given[*at]).is_empty();
            (0..given.len()).filter(is).collect()
        })
        .collect();
    let mut taken: Vec<Option<usize>> = vec![None; given.len()];
    for at in 0..wanted.len() {
        place(at, &like, &mut taken, &mut vec![false; given.len()]);
    }
    let of = |at| taken.iter().position(|by| *by == Some(at));
    (0..wanted.len()).map(of).collect()
}

/// Finds a place for one more, moving others on where that helps.
fn place(at: usize, like: &[Vec<usize>], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for &partner in &like[at] {
        if std::mem::replace(&mut seen[partner], true) {
            continue;
        }
        let free = match taken[partner] {
            None => true,
            Some(other) => place(other, like, taken, seen),
        };
        if free {
            taken[partner] = Some(at);
            return true;
        }
    }
    false
}

fn fields(text: &str) -> Vec<(String, Value)> {
    match json_value(text) {
        Value::Record(members) => members,
        _ => Vec::new(),
    }
}

/// Complaints about names that no alert has.
fn unknown(wanted: &[Vec<(String, Value)>]) -> Vec<String> {
    let known: Vec<String> = alerts::fields()
        .into_iter()
        .map(|field| field.name)
        .collect();
    let mut lines = Vec::new();
    for (name, _) in wanted.iter().flatten() {
        if known.contains(name) || name.starts_with("record.") || name.starts_with("key.") {
            continue;
        }
        let line = format!(
            "`{name}` is no field of an alert: a field of a query's record is `record.{name}`, of a group `key.{name}`, \
             and others are {}",
            known.join(", ")
        );
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// What of an alert is not as wanted, a line each.
fn differences(wanted: &[(String, Value)], given: &[Value]) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, value) in wanted {
        let found = field(name, given);
        if found.map_or(*value == Value::Null, |found| is_like(value, found)) {
            continue;
        }
        lines.push(format!(
            "{name}: expected {}, found {}",
            json_text(value),
            found.map_or_else(|| "no such field".to_owned(), json_text)
        ));
    }
    lines
}

/// A field of an alert, or what is inside of its record or key.
fn field<'a>(name: &str, given: &'a [Value]) -> Option<&'a Value> {
    let top = |name: &str| {
        let place = alerts::fields()
            .iter()
            .position(|field| field.name == name)?;
        given.get(place)
    };
    let Some((outer @ ("record" | "key"), inner)) = name.split_once('.') else {
        return top(name);
    };
    match top(outer)? {
        Value::Record(members) => members
            .iter()
            .find(|(key, _)| key == inner)
            .map(|(_, value)| value),
        _ => None,
    }
}

/// Whether a value is the one that was written: numbers by what they count, times however they are written, and of a
/// record all that was named.
fn is_like(wanted: &Value, given: &Value) -> bool {
    match (wanted, given) {
        (_, Value::Shown(_, given)) => is_like(wanted, given),
        (Value::Record(wanted), Value::Record(given)) => wanted.iter().all(|(key, value)| {
            let found = given.iter().find(|(name, _)| name == key);
            found.map_or(*value == Value::Null, |(_, found)| is_like(value, found))
        }),
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len()
                && wanted
                    .iter()
                    .zip(given)
                    .all(|(wanted, given)| is_like(wanted, given))
        }
        (Value::Long(wanted), Value::Double(given)) => *wanted as f64 == *given,
        (Value::Double(wanted), Value::Long(given)) => *wanted == *given as f64,
        (Value::String(text), Value::Timestamp(nanos)) => text
            .parse::<jiff::Timestamp>()
            .is_ok_and(|moment| moment.as_nanosecond() == i128::from(*nanos)),
        _ => json_text(wanted) == json_text(given),
    }
}

/// Some of the alerts that nobody expected, by what tells them apart.
fn shown<'a>(alerts: impl ExactSizeIterator<Item = &'a Vec<Value>>) -> Vec<String> {
    let more = alerts.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = alerts
        .take(SHOWN)
        .map(|alert| {
            let record = field("record", alert).filter(|record| **record != Value::Null);
            let text = match record {
                Some(record) => json_text(record),
                None => ["kind", "first", "last", "count", "key"]
                    .iter()
                    .filter_map(|name| Some(format!("{name}: {}", json_text(field(name, alert)?))))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            format!("found {text}")
        })
        .collect();
    if more > 0 {
        lines.push(format!("found {more} more"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An alert with this record and count.
    fn alert(record: &str, count: i64) -> Vec<Value> {
        let value = |name: &str| match name {
            "record" => json_value(record),
            "count" => Value::Long(count),
            "first" => Value::Timestamp(1_700_000_000_000_000_000),
            "key" => json_value(r#"{"user.name":"a"}"#),
            _ => Value::Null,
        };
        alerts::fields()
            .iter()
            .map(|field| value(&field.name))
            .collect()
    }

    fn alerts_of(texts: &[&str]) -> Expected {
        Expected::Alerts(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn counts() {
        let given = [alert(r#"{"n":1}"#, 1), alert(r#"{"n":2}"#, 1)];
        assert!(compare(&Expected::Count(2), &given).is_empty());
        assert_eq!(
            compare(&Expected::Count(1), &given),
            [
                "1 alert was expected, and there are 2",
                r#"found {"n":1}"#,
                r#"found {"n":2}"#
            ]
        );
        assert_eq!(
            compare(&Expected::Count(2), &[]),
            ["2 alerts were expected, and there are 0"]
        );
    }

    #[test]
    fn fields_are_compared_by_what_they_mean() {
        let given = [alert(r#"{"n":1,"deep":{"a":[1,2],"b":null}}"#, 7)];
        for (expected, holds) in [
            ("{}", true),
            (r#"{"count":7}"#, true),
            (r#"{"count":7.0}"#, true),
            (r#"{"count":"7"}"#, false),
            (r#"{"record.n":1,"count":7}"#, true),
            (r#"{"record.n":2}"#, false),
            (r#"{"record":{"n":1}}"#, true),
            (r#"{"record":{"m":1}}"#, false),
            (r#"{"record.m":null}"#, true),
            (r#"{"record.deep":{"a":[1,2]}}"#, true),
            (r#"{"record.deep":{"a":[1]}}"#, false),
            (r#"{"record.deep":{"a":[2,1]}}"#, false),
            (r#"{"key.user.name":"a"}"#, true),
            (r#"{"key.user.name":"b"}"#, false),
            (r#"{"first":"2023-11-14T22:13:20Z"}"#, true),
            (r#"{"first":"2023-11-14T23:13:20+01:00"}"#, true),
            (r#"{"first":"2023-11-14T22:13:21Z"}"#, false),
            (r#"{"n":1}"#, false),
        ] {
            assert_eq!(
                compare(&alerts_of(&[expected]), &given).is_empty(),
                holds,
                "{expected}"
            );
        }
    }

    #[test]
    fn each_alert_has_a_partner_of_its_own() {
        let given = [
            alert(r#"{"n":1,"u":"a"}"#, 1),
            alert(r#"{"n":1,"u":"b"}"#, 1),
        ];
        // The first could take either, and must leave one to the second.
        let expected = alerts_of(&[r#"{"record.n":1}"#, r#"{"record.u":"a"}"#]);
        assert!(compare(&expected, &given).is_empty());
        let expected = alerts_of(&[r#"{"record.u":"a"}"#, r#"{"record.u":"a"}"#]);
        assert_eq!(
            compare(&expected, &given),
            [
                "expected alert 2 of 2: the nearest one differs",
                r#"  record.u: expected "a", found "b""#
            ]
        );
    }

    #[test]
    fn what_is_missing_and_what_is_too_much_is_said() {
        let given = [alert(r#"{"n":1,"u":"b"}"#, 1)];
        assert_eq!(
            compare(
                &alerts_of(&[
                    r#"{"record.n":1,"record.u":"a"}"#,
                    r#"{"record.n":3,"record.u":"c"}"#
                ]),
                &given
            ),
            [
                "2 alerts were expected, and there is 1",
                "expected alert 1 of 2: the nearest one differs",
                r#"  record.u: expected "a", found "b""#,
                r#"expected alert 2 of 2 is missing: record.n: 3, record.u: "c""#,
            ]
        );
        assert_eq!(
            compare(&alerts_of(&[]), &given),
            [
                "0 alerts were expected, and there is 1",
                r#"found {"n":1,"u":"b"}"#
            ]
        );
        let unknown = compare(&alerts_of(&[r#"{"user":"a"}"#]), &given);
        assert!(
            unknown.len() == 1 && unknown[0].contains("`record.user`"),
            "{unknown:?}"
        );
    }
}
