//! Expressions without what is settled.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::ScalarFunctionExpr;
use datafusion::physical_expr::expressions::{
    BinaryExpr, CaseExpr, CastExpr, Literal, NotExpr, case, lit,
};

use super::facts::{Fact, settles, settles_all};

/// An expression, all of whose parts that `holds` settles are left out. It gives the same for all rows of files in which
/// those facts hold.
pub(super) fn fold(
    expr: &Arc<dyn PhysicalExpr>,
    holds: &mut dyn FnMut(&Fact) -> bool,
) -> Result<Arc<dyn PhysicalExpr>> {
    if let Some((fact, value)) = settles(expr) {
        return Ok(match holds(&fact) {
            true => lit(value),
            false => Arc::clone(expr),
        });
    }
    if let Some(binary) = expr.downcast_ref::<BinaryExpr>()
        && matches!(binary.op(), Operator::And | Operator::Or)
    {
        return junction(expr, *binary.op(), holds);
    }
    if let Some(choice) = expr.downcast_ref::<CaseExpr>()
        && choice.expr().is_none()
    {
        return choose(choice, holds);
    }
    let mut changed = false;
    let mut children = Vec::new();
    for child in expr.children() {
        let folded = fold(child, holds)?;
        changed |= !Arc::ptr_eq(child, &folded);
        children.push(folded);
    }
    if !changed {
        return Ok(Arc::clone(expr));
    }
    if expr.downcast_ref::<NotExpr>().is_some()
        && let [child] = children.as_slice()
        && let Some(value) = truth(child)
    {
        return Ok(lit(!value));
    }
    Arc::clone(expr).with_new_children(children)
}

/// The conditions that `op`, AND or OR, joins.
pub(crate) fn parts(expr: &Arc<dyn PhysicalExpr>, op: Operator) -> Vec<Arc<dyn PhysicalExpr>> {
    match expr.downcast_ref::<BinaryExpr>() {
        Some(binary) if *binary.op() == op => {
            let mut all = parts(binary.left(), op);
            all.extend(parts(binary.right(), op));
            all
        }
        _ => vec![Arc::clone(expr)],
    }
}

/// Conditions joined by `op`, AND or OR; none where there are none.
pub(crate) fn join(
    parts: impl IntoIterator<Item = Arc<dyn PhysicalExpr>>,
    op: Operator,
) -> Option<Arc<dyn PhysicalExpr>> {
    let join = |left, right| Arc::new(BinaryExpr::new(left, op, right)) as Arc<dyn PhysicalExpr>;
    parts.into_iter().reduce(join)
}

/// What a literal says; none of what is no boolean literal.
pub(crate) fn truth(expr: &Arc<dyn PhysicalExpr>) -> Option<bool> {
    match expr.downcast_ref::<Literal>()?.value() {
        ScalarValue::Boolean(value) => *value,
        _ => None,
    }
}

fn junction(
    expr: &Arc<dyn PhysicalExpr>,
    op: Operator,
    holds: &mut dyn FnMut(&Fact) -> bool,
) -> Result<Arc<dyn PhysicalExpr>> {
    let before = parts(expr, op);
    // What decides alone: false in a conjunction, true in a disjunction.
    let decisive = op == Operator::Or;
    if let Some((fact, value)) = settles_all(&before, op)
        && holds(&fact)
    {
        return Ok(lit(value));
    }
    let mut changed = false;
    let mut kept = Vec::new();
    for part in &before {
        let folded = fold(part, holds)?;
        changed |= !Arc::ptr_eq(part, &folded);
        match truth(&folded) {
            Some(value) if value == decisive => return Ok(lit(decisive)),
            Some(_) => {}
            None => kept.push(folded),
        }
    }
    if !changed {
        return Ok(Arc::clone(expr));
    }
    Ok(join(kept, op).unwrap_or_else(|| lit(!decisive)))
}

fn choose(
    choice: &CaseExpr,
    holds: &mut dyn FnMut(&Fact) -> bool,
) -> Result<Arc<dyn PhysicalExpr>> {
    let mut branches = Vec::new();
    for (when, then) in choice.when_then_expr() {
        let when = fold(when, holds)?;
        match truth(&when) {
            Some(false) => {}
            Some(true) => {
                let then = fold(then, holds)?;
                return match branches.is_empty() {
                    true => Ok(then),
                    false => case(None, branches, Some(then)),
                };
            }
            None => branches.push((when, fold(then, holds)?)),
        }
    }
    let rest = match choice.else_expr() {
        Some(rest) => Some(fold(rest, holds)?),
        None => None,
    };
    match (branches.is_empty(), rest) {
        (false, rest) => case(None, branches, rest),
        (true, Some(rest)) => Ok(rest),
        (true, None) => {
            // All branches are of one type, which the first one has.
            let mut branches = choice.when_then_expr().iter();
            match branches.find_map(|(_, then)| type_of(then)) {
                Some(ty) => Ok(Arc::new(Literal::new(ScalarValue::try_from(&ty)?))),
                None => case(None, choice.when_then_expr().to_vec(), None),
            }
        }
    }
}

/// The type of an expression, where it says so itself.
fn type_of(expr: &Arc<dyn PhysicalExpr>) -> Option<DataType> {
    if let Some(literal) = expr.downcast_ref::<Literal>() {
        return Some(literal.value().data_type());
    }
    if let Some(call) = expr.downcast_ref::<ScalarFunctionExpr>() {
        return Some(call.return_type().clone());
    }
    if let Some(cast) = expr.downcast_ref::<CastExpr>() {
        return Some(cast.cast_type().clone());
    }
    let choice = expr.downcast_ref::<CaseExpr>()?;
    let mut branches = choice.when_then_expr().iter();
    let of_branch = branches.find_map(|(_, then)| type_of(then));
    of_branch.or_else(|| type_of(choice.else_expr()?))
}
