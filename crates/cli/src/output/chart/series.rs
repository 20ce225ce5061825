//! The lines of a result: one for each array of numbers of each record.

use engine::{OutputField, Type, Value};
use jiff::tz::TimeZone;

use super::super::{cell, sparkline};

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// What it is of, on one line that steers no terminal.
    pub(super) label: String,
    /// The start of its first bucket and the end of its last, in nanoseconds since 1970-01-01 UTC.
    pub(super) span: (i64, i64),
    /// A number a bucket; none where there is none.
    pub(super) points: Vec<Option<f64>>,
}

impl Line {
    /// The sum of the numbers, signs aside.
    pub(super) fn total(&self) -> f64 {
        self.points
            .iter()
            .flatten()
            .map(|number| number.abs())
            .sum()
    }
}

/// Whether a result with these fields holds time series: a timeframe and arrays of numbers.
pub(crate) fn is_series(fields: &[OutputField]) -> bool {
    fields.iter().any(|field| field.ty == Type::Timeframe)
        && fields
            .iter()
            .any(|field| matches!(field.ty, Type::Array(_)))
}

/// The lines of a record. Their labels are the values that it is grouped by, and the array's name where it has several.
pub(super) fn lines(fields: &[OutputField], row: &[Value], zone: &TimeZone) -> Vec<Line> {
    let mut span = None;
    let mut arrays = Vec::new();
    let mut groups = Vec::new();
    for (field, value) in fields.iter().zip(row) {
        match (value, &field.ty) {
            (Value::Timeframe(start, end), _) if span.is_none() => span = Some((*start, *end)),
            (Value::Array(elements), Type::Array(_)) => {
                arrays.extend(sparkline::numbers(elements).map(|points| (&field.name, points)));
            }
            (Value::Duration(_), _) if field.name == "interval" => {}
            (_, Type::Array(_)) => {}
            _ => groups.push(cell::text(value, zone, 0)),
        }
    }
    let Some(span) = span else {
        return Vec::new();
    };
    let several = arrays.len() > 1;
    let group = groups.join(", ");
    arrays
        .into_iter()
        .map(|(name, points)| {
            let name = crate::escape::visible(name).into_owned();
            let label = match (group.is_empty(), several) {
                (true, _) => name,
                (false, false) => group.clone(),
                (false, true) => format!("{name}: {group}"),
            };
            Line {
                label,
                span,
                points,
            }
        })
        .collect()
}
