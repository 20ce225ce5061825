//! Equality and order as DQL defines them: the one place where they are told from SQL's.
//!
//! * Null on either side gives null.
//! * Values of different types are unequal (`==` false, `!=` true), and neither is less than the other (null). Long
//!   and double are one type.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{BinaryExpr, Expr, Operator, cast, lit, try_cast};

use crate::document::{either, null, only};
use crate::typed::Typed;
use crate::types::{Precision, Type};
use crate::value::udf;

/// What will be asked of a condition's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Only whether it is true, as in a filter: false and null may stand for each other. Plain conditions on columns
    /// result, by which files are pruned.
    OnlyTrue,
    /// Its exact value of true, false or null.
    Exact,
}

/// A comparison's operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Compare {
    fn operator(self) -> Operator {
        match self {
            Compare::Equal => Operator::Eq,
            Compare::NotEqual => Operator::NotEq,
            Compare::Less => Operator::Lt,
            Compare::LessOrEqual => Operator::LtEq,
            Compare::Greater => Operator::Gt,
            Compare::GreaterOrEqual => Operator::GtEq,
        }
    }

    /// The operator that says the same with the sides changed.
    fn mirrored(self) -> Compare {
        match self {
            Compare::Less => Compare::Greater,
            Compare::LessOrEqual => Compare::GreaterOrEqual,
            Compare::Greater => Compare::Less,
            Compare::GreaterOrEqual => Compare::LessOrEqual,
            same => same,
        }
    }

    fn is_equality(self) -> bool {
        matches!(self, Compare::Equal | Compare::NotEqual)
    }
}

/// `left op right`, a boolean.
pub fn compare(op: Compare, left: &Typed, right: &Typed, truth: Truth) -> Expr {
    let (left_type, right_type) = (left.ty(), right.ty());
    match (&left_type, &right_type) {
        (Type::Null, _) | (_, Type::Null) => null(&Type::Boolean),
        (Type::Dynamic, Type::Dynamic) => dynamic(op, left.expr(), right.expr()),
        (Type::Dynamic, _) => mixed(op, left, right, &right_type, truth),
        (_, Type::Dynamic) => mixed(op.mirrored(), right, left, &left_type, truth),
        (Type::Timestamp(_), Type::Timestamp(_)) => timestamps(op, left, right),
        (Type::Long, Type::Double) => longs_and_doubles(op, left.expr(), right.expr()),
        (Type::Double, Type::Long) => longs_and_doubles(op.mirrored(), right.expr(), left.expr()),
        (left_type, _) if !op.is_equality() && !has_order(left_type) => null(&Type::Boolean),
        // Equal texts tell equal values only of types that have one text for each.
        (left_type, right_type)
            if left_type.same(right_type)
                && (matches!(left_type, Type::Array(_) | Type::Record)
                    || !op.is_equality() && *left_type == Type::Ip) =>
        {
            dynamic(op, left.value_text(), right.value_text())
        }
        (Type::Array(_), Type::Array(_)) => dynamic(op, left.value_text(), right.value_text()),
        (left_type, right_type) if left_type.same(right_type) => alike(op, left, right, truth),
        _ => unlike(op, left, right),
    }
}

/// Whether values of a type are less or greater than others.
fn has_order(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Long
            | Type::Double
            | Type::String
            | Type::Timestamp(_)
            | Type::Duration
            | Type::Ip
            | Type::Smartscape
    )
}

/// Two values of one static type.
fn alike(op: Compare, left: &Typed, right: &Typed, truth: Truth) -> Expr {
    if truth == Truth::OnlyTrue {
        let bare = left
            .test_bare(|column| binary(op, column, right.expr()))
            .or_else(|| right.test_bare(|column| binary(op, left.expr(), column)));
        if let Some(bare) = bare {
            return bare;
        }
    }
    binary(op, left.expr(), right.expr())
}

/// Two values of one Arrow type.
fn binary(op: Compare, left: Expr, right: Expr) -> Expr {
    Expr::BinaryExpr(BinaryExpr::new(
        Box::new(left),
        op.operator(),
        Box::new(right),
    ))
}

/// Two values that are never of one type.
fn unlike(op: Compare, left: &Typed, right: &Typed) -> Expr {
    match op {
        Compare::Equal | Compare::NotEqual => only(
            left.is_not_null().and(right.is_not_null()),
            lit(op == Compare::NotEqual),
        ),
        _ => null(&Type::Boolean),
    }
}

/// Two values whose types are known only record by record, as value text.
fn dynamic(op: Compare, left: Expr, right: Expr) -> Expr {
    match op {
        Compare::Equal => udf::equal(left, right),
        Compare::NotEqual => !udf::equal(left, right),
        Compare::Less => udf::less(left, right),
        Compare::LessOrEqual => udf::less_or_equal(left, right),
        Compare::Greater => udf::less(right, left),
        Compare::GreaterOrEqual => udf::less_or_equal(right, left),
    }
}

