//! Percentiles, and the rank of a value among others.

use datafusion::common::Result;

use super::Gather;
use super::quantiles::{Kind, Quantiles};
use crate::value::Value;

/// What is asked of the values.
#[derive(Clone, Debug)]
enum Asked {
    /// The value at a percentage.
    One(f64),
    /// The values at several.
    Many(Vec<f64>),
    /// The part of all below a value.
    Rank(Value<'static>),
}

/// `percentile` and its like, over a value and its weight, or over an array of samples and the number of values that
/// it stands for. Null where the group mixes types, or has one that has no percentiles.
///
/// The settings are what is asked (a number, an array of numbers, or a record with the value in `rank`), and whether
/// the values are samples.
#[derive(Debug)]
pub(in crate::aggregate) struct Percentile {
    asked: Asked,
    samples: bool,
    quantiles: Option<Quantiles>,
    broken: bool,
}

impl Percentile {
    fn take(&mut self, value: &Value<'_>, weight: f64) {
        if self.broken || value.is_null() {
            return;
        }
        let Some((kind, point)) = Kind::of(value) else {
            return self.give_up();
        };
        match self.of(kind) {
            Some(quantiles) => quantiles.add(point, weight),
            None => self.give_up(),
        }
    }

    /// The values of the group so far, if they are of this kind.
    fn of(&mut self, kind: Kind) -> Option<&mut Quantiles> {
        let quantiles = self.quantiles.get_or_insert_with(|| Quantiles::new(kind));
        (quantiles.kind == kind).then_some(quantiles)
    }

    fn give_up(&mut self) {
        (self.broken, self.quantiles) = (true, None);
    }
}

impl Gather for Percentile {
    const NAME: &'static str = "dql_percentile";

    fn new(settings: &[Value<'static>]) -> Self {
        let asked = match settings.first() {
            Some(Value::Array(many)) => {
                Asked::Many(many.iter().filter_map(Value::as_number).collect())
            }
            Some(record @ Value::Record(_)) => Asked::Rank(record.member("rank")),
            one => Asked::One(one.and_then(Value::as_number).unwrap_or(50.0)),
        };
        Percentile {
            asked,
            samples: settings.get(1).and_then(Value::as_bool) == Some(true),
            quantiles: None,
            broken: false,
        }
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        let Some((value, rest)) = row.split_first() else {
            return Ok(());
        };
        // A weight that is given and no number counts for nothing.
        let weight = rest.first().map(|weight| weight.as_number().unwrap_or(0.0));
        if !self.samples {
            self.take(value, weight.unwrap_or(1.0));
        } else if let Value::Array(samples) = value {
            let there = samples.iter().filter(|sample| !sample.is_null()).count();
            let each = weight.map_or(1.0, |weight| weight / there.max(1) as f64);
            samples.iter().for_each(|sample| self.take(sample, each));
        }
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        if state.as_bool() == Some(true) {
            self.give_up();
        }
        let Value::Array(parts) = state else {
            return Ok(());
        };
        let [Value::Long(code), shift, pairs @ ..] = parts.as_slice() else {
            return Ok(());
        };
        if self.broken {
            return Ok(());
        }
        let quantiles = Kind::from_code(*code).and_then(|kind| self.of(kind));
        let Some(quantiles) = quantiles else {
            self.give_up();
            return Ok(());
        };
        let shift = shift.as_long().and_then(|shift| u32::try_from(shift).ok());
        let pairs = pairs.as_chunks::<2>().0;
        quantiles.merge(
            shift,
            pairs
                .iter()
                .filter_map(|[point, weight]| point.as_long().zip(weight.as_number())),
        );
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        if self.broken {
            return Value::Boolean(true);
        }
        let Some(quantiles) = &mut self.quantiles else {
            return Value::Null;
        };
        let (shift, pairs) = quantiles.parts();
        let mut parts = vec![
            Value::Long(quantiles.kind.code()),
            Value::or_null(shift, |shift| Value::Long(i64::from(shift))),
        ];
        for (point, weight) in pairs {
            parts.extend([Value::Long(point), Value::double(weight)]);
        }
        Value::Array(parts)
    }

    fn result(&mut self) -> Value<'static> {
        let Some(quantiles) = &mut self.quantiles else {
            return Value::Null;
        };
        match &self.asked {
            Asked::One(percentage) => quantiles
                .percentiles(&[*percentage])
                .pop()
                .unwrap_or_default(),
            Asked::Many(percentages) => {
                let values = quantiles.percentiles(percentages);
                // All are null where no value had a weight.
                if values.iter().all(Value::is_null) {
                    Value::Null
                } else {
                    Value::Array(values)
                }
            }
            Asked::Rank(value) => match Kind::of(value) {
                Some((kind, point)) if kind == quantiles.kind => {
                    Value::or_null(quantiles.rank(point), Value::double)
                }
                _ => Value::Null,
            },
        }
    }

    fn size(&self) -> usize {
        let asked = match &self.asked {
            Asked::Many(many) => many.len() * size_of::<f64>(),
            Asked::One(_) | Asked::Rank(_) => 0,
        };
        asked + self.quantiles.as_ref().map_or(0, Quantiles::size)
    }
}
