//! Which records a sampled `fetch` keeps: the same ones each time, whatever files and order they come in.

use xxhash_rust::xxh64::xxh64;

use crate::row::{Row, apply, boolean};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// Keeps one of so many records, told by the hash of an id.
pub(crate) const SAMPLED: Row = Row::new(boolean, sampled_row);

/// Whether the record with that id is in the sample of one in `ratio`.
pub fn sampled(id: &Typed, ratio: i64) -> Typed {
    let ratio = Typed::constant(&Value::Long(ratio), &Type::Long);
    apply("sampled", SAMPLED, &[id.clone(), ratio])
}

fn sampled_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [id, Value::Long(ratio)] = values else {
        return Value::Null;
    };
    let hash = xxh64(id.as_str().unwrap_or_default().as_bytes(), 0);
    Value::Boolean(u64::try_from(*ratio).is_ok_and(|ratio| ratio > 0 && hash.is_multiple_of(ratio)))
}
