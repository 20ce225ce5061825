//! Numbers as Parquet's `DELTA_BINARY_PACKED` has them, written: the first, and of each other how much it is more than the one
//! before, in as many bits as the 32 around it take. Lengths of texts are stored so, apart from the texts.

use crate::hybrid;

/// Numbers of a block, which share the least difference.
const BLOCK: usize = 128;

/// Numbers that share a width.
const MINIBLOCK: usize = 32;

/// Appends `values`.
pub(crate) fn encode(values: &[u32], out: &mut Vec<u8>) {
    let first = values.first().copied().unwrap_or_default();
    for number in [BLOCK, BLOCK / MINIBLOCK, values.len()] {
        varint(number as u64, out);
    }
    varint(zigzag(i64::from(first)), out);
    let mut deltas = Vec::with_capacity(BLOCK);
    let mut rest = values;
    while let [before, behind @ ..] = rest {
        let count = behind.len().min(BLOCK);
        if count == 0 {
            return;
        }
        deltas.clear();
        let mut last = *before;
        for &value in &behind[..count] {
            deltas.push(i64::from(value) - i64::from(last));
            last = value;
        }
        block(&deltas, out);
        rest = &rest[count..];
    }
}

/// Appends one to [`BLOCK`] differences. Those of numbers of 32 bits are apart by no more than 32 bits once the least is
/// taken off.
fn block(deltas: &[i64], out: &mut Vec<u8>) {
    let least = deltas.iter().copied().min().unwrap_or_default();
    varint(zigzag(least), out);
    let width = |deltas: &[i64]| {
        let greatest = deltas.iter().map(|delta| delta - least).max();
        (i64::BITS - greatest.unwrap_or_default().leading_zeros()) as u8
    };
    // Miniblocks behind the last number have a width and nothing else.
    let mut widths = [0; BLOCK / MINIBLOCK];
    let miniblocks = || deltas.chunks(MINIBLOCK);
    for (slot, deltas) in widths.iter_mut().zip(miniblocks()) {
        *slot = width(deltas);
    }
    out.extend(widths);
    for (width, deltas) in widths.into_iter().zip(miniblocks()) {
        let mut values = [0; MINIBLOCK];
        for (value, delta) in values.iter_mut().zip(deltas) {
            *value = (delta - least) as u32;
        }
        hybrid::bits(&values, width, out);
    }
}

fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

/// Appends a number in groups of seven bits, the lowest first.
fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(values: &[u32]) -> Vec<u8> {
        let mut out = Vec::new();
        encode(values, &mut out);
        out
    }

    /// The examples of the format's description, and others worked out by hand.
    #[test]
    fn as_the_format_says() {
        let head = [0x80, 1, 4];
        assert_eq!(encoded(&[]), [&head[..], &[0, 0]].concat());
        assert_eq!(encoded(&[300]), [&head[..], &[1, 0xd8, 4]].concat());
        // Differences of 1: the least is 1, and nothing is left to be stored.
        let even = [&head[..], &[5, 2, 2, 0, 0, 0, 0]].concat();
        assert_eq!(encoded(&[1, 2, 3, 4, 5]), even);
        // -2 -2 -2 1 1 1 1, of which -2 is the least: 0 0 0 3 3 3 3 in two bits.
        let mixed = [&head[..], &[8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f]].concat();
        let mixed = [mixed, vec![0; 6]].concat();
        assert_eq!(encoded(&[7, 5, 3, 1, 2, 3, 4, 5]), mixed);
    }

    /// What stands in `bytes`, read by the letter of the format.
    fn decoded(bytes: &[u8]) -> Option<Vec<u32>> {
        fn varint(at: &mut usize, bytes: &[u8]) -> Option<u64> {
            let mut number = 0;
            for shift in (0..64).step_by(7) {
                let byte = *bytes.get(*at)?;
                *at += 1;
                number |= u64::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    return Some(number);
                }
            }
            None
        }
        let signed = |number: u64| (number >> 1) as i64 ^ -((number & 1) as i64);
        let mut at = 0;
        let block = varint(&mut at, bytes)? as usize;
        let miniblocks = varint(&mut at, bytes)? as usize;
        let count = varint(&mut at, bytes)? as usize;
        let mut last = signed(varint(&mut at, bytes)?);
        let mut values = Vec::new();
        if count > 0 {
            values.push(last as u32);
        }
        while values.len() < count {
            let least = signed(varint(&mut at, bytes)?);
            let widths = bytes.get(at..at + miniblocks)?;
            at += miniblocks;
            for &width in widths {
                if values.len() == count {
                    continue;
                }
                let (of, width) = (block / miniblocks, usize::from(width));
                let packed = bytes.get(at..at + of * width / 8)?;
                at += packed.len();
                for place in 0..of {
                    let bit = |bit: usize| u64::from(packed[bit / 8] >> (bit % 8) & 1);
                    let delta =
                        (0..width).fold(0, |sum, n| sum | bit(place * width + n) << n) as i64;
                    last += least + delta;
                    if values.len() < count {
                        values.push(last as u32);
                    }
                }
            }
        }
        (at == bytes.len()).then_some(values)
    }

    proptest::proptest! {
        #[test]
        fn what_was_encoded_comes_back(
            values in proptest::collection::vec(0..=u32::MAX, 0..400), shift in 0..32_u32,
        ) {
            let values: Vec<u32> = values.iter().map(|value| value >> shift).collect();
            proptest::prop_assert_eq!(decoded(&encoded(&values)), Some(values));
        }
    }
}
