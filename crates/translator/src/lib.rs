//! DQL to a DataFusion logical plan. Pure: no disk, no clock, no network; the same text, catalog and time give the same
//! plan.
//!
//! [`dql`] is the whole pipeline on one screen. Reading order: [`catalog`], `scope`, `command/filter.rs`, `expr/mod.rs`.

pub mod catalog;
pub mod context;

mod arguments;
mod command;
mod constant;
mod definitions;
mod elements;
mod events;
mod expr;
mod output;
mod pattern;
mod prefilter;
mod scope;

use datafusion::common::Column;
use datafusion::logical_expr::{Expr, LogicalPlan};
use functions::Type;
use syntax::dql::ast;
use syntax::{Code, Diagnostic, Severity, Span};

pub use catalog::{
    Catalog, EventColumn, Events, House, Lookup, LookupFault, LookupField, Timeframe,
};
pub use context::Options;
pub use definitions::canonical_query;
pub use functions::time::text::instant as parse_instant;

use context::Context;

/// A field of a result.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputField {
    /// Its name.
    pub name: String,
    /// Its type; [`Type::Dynamic`] values are JSON text in their column.
    pub ty: Type,
}

/// A query as a plan.
#[derive(Clone, Debug)]
pub struct Translation {
    /// Its columns stand for `fields`, in order.
    pub plan: LogicalPlan,
    /// What the columns are.
    pub fields: Vec<OutputField>,
    /// The timeframe that was asked for.
    pub timeframe: Timeframe,
}

/// Translates a query. Diagnostics are those of the parser and of the translation, warnings included, in the order
/// of the text; there is a plan exactly where none of them is an error.
pub fn dql(
    text: &str,
    catalog: &dyn Catalog,
    options: &Options,
) -> (Option<Translation>, Vec<Diagnostic>) {
    let (query, diagnostics) = syntax::dql::parse(text);
    let broken = diagnostics.iter().any(Diagnostic::is_error);
    let mut ctx = Context::new(text, catalog, options, diagnostics);
    let stage = command::pipeline(&mut ctx, &query);
    let translation = stage.and_then(|stage| output::output(&mut ctx, stage, query.span));
    let mut diagnostics = ctx.into_diagnostics();
    let failed = broken || diagnostics.iter().any(Diagnostic::is_error);
    if translation.is_none() && !failed {
        diagnostics.push(nothing_said(query.span));
    }
    if failed {
        // What is only worth knowing is said of queries that run.
        diagnostics.retain(|diagnostic| diagnostic.severity > Severity::Info);
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    (translation.filter(|_| !failed), diagnostics)
}

/// The complaint about a query that has neither a plan nor an error.
fn nothing_said(span: Span) -> Diagnostic {
    let message = "this query can't be translated, and it is not known why";
    Diagnostic::error(Code::Internal, span, message)
        .help("this is a fault of ours: please report it with the query")
}

/// The names of the commands that are supported.
pub fn commands() -> impl Iterator<Item = &'static str> {
    command::supported()
}

/// The column of the plan with that name.
fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// The canonical text of an expression, which names it where nothing else does.
fn canonical(expr: &ast::Expr) -> String {
    syntax::dql::format::canonical_with(expr, &definitions::Library)
}
