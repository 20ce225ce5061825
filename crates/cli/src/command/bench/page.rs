//! The report as a table for people. Columns that do not fit are left out, those that matter least first, and named.

use std::fmt::Write;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::measure::{Measured, Runs};
use super::question::{Family, Question};
use super::report::{Archive, Ingested, Outcome, Report};
use super::times;
use crate::escape::visible;
use crate::human;
use crate::output::{Look, fit, instant};

/// How wide lines of text are where nothing says so.
const LINE: usize = 100;

/// The room for a label.
const LABEL: usize = 9;

/// Blanks between columns.
const GAP: &str = "  ";

/// What stands for what is not known.
const UNKNOWN: &str = "?";

/// A column of the table, besides the questions' names.
struct Column {
    name: &'static str,
    /// Which columns go first where there is too little room: those with the largest number.
    goes: u8,
    cell: fn(&Report, &Question, &Measured) -> String,
}

const COLUMNS: &[Column] = &[
    Column {
        name: "records",
        goes: 2,
        cell: |_, _, measured| human::count(measured.records),
    },
    Column {
        name: "cold",
        goes: 1,
        cell: |_, _, measured| time(measured.cold.median()),
    },
    Column {
        name: "warm",
        goes: 0,
        cell: |_, _, measured| time(measured.warm.median()),
    },
    Column {
        name: "min–max",
        goes: 7,
        cell: |_, _, measured| spread(&measured.warm),
    },
    Column {
        name: "events/s",
        goes: 8,
        cell: |report, question, measured| {
            let speed = report.per_second(question, measured);
            speed.map_or_else(|| UNKNOWN.to_owned(), human::count)
        },
    },
    Column {
        name: "read",
        goes: 3,
        cell: |_, _, measured| human::bytes(measured.figures.bytes_scanned),
    },
    Column {
        name: "of lake",
        goes: 9,
        cell: |report, _, measured| share(measured.figures.bytes_scanned, report.lake.bytes),
    },
    Column {
        name: "files",
        goes: 10,
        cell: |_, _, measured| {
            let figures = &measured.figures;
            format!("{}/{}", figures.files_read, figures.files)
        },
    },
    Column {
        name: "pruned",
        goes: 4,
        cell: |_, _, measured| {
            let figures = &measured.figures;
            format!("{}/{}", figures.row_groups_pruned, figures.row_groups)
        },
    },
    Column {
        name: "JSON",
        goes: 11,
        cell: |_, _, measured| human::bytes(measured.figures.json_bytes_parsed),
    },
    Column {
        name: "CPU",
        goes: 5,
        cell: |_, _, measured| processor(measured.processor),
    },
    Column {
        name: "peak",
        goes: 6,
        cell: |_, _, measured| {
            let peak = measured.peak;
            peak.map_or_else(|| UNKNOWN.to_owned(), human::bytes)
        },
    },
    Column {
        name: "answer",
        goes: 12,
        cell: |_, _, measured| format!("{:016x}", measured.checksum),
    },
];

/// The report.
pub(super) fn page(report: &Report, look: &Look) -> String {
    let mut page = head(report, look);
    page.push('\n');
    let hidden = table(report, look, &mut page);
    page.push('\n');
    for line in closing(report, &hidden) {
        page.push_str(&folded("", &line, look));
    }
    page
}

/// What was measured, and where.
fn head(report: &Report, look: &Look) -> String {
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
        line("note", vec![note.clone()]);
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
fn folded(label: &str, parts: &[String], look: &Look) -> String {
    let width = look.width.unwrap_or(LINE).max(40);
    let indent = if label.is_empty() { 0 } else { LABEL };
    let mut out = String::new();
    let mut line = match indent {
        0 => String::new(),
        _ => look.paint.bold(label) + &" ".repeat(LABEL - label.width().min(LABEL)),
    };
    let mut used = indent;
    for (place, part) in parts.iter().enumerate() {
        let between = if place == 0 { "" } else { " · " };
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

/// Writes the table, and gives the names of the columns that did not fit.
fn table(report: &Report, look: &Look, page: &mut String) -> Vec<&'static str> {
    let rows: Vec<(&Question, Vec<String>)> = report
        .questions
        .iter()
        .filter_map(|(question, outcome)| match outcome {
            Outcome::Measured(measured) => {
                let cells = COLUMNS
                    .iter()
                    .map(|column| (column.cell)(report, question, measured));
                Some((question, cells.collect()))
            }
            _ => None,
        })
        .collect();
    let widths: Vec<usize> = COLUMNS
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let cells = rows.iter().map(|(_, cells)| cells[place].width());
            cells.max().unwrap_or(0).max(column.name.width())
        })
        .collect();
    let questions = report.questions.iter();
    let names = questions.map(|(question, _)| question.short().width() + 2);
    let name = names.max().unwrap_or(0).max("question".width());
    let shown = fitting(&widths, name, look.width);

    let line = |name_cell: &str, cell: &dyn Fn(usize) -> String| {
        let mut line = format!("{name_cell}{}", " ".repeat(name - name_cell.width()));
        for place in &shown {
            let cell = cell(*place);
            line.push_str(GAP);
            line.push_str(&" ".repeat(widths[*place] - cell.width().min(widths[*place])));
            line.push_str(&cell);
        }
        line
    };
    let header = line("question", &|place| COLUMNS[place].name.to_owned());
    // Writing to a text does not fail.
    let _ = writeln!(page, "{}", look.paint.bold(&header));
    let _ = writeln!(page, "{}", look.paint.dim(&"─".repeat(header.width())));
    let mut rows = rows.into_iter();
    let mut family: Option<Family> = None;
    for (question, outcome) in &report.questions {
        if family != Some(question.family) {
            family = Some(question.family);
            let _ = writeln!(page, "{}", look.paint.dim(question.family.title()));
        }
        let short = format!("  {}", question.short());
        let told = match outcome {
            Outcome::Measured(_) => {
                let cells = rows.next().map(|(_, cells)| cells).unwrap_or_default();
                line(&short, &|place| {
                    cells.get(place).cloned().unwrap_or_default()
                })
            }
            Outcome::Skipped(why) => format!("{short:<name$}{GAP}not asked: {}", visible(why)),
            Outcome::Failed(why) => {
                let why = format!("failed: {}", visible(why));
                let room = look.width.unwrap_or(usize::MAX).saturating_sub(name + 2);
                let why = fit(&why, room.max(20));
                format!("{short:<name$}{GAP}{}", look.paint.red(&why))
            }
        };
        let _ = writeln!(page, "{}", told.trim_end());
    }
    let hidden = (0..COLUMNS.len()).filter(|place| !shown.contains(place));
    hidden.map(|place| COLUMNS[place].name).collect()
}

