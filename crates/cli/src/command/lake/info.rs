//! `trailsift lake info`: what a lake holds, and what in it is out of the ordinary.

use ::lake::{Day, Info, Lake};
use engine::{Engine, Settings, Value};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::args::{LakeArg, Summary};
use crate::command::print;
use crate::escape::visible;
use crate::exit::Exit;
use crate::human;
use crate::output::{json_object, json_text};
use crate::runtime;
use crate::s3;

pub(super) fn run(lake: &LakeArg, format: Summary) -> anyhow::Result<Exit> {
    let location = runtime::location(lake)?.to_owned();
    let settings = Settings {
        s3: s3::reached(&lake.s3),
        ..Settings::default()
    };
    let (info, rejected) = runtime::run(&settings.clone(), async move {
        let lake = Lake::open_with(&location, &settings.s3).await?;
        let rejected = lake.count_rejected().await?;
        let engine = Engine::open(&location, settings).await?;
        Ok((engine.info().unwrap_or_default(), rejected))
    })?;
    print(&match format {
        Summary::Table => page(&info, rejected),
        Summary::Json => format!("{}\n", json_text(&figures(&info, rejected))),
    })?;
    Ok(Exit::Fine)
}

/// The figures for people: only those that tell something.
fn page(info: &Info, rejected: u64) -> String {
    let time = match info.time {
        Some((first, last)) => format!("{} to {}", stamp(first), stamp(last)),
        None => "no event has a time".to_owned(),
    };
    let files = format!("{}, {}", human::count(info.files), human::bytes(info.bytes));
    let buckets: Vec<&str> = info.buckets.iter().map(String::as_str).collect();
    let mut lines = vec![
        ("events", human::count(info.events)),
        ("time", time),
        ("files", files),
        ("buckets", buckets.join(", ")),
        ("version", human::count(info.version)),
    ];
    let notes = notes(info, rejected).into_iter().enumerate();
    lines.extend(notes.map(|(place, note)| (if place == 0 { "notes" } else { "" }, note)));
    let mut page = String::new();
    for (name, text) in lines.iter().filter(|(_, text)| !text.is_empty()) {
        page.push_str(&format!("{name:<9}{}\n", visible(text)));
    }
    page.push_str(&days(info));
    page
}

/// What is out of the ordinary.
fn notes(info: &Info, rejected: u64) -> Vec<String> {
    const TEXT: &str = "answered from the records' text";
    let mut notes = Vec::new();
    let mut note = |number: u64, thing: &str, what: &str| {
        if number > 0 {
            notes.push(format!("{} {what}", human::counted(number, thing)));
        }
    };
    let untimed = "without a usable time: a query with a timeframe leaves them out";
    note(info.undated, "event", untimed);
    let conflict = "with the id of another one and other content, flagged";
    note(info.conflicts, "event", conflict);
    let aside = "that can't be rows, set aside in the folder `rejected`";
    note(rejected, "record", aside);
    let foreign = format!("rewritten by another engine, {TEXT}");
    note(info.foreign, "file", &foreign);
    for (column, rows) in &info.mistyped {
        let what = match column.as_str() {
            ::lake::cloudtrail::OVER_LIMIT => {
                "over DQL's limit for JSON, which `parse` gives null for".to_owned()
            }
            column => format!("with another form of value in {column}, {TEXT}"),
        };
        note(*rows, "event", &what);
    }
    notes
}

/// The days, each with a bar as long as its share of the day with the most events.
fn days(info: &Info) -> String {
    const BAR: u64 = 40;
    let most = info
        .days
        .values()
        .map(|day| day.events)
        .max()
        .unwrap_or(0)
        .max(1);
    let mut page = String::new();
    for (day, figures) in &info.days {
        let filled = (figures.events * BAR).div_ceil(most) as usize;
        let bar = "█".repeat(filled);
        let line = format!(
            "{:<10} {:>12} {:>5} {:>9}  {bar}",
            date(*day),
            human::count(figures.events),
            human::count(figures.files),
            human::bytes(figures.bytes)
        );
        page.push_str(line.trim_end());
        page.push('\n');
    }
    match page.is_empty() {
        true => page,
        false => format!(
            "\n{:<10} {:>12} {:>5} {:>9}\n{page}",
            "day", "events", "files", "bytes"
        ),
    }
}

