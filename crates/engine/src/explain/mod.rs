//! How a query is answered: its logical plan, its physical plan with what each step cost, and the columns and texts that
//! it reads.

mod steps;
mod words;

use std::sync::Arc;

use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_plan::displayable;
use syntax::Diagnostic;
use translator::OutputField;

use crate::archive::Readings;
use crate::query::{QueryOptions, Translated, scanned_files};
use crate::{Engine, Error, Figures, session};
use words::Words;

pub use steps::Step;

/// The explanation of a query.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What a reader should know of the query.
    pub diagnostics: Vec<Diagnostic>,
    /// The fields of the result, in order.
    pub fields: Vec<OutputField>,
    /// The plan as translated and optimised, a line a step, for people.
    pub logical: String,
    /// The plan as it runs, for people.
    pub steps: Vec<Step>,
    /// Both plans as DataFusion writes them.
    pub raw: (String, String),
    /// The columns that the scan reads.
    pub columns: Vec<String>,
    /// The calls that parse JSON text while the query runs; none where columns answer everything.
    pub json: Vec<String>,
    /// The data files of the lake that the scans were given, and all that there are.
    pub files: (u64, u64),
    /// What the run cost, where the query was run.
    pub figures: Option<Figures>,
    /// What was read of archives, and what would be.
    pub readings: Arc<Readings>,
}

impl Engine {
    /// Explains a query, and runs it where its costs are wanted: its records are thrown away. Must be called on a runtime
    /// made by [`crate::runtime`]: plans can be deep.
    ///
    /// # Errors
    /// As [`Engine::query`].
    pub async fn explain(
        &self,
        text: &str,
        options: &QueryOptions,
        run: bool,
    ) -> Result<Explanation, Error> {
        self.prepare(options).await?;
        let Translated {
            translation,
            diagnostics,
            ..
        } = self.translate(text, options)?;
        let context = self.session(&functions::Figures::default());
        let state = session::planner(&context, options);
        let logical = state.optimize(&translation.plan)?;
        let (plan, figures, readings) = match run {
            false => {
                let plan = state.create_physical_plan(&translation.plan).await?;
                let readings = state.config().get_extension().unwrap_or_default();
                (plan, None, readings)
            }
            true => {
                let mut answer = self.query(text, options).await?;
                while answer.next_batch().await?.is_some() {}
                let figures = answer.figures();
                let readings = answer.readings();
                (answer.plan, Some(figures), readings)
            }
        };
        let words = Words::of(&logical);
        let lines = logical.display_indent().to_string();
        let lines: Vec<String> = lines.lines().map(|line| words.logical(line)).collect();
        let (columns, json) = reads(&logical)?;
        let physical = displayable(plan.as_ref()).indent(false).to_string();
        Ok(Explanation {
            diagnostics,
            fields: translation.fields,
            logical: lines.join("\n"),
            steps: steps::steps(&plan, &words),
            raw: (logical.display_indent().to_string(), physical),
            columns,
            json,
            files: (scanned_files(&plan), self.files()),
            figures,
            readings,
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
