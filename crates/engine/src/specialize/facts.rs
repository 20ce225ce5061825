//! What an expression may ask of every row of a file, and the log answers.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{
    BinaryExpr, Column, IsNotNullExpr, IsNullExpr, LikeExpr, Literal,
};
use lake::File;
use lake::cloudtrail::{OVER_LIMIT, house};

/// The column of the event's time.
const TIME: &str = "event_time";

/// What the log knows of a file; an extension of the scan's file.
#[derive(Clone, Debug)]
pub(crate) struct Known(Arc<File>);

impl Known {
    /// What is known of this file; nothing where another engine wrote it.
    pub(crate) fn of(file: &File) -> Option<Known> {
        (file.layout != 0).then(|| Known(Arc::new(file.clone())))
    }

    /// Whether a fact holds for all rows.
    pub(crate) fn tells(&self, fact: &Fact) -> bool {
        let file = &self.0;
        // Where a file has a day, each of its events has a time.
        let time = file.time.filter(|_| file.date.is_some());
        match fact {
            Fact::From(micros) => time.is_some_and(|(first, _)| first >= *micros),
            Fact::Before(micros) => time.is_some_and(|(_, last)| last < *micros),
            Fact::Bucket(name) => matches!(file.buckets.as_slice(), [only] if only == name),
            Fact::Regular => file.mistyped.is_empty(),
            Fact::Believed(name) => !file.mistyped.keys().any(|mistyped| mistyped.contains(name)),
            Fact::WithinLimit => !file.mistyped.contains_key(OVER_LIMIT),
        }
    }
}

/// What may hold for all rows of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// Their times are this one, in microseconds, or later.
    From(i64),
    /// Their times are earlier than this one, in microseconds.
    Before(i64),
    /// They are in this bucket.
    Bucket(String),
    /// None is mistyped in any column.
    Regular,
    /// None is mistyped in a column whose name has this in it.
    Believed(String),
    /// None is over the JSON limit.
    WithinLimit,
}

/// The fact that settles an expression, and what the expression then is.
pub(super) fn settles(expr: &Arc<dyn PhysicalExpr>) -> Option<(Fact, bool)> {
    if let Some(asked) = expr.downcast_ref::<IsNullExpr>() {
        return named(asked.arg(), house::MISTYPED).then_some((Fact::Regular, true));
    }
    if let Some(asked) = expr.downcast_ref::<IsNotNullExpr>() {
        return named(asked.arg(), house::MISTYPED).then_some((Fact::Regular, false));
    }
    let binary = expr.downcast_ref::<BinaryExpr>()?;
    let literal = binary.right().downcast_ref::<Literal>()?.value();
    match literal {
        ScalarValue::TimestampMicrosecond(Some(micros), _) if named(binary.left(), TIME) => {
            let fact = match binary.op() {
                Operator::GtEq => Fact::From(*micros),
                Operator::Gt => Fact::From(micros.checked_add(1)?),
                Operator::Lt => Fact::Before(*micros),
                Operator::LtEq => Fact::Before(micros.checked_add(1)?),
                _ => return None,
            };
            Some((fact, true))
        }
        literal if named(binary.left(), house::BUCKET) => {
            let name = literal.try_as_str().flatten()?;
            let same = match binary.op() {
                Operator::Eq => true,
                Operator::NotEq => false,
                _ => return None,
            };
            Some((Fact::Bucket(name.to_owned()), same))
        }
        _ => None,
    }
}

/// The fact that settles these conditions together, whatever else is asked besides: in a conjunction that none can be
/// believed in a row that is mistyped there, in a disjunction that it can be.
pub(super) fn settles_all(parts: &[Arc<dyn PhysicalExpr>], op: Operator) -> Option<(Fact, bool)> {
    let conjunction = op == Operator::And;
    let mistyped = |part: &Arc<dyn PhysicalExpr>| match conjunction {
        true => part
            .downcast_ref::<IsNotNullExpr>()
            .is_some_and(|asked| named(asked.arg(), house::MISTYPED)),
        false => part
            .downcast_ref::<IsNullExpr>()
            .is_some_and(|asked| named(asked.arg(), house::MISTYPED)),
    };
    // Of a row whose `mistyped` is null a pattern alone says neither yes nor no.
    if !parts.iter().any(mistyped) {
        return None;
    }
    let fact = parts.iter().find_map(|part| pattern(part, !conjunction))?;
    Some((fact, !conjunction))
}

/// What must hold so that no value of `mistyped` is like a pattern.
fn pattern(expr: &Arc<dyn PhysicalExpr>, negated: bool) -> Option<Fact> {
    let like = expr.downcast_ref::<LikeExpr>()?;
    if like.negated() != negated || like.case_insensitive() || !named(like.expr(), house::MISTYPED)
    {
        return None;
    }
    let pattern = like.pattern().downcast_ref::<Literal>()?.value();
    let pattern = pattern.try_as_str().flatten()?;
    if pattern.strip_suffix('%') == Some(OVER_LIMIT) {
        return Some(Fact::WithinLimit);
    }
    let name = pattern
        .strip_prefix('%')?
        .strip_suffix('%')?
        .replace("\\_", "_");
    // What is left are letters, digits and `_`, or it is a pattern that somebody wrote.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(plain)).then_some(Fact::Believed(name))
}

/// Whether an expression is the column of that name.
pub(super) fn named(expr: &Arc<dyn PhysicalExpr>, name: &str) -> bool {
    expr.downcast_ref::<Column>()
        .is_some_and(|column| column.name() == name)
}
