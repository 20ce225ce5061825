//! The report for programs: one JSON object. Times are in seconds, sizes in bytes.

use std::time::Duration;

use engine::Value;

use super::machine::Machine;
use super::measure::{Measured, Runs};
use super::question::{Body, Question};
use super::report::{Archive, Ingested, Outcome, Report};
use crate::output::{json_object, json_text};

/// The report's text.
pub(super) fn text(report: &Report) -> String {
    format!("{}\n", json_text(&object(report)))
}

fn object(report: &Report) -> Value {
    let needles = &report.needles;
    let rare = |value: &Option<(String, u64)>| {
        value.as_ref().map_or(Value::Null, |(value, events)| {
            json_object([("value", string(value)), ("events", long(*events))])
        })
    };
    let questions = report
        .questions
        .iter()
        .map(|(asked, outcome)| question(report, asked, outcome));
    json_object([
        ("program", program(&report.machine)),
        ("machine", machine(&report.machine)),
        ("began", Value::Timestamp(nanos(&report.machine))),
        ("seconds", seconds(report.elapsed)),
        (
            "runs",
            json_object([
                ("warm", long(u64::from(report.rounds))),
                ("cold", long(u64::from(report.cold_rounds))),
                ("cold_is", string(report.cold.words())),
                ("threads", long(report.threads as u64)),
                (
                    "memory_bytes",
                    or_null(report.memory, |bytes| long(bytes as u64)),
                ),
                ("now", Value::Timestamp(report.now)),
            ]),
        ),
        ("archive", or_null(report.archive.as_ref(), archive)),
        ("ingest", or_null(report.ingest.as_ref(), ingest)),
        ("lake", lake(report)),
        (
            "needles",
            json_object([
                ("event_id", or_null(needles.event_id.as_deref(), string)),
                ("substring", or_null(needles.substring().as_deref(), string)),
                ("access_key", rare(&needles.access_key)),
                ("address", rare(&needles.address)),
            ]),
        ),
        (
            "notes",
            Value::Array(report.notes.iter().map(|note| string(note)).collect()),
        ),
        ("questions", Value::Array(questions.collect())),
    ])
}

fn program(machine: &Machine) -> Value {
    json_object([
        ("name", string("trailsift")),
        ("version", string(machine.version)),
        ("commit", or_null(machine.commit, string)),
        ("optimised", Value::Boolean(!machine.debug)),
    ])
}

fn machine(machine: &Machine) -> Value {
    json_object([
        ("cores", long(machine.cores)),
        ("processor", or_null(machine.processor.as_deref(), string)),
        ("memory_bytes", long(machine.memory)),
        ("system", string(&machine.system)),
        ("architecture", string(&machine.architecture)),
        ("load_before", Value::Double(machine.load)),
    ])
}

fn nanos(machine: &Machine) -> i64 {
    i64::try_from(machine.began.as_nanosecond()).unwrap_or(i64::MAX)
}

fn archive(archive: &Archive) -> Value {
    let (options, made) = (&archive.options, &archive.made);
    json_object([
        ("events_asked", long(options.events)),
        ("seed", long(options.seed)),
        ("days", long(u64::from(options.days))),
        ("accounts", long(u64::from(options.accounts))),
        ("regions", long(u64::from(options.regions))),
        ("objects", long(made.files)),
        ("records", long(made.records)),
        ("repeats", long(made.repeats)),
        ("json_bytes", long(made.bytes)),
        ("bytes", long(made.compressed)),
        ("seconds", seconds(archive.elapsed)),
        ("made_before", Value::Boolean(archive.again)),
    ])
}

fn ingest(ingested: &Ingested) -> Value {
    let report = &ingested.report;
    let (records, bytes) = (&report.records, &report.bytes);
    let speed = crate::human::per_second(records.read, ingested.elapsed);
    json_object([
        ("seconds", seconds(ingested.elapsed)),
        ("events_per_second", long(speed)),
        ("cpu_seconds", or_null(ingested.processor, seconds)),
        ("peak_bytes", or_null(ingested.peak, long)),
        ("records_read", long(records.read)),
        ("records_written", long(records.written)),
        ("records_folded", long(records.folded)),
        ("records_rejected", long(records.rejected)),
        ("bytes_read", long(bytes.stored)),
        ("json_bytes", long(bytes.unpacked)),
        ("bytes_written", long(bytes.written)),
        ("files", long(report.files)),
    ])
}

