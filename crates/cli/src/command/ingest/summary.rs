//! What an ingest did, so that it adds up.

use std::fmt::Write;
use std::time::Duration;

use engine::Value;
use ingest::{Other, Problem, Reason, Report};

use crate::escape::visible;
use crate::human;
use crate::output::json_object;

/// How many problems are shown to people.
const SHOWN: usize = 10;

/// Whether some of the input was rejected. Digests, which every archive has and which hold no events, are not; what is
/// not described any more and was left alone is taken for what is described.
pub(in crate::command) fn is_partial(report: &Report) -> bool {
    report.records.rejected > 0
        || report.objects.broken > 0
        || report.objects.failed > 0
        || rejected(report).next().is_some()
}

/// The problems that are about events that could have been there.
fn rejected(report: &Report) -> impl Iterator<Item = &Problem> {
    let digest = |problem: &&Problem| problem.reason == Reason::Other(Other::Digest);
    report
        .problems
        .iter()
        .filter(move |problem| !digest(problem))
}

/// The report for people.
pub(super) fn page(report: &Report, elapsed: Duration) -> String {
    let (objects, records, bytes) = (&report.objects, &report.records, &report.bytes);
    let mut page = String::new();
    let count = human::count;
    // Writing to a text does not fail.
    let mut line = |name: &str, text: String| _ = writeln!(page, "{name:<8} {text}");
    line(
        "objects",
        format!(
            "{} found = {}",
            count(objects.found),
            sum(&[
                (objects.read, "read"),
                (objects.known, "known"),
                (objects.broken, "broken"),
                (objects.skipped, "left alone"),
                (objects.failed, "failed"),
                (objects.unselected, "not selected"),
            ])
        ),
    );
    line(
        "events",
        format!(
            "{} read = {} new + {} folded + {} rejected",
            count(records.read),
            count(records.written),
            count(records.folded),
            count(records.rejected)
        ),
    );
    if records.conflicts > 0 {
        line(
            "",
            format!(
                "{} new with the id of another event but other content, flagged",
                count(records.conflicts)
            ),
        );
    }
    if records.untimed > 0 {
        line(
            "",
            format!(
                "{} new without a usable time, in no timeframe",
                count(records.untimed)
            ),
        );
    }
    line(
        "bytes",
        format!(
            "{} read, {} of JSON → {} in {}",
            human::bytes(bytes.stored),
            human::bytes(bytes.unpacked),
            human::bytes(bytes.written),
            human::counted(report.files, "file")
        ),
    );
    line(
        "time",
        format!(
            "{}, {} events/s, {}/s of JSON",
            human::elapsed(elapsed),
            count(human::per_second(records.read, elapsed)),
            human::bytes(human::per_second(bytes.unpacked, elapsed))
        ),
    );
    let digests = report.problems.len() - rejected(report).count();
    if digests > 0 {
        line(
            "",
            format!("{} left alone", human::counted(digests as u64, "digest")),
        );
    }
    let (shown, rest) = problems(report);
    for (place, problem) in shown.into_iter().enumerate() {
        line(if place == 0 { "problems" } else { "" }, problem);
    }
    if rest > 0 {
        line(
            "",
            format!(
                "… and {} more; --format json lists the first hundred",
                count(rest)
            ),
        );
    }
    for trouble in &report.troubles {
        line(
            "warning",
            format!(
                "the events are in the lake, but: {}",
                visible(&trouble.to_string())
            ),
        );
    }
    page
}

/// The first problems that are about events, in words that a terminal can be given, and how many more there are.
pub(in crate::command) fn problems(report: &Report) -> (Vec<String>, u64) {
    let shown = rejected(report).take(SHOWN);
    let shown = shown.map(|problem| visible(&problem.to_string()).into_owned());
    let rest = rejected(report).count().saturating_sub(SHOWN) as u64 + report.more_problems;
    (shown.collect(), rest)
}

