//! Alerts over time: timelines worked out by hand, and a slow evaluator that says what random ones must give.

#![allow(clippy::unwrap_used)]

mod correlations;
mod hand;
mod naive;
mod random;
mod scale;

use std::sync::Arc;

use rules::condition::Field;
use rules::rule::{Schedule, Suppression, Then};
use rules::run::{Alert, Figures, Match, Options, Timeline};

const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;

fn field(name: &str) -> Field {
    Field::Ecs(name.to_owned())
}

/// Values of one field are separated by `|`; an empty text is a field that is lacking.
fn event(time: i64, id: &str, fields: &[&str]) -> Match {
    let values = fields.iter().map(|values| {
        let values = values.split('|').filter(|value| !value.is_empty());
        values.map(Arc::from).collect()
    });
    Match {
        time,
        id: Arc::from(id),
        values: values.collect(),
    }
}

fn run(
    then: &Then,
    schedule: &Schedule,
    suppression: Option<&Suppression>,
    options: Options,
    events: Vec<Match>,
) -> (Vec<Alert>, Figures) {
    let timeline = Timeline::new("rule", then, Some(schedule), suppression, options);
    let mut timeline = timeline.unwrap();
    let mut alerts = Vec::new();
    for event in events {
        timeline.push(event).unwrap();
        alerts.extend(std::iter::from_fn(|| timeline.next_alert()));
    }
    let (rest, figures) = timeline.finish();
    alerts.extend(rest);
    (alerts, figures)
}

/// An alert's key on one line.
fn key(alert: &Alert) -> String {
    let values = alert
        .key
        .iter()
        .map(|value| value.as_deref().unwrap_or("-"));
    values.collect::<Vec<_>>().join(",")
}

/// An alert on one line: run, key, count, different values, first, last, suppressed, events.
fn line(alert: &Alert, unit: i64) -> String {
    let distinct = alert
        .distinct
        .map_or("-".to_owned(), |distinct| distinct.to_string());
    format!(
        "{} [{}] {} {distinct} {}..{} +{} {}",
        alert.run / unit,
        key(alert),
        alert.count,
        alert.first / unit,
        alert.last / unit,
        alert.suppressed,
        alert.events.join(" ")
    )
}
