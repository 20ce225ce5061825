//! How many different values there are: exact for a few thousand, estimated beyond.

use std::collections::HashSet;
use std::mem::size_of;

use datafusion::common::Result;
use xxhash_rust::xxh64::xxh64;

use super::Gather;
use super::sketch::Sketch;
use crate::value::{Value, canonical};

/// The most different values that are counted exactly. Their hashes have 64 bits: that two of so few are the same is
/// less likely than one in ten million million.
const EXACT: usize = 4096;

/// The precision where none is asked for.
pub(in crate::aggregate) const PRECISION: i64 = 14;

/// What a precision is given besides, in bits of a sketch: then the standard error at the usual precision is 0.2 %, and
/// an error above 1 % one of five deviations.
const MORE: i64 = 4;

/// `countDistinct`, which counts no null. The setting is the precision.
#[derive(Debug)]
pub(in crate::aggregate) struct Distinct {
    bits: u32,
    seen: HashSet<u64>,
    sketch: Option<Sketch>,
    scratch: String,
}

impl Distinct {
    fn take(&mut self, hash: u64) {
        match &mut self.sketch {
            Some(sketch) => sketch.add(hash),
            None => {
                self.seen.insert(hash);
                if self.seen.len() > EXACT {
                    self.estimate();
                }
            }
        }
    }

    /// Goes on with a sketch.
    fn estimate(&mut self) {
        let sketch = self.sketch.get_or_insert_with(|| Sketch::new(self.bits));
        self.seen.drain().for_each(|hash| sketch.add(hash));
        self.seen = HashSet::new();
    }
}

impl Gather for Distinct {
    const NAME: &'static str = "dql_count_distinct";
    const KNOWS_REPEATS: bool = true;

    fn new(settings: &[Value<'static>]) -> Self {
        let precision = settings.first().and_then(Value::as_long);
        let bits = precision.unwrap_or(PRECISION).clamp(3, 16) + MORE;
        Distinct {
            bits: u32::try_from(bits).unwrap_or(18),
            seen: HashSet::new(),
            sketch: None,
            scratch: String::new(),
        }
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        match row.first() {
            Some(Value::Null) | None => {}
            // A text of its own for strings, most of what is counted: what is said to be a value text begins otherwise.
            Some(Value::String(text)) => self.take(xxh64(text.as_bytes(), 1)),
            Some(value) => {
                self.scratch.clear();
                canonical(value, &mut self.scratch);
                self.take(xxh64(self.scratch.as_bytes(), 0));
            }
        }
        Ok(())
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        let Value::Array(parts) = state else {
            return Ok(());
        };
        match parts.as_slice() {
            [Value::Boolean(true), Value::Binary(registers)] => {
                self.estimate();
                match (&mut self.sketch, Sketch::from_registers(registers)) {
                    (Some(ours), Some(theirs)) => ours.merge(theirs.registers()),
                    (None, theirs) => self.sketch = theirs,
                    (Some(_), None) => {}
                }
            }
            [Value::Boolean(false), Value::Binary(hashes)] => {
                for hash in hashes.as_chunks::<8>().0 {
                    self.take(u64::from_le_bytes(*hash));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        let bytes = match &self.sketch {
            Some(sketch) => sketch.registers().to_vec(),
            None => self
                .seen
                .iter()
                .flat_map(|hash| hash.to_le_bytes())
                .collect(),
        };
        Value::Array(vec![
            Value::Boolean(self.sketch.is_some()),
            Value::Binary(bytes.into()),
        ])
    }

    fn result(&mut self) -> Value<'static> {
        Value::Long(match &self.sketch {
            Some(sketch) => sketch.estimate().round() as i64,
            None => i64::try_from(self.seen.len()).unwrap_or(i64::MAX),
        })
    }

    fn size(&self) -> usize {
        let registers = self
            .sketch
            .as_ref()
            .map_or(0, |sketch| sketch.registers().len());
        registers + self.seen.capacity() * (size_of::<u64>() + 1) + self.scratch.capacity()
    }
}
