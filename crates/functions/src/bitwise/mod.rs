//! Functions over the bits of longs, which are 64 in two's complement.

mod and;
mod count_ones;
mod not;
mod or;
mod shift_left;
mod shift_right;
mod xor;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    and::BITWISE_AND,
    count_ones::BITWISE_COUNT_ONES,
    not::BITWISE_NOT,
    or::BITWISE_OR,
    shift_left::BITWISE_SHIFT_LEFT,
    shift_right::BITWISE_SHIFT_RIGHT,
    xor::BITWISE_XOR,
];
