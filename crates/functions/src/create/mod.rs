//! Functions that make values of parts.

mod array;
mod duration;
mod ip;
pub(crate) mod record;
mod smartscape_id;
mod timeframe;
mod uid128;
mod uid64;
mod uuid;

use crate::function::Function;

/// The list.
pub(crate) const ALL: &[Function] = &[
    array::ARRAY,
    duration::DURATION,
    ip::IP,
    smartscape_id::SMARTSCAPE_ID,
    timeframe::TIMEFRAME,
    uid128::UID128,
    uid64::UID64,
    uuid::UUID,
];
