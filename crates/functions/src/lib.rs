//! The DQL function library for DataFusion.
//!
//! A function is a description ([`Function`]) whose `build` turns typed arguments into an expression: stock
//! DataFusion expressions wherever they can say it, so that the optimizer prunes with them, and functions of ours
//! found by name where they can't. Functions hold no state: everything is in their arguments.
//!
//! Reading order: [`types`], [`typed`], [`document`], [`compare`], [`function`], then one file a function under the
//! folders named for their category.

pub mod arithmetic;
pub mod compare;
pub mod document;
pub mod dpl;
pub mod figures;
pub mod function;
pub mod names;
pub mod parameter;
pub mod typed;
pub mod types;
pub mod value;
pub mod zone;

mod aggregate;
mod array;
mod boolean;
mod conditional;
mod conversion;
mod create;
mod fold;
mod general;
mod hash;
mod json;
mod parse;
pub mod row;
mod search;
mod string;
mod time;

use std::sync::Arc;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

pub use aggregate::series::series;
pub use create::record::record;
pub use document::{null, when_present};
pub use figures::Figures;
pub use function::{Aggregate, Aggregation, Body, Function};
pub use json::{Language, Step};
pub use parse::{captured_fields, json_object, parse_captures, sole_json};
pub use search::{Scope as SearchScope, Sought};
pub use string::like_literal;
pub use typed::Typed;
pub use types::{Precision, Type};
pub use value::Value;

/// Every function that gives one value a record, by category.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    [
        string::ALL,
        boolean::ALL,
        conditional::ALL,
        array::ALL,
        time::ALL,
        conversion::ALL,
        create::ALL,
        general::ALL,
        hash::ALL,
    ]
    .into_iter()
    .flatten()
}

/// Every function that gives one value a group of records.
pub fn aggregates() -> impl Iterator<Item = &'static Aggregate> {
    aggregate::ALL.iter()
}

/// The function of that name, in any case.
pub fn find(name: &str) -> Option<&'static Function> {
    functions().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// The aggregate of that name, in any case.
pub fn find_aggregate(name: &str) -> Option<&'static Aggregate> {
    aggregates().find(|aggregate| aggregate.name.eq_ignore_ascii_case(name))
}

/// The scalar functions of ours that plans may hold, for registration by name.
pub fn scalar_udfs() -> Vec<Arc<ScalarUDF>> {
    let mut all = json::all();
    all.extend(value::udf::all());
    all.extend(row::all(functions()));
    let others = arithmetic::rows().chain([("record", create::record::RECORD)]);
    all.extend(others.map(|(name, row)| row::udf(name, row)));
    all.extend(array::udfs());
    all.extend(time::udfs());
    all.extend(search::udf::all());
    all.push(parse::udf());
    all
}

/// Whether a scalar function of ours parses JSON text, by its name in plans.
pub fn parses_json(name: &str) -> bool {
    json::PARSING.contains(&name) || search::udf::PARSING.contains(&name)
}

/// The aggregate functions of ours that plans may hold, for registration by name.
pub fn aggregate_udfs() -> Vec<Arc<AggregateUDF>> {
    vec![aggregate::series::udf()]
}
