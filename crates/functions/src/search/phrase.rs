//! Phrases on word boundaries.

use regex::bytes::{Regex, RegexBuilder};

use super::finder::{Finder, escape, is_word};
use super::wildcard::{Fault, parts};

/// A phrase to look for. Where it begins or ends with a word character, no word character may stand before or behind
/// it; a wildcard stands for any word characters, and for itself.
#[derive(Debug)]
pub(crate) struct Phrase {
    /// The phrase, or the longest part of one with wildcards.
    finder: Finder,
    begins: bool,
    ends: bool,
    /// The whole of a phrase with wildcards.
    whole: Option<Regex>,
}

impl Phrase {
    /// The phrase; with `fold` the case of ASCII letters does not matter.
    pub(crate) fn new(phrase: &str, wildcard: char, fold: bool) -> Result<Phrase, Fault> {
        let parts = parts(phrase, wildcard)?;
        let longest = parts
            .iter()
            .copied()
            .max_by_key(|part| part.len())
            .unwrap_or_default();
        let word_end = |byte: Option<&u8>, end: char| {
            byte.is_some_and(|byte| is_word(*byte)) && end != wildcard
        };
        let bytes = phrase.as_bytes();
        let begins = word_end(bytes.first(), phrase.chars().next().unwrap_or(wildcard));
        let ends = word_end(bytes.last(), phrase.chars().next_back().unwrap_or(wildcard));
        let whole = (parts.len() > 1).then(|| {
            let mut pattern = String::new();
            if begins {
                pattern.push_str(r"\b{start-half}");
            }
            for (place, part) in parts.iter().enumerate() {
                if place > 0 {
                    pattern.push_str("(?:[0-9A-Za-z_]|");
                    escape(wildcard.encode_utf8(&mut [0; 4]), &mut pattern);
                    pattern.push_str(")*");
                }
                escape(part, &mut pattern);
            }
            if ends {
                pattern.push_str(r"\b{end-half}");
            }
            RegexBuilder::new(&pattern)
                .unicode(false)
                .case_insensitive(fold)
                // A query's own length bounds it.
                .size_limit(usize::MAX)
                .build()
        });
        Ok(Phrase {
            finder: Finder::new(longest, fold),
            begins,
            ends,
            whole: whole.transpose().map_err(|_| Fault::of(wildcard))?,
        })
    }

    /// Whether the phrase is somewhere in the text.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let text = text.as_bytes();
        let Some(mut at) = self.finder.find(text, 0) else {
            return false;
        };
        if let Some(whole) = &self.whole {
            return whole.is_match(text);
        }
        loop {
            let end = at + self.finder.len();
            let behind_word = self.begins && at > 0 && is_word(text[at - 1]);
            let before_word = self.ends && text.get(end).is_some_and(|byte| is_word(*byte));
            if !behind_word && !before_word {
                return true;
            }
            let next = if self.begins {
                // No place inside this word is a beginning.
                let rest = &text[at..];
                at + rest
                    .iter()
                    .position(|byte| !is_word(*byte))
                    .unwrap_or(rest.len())
            } else {
                at + 1
            };
            match self.finder.find(text, next) {
                Some(hit) => at = hit,
                None => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Phrase;

    fn found(text: &str, phrase: &str, wildcard: char) -> bool {
        Phrase::new(phrase, wildcard, true)
            .expect("a phrase")
            .is_in(text)
    }

    #[test]
    fn phrases_stand_on_word_boundaries() {
        let rejected = "User 'ädmïn' rejected at gate from 10.20.30.4";
        let table = [
            (rejected, "10.20.30.4", true),
            ("from 10.20.30.45", "10.20.30.4", false),
            ("from 10.20.30.45", "10.20.30.4*", true),
            (rejected, "rejected at gate", true),
            (rejected, "rejected at gat", false),
            (rejected, "rejected at gat*", true),
            (rejected, "ed at gate", false),
            (rejected, "*ed at gate", true),
            (rejected, "*ed at gat*", true),
            (rejected, "ädmïn rejected", false),
            (rejected, "n' rejected", true),
            ("User 'kään' rejected", " 'kään' rejected", true),
            ("Dynatrace Query Language", "Dyna", false),
            ("Dynatrace Query Language", "Dyna*", true),
            ("Dynatrace Query Language", "query", true),
            ("DQL is awesome!", "D*L", true),
            ("D*L", "D*L", true),
            ("helloWorld", "*ow*", true),
            ("hello world", "*ow*", false),
            ("helloWorld", "World", false),
            ("192.168.0.7", "192.168.*", true),
            ("rejected  at", "rejected at", false),
            ("a_b", "b", false),
            // A place where it does not fit is not the last.
            ("catalog cat", "cat", true),
            ("-ab-abc", "-ab", true),
            ("éa", "a", true),
            ("", "", true),
            ("x", "", true),
        ];
        for (text, phrase, expected) in table {
            assert_eq!(found(text, phrase, '*'), expected, "{phrase} in {text}");
        }
        assert!(!found("DQL is awesome!", "D*L", '%'));
        assert!(found("D*L", "D*L", '%'));
        assert!(found("aéb", "aéb", 'é'));
        assert!(
            !Phrase::new("query", '*', false)
                .expect("a phrase")
                .is_in("Query")
        );
    }

    proptest! {
        /// As the definition has it: some hit that no word goes on around.
        #[test]
        fn some_hit_is_free(text in "[abA_. é]{0,14}", phrase in "[abA_. é]{1,4}", fold: bool) {
            let fitted = |text: &str| if fold { text.to_ascii_lowercase() } else { text.to_owned() };
            let (hay, needle) = (fitted(&text).into_bytes(), fitted(&phrase).into_bytes());
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let expected = (0..hay.len()).any(|at| {
                let end = at + needle.len();
                hay[at..].starts_with(&needle)
                    && !(word(needle[0]) && at > 0 && word(hay[at - 1]))
                    && !(word(needle[needle.len() - 1]) && hay.get(end).is_some_and(|b| word(*b)))
            });
            let phrase = Phrase::new(&phrase, '*', fold).expect("a phrase");
            prop_assert_eq!(phrase.is_in(&text), expected);
        }

        #[test]
        fn any_phrase_is_survived(text in "\\PC{0,20}", phrase in "\\PC{0,10}", wildcard: char) {
            if let Ok(phrase) = Phrase::new(&phrase, wildcard, true) {
                phrase.is_in(&text);
            }
        }
    }
}
