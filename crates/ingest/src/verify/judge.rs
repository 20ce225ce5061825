//! What the columns of a record must hold, read from its text by `serde_json` alone: neither the scanner nor the
//! flattener that filled the columns has a part in it. The exceptions are strings with lone surrogates, which
//! `serde_json` refuses, and times in other forms than CloudTrail's own.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use arrow::temporal_conversions::timestamp_us_to_datetime;
use lake::cloudtrail::{JSON_LIMIT, LAYOUT, OVER_LIMIT, house};
use lake::{Column, File, Kind};
use serde_json::value::RawValue;

use crate::key::Key;
use crate::time::{self, Instant};

/// How CloudTrail writes times.
const TIME: &str = "%Y-%m-%dT%H:%M:%SZ";

/// The declared columns as a tree of keys.
pub(crate) struct Judge {
    columns: Vec<Column>,
    account: Option<usize>,
    root: Node,
}

#[derive(Default)]
struct Node {
    column: Option<usize>,
    below: BTreeMap<String, Node>,
}

impl Node {
    /// Visits the columns below.
    fn each_below(&self, visit: &mut impl FnMut(usize)) {
        for node in self.below.values() {
            node.column.iter().for_each(|place| visit(*place));
            node.each_below(visit);
        }
    }
}

/// What a column must hold.
#[derive(Clone, Debug, PartialEq)]
enum Due<'a> {
    Null,
    /// A value of another form than the column takes: null, and named in `mistyped`.
    Other,
    Text(Cow<'a, str>),
    Boolean(bool),
    Long(i64),
    /// A time in CloudTrail's form: the stored one must print as it.
    Clock(Cow<'a, str>),
    /// A time in another form, named in `mistyped`.
    Time(i64),
}

/// How a row compares with its record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// Comparisons made.
    pub(crate) made: u64,
    /// The columns that hold something else.
    pub(crate) different: Vec<String>,
}

impl Judge {
    pub(crate) fn new(columns: &[Column]) -> Judge {
        let mut root = Node::default();
        for (place, column) in columns.iter().enumerate() {
            let mut node = &mut root;
            for key in &column.path {
                node = node.below.entry(key.clone()).or_default();
            }
            node.column = Some(place);
        }
        Judge {
            columns: columns.to_vec(),
            account: columns
                .iter()
                .position(|column| column.path == ["recipientAccountId"]),
            root,
        }
    }

    /// Compares a row of `file` with what its own `content` says. Columns that the lake declared after the file was
    /// written are not in it, and nothing reads them from it.
    pub(crate) fn verdict(&self, rows: &RecordBatch, row: usize, file: &File) -> Verdict {
        let content = text(rows, house::CONTENT, row).unwrap_or_default();
        let due = self.due(content);
        let mut verdict = Verdict::default();
        let mut names: Vec<&str> = (content.len() > JSON_LIMIT)
            .then_some(OVER_LIMIT)
            .into_iter()
            .collect();
        let there = |column: &Column| column.since <= file.layout.max(LAYOUT);
        for (column, due) in self
            .columns
            .iter()
            .zip(&due)
            .filter(|(column, _)| there(column))
        {
            if matches!(due, Due::Other | Due::Time(_)) {
                names.push(&column.name);
            }
            verdict.enter(&column.name, holds(rows, &column.name, row, due));
        }
        let names = (!names.is_empty()).then(|| names.join(","));
        let mistyped = text(rows, house::MISTYPED, row) == names.as_deref();
        verdict.enter(house::MISTYPED, mistyped);

        // Where the record does not name its account, the path of its object may.
        let source = Key::of(text(rows, house::SOURCE, row).unwrap_or_default());
        let account = match self.account.and_then(|place| due.get(place)) {
            Some(Due::Text(account)) => Some(account.as_ref()),
            _ => source.account.as_deref(),
        };
        let stored = text(rows, house::ACCOUNT_ID, row);
        verdict.enter(house::ACCOUNT_ID, stored == account);
        let day = micros(rows, "event_time", row).map(|time| time.div_euclid(86_400_000_000));
        verdict.enter(house::EVENT_DATE, day == file.date.map(i64::from));
        verdict
    }

