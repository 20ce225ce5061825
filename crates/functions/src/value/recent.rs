//! What was looked up lately: each key at the one place that its bits give it, where the next key with the same place puts
//! it out. Where rows ask for few keys again and again, they find them here without a hash table's hashing and probing; of
//! more than [`PLACES`] keys most would be missed, and looking here first only be in the way.

/// Places, a power of two. With keys of 16 bytes they take 128 KiB, which stay in a processor's own cache.
pub const PLACES: usize = 1 << PLACE_BITS;
const PLACE_BITS: u32 = 12;

/// A key of few bytes.
pub trait Key: Copy + Default + Eq {
    /// All of its bits, in 64.
    fn folded(self) -> u64;
}

impl Key for u64 {
    fn folded(self) -> u64 {
        self
    }
}

impl Key for u128 {
    fn folded(self) -> u64 {
        // The halves of a view differ in the same low bits: its length, and the count of its buffer.
        self as u64 ^ ((self >> 64) as u64).rotate_left(32)
    }
}

/// Numbers above 0, for keys that were looked up lately.
#[derive(Debug)]
pub struct Recent<K> {
    /// Empty until the first is put; 0 where there is none.
    places: Vec<(K, u32)>,
}

impl<K> Default for Recent<K> {
    fn default() -> Recent<K> {
        Recent { places: Vec::new() }
    }
}

impl<K: Key> Recent<K> {
    /// The number that was put for the key, if no other came into its place.
    #[inline]
    pub fn get(&self, key: K) -> Option<u32> {
        let (known, number) = *self.places.get(place(key))?;
        (known == key && number != 0).then_some(number)
    }

    /// Puts a number, above 0, for the key.
    #[inline]
    pub fn put(&mut self, key: K, number: u32) {
        if self.places.is_empty() {
            self.places = vec![(K::default(), 0); PLACES];
        }
        if let Some(slot) = self.places.get_mut(place(key)) {
            *slot = (key, number);
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.places.clear();
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        self.places.capacity() * size_of::<(K, u32)>()
    }
}

/// Where a key is: the upper bits of a product, to which all of its bits come.
#[inline]
fn place<K: Key>(key: K) -> usize {
    let product = key.folded().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (product >> (u64::BITS - PLACE_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// It may forget, and never tells what was not put last.
        #[test]
        fn what_it_knows_was_put_last(puts in proptest::collection::vec((0..9000_u64, 1..5_u32), 0..20_000)) {
            let (mut recent, mut all) = (Recent::<u64>::default(), HashMap::new());
            for (key, number) in puts {
                recent.put(key, number);
                all.insert(key, number);
                prop_assert_eq!(recent.get(key), Some(number));
            }
            for key in 0..9000 {
                if let Some(number) = recent.get(key) {
                    prop_assert_eq!(all.get(&key), Some(&number));
                }
            }
        }
    }

    #[test]
    fn of_nothing_it_knows_nothing() {
        let mut recent = Recent::<u128>::default();
        assert_eq!(recent.get(0), None);
        recent.put(7, 1);
        // The key of a place where nothing was put.
        assert_eq!(recent.get(0), None);
        recent.clear();
        assert_eq!(recent.get(7), None);
    }
}
