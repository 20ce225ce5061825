//! What is made of the events of a rule, and when: thresholds, new terms, suppression, the schedule.

use syntax::Span;

use super::filter::field;
use super::keys::Reader;
use super::node::{Node, Value};
use super::time;
use crate::condition::Field;
use crate::rule::{Missing, Schedule, Suppression, Then};

const MINUTE: i64 = 60_000_000_000;

/// The fields of these names.
fn fields(reader: &mut Reader<'_>, names: Vec<(String, Span)>) -> Vec<Field> {
    names
        .into_iter()
        .map(|(name, span)| {
            field(reader, &name, span);
            Field::Ecs(name)
        })
        .collect()
}

/// The times that a run covers. An unusable one is said, and taken to be its default.
pub(super) fn schedule(reader: &mut Reader<'_>, rule: &Node) -> Schedule {
    let mut of = |key: &str, default: i64, read: fn(&str) -> Result<i64, String>| {
        let Some(node) = rule.get(key) else {
            return default;
        };
        let text = reader.text(rule, key).unwrap_or_default();
        read(&text).unwrap_or_else(|problem| {
            if node.text().is_some() {
                reader.error(node.span, problem);
            }
            default
        })
    };
    let schedule = Schedule {
        interval: of("interval", 5 * MINUTE, time::span),
        from: of("from", 6 * MINUTE, time::before_now),
        to: of("to", 0, time::before_now),
        max_signals: reader.count(rule, "max_signals").unwrap_or(100),
    };
    let span = |key: &str| {
        rule.get(key)
            .map_or(Span::at(rule.span.start), |node| node.span)
    };
    if schedule.interval <= 0 {
        reader.error(span("interval"), "an interval must be longer than nothing");
    }
    if schedule.from <= schedule.to {
        reader.error(span("from"), "`from` must be earlier than `to`");
    }
    if schedule.max_signals == 0 {
        reader.error(span("max_signals"), "`max_signals` must be at least 1");
    }
    schedule
}

/// The threshold of the rule.
pub(super) fn threshold(reader: &mut Reader<'_>, rule: &Node) -> Then {
    let Some(threshold) = rule.get("threshold") else {
        reader.missing(rule, "threshold");
        return Then::Each;
    };
    reader.unknown(threshold, &["field", "value", "cardinality"]);
    let mut names = reader.texts(threshold, "field");
    // An empty name is how older rules write that there is none.
    names.retain(|(name, _)| !name.is_empty());
    if names.len() > 5 {
        reader.error(threshold.span, "a threshold has at most five fields");
    }
    let count = positive(reader, threshold, "value");
    let cardinality = threshold.get("cardinality").map_or(&[][..], Node::each);
    // Only the first is used, by Elastic too.
    let distinct = cardinality.first().and_then(|cardinality| {
        let name = reader.required(cardinality, "field");
        let least = positive(reader, cardinality, "value");
        let span = cardinality.get("field")?.span;
        field(reader, &name, span);
        Some((Field::Ecs(name), least))
    });
    Then::Threshold {
        by: fields(reader, names),
        count,
        distinct,
    }
}

/// A count of at least 1.
fn positive(reader: &mut Reader<'_>, table: &Node, key: &str) -> u64 {
    let Some(node) = table.get(key) else {
        reader.missing(table, key);
        return 1;
    };
    match reader.count(table, key) {
        Some(0) => {
            reader.error(node.span, format!("`{key}` must be at least 1"));
            1
        }
        count => count.unwrap_or(1),
    }
}

/// The new terms of the rule: in tables of their own, as in files, or as plain keys, as in exports.
pub(super) fn new_terms(reader: &mut Reader<'_>, rule: &Node, schedule: &Schedule) -> Then {
    let terms = rule.get("new_terms");
    let names = match terms {
        Some(terms) => reader.texts(terms, "value"),
        None => reader.texts(rule, "new_terms_fields"),
    };
    if !(1..=3).contains(&names.len()) {
        let span = terms.map_or(Span::at(rule.span.start), |terms| terms.span);
        reader.error(span, "a rule of new terms names one to three fields");
    }
    let history = match terms.and_then(|terms| terms.get("history_window_start")) {
        Some(start) => {
            let start = start.each().first();
            start.and_then(|start| start.get("value"))
        }
        None => rule.get("history_window_start"),
    };
    let Some((history, text)) = history.and_then(|node| Some((node, node.text()?))) else {
        reader.missing(rule, "history_window_start");
        return Then::Each;
    };
    let before = time::before_now(text).unwrap_or_else(|problem| {
        reader.error(history.span, problem);
        i64::MAX
    });
    // History is reckoned from the window's end, and must reach beyond its beginning.
    if before <= schedule.from.saturating_sub(schedule.to) {
        reader.error(
            history.span,
            "history must begin before the rule's window, `from`",
        );
    }
    Then::NewTerms {
        fields: fields(reader, names),
        history: before,
    }
}

/// The suppression of the rule.
pub(super) fn suppression(
    reader: &mut Reader<'_>,
    rule: &Node,
    of_threshold: bool,
) -> Option<Suppression> {
    let node = rule.get("alert_suppression")?;
    reader.unknown(node, &["group_by", "duration", "missing_fields_strategy"]);
    let names = reader.texts(node, "group_by");
    if of_threshold && !names.is_empty() {
        reader.error(
            node.span,
            "the suppression of a threshold has no `group_by`: its groups are the threshold's",
        );
    }
    if !of_threshold && !(1..=3).contains(&names.len()) {
        reader.error(
            node.span,
            "a suppression groups by one to three fields: `group_by`",
        );
    }
    let duration = node
        .get("duration")
        .map(|duration| duration_of(reader, duration));
    if of_threshold && duration.is_none() {
        reader.error(
            node.span,
            "the suppression of a threshold needs a `duration`",
        );
    }
    let missing = match reader.text(node, "missing_fields_strategy").as_deref() {
        None | Some("suppress") => Missing::Together,
        Some("doNotSuppress") => Missing::Apart,
        Some(_) => {
            reader.error(
                node.span,
                "`missing_fields_strategy` is `suppress` or `doNotSuppress`",
            );
            Missing::Together
        }
    };
    Some(Suppression {
        by: fields(reader, names),
        duration,
        missing,
    })
}

/// A number and a unit, in two keys.
fn duration_of(reader: &mut Reader<'_>, node: &Node) -> i64 {
    let value = match node.get("value").map(|value| &value.value) {
        Some(Value::Number(number, _)) if *number >= 1.0 => Some(*number as i64),
        _ => None,
    };
    let unit = reader.required(node, "unit");
    let unit = matches!(unit.as_str(), "s" | "m" | "h")
        .then(|| time::unit(&unit))
        .flatten();
    let duration = value
        .zip(unit)
        .and_then(|(value, unit)| value.checked_mul(unit));
    duration.unwrap_or_else(|| {
        reader.error(
            node.span,
            "a duration is a `value` from 1 on and a `unit`: `s`, `m` or `h`",
        );
        0
    })
}
