//! Whole values against patterns: what stands between the wildcards has to come in order, and nothing else.

use super::finder::Finder;
use super::wildcard::{Fault, parts};

/// A pattern that a whole text has to match.
#[derive(Debug)]
pub(crate) struct Glob {
    first: Finder,
    /// What comes behind the first wildcard, if there is one: parts in the middle, and the end.
    rest: Option<(Vec<Finder>, Finder)>,
}

impl Glob {
    /// The pattern, in which `wildcard` stands for any run of characters; with `fold` the case of ASCII letters does
    /// not matter.
    pub(crate) fn new(pattern: &str, wildcard: char, fold: bool) -> Result<Glob, Fault> {
        Ok(Glob::of(&parts(pattern, wildcard)?, fold))
    }

    /// The pattern of these parts, with a wildcard between any two.
    pub(crate) fn of(parts: &[&str], fold: bool) -> Glob {
        let finder = |part: &&str| Finder::new(part, fold);
        let (first, rest) = parts.split_first().unwrap_or((&"", &[]));
        Glob {
            first: finder(first),
            rest: rest.split_last().map(|(last, middle)| {
                // An empty part is anywhere.
                let middle = middle.iter().filter(|part| !part.is_empty());
                (middle.map(finder).collect(), finder(last))
            }),
        }
    }

    /// Whether the text matches. The first place where a part fits is as good as any later one.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text = text.as_bytes();
        let Some((middle, last)) = &self.rest else {
            return self.first.is(text);
        };
        if text.len() < self.first.len() + last.len()
            || !self.first.begins(text)
            || !last.ends(text)
        {
            return false;
        }
        let end = text.len() - last.len();
        let mut at = self.first.len();
        middle.iter().all(|part| match part.find(&text[..end], at) {
            Some(hit) => {
                at = hit + part.len();
                true
            }
            None => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Glob;

    fn matches(text: &str, pattern: &str, wildcard: char, fold: bool) -> bool {
        Glob::new(pattern, wildcard, fold)
            .expect("a pattern")
            .matches(text)
    }

    #[test]
    fn whole_values_match() {
        let rejected = "User 'ädmïn' rejected at gate from 10.20.30.4";
        let table = [
            ("Dynatrace", "dynaTrace", true),
            (rejected, "10.20.30.4", false),
            (rejected, "*10.20.30.4", true),
            (rejected, "user*", true),
            (rejected, "*rejected at gat*", true),
            ("Österreich", "österreich", false),
            ("Österreich", "Österreich", true),
            ("a\nb", "a*b", true),
            ("ab", "ab*b", false),
            ("abb", "ab*b", true),
            ("", "*", true),
            ("", "", true),
            ("x", "", false),
            ("aXbXc", "a*b*c", true),
            ("acb", "a*b*c", false),
        ];
        for (text, pattern, expected) in table {
            assert_eq!(
                matches(text, pattern, '*', true),
                expected,
                "{pattern} of {text}"
            );
        }
        assert!(!matches(rejected, "user*", '*', false));
        assert!(matches("a*c", "a*c", '%', true));
        assert!(!matches("abc", "a*c", '%', true));
    }

    #[test]
    fn patterns_have_limits() {
        assert!(Glob::new("a**b", '*', true).is_err());
        assert!(Glob::new("**", '*', true).is_err());
        assert!(Glob::new("a**b", '%', true).is_ok());
        assert!(Glob::new(&"a*".repeat(64), '*', true).is_ok());
        assert!(Glob::new(&"a*".repeat(65), '*', true).is_err());
    }

    proptest! {
        /// As the regular expression that the pattern stands for.
        #[test]
        fn globs_are_regular(text in "[abA\n]{0,12}", pattern in "[abA*]{0,6}", fold: bool) {
            prop_assume!(!pattern.contains("**"));
            let flags = if fold { "(?si)" } else { "(?s)" };
            let regex = format!("{flags}^{}$", pattern.replace('*', ".*"));
            let expected = regex::Regex::new(&regex).expect("a regex").is_match(&text);
            prop_assert_eq!(matches(&text, &pattern, '*', fold), expected);
        }
    }
}
