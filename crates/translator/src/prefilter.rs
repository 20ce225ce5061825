//! Cheap conditions in front of a filter on what `parse` gave: a text that lacks what every match holds need not be matched
//! at all. The answer is the same with them and without.

use datafusion::logical_expr::{Expr, LogicalPlan, Operator};

/// `condition`, behind what it implies for the texts that patterns were matched against.
pub(crate) fn before(plan: &LogicalPlan, condition: Expr) -> Expr {
    let mut implied = Vec::new();
    let mut node = plan;
    loop {
        match node {
            LogicalPlan::Filter(filter) => node = &filter.input,
            LogicalPlan::Projection(projection) => {
                for expr in &projection.expr {
                    if let Expr::Alias(alias) = expr
                        && let Some(cheap) = functions::prefilter(&alias.expr)
                        && rejects(&condition, &alias.name)
                        && is_visible(plan, &cheap)
                    {
                        implied.push(cheap);
                    }
                }
                node = &projection.input;
            }
            _ => break,
        }
    }
    implied
        .into_iter()
        .rfold(condition, |condition, cheap| cheap.and(condition))
}

/// Whether all columns of an expression are columns of the plan.
fn is_visible(plan: &LogicalPlan, expr: &Expr) -> bool {
    let columns = expr.column_refs();
    columns
        .iter()
        .all(|column| plan.schema().has_column(column))
}

/// Whether `condition` is not true where all fields of the struct in `column` are null.
fn rejects(condition: &Expr, column: &str) -> bool {
    match condition {
        Expr::BinaryExpr(binary) => match binary.op {
            Operator::And => rejects(&binary.left, column) || rejects(&binary.right, column),
            Operator::Or => rejects(&binary.left, column) && rejects(&binary.right, column),
            _ => is_null(condition, column),
        },
        Expr::IsNotNull(inner) => is_null(inner, column),
        Expr::IsTrue(inner) => rejects(inner, column),
        other => is_null(other, column),
    }
}

/// Whether `expr` is null where all fields of the struct in `column` are.
fn is_null(expr: &Expr, column: &str) -> bool {
    match expr {
        Expr::ScalarFunction(call) => match (call.func.name(), call.args.as_slice()) {
            ("get_field", [Expr::Column(of), ..]) => of.relation.is_none() && of.name == column,
            // What reads a place of a document gives null for none.
            (name, args) if functions::parses_json(name) => {
                args.iter().any(|argument| is_null(argument, column))
            }
            _ => false,
        },
        Expr::Cast(cast) => is_null(&cast.expr, column),
        Expr::Like(like) => is_null(&like.expr, column),
        Expr::Not(inner) => is_null(inner, column),
        Expr::BinaryExpr(binary) => match binary.op {
            Operator::Eq
            | Operator::NotEq
            | Operator::Lt
            | Operator::LtEq
            | Operator::Gt
            | Operator::GtEq => is_null(&binary.left, column) || is_null(&binary.right, column),
            _ => false,
        },
        _ => false,
    }
}
