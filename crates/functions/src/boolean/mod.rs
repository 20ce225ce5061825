//! Tests and membership.

mod in_;
mod is_not_null;
mod is_null;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[in_::IN, is_not_null::IS_NOT_NULL, is_null::IS_NULL];
