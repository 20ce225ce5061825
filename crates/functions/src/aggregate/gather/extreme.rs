//! The least or the greatest of values whose types are known only record by record.

use std::cmp::Ordering;

use datafusion::common::Result;

use super::Gather;
use crate::value::{Value, rank, total};

/// `min` and `max`: null where types are mixed, long and double aside, and for types without an order of their own. One
/// double among longs makes the result a double.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct Extreme<const LEAST: bool> {
    best: Value<'static>,
    double: bool,
    mixed: bool,
}

/// Whether `min` and `max` take values of the type.
fn ordered(value: &Value<'_>) -> bool {
    matches!(
        value,
        Value::Boolean(_)
            | Value::Long(_)
            | Value::Double(_)
            | Value::String(_)
            | Value::Timestamp(_)
            | Value::Duration(_)
    )
}

impl<const LEAST: bool> Extreme<LEAST> {
    fn take(&mut self, value: &Value<'_>) {
        if self.mixed || value.is_null() {
            return;
        }
        let other = !self.best.is_null() && rank(&self.best) != rank(value);
        if other || !ordered(value) {
            (self.mixed, self.best) = (true, Value::Null);
            return;
        }
        self.double |= matches!(value, Value::Double(_));
        let wanted = if LEAST {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        if self.best.is_null() || total(value, &self.best) == wanted {
            self.best = value.clone().into_owned();
        }
    }
}

impl<const LEAST: bool> Gather for Extreme<LEAST> {
    const NAME: &'static str = if LEAST { "dql_min" } else { "dql_max" };

    fn new(_settings: &[Value<'static>]) -> Self {
        Self::default()
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        if let [value, ..] = row {
            self.take(value);
        }
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        if let Value::Array(parts) = state
            && let [best, double, mixed] = parts.as_slice()
        {
            self.take(best);
            self.double |= double.as_bool() == Some(true);
            if mixed.as_bool() == Some(true) {
                (self.mixed, self.best) = (true, Value::Null);
            }
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        Value::Array(vec![
            self.best.clone(),
            Value::Boolean(self.double),
            Value::Boolean(self.mixed),
        ])
    }

    fn result(&mut self) -> Value<'static> {
        match &self.best {
            Value::Long(long) if self.double => Value::double(*long as f64),
            best => best.clone(),
        }
    }

    fn size(&self) -> usize {
        self.best.as_str().map_or(0, str::len)
    }
}
