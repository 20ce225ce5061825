//! `grail`: the result object of the Grail Query API, with `records`, `types` and `metadata`. Longs and durations are
//! strings there, the latter in nanoseconds; instants are in the time zone of the query.

use std::io::{self, Write};

use engine::{OutputField, Timeframe, Value};
use jiff::tz::TimeZone;
use syntax::{Diagnostic, Severity};
use uuid::Uuid;

use super::shape::{Shape, range};
use super::{Closing, Output, json_object, json_text, time};

/// A result object.
pub(super) struct Grail {
    fields: Vec<OutputField>,
    zone: TimeZone,
    records: usize,
    /// The types of the records since `since`.
    shapes: Option<Vec<Shape>>,
    since: usize,
    types: Vec<Value>,
}

impl Grail {
    pub(super) fn new(fields: Vec<OutputField>, zone: TimeZone) -> Grail {
        Grail {
            fields,
            zone,
            records: 0,
            shapes: None,
            since: 0,
            types: Vec::new(),
        }
    }

    /// Notes the types of the next record.
    fn note(&mut self, row: &[Value]) {
        let row: Vec<Shape> = self
            .fields
            .iter()
            .zip(row)
            .map(|(field, value)| Shape::of(value, &field.ty))
            .collect();
        if let Some(shapes) = &mut self.shapes {
            let mut both = shapes.clone();
            if both
                .iter_mut()
                .zip(&row)
                .all(|(shape, new)| shape.take(new))
            {
                *shapes = both;
                return;
            }
            self.close();
        }
        self.shapes = Some(row);
        self.since = self.records;
    }

    /// Ends the range of records with the same types.
    fn close(&mut self) {
        if let Some(shapes) = self.shapes.take() {
            let names = self.fields.iter().map(|field| field.name.clone());
            let mappings = names.zip(shapes.iter().map(Shape::mapping)).collect();
            self.types
                .push(range(self.since, self.records.saturating_sub(1), mappings));
        }
    }

    /// The value as the API spells it.
    fn spelled(&self, value: Value) -> Value {
        let text = |text: String| Value::String(text);
        let stamp = |nanos| Value::String(time::stamp(nanos, &self.zone, 9));
        match value {
            Value::Long(long) => text(long.to_string()),
            Value::Duration(nanos) => text(nanos.to_string()),
            Value::Timestamp(nanos) => stamp(nanos),
            Value::Timeframe(start, end) => {
                json_object([("start", stamp(start)), ("end", stamp(end))])
            }
            Value::Array(elements) => Value::Array(
                elements
                    .into_iter()
                    .map(|element| self.spelled(element))
                    .collect(),
            ),
            Value::Record(members) => {
                let member = |(key, value)| (key, self.spelled(value));
                Value::Record(members.into_iter().map(member).collect())
            }
            Value::Shown(_, shown) => *shown,
            other => other,
        }
    }

    fn metadata(&self, closing: &Closing<'_>) -> Value {
        let text = |text: &str| Value::String(text.to_owned());
        let number = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
        let (tree, _) = syntax::dql::parse(closing.query);
        let canonical = engine::canonical_query(&tree);
        let millis = u64::try_from(closing.figures.elapsed.as_millis()).unwrap_or(u64::MAX);
        let notifications = closing
            .diagnostics
            .iter()
            .map(|diagnostic| notification(closing.query, diagnostic));
        let grail = json_object([
            ("query", text(closing.query)),
            ("canonicalQuery", text(&canonical)),
            ("queryId", text(&Uuid::new_v4().to_string())),
            ("dqlVersion", text("V1_0")),
            ("timezone", text(&zone_name(&self.zone))),
            ("locale", text("und")),
            ("analysisTimeframe", analysed(closing)),
            ("executionTimeMilliseconds", number(millis)),
            ("scannedRecords", number(closing.figures.rows_scanned)),
            ("scannedBytes", number(closing.figures.bytes_scanned)),
            ("scannedDataPoints", number(0)),
            ("sampled", Value::Boolean(false)),
            ("notifications", Value::Array(notifications.collect())),
        ]);
        json_object([("grail", grail), ("metrics", Value::Array(Vec::new()))])
    }
}

impl Output for Grail {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        let mut line = String::new();
        for row in rows {
            self.note(&row);
            line.clear();
            line.push_str(if self.records == 0 {
                "{\"records\":[\n"
            } else {
                ",\n"
            });
            let row: Vec<Value> = row.into_iter().map(|value| self.spelled(value)).collect();
            json_text::record(
                self.fields
                    .iter()
                    .map(|field| field.name.as_str())
                    .zip(&row),
                &mut line,
            );
            out.write_all(line.as_bytes())?;
            self.records += 1;
        }
        Ok(())
    }

    fn end(&mut self, closing: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.close();
        if self.records == 0 {
            out.write_all(b"{\"records\":[")?;
        }
        let types = json_text(&Value::Array(std::mem::take(&mut self.types)));
        writeln!(
            out,
            "],\n\"types\":{types},\n\"metadata\":{}}}",
            json_text(&self.metadata(closing))
        )
    }
}

/// The timeframe, in UTC whatever the time zone. A query without one has an end all the same: clients expect both.
fn analysed(closing: &Closing<'_>) -> Value {
    let Timeframe { from, to } = closing.timeframe;
    let end = to.unwrap_or(closing.now);
    json_object([
        ("start", Value::Timestamp(from.unwrap_or(end))),
        ("end", Value::Timestamp(end)),
    ])
}

fn zone_name(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some(name) => name.to_owned(),
        None => zone
            .to_fixed_offset()
            .map_or_else(|_| "UTC".to_owned(), |offset| offset.to_string()),
    }
}

fn notification(query: &str, diagnostic: &Diagnostic) -> Value {
    let text = |text: &str| Value::String(text.to_owned());
    let severity = match diagnostic.severity {
        Severity::Info => "INFO",
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    };
    // The end is included, so it is where the last character begins.
    let span = diagnostic.span;
    let last = query
        .get(span.range())
        .and_then(|part| part.char_indices().next_back());
    let end = span.start + last.map_or(0, |(offset, _)| offset);
    json_object([
        ("severity", text(severity)),
        ("notificationType", text(diagnostic.code.text())),
        ("message", text(&diagnostic.message)),
        (
            "syntaxPosition",
            json_object([
                ("start", position(query, span.start)),
                ("end", position(query, end)),
            ]),
        ),
    ])
}

/// Lines and columns count from 1, the index from 0, all in characters.
fn position(query: &str, offset: usize) -> Value {
    let (line, column) = syntax::render::position(query, offset);
    let index = query
        .char_indices()
        .take_while(|(place, _)| *place < offset)
        .count();
    let long = |number: usize| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    json_object([
        ("line", long(line)),
        ("column", long(column)),
        ("index", long(index)),
    ])
}

#[cfg(test)]
mod tests;