fn figures(info: &Info, rejected: u64) -> Value {
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &str| Value::String(text.to_owned());
    let micros = |micros: i64| Value::Timestamp(micros.saturating_mul(1_000));
    let time = |end: fn((i64, i64)) -> i64| info.time.map_or(Value::Null, |span| micros(end(span)));
    let day = |(day, figures): (&Option<i32>, &Day)| {
        json_object([
            ("day", day.map_or(Value::Null, |day| text(&date(Some(day))))),
            ("events", long(figures.events)),
            ("files", long(figures.files)),
            ("bytes", long(figures.bytes)),
        ])
    };
    let mistyped = info
        .mistyped
        .iter()
        .map(|(column, rows)| (column.clone(), long(*rows)));
    json_object([
        ("version", long(info.version)),
        ("events", long(info.events)),
        ("files", long(info.files)),
        ("bytes", long(info.bytes)),
        ("from", time(|(first, _)| first)),
        ("to", time(|(_, last)| last)),
        ("undated", long(info.undated)),
        ("conflicts", long(info.conflicts)),
        ("foreign", long(info.foreign)),
        ("rejected", long(rejected)),
        ("mistyped", Value::Record(mistyped.collect())),
        (
            "buckets",
            Value::Array(info.buckets.iter().map(|bucket| text(bucket)).collect()),
        ),
        ("days", Value::Array(info.days.iter().map(day).collect())),
    ])
}

fn stamp(micros: i64) -> String {
    Timestamp::from_microsecond(micros)
        .map_or_else(|_| micros.to_string(), |timestamp| timestamp.to_string())
}

/// A day in days since 1970-01-01, or `none`.
pub(in crate::command) fn date(day: Option<i32>) -> String {
    let Some(day) = day else {
        return "none".to_owned();
    };
    let days = Span::new().try_days(day);
    let date = days.and_then(|days| Date::constant(1970, 1, 1).checked_add(days));
    date.map_or_else(|_| day.to_string(), |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Info {
        let mut info = Info {
            version: 3,
            files: 2,
            bytes: 1_500,
            events: 30,
            time: Some((1_732_729_408_000_000, 1_732_729_409_500_000)),
            ..Info::default()
        };
        info.buckets.insert("default_logs".to_owned());
        info.days.insert(
            Some(20_054),
            Day {
                files: 1,
                bytes: 1_000,
                events: 20,
            },
        );
        info.days.insert(
            None,
            Day {
                files: 1,
                bytes: 500,
                events: 10,
            },
        );
        info
    }

    #[test]
    fn the_page_tells_what_there_is() {
        // Day 20,054 is 2024-11-27.
        let expected = "\
events   30
time     2024-11-27T17:43:28Z to 2024-11-27T17:43:29.5Z
files    2, 1.5 kB
buckets  default_logs
version  3

day              events files     bytes
none                 10     1     500 B  ████████████████████
2024-11-27           20     1    1.0 kB  ████████████████████████████████████████
";
        assert_eq!(page(&sample(), 0), expected);
    }

    #[test]
    fn figures_as_json() {
        assert_eq!(
            json_text(&figures(&sample(), 2)),
            concat!(
                r#"{"version":3,"events":30,"files":2,"bytes":1500,"from":"2024-11-27T17:43:28.000000000Z","#,
                r#""to":"2024-11-27T17:43:29.500000000Z","undated":0,"conflicts":0,"foreign":0,"rejected":2,"mistyped":{},"#,
                r#""buckets":["default_logs"],"days":[{"day":null,"events":10,"files":1,"bytes":500},"#,
                r#"{"day":"2024-11-27","events":20,"files":1,"bytes":1000}]}"#
            )
        );
    }
}
