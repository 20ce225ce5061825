//! Functions over documents: how parts of JSON text and of value text are read. Queries do not call them by name;
//! translated access such as `event[a][b]` becomes a call where no column answers.

mod get;
mod object;
mod path;
mod seek;

pub use get::Language;
pub use path::Step;

pub(crate) use get::{Want, get};
pub(crate) use object::object;
pub(crate) use seek::{object_in, object_of};

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
    "json_in",
];

/// The functions of this folder, for registration by name.
pub(crate) fn all() -> Vec<Arc<ScalarUDF>> {
    let mut all = get::all();
    all.push(object::udf());
    all.push(seek::udf());
    all
}
