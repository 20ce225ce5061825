//! How a query is answered: its logical plan, its physical plan, and the columns and texts that it reads.

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_plan::displayable;
use syntax::Diagnostic;

use crate::query::{QueryOptions, Translated};
use crate::{Engine, Error, session};

/// The explanation of a query.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What a reader should know of the query.
    pub diagnostics: Vec<Diagnostic>,
    /// The plan as translated, optimised.
    pub logical: String,
    /// The plan as it runs.
    pub physical: String,
    /// The columns that the scan reads.
    pub columns: Vec<String>,
    /// The calls that parse JSON text while the query runs; none where columns answer everything.
    pub json: Vec<String>,
}

impl Engine {
    /// Explains a query without running it.
    ///
    /// # Errors
    /// As [`Engine::query`].
    pub async fn explain(&self, text: &str, options: &QueryOptions) -> Result<Explanation, Error> {
        let Translated {
            translation,
            diagnostics,
            ..
        } = self.translate(text, options)?;
        let context = self.session(&functions::Figures::default());
        let state = session::planner(&context, options);
        let logical = state.optimize(&translation.plan)?;
        let physical = state.create_physical_plan(&translation.plan).await?;
        let (columns, json) = reads(&logical)?;
        Ok(Explanation {
            diagnostics,
            logical: logical.display_indent().to_string(),
            physical: displayable(physical.as_ref()).indent(false).to_string(),
            columns,
            json,
        })
    }
}

/// The columns of the scans of a plan, and the calls in it that parse JSON.
fn reads(plan: &LogicalPlan) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut columns, mut calls) = (Vec::new(), Vec::new());
    plan.apply(|node| {
        if let LogicalPlan::TableScan(scan) = node {
            for field in scan.projected_schema.fields() {
                columns.push(field.name().clone());
            }
            let filtered = scan.filters.iter().flat_map(Expr::column_refs);
            columns.extend(filtered.map(|column| column.name.clone()));
        }
        node.apply_expressions(|expr| {
            expr.apply(|expr| {
                if let Expr::ScalarFunction(call) = expr
                    && functions::reads_json(call)
                {
                    calls.push(expr.schema_name().to_string());
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    for list in [&mut columns, &mut calls] {
        list.sort();
        list.dedup();
    }
    Ok((columns, calls))
}
