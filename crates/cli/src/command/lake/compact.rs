//! `trailsift lake compact`: the plan, the work, the accounts.

use std::fmt::Write;
use std::time::{Duration, Instant};

use ::lake::{Lake, Packing};
use engine::Value;
use ingest::compact::{self, Options, Report, Task};

use super::info;
use super::progress::Told;
use crate::allocator;
use crate::args::{Compact, Summary};
use crate::command::print;
use crate::exit::Exit;
use crate::human;
use crate::output::{json_object, json_text};
use crate::runtime;
use crate::say::Voice;

pub(super) fn run(args: Compact, voice: &Voice) -> anyhow::Result<Exit> {
    allocator::gives_back_soon();
    let location = runtime::location(&args.lake)?.to_owned();
    let settings = runtime::settings(&args.resources, &args.lake);
    let s3 = settings.s3.clone();
    let mut options = Options::default();
    options.target = args.target_size.map_or(options.target, |size| size as u64);
    if args.dense {
        options.packing = Packing::Dense;
    }
    options.memory = args.resources.memory.unwrap_or(options.memory);
    options.threads = args.resources.threads.unwrap_or(options.threads);
    if args.dry_run {
        let (target, packing) = (options.target, options.packing);
        let tasks = runtime::run(&settings, async move {
            let snapshot = Lake::open_with(&location, &s3).await?.snapshot().await?;
            Ok(compact::plan(&snapshot, target, packing))
        })?;
        return plan(&tasks, args.format, voice);
    }
    let told = Told::new(*voice);
    let (began, telling) = (Instant::now(), told.clone());
    let report = runtime::run(&settings, async move {
        let lake = Lake::open_existing_with(&location, &s3).await?;
        Ok(compact::compact(&lake, &options, telling).await?)
    });
    told.end();
    let report = report?;
    match args.format {
        Summary::Table => voice.say(&page(&report, began.elapsed())),
        Summary::Json => print(&format!("{}\n", json_text(&object(&report))))?,
    }
    for trouble in &report.troubles {
        voice.warning(&format!("the merged files are in the lake, but {trouble}"));
    }
    for (day, fault) in &report.faults {
        voice.failure(&format!("{} is left as it was: {fault}", name(*day)));
    }
    Ok(match report.faults.is_empty() {
        true => Exit::Fine,
        false => Exit::Failed,
    })
}

/// What would be done.
fn plan(tasks: &[Task], format: Summary, voice: &Voice) -> anyhow::Result<Exit> {
    match format {
        Summary::Table => {
            let mut page = String::new();
            for task in tasks {
                let _ = writeln!(
                    page,
                    "{:<10} {} of {} and {} would become {}",
                    name(task.date),
                    human::counted(task.files.len() as u64, "file"),
                    human::counted(task.rows(), "event"),
                    human::bytes(task.bytes()),
                    task.outputs
                );
            }
            print(&page)?;
        }
        Summary::Json => {
            let days = tasks.iter().map(|task| {
                json_object([
                    ("day", day(task.date)),
                    ("files", long(task.files.len() as u64)),
                    ("bytes", long(task.bytes())),
                    ("events", long(task.rows())),
                    ("outputs", long(task.outputs as u64)),
                ])
            });
            let days = json_object([("days", Value::Array(days.collect()))]);
            print(&format!("{}\n", json_text(&days)))?;
        }
    }
    if tasks.is_empty() {
        voice.say("every day is well formed: there is nothing to do");
    }
    Ok(Exit::Fine)
}

/// Files, bytes and events before and after.
struct Sums {
    before: (u64, u64),
    after: (u64, u64),
    rows: u64,
}

fn sums(report: &Report) -> Sums {
    let mut sums = Sums {
        before: (0, 0),
        after: (0, 0),
        rows: 0,
    };
    for day in &report.days {
        sums.before.0 += day.before.0;
        sums.before.1 += day.before.1;
        sums.after.0 += day.after.0;
        sums.after.1 += day.after.1;
        sums.rows += day.rows;
    }
    sums
}

/// The report for people.
fn page(report: &Report, elapsed: Duration) -> String {
    if report.days.is_empty() && report.overtaken.is_empty() && report.faults.is_empty() {
        return "every day is well formed: nothing was done".to_owned();
    }
    let sums = sums(report);
    let mut page = format!(
        "days     {} compacted in {}\nfiles    {} became {}\nbytes    {} became {}\nevents   {}, as many after as before\n",
        human::count(report.days.len() as u64),
        human::elapsed(elapsed),
        human::count(sums.before.0),
        human::count(sums.after.0),
        human::bytes(sums.before.1),
        human::bytes(sums.after.1),
        human::count(sums.rows),
    );
    if !report.overtaken.is_empty() {
        let days: Vec<String> = report.overtaken.iter().map(|day| name(*day)).collect();
        let _ = writeln!(
            page,
            "left     {}: another compaction was quicker",
            days.join(", ")
        );
    }
    page
}

fn object(report: &Report) -> Value {
    let sums = sums(report);
    let figures = |(files, bytes)| json_object([("files", long(files)), ("bytes", long(bytes))]);
    let failed = report.faults.iter().map(|(date, _)| day(*date));
    json_object([
        ("days", long(report.days.len() as u64)),
        ("before", figures(sums.before)),
        ("after", figures(sums.after)),
        ("events", long(sums.rows)),
        (
            "overtaken",
            Value::Array(report.overtaken.iter().map(|date| day(*date)).collect()),
        ),
        ("failed", Value::Array(failed.collect())),
    ])
}

/// A day as people write it.
fn name(day: Option<i32>) -> String {
    day.map_or_else(|| "no time".to_owned(), |_| info::date(day))
}

fn long(number: u64) -> Value {
    Value::Long(i64::try_from(number).unwrap_or(i64::MAX))
}

fn day(date: Option<i32>) -> Value {
    date.map_or(Value::Null, |_| Value::String(name(date)))
}
