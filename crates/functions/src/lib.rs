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
pub mod iterative;
pub mod measured;
pub mod names;
pub mod parameter;
pub mod row;
pub mod time;
pub mod typed;
pub mod types;
pub mod value;
mod varying;
pub mod zone;

mod aggregate;
mod array;
mod bitwise;
mod boolean;
mod cast;
mod conditional;
mod conversion;
mod create;
mod fold;
mod form;
mod general;
mod get;
mod hash;
mod json;
mod math;
mod network;
mod parse;
mod sample;
mod search;
mod string;

use std::sync::Arc;

use datafusion::logical_expr::{AggregateUDF, ScalarUDF};

pub use aggregate::elementwise::elementwise;
pub use aggregate::series::{series, series_array};
pub use aggregate::{first_spelling, first_text, has_spellings, spelling_key};
pub use create::record::{record, unless_record};
pub use document::{choice, first_present, null, when_present};
pub use figures::Figures;
pub use function::{Aggregate, Aggregation, Body, Function};
pub use json::{Language, Step};
pub use measured::measured;
pub use parse::{
    captured_fields, exports_nothing, instant, json_members, json_object, parse_captures, pattern,
    prefilter, sole_json,
};
pub use sample::sampled;
pub use search::{Scope as SearchScope, Sought};
pub use string::like_literal;
pub use typed::Typed;
pub use types::{Precision, Type};
pub use value::Value;
pub use varying::varying;

/// Every function that gives one value a record, by category.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    [
        string::ALL,
        boolean::ALL,
        conditional::ALL,
        array::ALL,
        time::ALL,
        conversion::ALL,
        cast::ALL,
        create::ALL,
        parse::ALL,
        form::ALL,
        get::ALL,
        math::ALL,
        network::ALL,
        bitwise::ALL,
        iterative::ALL,
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
    let alias = names::ALIASES
        .iter()
        .find(|(alias, _)| alias.eq_ignore_ascii_case(name));
    let name = alias.map_or(name, |(_, name)| *name);
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
    let others = arithmetic::rows().chain(time::calendar::rows()).chain([
        ("record", create::record::RECORD),
        ("unless_record", create::record::UNLESS_RECORD),
        ("sampled", sample::SAMPLED),
        ("bin_of", time::bin::BIN_OF),
    ]);
    all.extend(others.map(|(name, row)| row::udf(name, row)));
    all.extend(array::rows().map(|(name, row)| row::udf(name, row)));
    all.extend(iterative::rows().map(|(name, row)| row::udf(name, row)));
    all.extend(array::udfs());
    all.extend(iterative::udfs());
    all.extend(time::udfs());
    all.extend(parse::udfs());
    all.push(measured::udf());
    all.push(aggregate::series::array_udf());
    all.extend([varying::udf(), varying::mark_udf()]);
    all.extend(search::udf::all());
    all
}

/// Whether a scalar function of ours parses JSON text, by its name in plans.
pub fn parses_json(name: &str) -> bool {
    json::PARSING.contains(&name) || search::udf::PARSING.contains(&name)
}

/// Whether a call in a plan parses JSON text.
pub fn reads_json(call: &datafusion::logical_expr::expr::ScalarFunction) -> bool {
    parses_json(call.name()) || parse::reads_json(call.name(), &call.args)
}

/// The aggregate functions of ours that plans may hold, for registration by name.
pub fn aggregate_udfs() -> Vec<Arc<AggregateUDF>> {
    let mut all = aggregate::udafs();
    all.extend(aggregate::elementwise::udafs());
    all
}
