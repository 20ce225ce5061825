//! Functions over JSON text: how dynamic values are read. Queries do not call them by name; translated access
//! such as `event[a][b]` becomes a call where no column answers.

mod compare;
mod get;
mod member;
mod number_text;
mod object;
mod path;
mod quote;
mod sort_key;
mod type_rank;

pub use path::Step;

pub(crate) use compare::{Comparison, compare};
pub(crate) use get::{Want, get};
pub(crate) use member::member;
pub(crate) use number_text::number_text;
pub(crate) use object::object;
pub(crate) use quote::quote;
pub(crate) use sort_key::sort_key;
pub(crate) use type_rank::{GREATEST_ORDERED_RANK, type_rank};

use std::sync::Arc;

use datafusion::logical_expr::ScalarUDF;

/// The names of those that parse documents.
pub(crate) const PARSING: &[&str] = &[
    "json_value",
    "json_canonical",
    "json_string",
    "json_long",
    "json_number",
    "json_boolean",
    "json_object",
];

/// The functions of this folder, for registration by name.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let mut all: Vec<_> = Want::ALL.iter().map(|want| get::udf(*want)).collect();
    all.extend(
        Comparison::ALL
            .iter()
            .map(|comparison| compare::udf(*comparison)),
    );
    all.extend([
        member::udf(),
        number_text::udf(),
        object::udf(),
        quote::udf(),
        sort_key::udf(),
        type_rank::udf(),
    ]);
    all
}
