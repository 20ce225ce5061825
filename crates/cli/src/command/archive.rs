//! What is said of archives that a query read, and how it ends by that.

use engine::Readings;
use ingest::Report;

use super::ingest::summary;
use crate::exit::Exit;
use crate::human;
use crate::say::Voice;

/// Names what was wrong with the objects, and counts it. The end that this makes.
pub(super) fn account(readings: &Readings, timeframe: bool, voice: &Voice) -> Exit {
    if let Some((0, found @ 1..)) = readings.objects() {
        voice.warning(&format!(
            "none of {} was delivered in the timeframe or on the day after; --now latest counts back from the newest event",
            human::counted(found, "object")
        ));
    }
    let Some(report) = readings.report() else {
        return Exit::Fine;
    };
    let untimed = report.records.untimed;
    if timeframe && untimed > 0 {
        voice.hint(&match untimed {
            1 => "note: 1 event has no time and is in no timeframe".to_owned(),
            many => format!(
                "note: {} events have no time and are in no timeframe",
                human::count(many)
            ),
        });
    }
    if !summary::is_partial(&report) {
        return Exit::Fine;
    }
    voice.warning(&rejected(&report));
    let (problems, rest) = summary::problems(&report);
    for problem in problems {
        voice.say(&format!("  {problem}"));
    }
    if rest > 0 {
        voice.say(&format!("  … and {} more", human::count(rest)));
    }
    Exit::Partial
}

/// How much of the input is not in the answer.
fn rejected(report: &Report) -> String {
    let objects = &report.objects;
    let parts = [
        (report.records.rejected, "record", "rejected"),
        (objects.broken, "object", "broken"),
        (objects.skipped, "object", "left alone"),
        (objects.failed, "object", "not read"),
    ];
    let there = parts.iter().filter(|(number, ..)| *number > 0);
    let words: Vec<String> = there
        .map(|(number, thing, what)| format!("{} {what}", human::counted(*number, thing)))
        .collect();
    format!("not all of the archive could be read: {}", words.join(", "))
}

/// What was read, for the line that closes an answer; nothing where there were no archives.
pub(super) fn read(readings: &Readings) -> Vec<String> {
    let (Some((selected, found)), Some(report)) = (readings.objects(), readings.report()) else {
        return Vec::new();
    };
    let objects = &report.objects;
    let done = objects.read + objects.broken + objects.skipped + objects.failed;
    vec![
        format!(
            "{} of {} read",
            human::count(done.min(selected)),
            human::counted(found, "object")
        ),
        human::counted(report.records.written, "event"),
        format!(
            "{} read, {} of JSON",
            human::bytes(report.bytes.stored),
            human::bytes(report.bytes.unpacked)
        ),
    ]
}
