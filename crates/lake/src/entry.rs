//! A data file to its entry in the table's log and back: partition, statistics and tags are texts there.

use std::collections::{BTreeMap, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

use deltalake_core::kernel::{Add, Remove};
use serde_json::{Map, Value};

use crate::Kind;
use crate::cloudtrail::house;
use crate::file::{File, Scalar, Statistics, TIME};
use crate::instant;
use crate::schema::statistics_columns;

/// The tags of a file. Other engines keep them or drop them; they never change them.
mod tag {
    /// The layout it was written under. Where this is missing, another engine wrote the file.
    pub(super) const LAYOUT: &str = "layout";
    /// The exact least `event_time` in microseconds.
    pub(super) const TIME_MIN: &str = "time_min";
    /// The exact greatest `event_time` in microseconds.
    pub(super) const TIME_MAX: &str = "time_max";
    /// A JSON object: column to mistyped rows.
    pub(super) const MISTYPED: &str = "mistyped";
    /// The rows with a conflict.
    pub(super) const CONFLICTS: &str = "conflicts";
    /// Whether its records are packed densely: `dense`, or missing.
    pub(super) const PACKING: &str = "packing";
    /// A JSON array of the buckets.
    pub(super) const BUCKETS: &str = "buckets";
}

/// What the tag says of a file that is packed densely.
const DENSE: &str = "dense";

/// The entry that adds `file`.
pub(crate) fn add(file: &File) -> Add {
    Add {
        path: file.path.clone(),
        partition_values: partition_values(file),
        size: signed(file.size),
        modification_time: now(),
        data_change: true,
        stats: Some(stats(file)),
        tags: Some(tags(file)),
        ..Add::default()
    }
}

/// The entry that removes `file`, whose events other files of the same commit hold.
pub(crate) fn remove(file: &File) -> Remove {
    Remove {
        path: file.path.clone(),
        data_change: false,
        deletion_timestamp: Some(now()),
        extended_file_metadata: Some(true),
        partition_values: Some(partition_values(file)),
        size: Some(signed(file.size)),
        ..Remove::default()
    }
}

fn partition_values(file: &File) -> HashMap<String, Option<String>> {
    let date = file.date.and_then(instant::day_text);
    HashMap::from([(house::EVENT_DATE.to_owned(), date)])
}

/// Milliseconds since 1970-01-01 UTC.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

/// The file that an entry of the log adds, as far as the log knows it.
pub(crate) fn file(add: &Add) -> File {
    let stats = add
        .stats
        .as_deref()
        .and_then(|stats| serde_json::from_str(stats).ok());
    let stats: Map<String, Value> = stats.unwrap_or_default();
    let mut statistics = parse_stats(&stats);
    let tags = |tag: &str| add.tags.as_ref()?.get(tag)?.as_deref();
    let number = |tag: &str| tags(tag)?.parse::<i64>().ok();

    let time = number(tag::TIME_MIN).zip(number(tag::TIME_MAX));
    if let Some((min, max)) = time {
        // The log's statistics are rounded to milliseconds; the tags are exact.
        let column = statistics.entry(TIME.to_owned()).or_default();
        column.min = Some(Scalar::Timestamp(min));
        column.max = Some(Scalar::Timestamp(max));
    }
    let bounds = || {
        let column = statistics.get(TIME)?;
        match (&column.min, &column.max) {
            (Some(Scalar::Timestamp(min)), Some(Scalar::Timestamp(max))) => Some((*min, *max)),
            _ => None,
        }
    };
    File {
        path: add.path.clone(),
        date: partition(add).and_then(instant::parse_day),
        size: unsigned(add.size),
        rows: stats
            .get("numRecords")
            .and_then(Value::as_u64)
            .unwrap_or_default(),
        time: time.or_else(bounds),
        mistyped: tags(tag::MISTYPED).and_then(parse).unwrap_or_default(),
        conflicts: number(tag::CONFLICTS).map(unsigned).unwrap_or_default(),
        buckets: tags(tag::BUCKETS).and_then(parse).unwrap_or_default(),
        layout: tags(tag::LAYOUT)
            .and_then(|tag| tag.parse().ok())
            .unwrap_or_default(),
        dense: tags(tag::PACKING) == Some(DENSE),
        statistics,
    }
}

fn tags(file: &File) -> HashMap<String, Option<String>> {
    let mut tags = vec![
        (tag::LAYOUT, file.layout.to_string()),
        (tag::CONFLICTS, file.conflicts.to_string()),
        (tag::MISTYPED, object(&file.mistyped)),
        (tag::BUCKETS, Value::from(file.buckets.clone()).to_string()),
    ];
    if file.dense {
        tags.push((tag::PACKING, DENSE.to_owned()));
    }
    if let Some((min, max)) = file.time {
        tags.push((tag::TIME_MIN, min.to_string()));
        tags.push((tag::TIME_MAX, max.to_string()));
    }
    let tags = tags.into_iter();
    tags.map(|(tag, value)| (tag.to_owned(), Some(value)))
        .collect()
}

/// The statistics as Delta has them.
fn stats(file: &File) -> String {
    let mut min = Map::new();
    let mut max = Map::new();
    let mut nulls = Map::new();
    for (name, column) in &file.statistics {
        let entry = |value: Option<Value>| value.map(|value| (name.clone(), value));
        min.extend(entry(
            column
                .min
                .as_ref()
                .and_then(|value| bound(value, instant::floor_text)),
        ));
        max.extend(entry(
            column
                .max
                .as_ref()
                .and_then(|value| bound(value, instant::ceil_text)),
        ));
        nulls.extend(entry(column.nulls.map(Value::from)));
    }
    let stats = [
        ("numRecords", Value::from(file.rows)),
        ("minValues", Value::from(min)),
        ("maxValues", Value::from(max)),
        ("nullCount", Value::from(nulls)),
    ];
    let stats = stats
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Value::Object(stats.collect()).to_string()
}

/// A bound as the log has it. An instant becomes milliseconds, rounded outward.
fn bound(value: &Scalar, round: fn(i64) -> Option<String>) -> Option<Value> {
    match value {
        Scalar::Text(text) => Some(Value::from(text.as_str())),
        Scalar::Boolean(boolean) => Some(Value::from(*boolean)),
        Scalar::Long(long) => Some(Value::from(*long)),
        Scalar::Timestamp(micros) => round(*micros).map(Value::from),
    }
}

fn parse_stats(stats: &Map<String, Value>) -> BTreeMap<String, Statistics> {
    let value = |part: &str, column: &str| stats.get(part)?.get(column);
    let mut columns = BTreeMap::new();
    for (_, column) in statistics_columns() {
        let name = column.name.as_str();
        let bound = |part, time| scalar(column.kind, value(part, name)?, time);
        let statistics = Statistics {
            min: bound("minValues", instant::parse_floor),
            max: bound("maxValues", instant::parse_ceil),
            nulls: value("nullCount", name).and_then(Value::as_u64),
        };
        if statistics != Statistics::default() {
            columns.insert(column.name, statistics);
        }
    }
    columns
}

fn scalar(kind: Kind, value: &Value, time: fn(&str) -> Option<i64>) -> Option<Scalar> {
    match kind {
        Kind::Text | Kind::Json => Some(Scalar::Text(value.as_str()?.to_owned())),
        Kind::Boolean => value.as_bool().map(Scalar::Boolean),
        Kind::Long => value.as_i64().map(Scalar::Long),
        Kind::Timestamp => time(value.as_str()?).map(Scalar::Timestamp),
    }
}

fn partition(add: &Add) -> Option<&str> {
    add.partition_values.get(house::EVENT_DATE)?.as_deref()
}

fn object(counts: &BTreeMap<String, u64>) -> String {
    let counts = counts
        .iter()
        .map(|(name, count)| (name.clone(), Value::from(*count)));
    Value::Object(counts.collect()).to_string()
}

fn parse<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn unsigned(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::file::Reach;

    /// What Spark leaves of a file that it has compacted: statistics in its own rounding, no tags.
    fn foreign(stats: Value) -> File {
        file(&Add {
            path: "event_date=2024-01-02/part-0.parquet".to_owned(),
            partition_values: HashMap::from([(
                house::EVENT_DATE.to_owned(),
                Some("2024-01-02".to_owned()),
            )]),
            size: 10,
            stats: Some(stats.to_string()),
            ..Add::default()
        })
    }

    /// 2024-01-02T00:00:00Z in microseconds.
    const MIDNIGHT: i64 = 1_704_153_600_000_000;

    fn meets(file: &File, from: i64, to: i64) -> bool {
        file.meets(&Reach {
            time: Some((from, to)),
            untimed: false,
        })
    }

    #[test]
    fn a_file_of_another_engine_is_of_layout_0_and_keeps_bounds_that_enclose_it() {
        let file = foreign(json!({
            "numRecords": 3,
            "minValues": {"event_time": "2024-01-02T00:00:01.000Z", "event_name": "AssumeRole"},
            "maxValues": {"event_time": "2024-01-02T00:00:02.005Z", "event_name": "ListUsers"},
            "nullCount": {"event_time": 1, "event_name": 0},
        }));
        assert_eq!((file.layout, file.rows, file.date), (0, 3, Some(19_724)));
        // 2.005 s may be 2.005999 s, cut to milliseconds.
        assert_eq!(
            file.time,
            Some((MIDNIGHT + 1_000_000, MIDNIGHT + 2_005_999))
        );
        assert!(meets(&file, MIDNIGHT + 2_005_999, i64::MAX));
        assert!(!meets(&file, MIDNIGHT + 2_006_000, i64::MAX));
        assert!(file.meets(&Reach {
            time: None,
            untimed: true
        }));
        let name = &file.statistics["event_name"];
        assert_eq!(name.max, Some(Scalar::Text("ListUsers".to_owned())));
    }

    #[test]
    fn where_the_log_says_nothing_the_day_decides_and_nothing_is_ruled_out_without_reason() {
        let file = foreign(json!({"numRecords": 3}));
        assert_eq!((file.time, file.untimed()), (None, None));
        assert!(meets(&file, MIDNIGHT, MIDNIGHT));
        assert!(!meets(&file, i64::MIN, MIDNIGHT - 1));
        assert!(file.meets(&Reach {
            time: None,
            untimed: true
        }));

        let timeless = foreign(json!({"numRecords": 3, "nullCount": {"event_time": 3}}));
        assert!(!meets(&timeless, i64::MIN, i64::MAX));
        let undated = File { date: None, ..file };
        assert!(meets(&undated, 0, 0));
    }

    #[test]
    fn statistics_that_make_no_sense_are_no_statistics() {
        let file = foreign(json!({
            "numRecords": "three",
            "minValues": {"event_time": "yesterday", "event_name": 7, "read_only": "no"},
            "nullCount": {"event_time": -1},
        }));
        assert_eq!((file.rows, file.statistics.len()), (0, 0));
        // Without a count of rows, no nulls are not all nulls.
        let uncounted = foreign(json!({"nullCount": {"event_time": 0}}));
        assert!(meets(&uncounted, MIDNIGHT, MIDNIGHT));
    }

    #[test]
    fn every_kind_of_bound_survives_the_log() {
        let both = |value: Scalar| Statistics {
            min: Some(value.clone()),
            max: Some(value),
            nulls: Some(2),
        };
        let text = "\u{0}\"\\ é \u{10FFFF}".to_owned();
        let written = File {
            path: "event_date=__HIVE_DEFAULT_PARTITION__/x.parquet".to_owned(),
            date: None,
            size: u64::from(u32::MAX) + 1,
            rows: 3,
            time: Some((-1, -1)),
            mistyped: BTreeMap::from([("*".to_owned(), 1)]),
            conflicts: 1,
            buckets: vec!["a,\"b\"".to_owned()],
            layout: 1,
            dense: true,
            statistics: BTreeMap::from([
                (TIME.to_owned(), both(Scalar::Timestamp(-1))),
                ("event_name".to_owned(), both(Scalar::Text(text))),
                ("read_only".to_owned(), both(Scalar::Boolean(false))),
            ]),
        };
        assert_eq!(file(&add(&written)), written);
    }

    #[test]
    fn the_log_has_milliseconds_that_enclose_microseconds() {
        let time = Statistics {
            min: Some(Scalar::Timestamp(MIDNIGHT + 1_500)),
            max: Some(Scalar::Timestamp(MIDNIGHT + 1_500)),
            nulls: Some(0),
        };
        let mut file = foreign(json!({"numRecords": 1}));
        file.statistics.insert(TIME.to_owned(), time);
        let stats: Value = serde_json::from_str(&stats(&file)).unwrap();
        let expected = json!({
            "numRecords": 1,
            "minValues": {"event_time": "2024-01-02T00:00:00.001Z"},
            "maxValues": {"event_time": "2024-01-02T00:00:00.002Z"},
            "nullCount": {"event_time": 0},
        });
        assert_eq!(stats, expected);
    }
}
