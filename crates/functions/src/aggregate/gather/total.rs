//! Sums and means of values whose types are known only record by record, and of durations.

use datafusion::common::Result;

use super::Gather;
use crate::value::Value;

/// `sum` and `avg`: numbers give a double, durations a duration, a mixture or any other type null. The setting says
/// whether the mean is asked for.
///
/// Doubles are added with Neumaier's correction, so the sum of many is as good as that of few.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct Total {
    mean: bool,
    numbers: u64,
    sum: f64,
    correction: f64,
    durations: u64,
    nanos: i128,
    broken: bool,
}

impl Total {
    fn number(&mut self, number: f64) {
        let sum = self.sum + number;
        self.correction += if self.sum.abs() >= number.abs() {
            (self.sum - sum) + number
        } else {
            (number - sum) + self.sum
        };
        self.sum = sum;
    }
}

fn count(value: &Value<'_>) -> u64 {
    value
        .as_long()
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or(0)
}

fn long(count: u64) -> Value<'static> {
    Value::Long(i64::try_from(count).unwrap_or(i64::MAX))
}

impl Gather for Total {
    const NAME: &'static str = "dql_total";

    fn new(settings: &[Value<'static>]) -> Self {
        Total {
            mean: matches!(settings, [Value::Boolean(true)]),
            ..Total::default()
        }
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        match row.first() {
            Some(Value::Duration(nanos)) => {
                self.durations += 1;
                self.nanos = self.nanos.saturating_add(i128::from(*nanos));
            }
            Some(Value::Null) | None => {}
            Some(value) => match value.as_number() {
                Some(number) => {
                    self.numbers += 1;
                    self.number(number);
                }
                None => self.broken = true,
            },
        }
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        let Value::Array(parts) = state else {
            return Ok(());
        };
        if let [numbers, sum, correction, durations, nanos, broken] = parts.as_slice() {
            self.numbers += count(numbers);
            // A sum that is no double any more has no text.
            self.number(sum.as_number().unwrap_or(f64::INFINITY));
            self.correction += correction.as_number().unwrap_or(0.0);
            self.durations += count(durations);
            let nanos = nanos.as_str().and_then(|nanos| nanos.parse().ok());
            self.nanos = self.nanos.saturating_add(nanos.unwrap_or(0));
            self.broken |= broken.as_bool() == Some(true);
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        Value::Array(vec![
            long(self.numbers),
            Value::double(self.sum),
            Value::double(self.correction),
            long(self.durations),
            Value::string(self.nanos.to_string()),
            Value::Boolean(self.broken),
        ])
    }

    fn result(&mut self) -> Value<'static> {
        match (self.broken, self.numbers, self.durations) {
            (false, 1.., 0) => {
                let sum = self.sum + self.correction;
                Value::double(if self.mean {
                    sum / self.numbers as f64
                } else {
                    sum
                })
            }
            (false, 0, durations @ 1..) => {
                let nanos = if self.mean {
                    self.nanos / i128::from(durations)
                } else {
                    self.nanos
                };
                Value::or_null(i64::try_from(nanos).ok(), Value::Duration)
            }
            _ => Value::Null,
        }
    }
}
