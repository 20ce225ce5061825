//! Parquet's hybrid of runs and bit-packed groups, which holds definition levels and the places in dictionaries.

/// Values of a group: bit-packed ones come in whole groups, and a shorter run does not pay.
const GROUP: usize = 8;

/// How many bits the greatest of `count` places takes, 1 at least.
pub(crate) fn width(count: usize) -> u8 {
    let greatest = count.saturating_sub(1).max(1);
    (usize::BITS - greatest.leading_zeros()) as u8
}

/// Appends `values`, each of at most `width` bits, 1 to 32.
pub(crate) fn encode(values: &[u32], width: u8, out: &mut Vec<u8>) {
    // From `open` on nothing is written yet.
    let (mut at, mut open) = (0, 0);
    while let Some(&value) = values.get(at) {
        let run = values[at..]
            .iter()
            .take_while(|&&other| other == value)
            .count();
        // The run first fills the group at hand: only the last may be incomplete.
        let fill = (at - open).next_multiple_of(GROUP) - (at - open);
        if run >= fill + GROUP {
            pack(&values[open..at + fill], width, out);
            header((run - fill) << 1, out);
            out.extend_from_slice(&value.to_le_bytes()[..usize::from(width).div_ceil(8)]);
            open = at + run;
        }
        at += run;
    }
    pack(&values[open..], width, out);
}

/// Appends the levels of definition of a page, 0 for a row without a value and 1 for others, with their length.
pub(crate) fn levels(levels: &[u32], out: &mut Vec<u8>) {
    let begin = out.len();
    out.extend([0; 4]);
    encode(levels, 1, out);
    let length = (out.len() - begin - 4) as u32;
    out[begin..begin + 4].copy_from_slice(&length.to_le_bytes());
}

/// Appends values as bit-packed groups, filled up with zeros.
fn pack(values: &[u32], width: u8, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(GROUP);
    header(groups << 1 | 1, out);
    let end = out.len() + groups * usize::from(width);
    out.reserve(end - out.len());
    let (mut bits, mut filled) = (0_u64, 0);
    for &value in values {
        bits |= u64::from(value) << filled;
        filled += u32::from(width);
        while filled >= 8 {
            out.push(bits as u8);
            bits >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        out.push(bits as u8);
    }
    out.resize(end, 0);
}

/// Appends a number in groups of seven bits, the lowest first.
fn header(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the format's description, worked out by hand.
    #[test]
    fn as_the_format_says() {
        let encoded = |values: &[u32], width| {
            let mut out = Vec::new();
            encode(values, width, &mut out);
            out
        };
        // 0 to 7 in three bits each.
        let packed = [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(encoded(&[0, 1, 2, 3, 4, 5, 6, 7], 3), packed);
        assert_eq!(encoded(&[4; 100], 3), [100 << 1 & 0x7f | 0x80, 1, 4]);
        assert_eq!(encoded(&[300; 9], 9), [18, 44, 1]);
        // The run gives four values to the group, and has nine left.
        let mixed = [vec![1, 0, 1, 1], vec![0; 13]].concat();
        assert_eq!(encoded(&mixed, 1), [0b11, 0b1101, 18, 0]);
        assert_eq!(encoded(&[1, 0, 1], 1), [0b11, 0b101]);
        assert_eq!(encoded(&[], 1), [0_u8; 0]);
    }

    #[test]
    fn widths() {
        let widths = [0, 1, 2, 3, 4, 5, 256, 257, 65_536, 65_537].map(width);
        assert_eq!(widths, [1, 1, 1, 2, 2, 3, 8, 9, 16, 17]);
    }
}
