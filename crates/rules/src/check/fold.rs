//! Simple case folding of Unicode: one character to one character.

use std::borrow::Cow;

/// The text with every character folded; borrowed where it is ASCII, which callers compare without regard to case.
pub(super) fn unless_ascii(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(fold(text)),
    }
}

/// The text with every character folded.
pub(super) fn fold(text: &str) -> String {
    text.chars().map(character).collect()
}

/// One character of each set of characters that differ in case alone.
fn character(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    match character {
        // It is upper-cased to I, but folded to itself.
        '\u{131}' => character,
        // Pairs whose upper case is several characters.
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        // Through upper case, so that ς and σ, ſ and s meet.
        _ => single(single(character, char::to_uppercase), char::to_lowercase),
    }
}

fn single<I: Iterator<Item = char>>(character: char, map: impl Fn(char) -> I) -> char {
    let mut mapped = map(character);
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_fold_as_the_regex_crate_has_it() {
        // The standard library may know characters of a later Unicode.
        let unknown = regex::Regex::new(r"\p{Cn}").expect("a class");
        for c in ('\u{80}'..=char::MAX).filter(|&c| character(c) != c) {
            if unknown.is_match(&c.to_string()) {
                continue;
            }
            let regex = regex::Regex::new(&format!("(?i)^{c}$")).expect("a letter");
            assert!(regex.is_match(&character(c).to_string()), "{c:?}");
        }
        for (one, other) in [
            ('ς', 'Σ'),
            ('ſ', 'S'),
            ('\u{212a}', 'k'),
            ('ẞ', 'ß'),
            ('Ä', 'ä'),
        ] {
            assert_eq!(character(one), character(other));
        }
        assert_ne!(character('ı'), character('i'));
    }
}