/// A dynamic value on the left, one of a static type on the right.
fn mixed(op: Compare, left: &Typed, right: &Typed, ty: &Type, truth: Truth) -> Expr {
    let typed = match ty {
        Type::String => left.string(),
        Type::Boolean => left.boolean(),
        // Numbers compare exactly only as the text has them: a double can't hold every long.
        _ => return dynamic(op, left.value_text(), right.value_text()),
    };
    let Some(typed) = typed else {
        return unlike(op, left, right);
    };
    if *ty == Type::Boolean && !op.is_equality() {
        return null(&Type::Boolean);
    }
    let alike = binary(op, typed.clone(), right.expr());
    match (op, truth) {
        // Another type gives null here, and false (`==`) or null (`<`) by the rule.
        (Compare::Less | Compare::LessOrEqual | Compare::Greater | Compare::GreaterOrEqual, _)
        | (Compare::Equal, Truth::OnlyTrue) => {
            // What is tested bare is a string, whatever else the place may hold.
            let wanted = *ty == Type::String && truth == Truth::OnlyTrue;
            match left.test_bare(|column| binary(op, column, right.expr())) {
                Some(bare) if wanted => bare,
                _ => alike,
            }
        }
        _ => either(typed.is_not_null(), alike, unlike(op, left, right)),
    }
}

/// A long and a double. A double can't hold every long, so a whole literal is compared as a long.
fn longs_and_doubles(op: Compare, long: Expr, double: Expr) -> Expr {
    if let Expr::Literal(ScalarValue::Float64(Some(value)), _) = &double
        && value.fract() == 0.0
        && value.abs() < 9.2e18
    {
        return binary(op, long, lit(*value as i64));
    }
    // Where they are equal as doubles, the double is a whole number, and the longs decide. One beyond the longs, of
    // which there is only 2^63, has no long and is greater.
    let near = cast(long.clone(), Type::Double.arrow());
    let whole = try_cast(double.clone(), Type::Long.arrow());
    let decided = either(
        whole.clone().is_null(),
        lit(matches!(
            op,
            Compare::NotEqual | Compare::Less | Compare::LessOrEqual
        )),
        binary(op, long, whole),
    );
    let differ = binary(op, near.clone(), double.clone());
    either(binary(Compare::Equal, near, double), decided, differ)
}

/// Two timestamps. A column in microseconds is compared as it is stored, with the literal rounded so that the answer
/// stays exact; a cast to nanoseconds would cost the pruning.
fn timestamps(op: Compare, left: &Typed, right: &Typed) -> Expr {
    let (left, right) = (left.clone(), right.clone());
    match (&left, &right) {
        (
            Typed::Known {
                expr: a,
                ty: Type::Timestamp(p),
            },
            Typed::Known {
                expr: b,
                ty: Type::Timestamp(q),
            },
        ) if p == q => binary(op, a.clone(), b.clone()),
        (
            Typed::Known {
                expr,
                ty: Type::Timestamp(Precision::Micro),
            },
            _,
        ) => match nanoseconds(&right) {
            Some(nanos) => with_instant(op, expr, nanos),
            None => binary(op, as_nanos(&left), as_nanos(&right)),
        },
        (
            _,
            Typed::Known {
                expr,
                ty: Type::Timestamp(Precision::Micro),
            },
        ) => match nanoseconds(&left) {
            Some(nanos) => with_instant(op.mirrored(), expr, nanos),
            None => binary(op, as_nanos(&left), as_nanos(&right)),
        },
        _ => binary(op, as_nanos(&left), as_nanos(&right)),
    }
}

fn as_nanos(value: &Typed) -> Expr {
    value.timestamp().unwrap_or_else(|| null(&Type::TIMESTAMP))
}

fn nanoseconds(value: &Typed) -> Option<i64> {
    match value.literal()? {
        ScalarValue::TimestampNanosecond(nanos, _) => *nanos,
        _ => None,
    }
}

/// A column in microseconds against an instant in nanoseconds.
pub fn with_instant(op: Compare, column: &Expr, nanos: i64) -> Expr {
    let floor = nanos.div_euclid(1_000);
    let whole = nanos.rem_euclid(1_000) == 0;
    let ceiling = if whole { floor } else { floor + 1 };
    let micros = match op {
        Compare::Equal | Compare::NotEqual if !whole => {
            return only(column.clone().is_not_null(), lit(op == Compare::NotEqual));
        }
        Compare::Less | Compare::GreaterOrEqual => ceiling,
        _ => floor,
    };
    let literal = ScalarValue::TimestampMicrosecond(Some(micros), Some("UTC".into()));
    binary(op, column.clone(), Expr::Literal(literal, None))
}
