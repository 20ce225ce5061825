//! What a translation carries from command to command.

use std::sync::Arc;

use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, col};
use functions::Typed;
use jiff::tz::TimeZone;
use syntax::{Code, Diagnostic, Span};

use crate::catalog::{Catalog, Timeframe};
use crate::scope::Scope;

/// What a query is translated under.
#[derive(Clone, Debug)]
pub struct Options {
    /// What `now()` gives: nanoseconds since the epoch, fixed for the whole query.
    pub now: i64,
    /// The timeframe of a `fetch` that has none of its own.
    pub timeframe: Timeframe,
    /// The time zone of alignment and of timestamps without an offset.
    pub timezone: TimeZone,
    /// Whether JSON access is answered from columns. Off, every access parses the text: slow, for comparison.
    pub eliminate: bool,
}

/// The translation at work.
pub(crate) struct Context<'a> {
    pub(crate) text: &'a str,
    pub(crate) catalog: &'a dyn Catalog,
    pub(crate) options: &'a Options,
    diagnostics: Vec<Diagnostic>,
    names: usize,
    /// The iterative expressions that are being read, the innermost last.
    pub(crate) iterations: Vec<functions::iterative::Scope>,
}

/// The plan so far, and the fields that it makes visible.
pub(crate) struct Stage {
    pub(crate) plan: LogicalPlan,
    pub(crate) scope: Scope,
    /// The timeframe of the records, for a time series that has none of its own.
    pub(crate) timeframe: Timeframe,
    /// The fields that a reader is shown the records in the order of, where no `sort` gives them one.
    pub(crate) shown_by: Vec<String>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        text: &'a str,
        catalog: &'a dyn Catalog,
        options: &'a Options,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Context {
            text,
            catalog,
            options,
            diagnostics,
            names: 0,
            iterations: Vec::new(),
        }
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports what would only follow from an error inside `span`, where there is one: then it is left out.
    pub(crate) fn report_unless_broken(&mut self, span: Span, diagnostic: Diagnostic) {
        let inside = |error: &Diagnostic| {
            error.is_error() && span.start <= error.span.start && error.span.end <= span.end
        };
        if !self.diagnostics.iter().any(inside) {
            self.report(diagnostic);
        }
    }

    /// Reports the diagnostic of a failure, and goes on without a value.
    pub(crate) fn check<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.report(diagnostic)).ok()
    }

    /// As [`Context::check`], for DataFusion's own complaints, which are faults of ours.
    pub(crate) fn internal<T>(
        &mut self,
        span: Span,
        result: datafusion::common::Result<T>,
    ) -> Option<T> {
        self.check(result.map_err(|error| {
            Diagnostic::error(
                Code::Internal,
                span,
                format!("this can't be planned: {}", error.strip_backtrace()),
            )
            .help("this is a fault of ours: please report it with the query")
        }))
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// A column name that no field has.
    pub(crate) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("${}", self.names)
    }

    /// Puts computed values into columns of the plan, so that whoever uses them twice computes them once. Values that
    /// cost nothing stay as they are.
    pub(crate) fn materialize(
        &mut self,
        plan: LogicalPlan,
        span: Span,
        values: &mut [&mut Typed],
    ) -> Option<LogicalPlan> {
        let mut computed = Vec::new();
        for value in values {
            if let Typed::Known { expr, .. } = value
                && !matches!(expr, Expr::Column(_) | Expr::Literal(..))
            {
                let name = self.fresh();
                let column = crate::column(&name);
                computed.push(std::mem::replace(expr, column).alias(name));
            }
        }
        if computed.is_empty() {
            return Some(plan);
        }
        let mut all: Vec<Expr> = plan.schema().columns().into_iter().map(col).collect();
        all.extend(computed);
        let built = LogicalPlanBuilder::new_from_arc(Arc::new(plan)).project(all);
        self.internal(span, built.and_then(LogicalPlanBuilder::build))
    }
}
