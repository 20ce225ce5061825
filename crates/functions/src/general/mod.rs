//! General functions.

mod json_field;
mod json_path;
mod path;
mod r#type;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[json_field::JSON_FIELD, json_path::JSON_PATH, r#type::TYPE];
