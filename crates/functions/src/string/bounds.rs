//! Between what texts all those lie that match patterns without regard to case: files and row groups are pruned by
//! that, though not by the match itself.

use datafusion::logical_expr::Expr;

use crate::typed::Typed;

/// The least text that may match, and the greatest, or one that all of them are less than.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    least: String,
    greatest: String,
}

impl Bounds {
    /// Of patterns in which `wildcard` stands for any characters; none where one of them begins with it.
    pub(super) fn of(patterns: &[String], wildcard: char) -> Option<Bounds> {
        let (mut least, mut greatest): (Option<String>, Option<String>) = (None, None);
        for pattern in patterns {
            let (start, whole) = match pattern.split_once(wildcard) {
                Some((start, _)) => (start, false),
                None => (pattern.as_str(), true),
            };
            // Capitals come before small letters, place by place.
            let low = start.to_ascii_uppercase();
            let mut high = start.to_ascii_lowercase();
            if !whole {
                let last = high.pop().filter(|last| *last < '\u{7f}')?;
                high.push(char::from(u8::try_from(last).ok()? + 1));
            }
            least = Some(least.map_or(low.clone(), |least| least.min(low)));
            greatest = Some(greatest.map_or(high.clone(), |greatest| greatest.max(high)));
        }
        Some(Bounds {
            least: least?,
            greatest: greatest?,
        })
    }

    /// Whether a text lies between them.
    pub(super) fn hold(&self, text: Expr) -> Expr {
        let literal = |text: &str| Typed::string_literal(text).expr();
        let from = text.clone().gt_eq(literal(&self.least));
        from.and(text.lt_eq(literal(&self.greatest)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Bounds;
    use crate::search::glob::Glob;

    proptest! {
        #[test]
        fn whatever_matches_lies_between(
            patterns in proptest::collection::vec("[aBz~é]{0,3}\\*?[aB]?", 1..3),
            text in "[abzABZ~\u{7f}é]{0,5}",
        ) {
            let matches = patterns.iter().any(|pattern| {
                Glob::new(pattern, '*', true).expect("a pattern").matches(&text)
            });
            if let Some(bounds) = Bounds::of(&patterns, '*') {
                prop_assert!(!matches || bounds.least <= text && text <= bounds.greatest);
            }
        }
    }

    #[test]
    fn patterns_have_bounds() {
        let of = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
            Bounds::of(&patterns, '*').map(|bounds| (bounds.least, bounds.greatest))
        };
        let bounds = |least: &str, greatest: &str| Some((least.to_owned(), greatest.to_owned()));
        assert_eq!(of(&["GetObject"]), bounds("GETOBJECT", "getobject"));
        assert_eq!(of(&["Get*", "s3"]), bounds("GET", "s3"));
        assert_eq!(of(&["get*x"]), bounds("GET", "geu"));
        assert_eq!(of(&["get", "*x"]), None);
        assert_eq!(of(&["é*"]), None);
        assert_eq!(of(&[]), None);
    }
}
