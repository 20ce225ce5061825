//! Conversions between types.

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[];
