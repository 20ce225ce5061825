//! A checksum of an answer, by which two versions, or two lakes of the same archive, can be compared.

use engine::Value;
use xxhash_rust::xxh64::xxh64;

use crate::output::json_text;

/// The checksum on its way: over the names of the fields, and over the records' JSON text. Where the order is not the
/// query's, it has no part in it; how often a record is there has.
#[derive(Clone, Debug)]
pub(super) struct Checksum {
    ordered: bool,
    records: u64,
    sum: u64,
}

impl Checksum {
    pub(super) fn new<'a>(ordered: bool, fields: impl Iterator<Item = &'a str>) -> Checksum {
        let names: Vec<Value> = fields.map(|name| Value::String(name.to_owned())).collect();
        Checksum {
            ordered,
            records: 0,
            sum: hash(&names),
        }
    }

    /// Takes in a record.
    pub(super) fn add(&mut self, record: &[Value]) {
        let record = hash(record);
        self.records += 1;
        self.sum = match self.ordered {
            true => xxh64(&record.to_le_bytes(), self.sum),
            false => self.sum.wrapping_add(record),
        };
    }

    /// The records that were taken in, and the checksum.
    pub(super) fn end(self) -> (u64, u64) {
        (self.records, xxh64(&self.records.to_le_bytes(), self.sum))
    }
}

fn hash(values: &[Value]) -> u64 {
    let mut text = String::new();
    for value in values {
        text.push_str(&json_text(value));
        text.push(',');
    }
    xxh64(text.as_bytes(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(ordered: bool, fields: &[&str], records: &[i64]) -> (u64, u64) {
        let mut sum = Checksum::new(ordered, fields.iter().copied());
        for record in records {
            sum.add(&[Value::Long(*record), Value::Null]);
        }
        sum.end()
    }

    #[test]
    fn order_counts_where_it_is_the_querys() {
        let f = &["a", "b"];
        assert_eq!(sum(false, f, &[1, 2, 3]), sum(false, f, &[3, 1, 2]));
        assert_ne!(sum(true, f, &[1, 2, 3]), sum(true, f, &[3, 1, 2]));
        assert_eq!(sum(true, f, &[1, 2, 3]), sum(true, f, &[1, 2, 3]));
    }

    #[test]
    fn names_values_and_repeats_count() {
        let f = &["a", "b"];
        for ordered in [true, false] {
            let one = sum(ordered, f, &[1, 2]);
            for other in [
                sum(ordered, &["a", "c"], &[1, 2]),
                sum(ordered, f, &[1, 2, 2]),
                sum(ordered, f, &[1, 3]),
                sum(ordered, f, &[]),
            ] {
                assert_ne!(one.1, other.1);
            }
        }
        assert_eq!(sum(false, f, &[1, 1]).0, 2);
    }
}
