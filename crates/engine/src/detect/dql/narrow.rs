//! What a team knows, left out of the events that a query sees: a filter on the table itself, behind which the query is
//! what it was.

use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, LogicalPlan, LogicalPlanBuilder, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility, col, when,
};
use lake::cloudtrail::house;
use rules::Condition;
use rules::evaluate::{JsonEvent, Program};

use crate::detect::plan::{self, Column};
use crate::detect::screen::{self, Screen, Seeks, Sought};

/// A plan whose scans give only events that meet `only`. `declared` are the columns that all files of the lake have.
///
/// # Errors
/// What is wrong with the condition, in words.
pub(super) fn narrowed(
    plan: LogicalPlan,
    only: &Condition,
    declared: &[Column],
) -> std::result::Result<LogicalPlan, String> {
    let program = Program::of(only)?;
    let mut met = ScalarUDF::from(Holds {
        signature: Signature::exact(vec![DataType::Utf8View], Volatility::Immutable),
        written: format!("{only:?}"),
        program,
    })
    .call(vec![col(house::CONTENT)]);
    if screen::told(declared, only, &[]) {
        let sought = Sought {
            number: 0,
            condition: only,
            fields: &[],
        };
        let screen = Screen::new(declared, &[sought], Seeks::Certain)?;
        let certain = plan::met(Arc::new(screen));
        met = when(col(house::MISTYPED).is_null(), certain)
            .otherwise(met)
            .map_err(|error| error.strip_backtrace())?;
    }
    let narrow = |node: LogicalPlan| {
        let is_events = |scan: &LogicalPlan| {
            let schema = scan.schema();
            [house::CONTENT, house::MISTYPED]
                .iter()
                .all(|name| schema.has_column_with_unqualified_name(name))
        };
        if !matches!(node, LogicalPlan::TableScan(_)) || !is_events(&node) {
            return Ok(Transformed::no(node));
        }
        let filtered = LogicalPlanBuilder::new(node).filter(met.clone())?.build()?;
        Ok(Transformed::yes(filtered))
    };
    plan.transform_up_with_subqueries(narrow)
        .data()
        .map_err(|error| error.strip_backtrace())
}

/// Whether records meet a condition.
#[derive(Debug)]
struct Holds {
    signature: Signature,
    /// The condition, which two of the same have in common.
    written: String,
    program: Program,
}

impl PartialEq for Holds {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Holds {}

impl std::hash::Hash for Holds {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.written.hash(state);
    }
}

impl ScalarUDFImpl for Holds {
    fn name(&self) -> &str {
        "record_holds"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let contents = arrays.first().and_then(|array| array.as_string_view_opt());
        let Some(contents) = contents else {
            return exec_err!("{} is asked of records", self.name());
        };
        let holds = |row: usize| {
            // What the lake holds was JSON when it was taken in.
            let event = contents
                .is_valid(row)
                .then(|| JsonEvent::new(contents.value(row)).ok());
            event
                .flatten()
                .is_some_and(|event| self.program.holds(&event))
        };
        let held: BooleanArray = (0..contents.len()).map(holds).map(Some).collect();
        Ok(ColumnarValue::Array(Arc::new(held)))
    }
}
