//! Tests of rows that plans call as a function, each known by what it tests for alone.

use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, StringViewArray};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature,
    Volatility,
};

/// A test of rows. Two that are equal give the same.
pub(super) trait RowTest: Debug + Eq + Hash + Send + Sync + 'static {
    /// The name of the plan function.
    const NAME: &'static str;

    /// Whether each row of the columns meets it.
    ///
    /// # Errors
    /// Where these are not the columns that it takes.
    fn meets(&self, columns: &[ArrayRef]) -> Result<BooleanArray>;
}

/// The plan function of a test that takes columns of these types, or of one of several lists of types.
pub(super) fn function<T: RowTest>(test: T, takes: &[Vec<DataType>]) -> ScalarUDF {
    let takes = takes.iter().cloned().map(TypeSignature::Exact).collect();
    ScalarUDF::from(Function {
        test,
        signature: Signature::one_of(takes, Volatility::Immutable),
    })
}

/// The one column of texts that a test takes.
///
/// # Errors
/// Where there is none.
pub(super) fn texts<T: RowTest>(columns: &[ArrayRef]) -> Result<&StringViewArray> {
    match columns.first().and_then(|array| array.as_string_view_opt()) {
        Some(texts) => Ok(texts),
        None => exec_err!("{} is asked of texts", T::NAME),
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function<T> {
    test: T,
    signature: Signature,
}

impl<T: RowTest> ScalarUDFImpl for Function<T> {
    fn name(&self) -> &str {
        T::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let columns = ColumnarValue::values_to_arrays(&args.args)?;
        Ok(ColumnarValue::Array(Arc::new(self.test.meets(&columns)?)))
    }
}