    fn due<'a>(&self, content: &'a str) -> Vec<Due<'a>> {
        let mut due = vec![Due::Null; self.columns.len()];
        self.walk(&self.root, content, &mut due);
        due
    }

    fn walk<'a>(&self, node: &Node, raw: &'a str, due: &mut Vec<Due<'a>>) {
        if raw.starts_with('[') {
            // Columns hold nothing of its elements.
            node.each_below(&mut |place| due[place] = Due::Other);
            return;
        }
        if node.below.is_empty() || !raw.starts_with('{') {
            return;
        }
        for (key, raw) in members(raw) {
            let Some(node) = node.below.get(&*key) else {
                continue;
            };
            if let Some(place) = node.column {
                due[place] = value(self.columns[place].kind, raw);
            }
            self.walk(node, raw, due);
        }
    }
}

impl Verdict {
    fn enter(&mut self, column: &str, equal: bool) {
        self.made += 1;
        if !equal {
            self.different.push(column.to_owned());
        }
    }
}

/// The members of an object, of several with one name the last.
fn members(raw: &str) -> HashMap<Cow<'_, str>, &str> {
    if let Ok(members) = serde_json::from_str::<HashMap<String, &RawValue>>(raw) {
        let member = |(key, value): (String, _)| (Cow::Owned(key), RawValue::get(value));
        return members.into_iter().map(member).collect();
    }
    // A name with a lone surrogate.
    let members = json::members(raw).ok().flatten();
    members.unwrap_or_default().into_iter().collect()
}

/// What a column of this kind must hold where the record has this value.
fn value(kind: Kind, raw: &str) -> Due<'_> {
    match (kind, raw.as_bytes().first()) {
        (_, Some(b'n') | None) => Due::Null,
        (Kind::Json, _) => Due::Text(raw.into()),
        (Kind::Text, Some(b'"')) => Due::Text(string(raw)),
        (Kind::Boolean, Some(b't')) => Due::Boolean(true),
        (Kind::Boolean, Some(b'f')) => Due::Boolean(false),
        (Kind::Long, Some(b'-' | b'0'..=b'9')) => {
            let whole = !raw.contains(['.', 'e', 'E']);
            match raw.parse().ok().filter(|_| whole) {
                Some(long) => Due::Long(long),
                None => Due::Other,
            }
        }
        (Kind::Timestamp, Some(b'"')) => {
            let text = string(raw);
            match time::parse(text.as_bytes()) {
                Instant::Exact(_) => Due::Clock(text),
                Instant::Other(micros) => Due::Time(micros),
                Instant::Absurd => Due::Other,
            }
        }
        _ => Due::Other,
    }
}

fn string(raw: &str) -> Cow<'_, str> {
    match serde_json::from_str::<String>(raw) {
        Ok(text) => text.into(),
        Err(_) => json::as_string(raw).unwrap_or_default(),
    }
}

fn holds(rows: &RecordBatch, column: &str, row: usize, due: &Due<'_>) -> bool {
    let stored = |array: &dyn Array| array.is_valid(row);
    let Some(array) = rows.column_by_name(column) else {
        return false;
    };
    match due {
        Due::Null | Due::Other => !stored(array),
        Due::Text(due) => text(rows, column, row) == Some(due),
        Due::Boolean(due) => array
            .as_boolean_opt()
            .is_some_and(|array| stored(array) && array.value(row) == *due),
        Due::Long(due) => array
            .as_primitive_opt::<Int64Type>()
            .is_some_and(|array| stored(array) && array.value(row) == *due),
        Due::Time(due) => micros(rows, column, row) == Some(*due),
        Due::Clock(due) => micros(rows, column, row)
            .and_then(timestamp_us_to_datetime)
            .is_some_and(|time| time.format(TIME).to_string() == **due),
    }
}

/// A text of a row.
pub(crate) fn text<'a>(rows: &'a RecordBatch, column: &str, row: usize) -> Option<&'a str> {
    let array = rows.column_by_name(column)?.as_string_view_opt()?;
    array.is_valid(row).then(|| array.value(row))
}

/// A time of a row.
pub(crate) fn micros(rows: &RecordBatch, column: &str, row: usize) -> Option<i64> {
    let array = rows.column_by_name(column)?;
    let array = array.as_primitive_opt::<TimestampMicrosecondType>()?;
    array.is_valid(row).then(|| array.value(row))
}
