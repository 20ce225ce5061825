//! Tests and membership.

mod in_;
mod is_false_or_null;
mod is_finite;
mod is_infinite;
mod is_na_n;
mod is_not_null;
mod is_null;
mod is_true_or_null;
mod is_uid128;
mod is_uid64;
mod is_uuid;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    in_::IN,
    is_false_or_null::IS_FALSE_OR_NULL,
    is_finite::IS_FINITE,
    is_infinite::IS_INFINITE,
    is_na_n::IS_NA_N,
    is_not_null::IS_NOT_NULL,
    is_null::IS_NULL,
    is_true_or_null::IS_TRUE_OR_NULL,
    is_uid128::IS_UID128,
    is_uid64::IS_UID64,
    is_uuid::IS_UUID,
];
