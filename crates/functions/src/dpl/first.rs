//! Where a match may begin: lets `LD` and `DATA` pass over the places where what follows can't.

/// A superset of the places where an expression matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct First {
    /// The bytes that may stand there where something is consumed, one bit each.
    bytes: [u64; 4],
    /// Whether the end of the input is such a place.
    pub(super) end: bool,
    /// Whether every place is: the expression may match without consuming.
    pub(super) anywhere: bool,
}

impl First {
    /// The end of the input only.
    pub(super) const END: First = First {
        bytes: [0; 4],
        end: true,
        anywhere: false,
    };
    /// Every place, and nothing is consumed.
    pub(super) const EMPTY: First = First {
        bytes: [0; 4],
        end: false,
        anywhere: true,
    };

    /// Before each byte that `test` holds for.
    pub(super) fn bytes(test: impl Fn(u8) -> bool) -> First {
        let mut first = First::default();
        for byte in (0..=u8::MAX).filter(|byte| test(*byte)) {
            first.bytes[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
        first
    }

    /// Where either may begin.
    pub(super) fn or(mut self, other: First) -> First {
        for (bits, more) in self.bytes.iter_mut().zip(other.bytes) {
            *bits |= more;
        }
        self.end |= other.end;
        self.anywhere |= other.anywhere;
        self
    }

    /// Where expressions that follow each other may begin; each comes with whether it may be absent.
    pub(super) fn sequence(parts: impl IntoIterator<Item = (First, bool)>) -> First {
        let mut all = First::default();
        for (first, absent) in parts {
            all = all.or(First {
                anywhere: false,
                ..first
            });
            // What may consume nothing leaves the choice to what follows.
            if !absent && !first.anywhere {
                return all;
            }
        }
        First {
            anywhere: true,
            ..all
        }
    }

    pub(super) fn holds(&self, byte: u8) -> bool {
        self.bytes[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
    }

    /// The first place from `at` on, not beyond `last`, before a byte of the set.
    pub(super) fn find(&self, text: &[u8], at: usize, last: usize) -> Option<usize> {
        let window = text.get(at..text.len().min(last + 1))?;
        let mut few = [0u8; 3];
        let mut count = 0;
        for (word, base) in self.bytes.iter().zip([0u8, 64, 128, 192]) {
            let mut bits = *word;
            while bits != 0 && count <= few.len() {
                if let Some(place) = few.get_mut(count) {
                    *place = base + bits.trailing_zeros() as u8;
                }
                count += 1;
                bits &= bits - 1;
            }
        }
        let found = match count {
            0 => None,
            1 => memchr::memchr(few[0], window),
            2 => memchr::memchr2(few[0], few[1], window),
            3 => memchr::memchr3(few[0], few[1], few[2], window),
            _ => window.iter().position(|byte| self.holds(*byte)),
        };
        found.map(|offset| at + offset)
    }
}