/// The columns that there is room for, in their order.
fn fitting(widths: &[usize], name: usize, room: Option<usize>) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..widths.len()).collect();
    let needed = |shown: &[usize]| {
        let columns = shown.iter().map(|place| widths[*place] + GAP.len());
        name + columns.sum::<usize>()
    };
    while shown.len() > 1 && room.is_some_and(|room| needed(&shown) > room) {
        let goes = shown
            .iter()
            .copied()
            .max_by_key(|place| COLUMNS[*place].goes);
        shown.retain(|place| Some(*place) != goes);
    }
    shown
}

/// What is said below the table.
fn closing(report: &Report, hidden: &[&str]) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let failed = report.failed() as u64;
    let mut parts = vec![format!("all in {}", human::elapsed(report.elapsed))];
    if failed > 0 {
        parts.push(format!("{} failed", human::counted(failed, "question")));
    }
    parts.push("figures of one machine; docs/bench.md says what each column is".to_owned());
    lines.push(parts);
    if !hidden.is_empty() {
        lines.push(vec![format!(
            "{} did not fit: {}; --wide or --format json has all",
            human::counted(hidden.len() as u64, "column"),
            hidden.join(", ")
        )]);
    }
    lines
}

fn time(time: Option<Duration>) -> String {
    time.map_or_else(|| UNKNOWN.to_owned(), human::elapsed)
}

/// The system counts in steps of 10 ms: more digits would be invented.
fn processor(time: Option<Duration>) -> String {
    match time {
        None => UNKNOWN.to_owned(),
        Some(time) if time < Duration::from_secs(1) => format!("{} ms", time.as_millis()),
        Some(time) => human::elapsed(time),
    }
}

fn spread(runs: &Runs) -> String {
    match (runs.least(), runs.most()) {
        (Some(least), Some(most)) if runs.0.len() > 1 => {
            let (least, most) = (human::elapsed(least), human::elapsed(most));
            // One unit is enough for both.
            let short = match (least.rsplit_once(' '), most.rsplit_once(' ')) {
                (Some((number, unit)), Some((_, other)))
                    if unit == other && !number.contains(' ') =>
                {
                    number
                }
                _ => &least,
            };
            format!("{short}–{most}")
        }
        _ => UNKNOWN.to_owned(),
    }
}

fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => UNKNOWN.to_owned(),
        _ => format!("{:.2} %", part as f64 * 100.0 / whole as f64),
    }
}

fn utc(nanos: i64) -> String {
    instant(nanos, &jiff::tz::TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_least_goes_first() {
        let widths = vec![5; COLUMNS.len()];
        let all = fitting(&widths, 10, None);
        assert_eq!(all.len(), COLUMNS.len());
        let some = fitting(&widths, 10, Some(10 + 3 * 7));
        let names: Vec<&str> = some.iter().map(|place| COLUMNS[*place].name).collect();
        assert_eq!(names, ["records", "cold", "warm"]);
        assert_eq!(fitting(&widths, 10, Some(1)).len(), 1);
    }

    #[test]
    fn spreads_share_their_unit() {
        let runs =
            |micros: &[u64]| Runs(micros.iter().copied().map(Duration::from_micros).collect());
        assert_eq!(spread(&runs(&[3_400, 3_000])), "3.0–3.4 ms");
        assert_eq!(spread(&runs(&[950_000, 1_200_000])), "950 ms–1.20 s");
        assert_eq!(spread(&runs(&[])), "?");
        assert_eq!(spread(&runs(&[7])), "?");
        assert_eq!(
            spread(&runs(&[61_000_000, 62_000_000])),
            "1 min 1 s–1 min 2 s"
        );
    }

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
