//! What a translation carries from command to command.

use std::sync::Arc;

use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, SortExpr, col};
use functions::Typed;
use jiff::tz::TimeZone;
use syntax::{Code, Diagnostic, Span};

use crate::catalog::{Catalog, Timeframe};
use crate::scope::{Scope, order_of};

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
    /// The sub-queries inside the expressions of a command, by where they stand; `None` for one that is wrong. They are
    /// joined to the records before the command runs.
    pub(crate) subqueries: Vec<(Span, Option<Joined>)>,
}

/// The value of an expression with a sub-query, once that is joined to the records.
#[derive(Clone, Debug)]
pub(crate) struct Joined {
    /// The value.
    pub(crate) exact: Typed,
    /// The same for whoever asks only whether it is true: a plainer condition, by which unmatched records are dropped
    /// where they are joined.
    pub(crate) only_true: Typed,
}

/// The plan so far, and the fields that it makes visible.
pub(crate) struct Stage {
    pub(crate) plan: LogicalPlan,
    pub(crate) scope: Scope,
    /// The timeframe of the records, for a time series that has none of its own.
    pub(crate) timeframe: Timeframe,
    /// The fields that a reader is shown the records in the order of, where no `sort` gives them one.
    pub(crate) shown_by: Vec<String>,
    /// The columns that the records are in the order of: what `sort` asked for, or the place of a record in `data`.
    /// None for records in any order. Plans are free to lose the order on the way; whoever depends on it sorts.
    pub(crate) order: Vec<SortExpr>,
}

impl Stage {
    /// What the records are sorted by where their order is seen: their own order, or that of the groups.
    pub(crate) fn visible_order(&self) -> Vec<SortExpr> {
        if self.order.is_empty() {
            order_of(&self.scope, &self.shown_by)
        } else {
            self.order.clone()
        }
    }
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
            subqueries: Vec::new(),
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

    /// Whether an error was found so far.
    pub(crate) fn is_broken(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// A column name that no field has.
    pub(crate) fn fresh(&mut self) -> String {
        self.names += 1;
        format!("${}", self.names)
    }

    /// The plan with more columns, and what they are named.
    pub(crate) fn with_columns(
        &mut self,
        plan: LogicalPlan,
        span: Span,
        computed: Vec<Expr>,
    ) -> Option<(LogicalPlan, Vec<String>)> {
        if computed.is_empty() {
            return Some((plan, Vec::new()));
        }
        let names: Vec<String> = computed.iter().map(|_| self.fresh()).collect();
        let mut all: Vec<Expr> = plan.schema().columns().into_iter().map(col).collect();
        all.extend(
            computed
                .into_iter()
                .zip(&names)
                .map(|(expr, name)| expr.alias(name)),
        );
        let built = LogicalPlanBuilder::new_from_arc(Arc::new(plan)).project(all);
        let plan = self.internal(span, built.and_then(LogicalPlanBuilder::build))?;
        Some((plan, names))
    }

    /// Puts computed values into columns of the plan, so that whoever uses them twice computes them once. Values that
    /// cost nothing stay as they are.
    pub(crate) fn materialize(
        &mut self,
        plan: LogicalPlan,
        span: Span,
        values: &mut [&mut Typed],
    ) -> Option<LogicalPlan> {
        let mut computed: Vec<&mut Expr> = Vec::new();
        for value in values {
            if let Typed::Known { expr, .. } = value
                && !matches!(expr, Expr::Column(_) | Expr::Literal(..))
            {
                computed.push(expr);
            }
        }
        let exprs = computed.iter().map(|expr| (**expr).clone()).collect();
        let (plan, names) = self.with_columns(plan, span, exprs)?;
        for (expr, name) in computed.into_iter().zip(names) {
            *expr = crate::column(&name);
        }
        Some(plan)
    }
}
