//! What stands above the table: the program and the machine, what was made and ingested, what was asked and how often.

use unicode_width::UnicodeWidthStr;

use super::page::{UNKNOWN, processor};
use super::report::{Archive, Ingested, Report};
use crate::escape::visible;
use crate::human;
use crate::output::{Look, instant};

/// How wide lines of text are where nothing says so.
const LINE: usize = 100;

/// The room for a label.
const LABEL: usize = 9;

/// What was measured, and where.
pub(super) fn head(report: &Report, look: &Look) -> String {
    let mut head = String::new();
    let mut line = |label: &str, parts: Vec<String>| head.push_str(&folded(label, &parts, look));
    let machine = &report.machine;
    let mut program = vec![format!("trailsift {}", machine.version)];
    program.extend(machine.commit.map(|commit| format!("commit {commit}")));
    if machine.debug {
        program.push("built without optimisation: the figures mean nothing".to_owned());
    }
    line("program", program);
    let processor = machine
        .processor
        .as_ref()
        .map_or_else(String::new, |name| format!(" of {name}"));
    line(
        "machine",
        vec![
            format!("{}{processor}", human::counted(machine.cores, "core")),
            format!("{} of memory", human::bytes(machine.memory)),
            format!("{}, {}", machine.system, machine.architecture),
            format!("load {:.2} before", machine.load),
        ],
    );
    if let Some(archive) = &report.archive {
        line("archive", archive_parts(archive));
    }
    if let Some(ingested) = &report.ingest {
        line("ingest", ingest_parts(ingested));
    }
    line("lake", lake_parts(report));
    line("needles", needle_parts(report));
    let mut runs = vec![
        format!(
            "{}, each {} cold and {} warm; times are medians",
            human::counted(report.questions.len() as u64, "question"),
            times(report.cold_rounds),
            times(report.rounds)
        ),
        report.cold.words().to_owned(),
        human::counted(report.threads as u64, "thread"),
    ];
    runs.extend(
        report
            .memory
            .map(|memory| format!("--memory {}", human::bytes(memory as u64))),
    );
    runs.push(format!("now = {}", utc(report.now)));
    line("runs", runs);
    for note in &report.notes {
        let words: Vec<String> = note.split(' ').map(str::to_owned).collect();
        head.push_str(&broken("note", &words, " ", look));
    }
    head
}

fn archive_parts(archive: &Archive) -> Vec<String> {
    let (options, made) = (&archive.options, &archive.made);
    vec![
        format!(
            "{} and {} in {}",
            human::counted(made.records - made.repeats, "event"),
            human::counted(made.repeats, "repeat"),
            human::counted(made.files, "object")
        ),
        format!(
            "{} of JSON in {}",
            human::bytes(made.bytes),
            human::bytes(made.compressed)
        ),
        format!(
            "seed {}, {}",
            options.seed,
            human::counted(u64::from(options.days), "day")
        ),
        match archive.again {
            true => "made before".to_owned(),
            false => format!("made in {}", human::elapsed(archive.elapsed)),
        },
    ]
}

fn ingest_parts(ingested: &Ingested) -> Vec<String> {
    let (records, bytes) = (&ingested.report.records, &ingested.report.bytes);
    let peak = ingested.peak;
    vec![
        human::elapsed(ingested.elapsed),
        format!(
            "{} events/s",
            human::count(human::per_second(records.read, ingested.elapsed))
        ),
        format!(
            "{}/s of JSON",
            human::bytes(human::per_second(bytes.unpacked, ingested.elapsed))
        ),
        format!("CPU {}", processor(ingested.processor)),
        format!(
            "peak {}",
            peak.map_or_else(|| UNKNOWN.to_owned(), human::bytes)
        ),
        format!(
            "{} read = {} new + {} folded + {} rejected",
            human::count(records.read),
            human::count(records.written),
            human::count(records.folded),
            human::count(records.rejected)
        ),
    ]
}

fn lake_parts(report: &Report) -> Vec<String> {
    let lake = &report.lake;
    let mut parts = vec![
        human::counted(lake.events, "event"),
        format!(
            "{} in {}",
            human::bytes(lake.bytes),
            human::counted(lake.files, "file")
        ),
    ];
    if let Some((first, last)) = lake.time {
        let utc = |micros: i64| utc(micros.saturating_mul(1_000));
        parts.push(format!("{} to {}", utc(first), utc(last)));
    }
    parts.extend(
        report
            .window
            .map(|events| format!("{} in the last 30 minutes", human::count(events))),
    );
    parts
}

fn needle_parts(report: &Report) -> Vec<String> {
    let needles = &report.needles;
    let mut parts = Vec::new();
    if let (Some(id), Some(part)) = (&needles.event_id, needles.substring()) {
        parts.push(format!("event {}", visible(id)));
        parts.push(format!("substring {}", visible(&part)));
    }
    let rare = [
        ("access key", &needles.access_key),
        ("address", &needles.address),
    ];
    for (name, value) in rare {
        if let Some((value, events)) = value {
            parts.push(format!(
                "{name} {} of {}",
                visible(value),
                human::counted(*events, "event")
            ));
        }
    }
    parts
}

/// Parts of a line, broken between them where it gets too long.
pub(super) fn folded(label: &str, parts: &[String], look: &Look) -> String {
    broken(label, parts, " · ", look)
}

fn broken(label: &str, parts: &[String], separator: &str, look: &Look) -> String {
    let width = look.width.unwrap_or(LINE).max(40);
    let indent = if label.is_empty() { 0 } else { LABEL };
    let mut out = String::new();
    let mut line = match indent {
        0 => String::new(),
        _ => look.paint.bold(label) + &" ".repeat(LABEL - label.width().min(LABEL)),
    };
    let mut used = indent;
    for (place, part) in parts.iter().enumerate() {
        let between = if place == 0 { "" } else { separator };
        if place > 0 && used + between.width() + part.width() > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line = " ".repeat(indent);
            used = indent;
        } else {
            line.push_str(between);
            used += between.width();
        }
        line.push_str(part);
        used += part.width();
    }
    if !parts.is_empty() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn utc(nanos: i64) -> String {
    instant(nanos, &jiff::tz::TimeZone::UTC)
}

/// How often: `once`, `5 times`.
pub(super) fn times(number: u32) -> String {
    match number {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{many} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_parts() {
        let parts: Vec<String> = ["a".repeat(20), "b".repeat(20), "c".to_owned()].into();
        let folded = folded("label", &parts, &Look::plain(Some(40)));
        assert_eq!(
            folded,
            format!(
                "label    {}\n         {} · c\n",
                "a".repeat(20),
                "b".repeat(20)
            )
        );
    }
}
