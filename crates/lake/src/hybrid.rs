//! Parquet's hybrid of runs and bit-packed groups, which holds definition levels and the places in dictionaries, written and
//! read.

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
    bits(values, width, out);
    out.resize(end, 0);
}

/// Appends values in `width` bits each, the lowest first, 32 at most.
pub(crate) fn bits(values: &[u32], width: u8, out: &mut Vec<u8>) {
    out.reserve((values.len() * usize::from(width)).div_ceil(8));
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
}

/// Appends a number in groups of seven bits, the lowest first.
fn header(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Encoded values as runs of equal ones.
pub(crate) struct Runs<'a> {
    bytes: &'a [u8],
    width: u8,
    at: usize,
    kind: Kind,
    /// Values of the run or the groups at hand that are left.
    left: usize,
}

#[derive(Clone, Copy)]
enum Kind {
    Run(u32),
    /// Bit-packed, the next one at this bit.
    Packed(usize),
}

impl<'a> Runs<'a> {
    /// Those of `bytes`, each value in `width` bits, at most 32.
    pub(crate) fn new(bytes: &'a [u8], width: u8) -> Runs<'a> {
        Runs {
            bytes,
            width,
            at: 0,
            kind: Kind::Run(0),
            left: 0,
        }
    }

    /// The next value, and how often it comes in a row, at least: no more than `most` times. None behind the last value,
    /// and where the bytes are no such encoding.
    pub(crate) fn next(&mut self, most: usize) -> Option<(u32, usize)> {
        while self.left == 0 {
            self.begin()?;
        }
        let most = most.min(self.left);
        let (value, count) = match self.kind {
            Kind::Run(value) => (value, most),
            Kind::Packed(bit) => {
                let (value, count) = match self.width {
                    1 => self.same_bits(bit, most),
                    _ => self.same(bit, most),
                };
                self.kind = Kind::Packed(bit + count * usize::from(self.width));
                (value, count)
            }
        };
        self.left -= count;
        Some((value, count))
    }

    fn begin(&mut self) -> Option<()> {
        let header = self.header()?;
        let count = header >> 1;
        let width = usize::from(self.width);
        if header & 1 == 0 {
            let end = self.at.checked_add(width.div_ceil(8))?;
            let value = self.bytes.get(self.at..end)?;
            let value = value.iter().rev();
            self.kind = Kind::Run(value.fold(0, |value, byte| value << 8 | u32::from(*byte)));
            self.left = count;
            self.at = end;
        } else {
            self.left = count.checked_mul(GROUP)?;
            let end = self.at.checked_add(count.checked_mul(width)?)?;
            self.bytes.get(self.at..end)?;
            self.kind = Kind::Packed(self.at * 8);
            self.at = end;
        }
        Some(())
    }

    fn header(&mut self) -> Option<usize> {
        let mut number = 0_usize;
        for shift in (0..32).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            number |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn same(&self, bit: usize, most: usize) -> (u32, usize) {
        let width = usize::from(self.width);
        let mask = (1_u64 << width) - 1;
        let at = |place: usize| {
            let bit = bit + place * width;
            self.word(bit / 8) >> (bit % 8) & mask
        };
        let value = at(0);
        let same = (1..most).take_while(|&place| at(place) == value).count();
        (value as u32, same + 1)
    }

    fn same_bits(&self, bit: usize, most: usize) -> (u32, usize) {
        let word = self.word(bit / 8) >> (bit % 8);
        let value = word & 1;
        let same = match value {
            0 => word.trailing_zeros(),
            _ => word.trailing_ones(),
        };
        let same = (same as usize).min(64 - bit % 8);
        (value as u32, same.min(most))
    }

    /// Eight bytes from `at` on, those behind the end zero.
    fn word(&self, at: usize) -> u64 {
        if let Some(bytes) = self.bytes.get(at..).and_then(|rest| rest.first_chunk()) {
            return u64::from_le_bytes(*bytes);
        }
        let mut word = [0; 8];
        for (to, from) in word
            .iter_mut()
            .zip(self.bytes.get(at..).unwrap_or_default())
        {
            *to = *from;
        }
        u64::from_le_bytes(word)
    }
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

    fn decoded(bytes: &[u8], width: u8, count: usize) -> Option<Vec<u32>> {
        let mut runs = Runs::new(bytes, width);
        let mut values = Vec::new();
        while values.len() < count {
            let (value, times) = runs.next(count - values.len())?;
            values.extend(std::iter::repeat_n(value, times));
        }
        Some(values)
    }

    #[test]
    fn values_come_back_as_runs() {
        let packed = [0b11, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        assert_eq!(decoded(&packed, 3, 8).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(Runs::new(&[18, 44, 1], 9).next(100), Some((300, 9)));
        // What is cut short, or has no end, is no encoding.
        assert_eq!(decoded(&packed[..3], 3, 8), None);
        assert_eq!(decoded(&[18, 44], 9, 9), None);
        assert_eq!(decoded(&[0xff; 9], 9, 9), None);
        assert_eq!(decoded(&[], 3, 1), None);
    }

    proptest::proptest! {
        #[test]
        fn what_was_encoded_comes_back(
            runs in proptest::collection::vec((0..u32::MAX, 1..40_usize), 0..40), width in 1..=32_u8,
        ) {
            let mask = (u64::from(u32::MAX) >> (32 - width)) as u32;
            let values: Vec<u32> = runs.iter().flat_map(|&(value, times)| vec![value & mask; times]).collect();
            let mut bytes = Vec::new();
            encode(&values, width, &mut bytes);
            proptest::prop_assert_eq!(decoded(&bytes, width, values.len()), Some(values));
        }
    }

    #[test]
    fn widths() {
        let widths = [0, 1, 2, 3, 4, 5, 256, 257, 65_536, 65_537].map(width);
        assert_eq!(widths, [1, 1, 1, 2, 2, 3, 8, 9, 16, 17]);
    }
}
