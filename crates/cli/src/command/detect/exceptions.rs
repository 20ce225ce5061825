//! `--exceptions`: the file read, the rules narrowed, and what is to be said of it.

use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rules::exceptions::{self, Applied, Exception};
use rules::load::LoadedRule;

use super::named;
use crate::exit::Mistake;
use crate::human;
use crate::say::Voice;

/// The exceptions of a file.
///
/// # Errors
/// Where it can't be read; a [`Mistake`] that names each place where something is wrong.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Exception>> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("{name} can't be read"))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Mistake::error(format!("{name}: the file is not UTF-8")))?;
    exceptions::parse(text.trim_start_matches('\u{feff}')).map_err(|all| {
        let lines: Vec<String> = all
            .iter()
            .map(|wrong| {
                format!(
                    "{name}:{}:{}: `{}`: {}",
                    wrong.place.line, wrong.place.column, wrong.construct, wrong.reason
                )
            })
            .collect();
        Mistake::error(lines.join("\n"))
    })
}

/// Narrows the rules, and warns of what is not narrowed.
pub(super) fn apply(
    path: &Path,
    all: Vec<Exception>,
    rules: &mut [LoadedRule],
    now: i64,
    voice: &Voice,
) -> Applied {
    let applied = exceptions::apply(all, rules, day(now));
    for line in remarks(path, &applied) {
        voice.warning(&line);
    }
    applied
}

/// The day of an instant in UTC.
pub(super) fn day(nanos: i64) -> Date {
    let instant = Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
    TimeZone::UTC.to_datetime(instant).date()
}

fn remarks(path: &Path, applied: &Applied) -> Vec<String> {
    let mut lines = Vec::new();
    for expired in &applied.expired {
        if let Some(until) = expired.until {
            lines.push(format!(
                "{}:{}:{}: this exception ended with {until} and is not applied",
                path.display(),
                expired.place.line,
                expired.place.column
            ));
        }
    }
    if !applied.not_narrowed.is_empty() {
        lines.push(format!(
            "the exceptions do not narrow {} over other rules, whose alerts are given whole; name the rules that they stand on: {}",
            human::counted(applied.not_narrowed.len() as u64, "correlation"),
            named(&applied.not_narrowed)
        ));
    }
    if !applied.unknown.is_empty() {
        lines.push(format!(
            "{}: exceptions name rules that are not run here: {}",
            path.display(),
            named(&applied.unknown)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_applied_is_said() {
        let text = "agents:\n  - {value: x, until: 2026-12-31}\n";
        let mut all = exceptions::parse(text).expect("exceptions");
        let applied = Applied {
            expired: vec![all.remove(0)],
            not_narrowed: vec!["a".into(), "b".into()],
            unknown: vec!["c".into()],
            ..Applied::default()
        };
        assert_eq!(
            remarks(Path::new("known.yaml"), &applied),
            [
                "known.yaml:2:5: this exception ended with 2026-12-31 and is not applied",
                "the exceptions do not narrow 2 correlations over other rules, whose alerts are given whole; name the rules that they stand on: a, b",
                "known.yaml: exceptions name rules that are not run here: c",
            ]
        );
        assert_eq!(day(-1).to_string(), "1969-12-31");
    }
}
