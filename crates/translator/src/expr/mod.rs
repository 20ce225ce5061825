//! Expressions: tree to typed expression, one file a kind.
//!
//! A failure is reported and gives `None`; the caller goes on, so that all errors come at once.

mod access;
mod call;
mod field;
mod fixed;
mod form;
mod habit;
mod iterate;
mod literal;
mod operator;
mod search;
mod subquery;

use datafusion::logical_expr::Expr as PlanExpr;
use functions::compare::Truth;
use functions::{Aggregation, Type, Typed};
use syntax::dql::ast::{Expr, ExprKind};
use syntax::{Code, Diagnostic};

use crate::context::Context;
use crate::scope::Scope;

pub(crate) use call::is_aggregate;
pub(crate) use field::missing;
pub(crate) use fixed::{fixed, reads_records};
pub(crate) use operator::{balanced, chain};
pub(crate) use search::{found, sought};
pub(crate) use subquery::join_all;

/// What an expression may read.
pub(crate) struct Reading<'a> {
    /// The fields.
    pub(crate) scope: &'a Scope,
    /// Where aggregations are gathered, in commands that take them.
    pub(crate) aggregations: Option<Aggregations<'a>>,
}

/// The aggregations of a command, found on the way through its expressions.
pub(crate) struct Aggregations<'a> {
    /// The fields that their arguments read: those before the aggregation.
    pub(crate) input: &'a Scope,
    /// What was found so far.
    pub(crate) found: &'a mut Found,
}

/// The aggregations that a command needs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The aggregate expressions, under their column names.
    pub(crate) exprs: Vec<PlanExpr>,
    /// The column that the places of records have to stand in, where an aggregation asks for them.
    pub(crate) place: Option<String>,
}

impl Found {
    /// Takes the aggregate expressions of a call, and gives the value made of their results.
    pub(crate) fn add(&mut self, ctx: &mut Context, aggregation: Aggregation) -> Typed {
        let mut columns = Vec::with_capacity(aggregation.exprs.len());
        for expr in aggregation.exprs {
            let name = ctx.fresh();
            columns.push(crate::column(&name));
            self.exprs.push(expr.alias(name));
        }
        (aggregation.finish)(&columns)
    }

    /// The place of a record among all.
    pub(crate) fn place(&mut self, ctx: &mut Context) -> PlanExpr {
        crate::column(self.place.get_or_insert_with(|| ctx.fresh()))
    }
}

/// The value of an expression over the fields of `scope`.
pub(crate) fn value(ctx: &mut Context, scope: &Scope, expr: &Expr, truth: Truth) -> Option<Typed> {
    let mut reading = Reading {
        scope,
        aggregations: None,
    };
    outermost(ctx, &mut reading, expr, truth)
}

/// The value of an expression that stands in no other, under a reading.
pub(crate) fn outermost(
    ctx: &mut Context,
    reading: &mut Reading,
    expr: &Expr,
    truth: Truth,
) -> Option<Typed> {
    iterate::outermost(ctx, expr.span, |ctx| read(ctx, reading, expr, truth))
}

/// A condition over the fields of `scope`, to be asked only whether it is true.
pub(crate) fn condition(ctx: &mut Context, scope: &Scope, expr: &Expr) -> Option<PlanExpr> {
    let value = value(ctx, scope, expr, Truth::OnlyTrue)?;
    boolean(ctx, &value, expr)
}

/// Whether a value's type is only what it happens to be in this lake, or in these records: a mismatch is null then, not
/// an error. Fields are variants in DQL, and so is what is inside of them.
pub(crate) fn is_variant(expr: &Expr, value: &Typed) -> bool {
    value.is_variant() || matches!(expr.kind, ExprKind::Field(_) | ExprKind::Access { .. })
}

/// The value as a boolean; null where it is none, an error where it can't ever be one.
fn boolean(ctx: &mut Context, value: &Typed, expr: &Expr) -> Option<PlanExpr> {
    let boolean = value.boolean();
    if boolean.is_none() {
        let article = value.ty().article();
        if is_variant(expr, value) {
            ctx.report(Diagnostic::warning(
                Code::NeverTrue,
                expr.span,
                format!("this is {article} in every event, and no condition: it is always null"),
            ));
            return Some(functions::null(&Type::Boolean));
        }
        let diagnostic = Diagnostic::error(
            Code::WrongType,
            expr.span,
            format!("a condition has to be a boolean, and this is {article}"),
        );
        ctx.report(match value.ty() {
            Type::Array(_) => diagnostic.help(
                "iAny(…) around a condition with `[]` asks whether it is true for an element",
            ),
            _ => diagnostic,
        });
    }
    boolean
}

/// The value of an expression under a reading.
pub(crate) fn read(
    ctx: &mut Context,
    reading: &mut Reading,
    expr: &Expr,
    truth: Truth,
) -> Option<Typed> {
    match &expr.kind {
        ExprKind::Literal(literal) => literal::literal(ctx, literal, expr.span),
        ExprKind::Field(name) => field::field(ctx, reading, name),
        ExprKind::Call(call) => call::call(ctx, reading, call, expr, truth),
        ExprKind::Access { base, accessor } => access::access(ctx, reading, base, accessor, expr),
        ExprKind::Unary { op, operand } => operator::unary(ctx, reading, *op, operand, expr),
        ExprKind::Binary {
            op, left, right, ..
        } => operator::binary(ctx, reading, *op, (left, right), expr, truth),
        ExprKind::Align { left, unit } => {
            operator::align(ctx, reading, left.as_deref(), *unit, expr)
        }
        ExprKind::In { .. } => subquery::value(ctx, expr.span, truth),
        // The parser has said what is wrong.
        ExprKind::Error => None,
    }
}

/// An instant as a literal.
pub(crate) fn instant(nanos: i64) -> Typed {
    let literal =
        datafusion::common::ScalarValue::TimestampNanosecond(Some(nanos), Some("UTC".into()));
    Typed::known(PlanExpr::Literal(literal, None), Type::TIMESTAMP)
}
