//! Event text made fit for a terminal. It is the attacker's: nothing of it may move the cursor, change colours, hide
//! other text, or break a line.

use std::borrow::Cow;

use syntax::render::{is_harmless, name};

/// The text on one line, with what does not show itself by name: `\n`, `\t`, `<U+001B>`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_harmless(character) => out.push(character),
            _ => out.push_str(&name(character)),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_steers_a_terminal_is_named() {
        let table = [
            ("plain — naïve 日本", "plain — naïve 日本"),
            ("a\nb\r\n\tc", "a\\nb\\r\\n\\tc"),
            ("\u{1b}[31mred\u{1b}[0m", "<U+001B>[31mred<U+001B>[0m"),
            (
                "\u{9b}31m\u{7f}\u{7}\0",
                "<U+009B>31m<U+007F><U+0007><U+0000>",
            ),
            ("abc\u{202e}gnp.exe", "abc<U+202E>gnp.exe"),
            ("\u{feff}a\u{200b}b", "<U+FEFF>a<U+200B>b"),
        ];
        for (text, shown) in table {
            assert_eq!(visible(text), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_left_to_steer_with(text in any::<String>()) {
            let shown = visible(&text);
            prop_assert!(!shown.contains(|character: char| character.is_control()));
            prop_assert_eq!(visible(&shown), shown.as_ref());
        }
    }
}
