//! Alerts for people: by severity, each rule with its table; rules without alerts in one line.

use std::io::{self, Write};

use engine::detect::{Outcome, Severity};

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
        let rows = alerts.iter().take(shown).cloned().collect();
        let of_table = output::list(Format::Table, &outcome.fields, rows, look.clone(), out)?;
        remarks.extend(
            of_table
                .into_iter()
                .map(|remark| format!("{}: {remark}", outcome.rule.id)),
        );
        if shown < alerts.len() {
            let left = (alerts.len() - shown) as u64;
            remarks.push(format!(
                "{}: {} more not shown on a terminal; --format ndjson in a pipe gives all",
                outcome.rule.id,
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

/// `HIGH  A name  rule-id  T1555.006  3 alerts`
fn headline(outcome: &Outcome<'_>, alerts: usize, paint: Paint) -> String {
    let rule = outcome.rule;
    let severity = rule.severity.text().to_uppercase();
    let severity = match rule.severity {
        Severity::Critical | Severity::High => paint.red(&severity),
        Severity::Medium => paint.yellow(&severity),
        Severity::Low | Severity::Info => severity,
    };
    let mut parts = vec![
        severity,
        paint.bold(&visible(&rule.name)),
        visible(&rule.id).into_owned(),
    ];
    parts.extend(
        rule.attack
            .iter()
            .map(|attack| visible(&attack.technique).into_owned()),
    );
    parts.push(human::counted(alerts as u64, "alert"));
    parts.join("  ")
}

/// The rules that found nothing, and those that could not be run; nothing where there are none.
pub(super) fn without_alerts(outcomes: &[Outcome<'_>]) -> Vec<String> {
    let names = |wanted: fn(&Outcome<'_>) -> bool| -> Vec<String> {
        outcomes
            .iter()
            .filter(|outcome| wanted(outcome))
            .map(|outcome| visible(&outcome.rule.id).into_owned())
            .collect()
    };
    let nothing = names(|outcome| matches!(&outcome.alerts, Ok(alerts) if alerts.is_empty()));
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
