//! Parts of values.

mod get_end;
mod get_high_bits;
mod get_low_bits;
mod get_start;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    get_end::GET_END,
    get_high_bits::GET_HIGH_BITS,
    get_low_bits::GET_LOW_BITS,
    get_start::GET_START,
];
