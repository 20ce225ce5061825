//! `dql_series(bucket, value, length, default)`: one value a bucket, gathered into an array with an element for every
//! bucket. What `makeTimeseries` ends with.

use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, ListArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility, lit,
};

use crate::types::Type;

/// The array of `length` elements whose element `bucket` (`Int64`, from 0) is `value` (`Float64`), and whose others are
/// `default`.
pub fn series(bucket: Expr, value: Expr, length: i64, default: Option<f64>) -> Expr {
    udf().call(vec![
        bucket,
        value,
        lit(length),
        lit(ScalarValue::Float64(default)),
    ])
}

pub(crate) fn udf() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Series {
        signature: Signature::exact(
            vec![
                DataType::Int64,
                DataType::Float64,
                DataType::Int64,
                DataType::Float64,
            ],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Series {
    signature: Signature,
}

impl AggregateUDFImpl for Series {
    fn name(&self) -> &str {
        "dql_series"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(Type::Array(Box::new(Type::Double)).arrow())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let literal = |place: usize| -> Result<ScalarValue> {
            let Some(expr) = args.exprs.get(place) else {
                return exec_err!("dql_series takes four arguments");
            };
            match expr.downcast_ref::<datafusion::physical_expr::expressions::Literal>() {
                Some(literal) => Ok(literal.value().clone()),
                None => exec_err!("the length and default of dql_series are literals"),
            }
        };
        let (ScalarValue::Int64(Some(length)), ScalarValue::Float64(default)) =
            (literal(2)?, literal(3)?)
        else {
            return exec_err!("the length of dql_series is a long, its default a double");
        };
        let Ok(length) = usize::try_from(length) else {
            return exec_err!("the length of dql_series is not negative");
        };
        Ok(Box::new(SeriesAccumulator {
            values: vec![None; length],
            default,
        }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let ty = Type::Array(Box::new(Type::Double)).arrow();
        Ok(vec![Arc::new(Field::new(
            format!("{}[series]", args.name),
            ty,
            true,
        ))])
    }
}

#[derive(Debug)]
struct SeriesAccumulator {
    values: Vec<Option<f64>>,
    default: Option<f64>,
}

impl SeriesAccumulator {
    fn list(values: Float64Array) -> ScalarValue {
        let field = Arc::new(Field::new_list_field(DataType::Float64, true));
        let offsets = OffsetBuffer::from_lengths([values.len()]);
        ScalarValue::List(Arc::new(ListArray::new(
            field,
            offsets,
            Arc::new(values),
            None,
        )))
    }
}

impl Accumulator for SeriesAccumulator {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [buckets, values, ..] = columns else {
            return exec_err!("dql_series takes buckets and values");
        };
        let buckets = buckets.as_primitive::<Int64Type>();
        let values = values.as_primitive::<Float64Type>();
        for (bucket, value) in buckets.iter().zip(values) {
            let place = bucket.and_then(|bucket| usize::try_from(bucket).ok());
            if let (Some(slot), Some(value)) =
                (place.and_then(|place| self.values.get_mut(place)), value)
            {
                *slot = Some(value);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        Ok(Self::list(
            self.values
                .iter()
                .map(|value| value.or(self.default))
                .collect(),
        ))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.values.capacity() * size_of::<Option<f64>>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![Self::list(self.values.iter().copied().collect())])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some(lists) = states.first().and_then(|state| state.as_list_opt::<i32>()) else {
            return exec_err!("the state of dql_series is an array");
        };
        for list in lists.iter().flatten() {
            let values = list.as_primitive::<Float64Type>();
            for (slot, value) in self.values.iter_mut().zip(values) {
                *slot = value.or(*slot);
            }
        }
        Ok(())
    }
}
