//! What tells events from one another, carried through the plan of a query beside its own columns, so that an alert can
//! name the events that its record was made of.
//!
//! Columns that a query drops are kept under names of their own, and where records are gathered into groups the oldest
//! events of each group are gathered with them. The query's own columns stay what they were.

use datafusion::common::{Column, JoinType, Result};
use datafusion::logical_expr::{
    Aggregate, Expr, Join, LogicalPlan, LogicalPlanBuilder, Projection, col,
};

use super::events::{self, HIDDEN};
use crate::detect::plan::Record;

/// The name of the column of a plan's [`Carried::events`].
const EVENTS: &str = "\u{1}events";

/// What is carried at some place of a plan.
enum Load {
    /// A row is one event, told by the columns of [`Record::NAMES`] under hidden names.
    Event,
    /// A row is made of many events, the oldest of which are in this column.
    Oldest,
}

/// A plan with the columns that it had, in their order, and behind them one more: the events that a row was made of, as
/// [`events::Named`] reads them. None where a row's events can't be told; `most` of a row are carried at most.
pub(super) fn carried(plan: &LogicalPlan, most: usize) -> Option<LogicalPlan> {
    let (loaded, load) = carry(plan, most).ok()??;
    let own = plan.schema().columns().into_iter().map(Expr::Column);
    let events = match load {
        Load::Event => events::event(hidden(&loaded)?),
        Load::Oldest => Expr::Column(find(&loaded, EVENTS)?),
    };
    let all: Vec<Expr> = own.chain([events.alias(EVENTS)]).collect();
    let carried = LogicalPlanBuilder::new(loaded).project(all).ok()?;
    carried.build().ok()
}

fn carry(plan: &LogicalPlan, most: usize) -> Result<Option<(LogicalPlan, Load)>> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            let schema = scan.source.schema();
            if Record::NAMES
                .iter()
                .any(|name| schema.index_of(name).is_err())
            {
                return Ok(None);
            }
            let own = plan.schema().columns().into_iter().map(Expr::Column);
            let told = Record::NAMES.map(|name| col(name).alias(format!("{HIDDEN}{name}")));
            let all: Vec<Expr> = own.chain(told).collect();
            let loaded = LogicalPlanBuilder::new(plan.clone())
                .project(all)?
                .build()?;
            Ok(Some((loaded, Load::Event)))
        }
        LogicalPlan::Filter(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Window(_)
        | LogicalPlan::SubqueryAlias(_) => {
            let [input] = plan.inputs()[..] else {
                return Ok(None);
            };
            let Some((input, load)) = carry(input, most)? else {
                return Ok(None);
            };
            let loaded = plan.with_new_exprs(plan.expressions(), vec![input])?;
            Ok(Some((loaded, load)))
        }
        LogicalPlan::Unnest(unnest) => {
            let Some((input, load)) = carry(&unnest.input, most)? else {
                return Ok(None);
            };
            Ok(Some((plan.with_new_exprs(Vec::new(), vec![input])?, load)))
        }
        LogicalPlan::Projection(projection) => {
            let Some((input, load)) = carry(&projection.input, most)? else {
                return Ok(None);
            };
            let Some(carried) = load.columns(&input) else {
                return Ok(None);
            };
            let all = projection.expr.iter().cloned();
            let all = all.chain(carried.into_iter().map(Expr::Column)).collect();
            let loaded = Projection::try_new(all, input.into())?;
            Ok(Some((LogicalPlan::Projection(loaded), load)))
        }
        LogicalPlan::Aggregate(aggregate) => {
            let Some((input, load)) = carry(&aggregate.input, most)? else {
                return Ok(None);
            };
            let Some(carried) = load.columns(&input) else {
                return Ok(None);
            };
            let carried = carried.into_iter().map(Expr::Column).collect();
            let oldest = events::oldest(carried, most).alias(EVENTS);
            let all = aggregate.aggr_expr.iter().cloned().chain([oldest]);
            let loaded =
                Aggregate::try_new(input.into(), aggregate.group_expr.clone(), all.collect())?;
            Ok(Some((LogicalPlan::Aggregate(loaded), Load::Oldest)))
        }
        // The events are those of the side whose every record stays.
        LogicalPlan::Join(join) => {
            let left = match join.join_type {
                JoinType::Left | JoinType::Inner => true,
                JoinType::Right => false,
                _ => return Ok(None),
            };
            let side = if left { &join.left } else { &join.right };
            let Some((side, load)) = carry(side, most)? else {
                return Ok(None);
            };
            let (left, right) = match left {
                true => (side.into(), join.right.clone()),
                false => (join.left.clone(), side.into()),
            };
            let loaded = Join::try_new(
                left,
                right,
                join.on.clone(),
                join.filter.clone(),
                join.join_type,
                join.join_constraint,
                join.null_equality,
                join.null_aware,
            )?;
            Ok(Some((LogicalPlan::Join(loaded), load)))
        }
        _ => Ok(None),
    }
}

impl Load {
    /// The columns that carry it.
    fn columns(&self, plan: &LogicalPlan) -> Option<Vec<Column>> {
        match self {
            Load::Event => {
                let names = Record::NAMES.iter();
                names
                    .map(|name| find(plan, &format!("{HIDDEN}{name}")))
                    .collect()
            }
            Load::Oldest => Some(vec![find(plan, EVENTS)?]),
        }
    }
}

fn hidden(plan: &LogicalPlan) -> Option<Vec<Expr>> {
    let columns = Load::Event.columns(plan)?;
    Some(columns.into_iter().map(Expr::Column).collect())
}

/// The column of that name, whatever its relation is called.
fn find(plan: &LogicalPlan, name: &str) -> Option<Column> {
    let mut columns = plan.schema().columns().into_iter();
    columns.find(|column| column.name == name)
}
