//! What a team knows, left out of the events that a query sees: a filter on the table itself, behind which the query is
//! what it was.

use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::common::tree_node::{Transformed, TransformedResult};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, col, when};
use lake::cloudtrail::house;
use rules::Condition;
use rules::evaluate::{JsonEvent, Program};

use crate::detect::plan::{self, Column};
use crate::detect::row_test::{self, RowTest};
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
    let holds = Holds {
        written: format!("{only:?}"),
        program,
    };
    let holds = row_test::function(holds, &[vec![DataType::Utf8View]]);
    let mut met = holds.call(vec![col(house::CONTENT)]);
    if screen::told(declared, only, &[]) {
        let sought = Sought {
            number: 0,
            condition: only,
            fields: &[],
            told: true,
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

impl RowTest for Holds {
    const NAME: &'static str = "record_holds";

    fn meets(&self, columns: &[ArrayRef]) -> Result<BooleanArray> {
        let contents = row_test::texts::<Self>(columns)?.iter();
        let holds = |content: Option<&str>| {
            // What the lake holds was JSON when it was taken in.
            let event = content.and_then(|content| JsonEvent::new(content).ok());
            event.is_some_and(|event| self.program.holds(&event))
        };
        Ok(contents.map(holds).map(Some).collect())
    }
}
