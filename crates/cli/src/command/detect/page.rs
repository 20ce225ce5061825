//! Alerts for people: by severity, each rule with its table; rules without alerts in one line.

use std::io::{self, Write};

use engine::detect::{Alert, Outcome};
use engine::{OutputField, Type, Value};
use rules::rule::Severity;

use super::alerts;
use crate::args::Format;
use crate::escape::visible;
use crate::human;
use crate::output::{self, Destination, Look, TERMINAL_RECORDS};
use crate::terminal::Paint;

/// Writes the page. Gives the remarks on its tables.
pub(super) fn write(
    outcomes: &[Outcome<'_>],
    look: &Look,
    destination: &mut Destination,
) -> io::Result<Vec<String>> {
    let mut room = if destination.terminal {
        TERMINAL_RECORDS
    } else {
        usize::MAX
    };
    let out = &mut destination.out;
    let mut remarks = Vec::new();
    for outcome in outcomes {
        let Ok(alerts) = &outcome.alerts else {
            continue;
        };
        if alerts.is_empty() {
            continue;
        }
        writeln!(out, "{}", headline(outcome, alerts.len(), look.paint))?;
        let shown = alerts.len().min(room);
        room -= shown;
        let (fields, rows) = table(outcome, &alerts[..shown]);
        let of_table = output::list(Format::Table, &fields, rows, look.clone(), out)?;
        remarks.extend(
            of_table
                .into_iter()
                .map(|remark| format!("{}: {remark}", outcome.rule.rule.about.id)),
        );
        if shown < alerts.len() {
            let left = (alerts.len() - shown) as u64;
            remarks.push(format!(
                "{}: {} more not shown on a terminal; --format ndjson in a pipe gives all",
                outcome.rule.rule.about.id,
                human::counted(left, "alert")
            ));
        }
        writeln!(out)?;
    }
    for line in without_alerts(outcomes) {
        writeln!(out, "{line}")?;
    }
    Ok(remarks)
}

/// The alerts of one rule: for DQL the records, for others when, how much, and who did it first.
fn table(outcome: &Outcome<'_>, alerts: &[Alert]) -> (Vec<OutputField>, Vec<Vec<Value>>) {
    if !outcome.fields.is_empty() {
        let rows = alerts.iter().map(|alert| alert.record.clone()).collect();
        return (outcome.fields.clone(), rows);
    }
    let field = |name: &str, ty: Type| OutputField {
        name: name.to_owned(),
        ty,
    };
    let time = Type::Timestamp(engine::Precision::Nano);
    let mut fields = vec![
        field("first", time.clone()),
        field("last", time),
        field("events", Type::Long),
    ];
    let keys = alerts.first().map_or(&[][..], |alert| &alert.key);
    fields.extend(keys.iter().map(|(name, _)| field(name, Type::String)));
    fields
        .extend(["action", "principal", "address", "region"].map(|name| field(name, Type::String)));
    let text = |value: Option<&str>| value.map_or(Value::Null, |text| Value::String(text.into()));
    let row = |alert: &Alert| {
        let time = |nanos: Option<i64>| nanos.map_or(Value::Null, Value::Timestamp);
        let mut row = vec![
            time(alert.first),
            time(alert.last),
            Value::Long(i64::try_from(alert.count).unwrap_or(i64::MAX)),
        ];
        row.extend(alert.key.iter().map(|(_, value)| text(value.as_deref())));
        row.resize(3 + keys.len(), Value::Null);
        let first = alert.events.first();
        let of = |part: fn(&engine::detect::NamedEvent) -> &Option<String>| {
            text(first.and_then(|event| part(event).as_deref()))
        };
        row.extend([
            of(|event| &event.action),
            of(|event| &event.principal),
            of(|event| &event.address),
            of(|event| &event.region),
        ]);
        row
    };
    let rows = alerts.iter().map(row).collect();
    (fields, rows)
}

/// `HIGH  A name  rule-id  T1555.006  3 alerts`
fn headline(outcome: &Outcome<'_>, alerts: usize, paint: Paint) -> String {
    let about = &outcome.rule.rule.about;
    let severity = about.severity.text().to_uppercase();
    let severity = match about.severity {
        Severity::Critical | Severity::High => paint.red(&severity),
        Severity::Medium => paint.yellow(&severity),
        Severity::Low | Severity::Info => severity,
    };
    let mut parts = vec![
        severity,
        paint.bold(&visible(&about.name)),
        visible(&about.id).into_owned(),
    ];
    let techniques = alerts::techniques(about).into_iter();
    parts.extend(techniques.map(|technique| visible(technique).into_owned()));
    parts.push(human::counted(alerts as u64, "alert"));
    parts.join("  ")
}

/// The rules that found nothing, and those that could not be run; nothing where there are none.
pub(super) fn without_alerts(outcomes: &[Outcome<'_>]) -> Vec<String> {
    let names = |wanted: fn(&Outcome<'_>) -> bool| -> Vec<String> {
        outcomes
            .iter()
            .filter(|outcome| wanted(outcome))
            .map(|outcome| visible(&outcome.rule.rule.about.id).into_owned())
            .collect()
    };
    let nothing = names(
        |outcome| matches!(&outcome.alerts, Ok(alerts) if alerts.is_empty() && !outcome.silent),
    );
    let failed = names(|outcome| outcome.alerts.is_err());
    let mut lines = Vec::new();
    if !nothing.is_empty() {
        lines.push(format!("no alerts from: {}", nothing.join(", ")));
    }
    if !failed.is_empty() {
        lines.push(format!("could not be run: {}", failed.join(", ")));
    }
    lines
}