/// The parts that are there, added up.
fn sum(parts: &[(u64, &str)]) -> String {
    let there = parts
        .iter()
        .enumerate()
        .filter(|(place, (number, _))| *place == 0 || *number > 0);
    let parts: Vec<String> = there
        .map(|(_, (number, name))| format!("{} {name}", human::count(*number)))
        .collect();
    parts.join(" + ")
}

/// The report for programs.
pub(super) fn object(report: &Report, elapsed: Duration) -> Value {
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: String| Value::String(text);
    let (objects, records, bytes) = (&report.objects, &report.records, &report.bytes);
    let problem = |problem: &Problem| {
        json_object([
            ("object", text(problem.object.clone())),
            ("at", problem.at.map_or(Value::Null, long)),
            ("reason", text(problem.reason.to_string())),
        ])
    };
    json_object([
        (
            "objects",
            json_object([
                ("found", long(objects.found)),
                ("unselected", long(objects.unselected)),
                ("known", long(objects.known)),
                ("read", long(objects.read)),
                ("broken", long(objects.broken)),
                ("skipped", long(objects.skipped)),
                ("failed", long(objects.failed)),
            ]),
        ),
        (
            "records",
            json_object([
                ("read", long(records.read)),
                ("written", long(records.written)),
                ("folded", long(records.folded)),
                ("rejected", long(records.rejected)),
                ("conflicts", long(records.conflicts)),
                ("untimed", long(records.untimed)),
            ]),
        ),
        (
            "bytes",
            json_object([
                ("stored", long(bytes.stored)),
                ("unpacked", long(bytes.unpacked)),
                ("written", long(bytes.written)),
            ]),
        ),
        ("files", long(report.files)),
        (
            "versions",
            Value::Array(report.versions.iter().copied().map(long).collect()),
        ),
        ("seconds", Value::Double(elapsed.as_secs_f64())),
        (
            "problems",
            Value::Array(report.problems.iter().map(problem).collect()),
        ),
        ("more_problems", long(report.more_problems)),
        (
            "troubles",
            Value::Array(
                report
                    .troubles
                    .iter()
                    .map(|trouble| text(trouble.to_string()))
                    .collect(),
            ),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use ingest::{Bytes, Objects, Records};

    use super::*;

    fn report() -> Report {
        Report {
            objects: Objects {
                found: 6,
                unselected: 1,
                known: 0,
                read: 3,
                broken: 1,
                skipped: 1,
                failed: 0,
            },
            records: Records {
                read: 2_750,
                written: 2_600,
                folded: 149,
                rejected: 1,
                conflicts: 2,
                untimed: 0,
            },
            bytes: Bytes {
                stored: 1_200_000,
                unpacked: 8_500_000,
                written: 2_100_000,
            },
            files: 4,
            problems: vec![
                Problem {
                    object: "d.json".into(),
                    at: None,
                    reason: Reason::Other(Other::Digest),
                },
                Problem {
                    object: "a\u{1b}.json".into(),
                    at: Some(7),
                    reason: Reason::RecordNoObject,
                },
            ],
            ..Report::default()
        }
    }

    #[test]
    fn the_summary_adds_up() {
        let expected = "\
objects  6 found = 3 read + 1 broken + 1 left alone + 1 not selected
events   2,750 read = 2,600 new + 149 folded + 1 rejected
         2 new with the id of another event but other content, flagged
bytes    1.2 MB read, 8.5 MB of JSON → 2.1 MB in 4 files
time     2.00 s, 1,375 events/s, 4.2 MB/s of JSON
         1 digest left alone
problems a<U+001B>.json: a record is rejected: it is no object (byte 7)
";
        assert_eq!(page(&report(), Duration::from_secs(2)), expected);
    }

    #[test]
    fn digests_are_no_rejected_input() {
        let mut report = report();
        assert!(is_partial(&report));
        report.records.rejected = 0;
        report.objects.broken = 0;
        assert!(is_partial(&report));
        report.problems.truncate(1);
        assert!(!is_partial(&report));
    }
}
