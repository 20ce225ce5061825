//! `dql_series(bucket, value)`: one value a bucket, gathered for a group; and `dql_series_array(gathered, length,
//! default)`: the array that it stands for, with an element for every bucket. What `makeTimeseries` ends with.
//!
//! Most buckets of most groups hold nothing. What is gathered is packed, in 12 bytes for a value that there is, and is
//! opened only where an array is asked for: behind exchanges and sorts, which would copy the empty buckets again and again.

mod accumulate;
mod packed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, ColumnarValue, Expr, GroupsAccumulator,
    ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};

use crate::types::Type;
use accumulate::{Group, Groups};
use packed::opened;

/// The values of a group, packed: what [`series_array`] opens. Of the `value`s (`Float64`) of a `bucket` (`Int64`, from
/// 0) there is to be one.
pub fn series(bucket: Expr, value: Expr) -> Expr {
    udf().call(vec![bucket, value])
}

/// The array of `length` elements, a double each, whose element `bucket` is the value that was gathered for it, and whose
/// others are `default`.
pub fn series_array(gathered: Expr, length: i64, default: Option<f64>) -> Expr {
    array_udf().call(vec![
        gathered,
        lit(length),
        lit(ScalarValue::Float64(default)),
    ])
}

pub(crate) fn udf() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Series {
        signature: Signature::exact(
            vec![DataType::Int64, DataType::Float64],
            Volatility::Immutable,
        ),
    }))
}

pub(crate) fn array_udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(SeriesArray {
        signature: Signature::exact(
            vec![DataType::BinaryView, DataType::Int64, DataType::Float64],
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
        Ok(DataType::BinaryView)
    }

    fn accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(Group::default()))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let name = format!("{}[series]", args.name);
        Ok(vec![Arc::new(Field::new(name, DataType::BinaryView, true))])
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::default()))
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct SeriesArray {
    signature: Signature,
}

impl ScalarUDFImpl for SeriesArray {
    fn name(&self) -> &str {
        "dql_series_array"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(Type::Array(Box::new(Type::Double)).arrow())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            gathered,
            ColumnarValue::Scalar(ScalarValue::Int64(Some(length))),
            ColumnarValue::Scalar(ScalarValue::Float64(default)),
        ] = args.args.as_slice()
        else {
            return exec_err!("the length and default of dql_series_array are literals");
        };
        let gathered = gathered.to_array(args.number_rows)?;
        let Some(gathered) = gathered.as_binary_view_opt() else {
            return exec_err!("dql_series_array opens packed values");
        };
        Ok(ColumnarValue::Array(Arc::new(opened(
            gathered, *length, *default,
        )?)))
    }
}
