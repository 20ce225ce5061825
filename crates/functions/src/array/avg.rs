//! `arrayAvg(array)`

use std::sync::Arc;

use arrow::array::{Array, AsArray, Float64Array};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use syntax::{Code, Diagnostic};

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::typed::Typed;
use crate::types::Type;

pub(super) const ARRAY_AVG: Function = Function {
    name: "arrayAvg",
    summary: "The mean of an array's numbers; 0 where it has none.",
    parameters: &[required(
        "array",
        Accepts::ARRAY,
        "the array; what is no number in it is passed over",
    )],
    examples: &[],
    body: Body::Build(|arguments, _| {
        let argument = arguments.required("array")?;
        match argument.value.ty() {
            Type::Null => Ok(Typed::null()),
            Type::Array(element) if element.is_number() => Ok(Typed::known(
                udf().call(vec![argument.value.expr()]),
                Type::Double,
            )),
            _ => Err(Diagnostic::error(
                Code::UnsupportedExpression,
                argument.span,
                "`arrayAvg` takes only the arrays of a time series yet",
            )),
        }
    }),
};

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(ArrayAvg {
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ArrayAvg {
    signature: Signature,
}

impl ScalarUDFImpl for ArrayAvg {
    fn name(&self) -> &str {
        "dql_array_avg"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [array] = args.args.as_slice() else {
            return exec_err!("dql_array_avg takes one array");
        };
        let arrays = array.to_array(args.number_rows)?;
        let Some(lists) = arrays.as_list_opt::<i32>() else {
            return exec_err!("dql_array_avg takes arrays, not {}", arrays.data_type());
        };
        let averages: Float64Array = lists
            .iter()
            .map(|list| list.and_then(|list| mean(&list)))
            .collect();
        Ok(ColumnarValue::Array(Arc::new(averages)))
    }
}

fn mean(elements: &dyn Array) -> Option<f64> {
    let numbers: Vec<f64> = match elements.data_type() {
        DataType::Float64 => elements
            .as_primitive::<Float64Type>()
            .iter()
            .flatten()
            .collect(),
        DataType::Int64 => elements
            .as_primitive::<Int64Type>()
            .iter()
            .flatten()
            .map(|long| long as f64)
            .collect(),
        _ => return None,
    };
    if numbers.is_empty() {
        return Some(0.0);
    }
    Some(numbers.iter().sum::<f64>() / numbers.len() as f64).filter(|mean| mean.is_finite())
}
