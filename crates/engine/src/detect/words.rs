//! Words that a record's text must have for a check to pass, looked for all at once.
//!
//! A check over a value that is in no column passes only where some text is in the value, and so in the record, as long as
//! JSON writes it as it is. A record without the word, without escaped letters and without letters beyond ASCII, whose case
//! may fold to ASCII's, need not be parsed.

use aho_corasick::{AhoCorasick, MatchKind};
use memchr::memmem;
use rules::Check;
use rules::condition::Part;

/// Shorter words are in nearly every record.
const LEAST: usize = 4;

/// The words of all checks.
#[derive(Debug)]
pub(super) struct Words {
    /// None where there are no words.
    finder: Option<AhoCorasick>,
}

/// Which words a record has.
#[derive(Debug, Default)]
pub(super) struct Seen {
    looked: bool,
    /// Whether nobody can tell.
    unclear: bool,
    /// A bit for each word.
    found: Vec<u64>,
}

impl Seen {
    /// Begins with another record.
    pub(super) fn forget(&mut self) {
        self.looked = false;
    }
}

impl Words {
    /// # Errors
    /// Where they are too many.
    pub(super) fn new(words: &[String]) -> Result<Words, String> {
        if words.is_empty() {
            return Ok(Words { finder: None });
        }
        let finder = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(words)
            .map_err(|error| error.to_string())?;
        Ok(Words {
            finder: Some(finder),
        })
    }

    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        self.finder.is_some()
    }

    /// Whether the record with this text may have a word. What is found is kept in `seen` until it forgets.
    pub(super) fn may_have(&self, content: &str, word: usize, seen: &mut Seen) -> bool {
        let Some(finder) = &self.finder else {
            return true;
        };
        if !seen.looked {
            seen.looked = true;
            // Of the escapes only this one may stand for what words are made of.
            seen.unclear =
                memmem::find(content.as_bytes(), b"\\u").is_some() || !content.is_ascii();
            if !seen.unclear {
                seen.found.clear();
                seen.found.resize(finder.patterns_len().div_ceil(64), 0);
                for found in finder.find_overlapping_iter(content) {
                    let word = found.pattern().as_usize();
                    seen.found[word / 64] |= 1 << (word % 64);
                }
            }
        }
        seen.unclear || seen.found[word / 64] >> (word % 64) & 1 == 1
    }
}

/// A word that is in every text that passes a check, whatever its case; none where there may be none.
pub(super) fn of(check: &Check) -> Option<&str> {
    match check {
        Check::Text { text, .. } => word(text),
        Check::Glob { parts, .. } => parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) => word(text),
                Part::Run | Part::One => None,
            })
            .max_by_key(|word| word.len()),
        _ => None,
    }
}

/// The longest run of a text that JSON writes as it is, within one string.
fn word(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_graphic() || "\"\\/{}[]:,".contains(c))
        .max_by_key(|word| word.len())
        .filter(|word| word.len() >= LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Check {
        Check::Text {
            text: text.to_owned(),
            cased: false,
        }
    }

    #[test]
    fn the_longest_part_that_json_leaves_alone_is_the_word() {
        assert_eq!(of(&text("arn:aws:iam::aws:policy/Admin")), Some("policy"));
        assert_eq!(of(&text("a \"quoted\" thing")), Some("quoted"));
        assert_eq!(of(&text("käse")), None);
        assert_eq!(of(&text("abc")), None);
        let glob = Check::Glob {
            parts: vec![
                Part::Text("ab".into()),
                Part::Run,
                Part::Text("abcd".into()),
                Part::One,
            ],
            cased: true,
        };
        assert_eq!(of(&glob), Some("abcd"));
        assert_eq!(of(&Check::Regex("abcd".into())), None);
    }

    #[test]
    fn a_record_may_have_a_word_unless_it_surely_lacks_it() {
        let words = Words::new(&["Admin".into(), "minimal".into()]).expect("words");
        let mut seen = Seen::default();
        for (content, admin, minimal) in [
            (r#"{"a":"ADMINimal"}"#, true, true),
            (r#"{"a":"admin"}"#, true, false),
            (r#"{"a":"x"}"#, false, false),
            // Quotes and line breaks are in no word.
            (r#"{"a":"\"Admin\"\nis\\t"}"#, true, false),
            (r#"{"a":"Ad\nmin"}"#, false, false),
            (r#"{"a":"\u0041dmin"}"#, true, true),
            (r#"{"a":"ſ"}"#, true, true),
        ] {
            seen.forget();
            assert_eq!(words.may_have(content, 0, &mut seen), admin, "{content}");
            assert_eq!(words.may_have(content, 1, &mut seen), minimal, "{content}");
        }
    }
}
