//! Pearson's correlation coefficient.

use datafusion::common::Result;

use super::Gather;
use crate::value::Value;

/// `correlation` of two values: means and moments are updated record by record (Welford), and merged as Chan has it, so
/// that large values with small differences lose nothing. A value that is no number makes the result null.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct Correlation {
    count: f64,
    means: [f64; 2],
    /// The sums of squared distances from the means.
    squares: [f64; 2],
    /// The sum of the products of both distances.
    products: f64,
    broken: bool,
}

impl Gather for Correlation {
    const NAME: &'static str = "dql_correlation";

    fn new(_settings: &[Value<'static>]) -> Self {
        Self::default()
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        let [a, b] = row else {
            return Ok(());
        };
        let wrong = |value: &Value<'_>| !value.is_null() && value.as_number().is_none();
        self.broken |= wrong(a) || wrong(b);
        let (Some(a), Some(b)) = (a.as_number(), b.as_number()) else {
            return Ok(());
        };
        self.count += 1.0;
        let before = [a - self.means[0], b - self.means[1]];
        self.means[0] += before[0] / self.count;
        self.means[1] += before[1] / self.count;
        let after = [a - self.means[0], b - self.means[1]];
        self.squares[0] += before[0] * after[0];
        self.squares[1] += before[1] * after[1];
        self.products += before[0] * after[1];
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        let Value::Array(parts) = state else {
            return Ok(());
        };
        let [numbers @ .., broken] = parts.as_slice() else {
            return Ok(());
        };
        self.broken |= broken.as_bool() == Some(true);
        let numbers: Option<Vec<f64>> = numbers.iter().map(Value::as_number).collect();
        let Some([count, a, b, squares_a, squares_b, products]) = numbers.as_deref() else {
            // A moment that is no double any more has no text.
            self.broken = true;
            return Ok(());
        };
        let total = self.count + count;
        if total > 0.0 {
            let (apart_a, apart_b) = (a - self.means[0], b - self.means[1]);
            let share = self.count * count / total;
            self.squares[0] += squares_a + apart_a * apart_a * share;
            self.squares[1] += squares_b + apart_b * apart_b * share;
            self.products += products + apart_a * apart_b * share;
            self.means[0] += apart_a * count / total;
            self.means[1] += apart_b * count / total;
            self.count = total;
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        let numbers = [
            self.count,
            self.means[0],
            self.means[1],
            self.squares[0],
            self.squares[1],
            self.products,
        ];
        let mut parts: Vec<Value<'static>> = numbers.into_iter().map(Value::double).collect();
        parts.push(Value::Boolean(self.broken));
        Value::Array(parts)
    }

    fn result(&mut self) -> Value<'static> {
        let [a, b] = self.squares;
        if self.broken || a <= 0.0 || b <= 0.0 {
            return Value::Null;
        }
        // The root of each where their product leaves the range of doubles.
        let coefficient = match a * b {
            product if product.is_normal() => self.products / product.sqrt(),
            _ => self.products / a.sqrt() / b.sqrt(),
        };
        if coefficient.is_finite() {
            Value::double(coefficient.clamp(-1.0, 1.0))
        } else {
            Value::Null
        }
    }
}
