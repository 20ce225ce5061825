//! Lengths and places of texts in UTF-16 code units, by which DQL counts.

use std::borrow::Cow;
use std::ops::Range;

/// What stands for half of a character.
pub(super) const HALF: char = '?';

/// How many units a text has.
pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

/// The byte at which the first character begins that begins at unit `place` or behind it; none behind the end.
pub(super) fn byte_at(text: &str, place: usize) -> Option<usize> {
    let mut units = 0;
    for (byte, character) in text.char_indices() {
        if units >= place {
            return Some(byte);
        }
        units += character.len_utf16();
    }
    (units >= place).then_some(text.len())
}

/// A place that counts from the end where it is negative. It may be before the beginning or behind the end.
pub(super) fn place(place: i64, length: usize) -> i64 {
    if place >= 0 {
        return place;
    }
    place.saturating_add(i64::try_from(length).unwrap_or(i64::MAX))
}

/// The units in `range`, as far as there are such; half a character is a question mark.
pub(super) fn slice<'a>(text: &Cow<'a, str>, range: Range<usize>) -> Cow<'a, str> {
    if range.is_empty() {
        return Cow::Borrowed("");
    }
    if text.is_ascii() {
        let end = range.end.min(text.len());
        return bytes(text, range.start.min(end)..end);
    }
    let mut slice = String::new();
    let mut units = 0;
    for character in text.chars() {
        let before = units;
        units += character.len_utf16();
        if units <= range.start {
            continue;
        }
        if before >= range.end {
            break;
        }
        let whole = range.start <= before && units <= range.end;
        slice.push(if whole { character } else { HALF });
    }
    Cow::Owned(slice)
}

/// The bytes in `range`, which are whole characters.
pub(super) fn bytes<'a>(text: &Cow<'a, str>, range: Range<usize>) -> Cow<'a, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(range).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(range).unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn slices_are_those_of_the_units(text in "[aé🐕]{0,6}", from in 0usize..8, to in 0usize..8) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let end = to.min(units.len());
            let expected: String = char::decode_utf16(units[from.min(end)..end].iter().copied())
                .map(|unit| unit.unwrap_or(HALF))
                .collect();
            prop_assert_eq!(length(&text), units.len());
            prop_assert_eq!(slice(&Cow::Borrowed(text.as_str()), from..to), expected.as_str());
        }
    }
}
