//! Whole numbers, decimal numbers and truth values. Each takes all digits there are, and has no boundary after them.

use super::Scan;
use crate::dpl::program::Bounds;

/// `INT`, `LONG` and their hexadecimal relatives.
#[derive(Debug)]
pub(crate) struct Integer {
    pub(crate) hex: bool,
    pub(crate) bounds: Bounds<i64>,
}

/// `DOUBLE` and `CDOUBLE`.
#[derive(Debug)]
pub(crate) struct Decimal {
    /// What stands before the fraction.
    pub(crate) mark: u8,
    pub(crate) bounds: Bounds<f64>,
}

impl Integer {
    /// The number at `at` and its end; none if it is out of bounds.
    pub(crate) fn read(&self, input: &[u8], at: usize) -> Scan<(usize, i64)> {
        let (negative, mut start) = sign(input, at);
        if self.hex {
            start = hex_start(input, start);
        }
        let radix = if self.hex { 16 } else { 10 };
        let mut value: Option<i64> = Some(0);
        let mut end = start;
        while let Some(digit) = input
            .get(end)
            .and_then(|byte| char::from(*byte).to_digit(radix))
        {
            // Counted downwards, so that the least value fits.
            value = value.and_then(|value| {
                value
                    .checked_mul(i64::from(radix))?
                    .checked_sub(i64::from(digit))
            });
            end += 1;
            if value.is_none() {
                break;
            }
        }
        let value = value.filter(|_| end > start).and_then(|value| {
            if negative {
                Some(value)
            } else {
                value.checked_neg()
            }
        });
        let found = value
            .filter(|value| self.bounds.contains(value))
            .map(|value| (end, value));
        Scan { to: end, found }
    }
}

impl Decimal {
    /// The number at `at` and its end; none if it is out of bounds.
    pub(crate) fn read(&self, input: &str, at: usize) -> Scan<(usize, f64)> {
        let bytes = input.as_bytes();
        let (_, start) = sign(bytes, at);
        let whole = digits(bytes, start);
        if whole == start {
            return Scan {
                to: at,
                found: None,
            };
        }
        let mut end = whole;
        if bytes.get(end) == Some(&self.mark) {
            let fraction = digits(bytes, end + 1);
            // In `5.` the dot is not part of the number.
            if fraction > end + 1 {
                end = fraction;
            }
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let (_, start) = sign(bytes, end + 1);
            let exponent = digits(bytes, start);
            if exponent > start {
                end = exponent;
            }
        }
        let text = &input[at..end];
        let value = if self.mark == b'.' {
            text.parse()
        } else {
            text.replace(',', ".").parse()
        };
        // Comparing with the bounds also refuses what overflows to infinity.
        let value = value.ok().filter(|value: &f64| self.bounds.contains(value));
        Scan {
            to: end,
            found: value.map(|value| (end, value)),
        }
    }
}

/// `true` or `false` in any case.
pub(crate) fn boolean(input: &[u8], at: usize) -> Option<(usize, bool)> {
    let begins = |word: &[u8]| {
        input
            .get(at..at + word.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(word))
    };
    if begins(b"true") {
        Some((at + 4, true))
    } else if begins(b"false") {
        Some((at + 5, false))
    } else {
        None
    }
}

/// Whether there is a minus sign, and where the digits begin.
fn sign(input: &[u8], at: usize) -> (bool, usize) {
    match input.get(at) {
        Some(b'-') => (true, at + 1),
        Some(b'+') => (false, at + 1),
        _ => (false, at),
    }
}

fn digits(input: &[u8], at: usize) -> usize {
    at + input[at.min(input.len())..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// Past `0x` or `x`, if a digit follows; otherwise the zero is a digit itself.
fn hex_start(input: &[u8], at: usize) -> usize {
    let prefix = if input.get(at) == Some(&b'0') { 2 } else { 1 };
    let marked = input.get(at + prefix - 1) == Some(&b'x');
    if marked && input.get(at + prefix).is_some_and(u8::is_ascii_hexdigit) {
        at + prefix
    } else {
        at
    }
}
