//! The report as a table for people. Columns that do not fit are left out, those that matter least first, and named.

use std::fmt::Write;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::head::{folded, head};
use super::measure::{Measured, Runs};
use super::question::{Family, Question};
use super::report::{Outcome, Report};
use crate::escape::visible;
use crate::human;
use crate::output::{Look, fit};

/// Blanks between columns.
const GAP: &str = "  ";

/// What stands for what is not known.
pub(super) const UNKNOWN: &str = "?";

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
        goes: 10,
        cell: |report, _, measured| share(measured.figures.bytes_scanned, report.lake.bytes),
    },
    Column {
        name: "files",
        goes: 11,
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
        goes: 12,
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
        name: "before",
        goes: 9,
        cell: |_, _, measured| {
            let resident = measured.resident;
            resident.map_or_else(|| UNKNOWN.to_owned(), human::bytes)
        },
    },
    Column {
        name: "answer",
        goes: 13,
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
        let mut parts = vec![format!(
            "{} did not fit, --wide has all",
            human::counted(hidden.len() as u64, "column")
        )];
        parts.extend(hidden.iter().map(|name| (*name).to_owned()));
        lines.push(parts);
    }
    lines
}

fn time(time: Option<Duration>) -> String {
    time.map_or_else(|| UNKNOWN.to_owned(), human::elapsed)
}

/// The system counts in steps of 10 ms: more digits would be invented.
pub(super) fn processor(time: Option<Duration>) -> String {
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
        // Of one run there is no spread.
        _ => String::new(),
    }
}

fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => UNKNOWN.to_owned(),
        _ => format!("{:.2} %", part as f64 * 100.0 / whole as f64),
    }
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
        assert_eq!(spread(&runs(&[])), "");
        assert_eq!(spread(&runs(&[7])), "");
        assert_eq!(
            spread(&runs(&[61_000_000, 62_000_000])),
            "1 min 1 s–1 min 2 s"
        );
    }
}
