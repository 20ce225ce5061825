//! `dpl_parse(text, pattern, zone, base)`: what a pattern exports from a text, as a struct with a field an export.
//!
//! The struct is null, and so are its fields, where the text is null or the pattern does not match it.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, NullBufferBuilder, StructArray};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::column::{Column, ty};
use super::given::{BaseTimes, given, literal, program};
use crate::dpl::{Program, Runs};
use crate::figures::Figures;

/// The name that plans know it by.
pub(super) const NAME: &str = "dpl_parse";

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(DplParse {
        signature: Signature::any(4, Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DplParse {
    signature: Signature,
}

impl ScalarUDFImpl for DplParse {
    fn name(&self) -> &str {
        NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        exec_err!("the type of {NAME} follows from its pattern")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let text = |place: usize| literal(args.scalar_arguments.get(place).copied().flatten());
        let program = program(text(1)?, text(2)?)?;
        let fields = fields(&program);
        Ok(Arc::new(Field::new(NAME, DataType::Struct(fields), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text, rest @ ..] = args.args.as_slice() else {
            return exec_err!("{NAME} takes a text");
        };
        let given = given(rest)?;
        let program = program(given.pattern, given.zone)?;
        let texts = text.to_array(args.number_rows)?;
        let Some(texts) = texts.as_string_view_opt() else {
            return exec_err!("{NAME} reads text, not {}", texts.data_type());
        };
        let rows = texts.len();
        let base = BaseTimes::new(given.base)?;
        let mut columns: Vec<Column> = program
            .exports()
            .iter()
            .map(|export| Column::new(export.kind, rows))
            .collect();
        let mut nulls = NullBufferBuilder::new(rows);
        let mut runs = Runs::new(&program, 0);
        let mut given_up = 0;
        for (row, text) in texts.iter().enumerate() {
            runs.set_base_time(base.get(row));
            let Some(captures) = text.and_then(|text| runs.run(text)) else {
                given_up += u64::from(text.is_some() && runs.gave_up());
                columns.iter_mut().for_each(Column::append_null);
                nulls.append_null();
                continue;
            };
            for (column, capture) in columns.iter_mut().zip(captures.iter()) {
                column.append(capture);
            }
            nulls.append_non_null();
        }
        Figures::count_given_up(&args.config_options, given_up);
        Figures::count_json(&args.config_options, runs.json_bytes());
        let arrays: Vec<ArrayRef> = columns.into_iter().map(Column::finish).collect();
        let rows =
            StructArray::try_new_with_length(fields(&program), arrays, nulls.finish(), rows)?;
        Ok(ColumnarValue::Array(Arc::new(rows)))
    }
}

/// Fields are named by their place: names of exports may hold anything.
fn fields(program: &Program) -> Fields {
    program
        .exports()
        .iter()
        .enumerate()
        .map(|(place, export)| Field::new(place.to_string(), ty(export.kind).arrow(), true))
        .collect()
}
