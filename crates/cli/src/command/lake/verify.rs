//! `trailsift lake verify`: the sources read once more, and held against the lake.

use std::fmt::Write;
use std::time::{Duration, Instant};

use ::lake::Lake;
use engine::Value;
use ingest::verify::{Place, Verification, What};

use crate::allocator;
use crate::args::{Summary, Verify};
use crate::command::ingest::{progress, selection, sources_are_there};
use crate::command::print;
use crate::escape::visible;
use crate::exit::Exit;
use crate::human;
use crate::output::{json_object, json_text};
use crate::runtime;
use crate::say::Voice;

/// How many findings are shown to people.
const SHOWN: usize = 10;

pub(super) fn run(args: Verify, voice: &Voice) -> anyhow::Result<Exit> {
    allocator::gives_back_soon();
    let location = runtime::location(&args.lake)?.to_owned();
    sources_are_there(&args.sources)?;
    let mut options = ingest::Options {
        selection: selection(&args.select)?,
        ..ingest::Options::default()
    };
    options.memory = args.resources.memory.unwrap_or(options.memory);
    options.threads = args.resources.threads.unwrap_or(options.threads);
    let settings = runtime::settings(&args.resources, &args.lake);
    options.s3 = settings.s3.clone();
    let progress = progress::of(voice);
    let told = progress.told();
    let began = Instant::now();
    let sources = args.sources;
    let report = runtime::run(&settings, async move {
        let lake = Lake::open_with(&location, &options.s3).await?;
        Ok(ingest::verify::verify(&sources, &lake, &options, told).await?)
    });
    progress.end();
    let report = report?;
    print(&match args.format {
        Summary::Table => page(&report, began.elapsed()),
        Summary::Json => format!("{}\n", json_text(&object(&report))),
    })?;
    Ok(match report.is_sound() {
        true => Exit::Fine,
        false => Exit::Partial,
    })
}

/// The report for people.
fn page(report: &Verification, elapsed: Duration) -> String {
    let (objects, records, columns) = (&report.objects, &report.records, &report.columns);
    let count = human::count;
    let mut page = String::new();
    // Writing to a text does not fail.
    let mut line = |name: &str, text: String| _ = writeln!(page, "{name:<8} {text}");
    let mut found = format!("{} found", count(objects.found));
    for (number, what) in [
        (objects.failed, "can't be read"),
        (objects.broken, "broken, read up to there"),
        (objects.skipped, "without records"),
        (objects.unselected, "not selected"),
    ] {
        if number > 0 {
            _ = write!(found, ", {} {what}", count(number));
        }
    }
    line("objects", found);
    line(
        "records",
        format!(
            "{} read = {} found + {} folded into an equal one + {} set aside + {} missing",
            count(records.read),
            count(records.found),
            count(records.folded),
            count(records.set_aside),
            count(records.missing)
        ),
    );
    line(
        "bytes",
        format!("{} equal, byte for byte", human::bytes(report.bytes)),
    );
    line(
        "columns",
        format!(
            "{} compared = {} equal + {} different, of {}",
            count(columns.made),
            count(columns.equal),
            count(columns.different),
            human::counted(columns.rows, "row")
        ),
    );
    if report.others > 0 {
        line(
            "others",
            format!(
                "{} of the lake from other sources",
                human::counted(report.others, "row")
            ),
        );
    }
    line("time", human::elapsed(elapsed));
    let shown = report.findings.iter().take(SHOWN);
    for (place, finding) in shown.enumerate() {
        let name = if place == 0 { "findings" } else { "" };
        line(name, visible(&finding.to_string()).into_owned());
    }
    let rest = report.findings.len().saturating_sub(SHOWN) as u64 + report.more_findings;
    if rest > 0 {
        let text = "--format json lists the first hundred";
        line("", format!("… and {} more; {text}", count(rest)));
    }
    page.push_str(match report.is_sound() {
        true => "the lake holds all of it\n",
        false => "the lake does not hold all of it; run the same ingest again, or restore it\n",
    });
    page
}

/// The report for programs.
fn object(report: &Verification) -> Value {
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &str| Value::String(text.to_owned());
    let numbers = |fields: &[(&str, u64)]| {
        Value::Record(
            fields
                .iter()
                .map(|(name, number)| ((*name).to_owned(), long(*number)))
                .collect(),
        )
    };
    let (objects, records, columns) = (&report.objects, &report.records, &report.columns);
    let finding = |finding: &ingest::verify::Finding| {
        let (index, at) = match finding.place {
            Place::Index(index) => (long(index), Value::Null),
            Place::Byte(at) => (Value::Null, long(at)),
        };
        let (what, column) = match &finding.what {
            What::Missing => ("missing", Value::Null),
            What::NotSetAside => ("not set aside", Value::Null),
            What::Different { column } => ("different", text(column)),
        };
        json_object([
            ("object", text(&finding.object)),
            ("index", index),
            ("at", at),
            ("what", text(what)),
            ("column", column),
        ])
    };
    let problem = |problem: &ingest::Problem| {
        json_object([
            ("object", text(&problem.object)),
            ("at", problem.at.map_or(Value::Null, long)),
            ("reason", text(&problem.reason.to_string())),
        ])
    };
    json_object([
        ("sound", Value::Boolean(report.is_sound())),
        ("version", long(report.version)),
        (
            "objects",
            numbers(&[
                ("found", objects.found),
                ("unselected", objects.unselected),
                ("read", objects.read),
                ("broken", objects.broken),
                ("skipped", objects.skipped),
                ("failed", objects.failed),
            ]),
        ),
        (
            "records",
            numbers(&[
                ("read", records.read),
                ("found", records.found),
                ("folded", records.folded),
                ("set_aside", records.set_aside),
                ("missing", records.missing),
            ]),
        ),
        ("bytes", long(report.bytes)),
        (
            "columns",
            numbers(&[
                ("rows", columns.rows),
                ("made", columns.made),
                ("equal", columns.equal),
                ("different", columns.different),
            ]),
        ),
        ("others", long(report.others)),
        (
            "findings",
            Value::Array(report.findings.iter().map(finding).collect()),
        ),
        ("more_findings", long(report.more_findings)),
        (
            "problems",
            Value::Array(report.problems.iter().map(problem).collect()),
        ),
        ("more_problems", long(report.more_problems)),
    ])
}
