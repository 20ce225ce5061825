//! Functions over groups of records.

mod avg;
mod count;
mod count_distinct;
mod count_if;
pub(crate) mod elementwise;
mod max;
mod min;
pub(crate) mod series;
mod sum;
mod take_any;

use datafusion::functions_aggregate::expr_fn::{count as count_of, first_value};
use datafusion::logical_expr::{Expr, lit};
use syntax::Diagnostic;

use crate::document::{either, only};
use crate::function::{Aggregate, Aggregation};
use crate::json::{self, Language, Want};
use crate::parameter::Arguments;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::udf::{rank_of, sort_key_of, text_of};

/// The list.
pub(crate) const ALL: &[Aggregate] = &[
    avg::AVG,
    count::COUNT,
    count_distinct::COUNT_DISTINCT,
    count_distinct::COUNT_DISTINCT_APPROX,
    count_distinct::COUNT_DISTINCT_EXACT,
    count_if::COUNT_IF,
    max::MAX,
    min::MIN,
    sum::SUM,
    take_any::TAKE_ANY,
];

/// An aggregation that is null for every group.
fn nothing() -> Aggregation {
    Aggregation {
        exprs: Vec::new(),
        finish: Box::new(|_| Typed::null()),
    }
}

/// Sum or average: numbers give a double, durations a duration, a mixture null.
fn total(arguments: &Arguments, of: fn(Expr) -> Expr) -> Result<Aggregation, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    match value.ty() {
        Type::Null => Ok(nothing()),
        Type::Duration => Ok(Aggregation::one(of(value.expr()), Type::Duration)),
        Type::Dynamic => {
            let Some(number) = value.double() else {
                return Ok(nothing());
            };
            Ok(Aggregation {
                exprs: vec![of(number.clone()), count_of(number), count_of(value.expr())],
                finish: Box::new(|columns| match columns {
                    [total, numbers, values] => Typed::known(
                        only(numbers.clone().eq(values.clone()), total.clone()),
                        Type::Double,
                    ),
                    _ => Typed::null(),
                }),
            })
        }
        _ => Ok(match value.double() {
            Some(number) => Aggregation::one(of(number), Type::Double),
            None => nothing(),
        }),
    }
}

/// The least or greatest value. Values known only record by record give null where a group mixes their types.
fn extreme(
    arguments: &Arguments,
    of: fn(Expr) -> Expr,
    ascending: bool,
) -> Result<Aggregation, Diagnostic> {
    let value = &arguments.required("expression")?.value;
    match value.ty() {
        Type::Null => Ok(nothing()),
        Type::Dynamic => {
            let text = value.expr();
            let key = sort_key_of(text.clone());
            let rank = rank_of(text.clone());
            let order = vec![key.sort(ascending, false)];
            let counted = |want| count_of(json::get(want, Language::Value, text.clone(), &[]));
            let (longs, numbers) = (counted(Want::Long), counted(Want::Number));
            Ok(Aggregation {
                exprs: vec![
                    first_value(text.clone(), order),
                    datafusion::functions_aggregate::expr_fn::min(rank.clone()),
                    datafusion::functions_aggregate::expr_fn::max(rank),
                    longs,
                    numbers,
                ],
                finish: Box::new(|columns| match columns {
                    [value, least, greatest, longs, numbers] => {
                        // One double among longs makes the result a double.
                        let double = json::get(Want::Number, Language::Value, value.clone(), &[]);
                        let value = either(
                            numbers.clone().gt(longs.clone()),
                            text_of(double, &Type::Double),
                            value.clone(),
                        );
                        let one_type = least.clone().eq(greatest.clone());
                        let ordered = least
                            .clone()
                            .in_list([1i64, 2, 4, 5, 6].map(lit).to_vec(), false);
                        Typed::dynamic(only(one_type.and(ordered), value))
                    }
                    _ => Typed::null(),
                }),
            })
        }
        ty => Ok(Aggregation::one(of(value.expr()), ty)),
    }
}