fn lake(report: &Report) -> Value {
    let lake = &report.lake;
    let end = |end: fn((i64, i64)) -> i64| {
        or_null(lake.time, |span| {
            Value::Timestamp(end(span).saturating_mul(1_000))
        })
    };
    json_object([
        ("location", string(&report.location)),
        ("version", long(lake.version)),
        ("events", long(lake.events)),
        ("events_of_last_30_minutes", or_null(report.window, long)),
        ("files", long(lake.files)),
        ("bytes", long(lake.bytes)),
        ("from", end(|(first, _)| first)),
        ("to", end(|(_, last)| last)),
    ])
}

fn question(report: &Report, question: &Question, outcome: &Outcome) -> Value {
    let (measured, why) = match outcome {
        Outcome::Measured(measured) => (Some(measured.as_ref()), None),
        Outcome::Skipped(why) | Outcome::Failed(why) => (None, Some(why.as_str())),
    };
    let became = match outcome {
        Outcome::Measured(_) => "measured",
        Outcome::Skipped(_) => "skipped",
        Outcome::Failed(_) => "failed",
    };
    let rules = match &question.body {
        Body::Query(_) => Value::Null,
        Body::Rules(rules) => {
            let ids = rules.iter().map(|rule| string(&rule.rule.about.id));
            Value::Array(ids.collect())
        }
    };
    let mut members = vec![
        ("name", string(&question.name)),
        ("family", string(question.family.name())),
        ("query", or_null(question.text(), string)),
        ("rules", rules),
        ("outcome", string(became)),
        ("why", or_null(why, string)),
    ];
    if let Some(measured) = measured {
        members.extend(figures(report, question, measured));
    }
    let member = |(key, value): (&str, Value)| (key.to_owned(), value);
    Value::Record(members.into_iter().map(member).collect())
}

fn figures(
    report: &Report,
    question: &Question,
    measured: &Measured,
) -> Vec<(&'static str, Value)> {
    let figures = &measured.figures;
    vec![
        ("records", long(measured.records)),
        ("answer", string(&format!("{:016x}", measured.checksum))),
        ("ordered", Value::Boolean(question.ordered)),
        ("cold", runs(&measured.cold)),
        ("opening", runs(&measured.opening)),
        ("warm", runs(&measured.warm)),
        ("events", or_null(report.events(question), long)),
        (
            "events_per_second",
            or_null(report.per_second(question, measured), long),
        ),
        ("cpu_seconds", or_null(measured.processor, seconds)),
        ("resident_before_bytes", or_null(measured.resident, long)),
        ("peak_bytes", or_null(measured.peak, long)),
        ("disk_bytes", or_null(measured.from_disk, long)),
        ("files", long(figures.files)),
        ("files_read", long(figures.files_read)),
        ("row_groups", long(figures.row_groups)),
        ("row_groups_pruned", long(figures.row_groups_pruned)),
        ("rows_pruned", long(figures.rows_pruned)),
        ("rows_scanned", long(figures.rows_scanned)),
        ("bytes_scanned", long(figures.bytes_scanned)),
        ("json_bytes_parsed", long(figures.json_bytes_parsed)),
    ]
}

fn runs(runs: &Runs) -> Value {
    or_null(runs.median(), |median| {
        let each = runs.0.iter().copied().map(seconds);
        json_object([
            ("median_seconds", seconds(median)),
            ("least_seconds", or_null(runs.least(), seconds)),
            ("most_seconds", or_null(runs.most(), seconds)),
            ("seconds", Value::Array(each.collect())),
        ])
    })
}

fn or_null<T>(value: Option<T>, shown: impl FnOnce(T) -> Value) -> Value {
    value.map_or(Value::Null, shown)
}

fn string(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn long(number: u64) -> Value {
    Value::Long(i64::try_from(number).unwrap_or(i64::MAX))
}

fn seconds(time: Duration) -> Value {
    Value::Double(time.as_secs_f64())
}
