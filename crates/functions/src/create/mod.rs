//! Functions that make values of parts.

mod array;
pub(crate) mod record;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[array::ARRAY];
