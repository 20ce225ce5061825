//! What other languages call functions that DQL has under another name.

/// The names elsewhere, in lower case, and the function that is meant.
const HABITS: &[(&str, &str)] = &[
    ("approx_count_distinct", "countDistinctApprox"),
    ("arraylength", "arraySize"),
    ("average", "avg"),
    ("cidrmatch", "ipIn"),
    ("cidrsubnetmatch", "ipIn"),
    ("datetime_diff", "duration"),
    ("dc", "countDistinct"),
    ("dcount", "countDistinct"),
    ("extract", "parse"),
    ("first", "takeFirst"),
    ("greatest", "max"),
    ("ifnull", "coalesce"),
    ("iif", "if"),
    ("isempty", "isNull"),
    ("isnotempty", "isNotNull"),
    ("last", "takeLast"),
    ("lcase", "lower"),
    ("least", "min"),
    ("len", "stringLength"),
    ("length", "stringLength"),
    ("make_list", "collectArray"),
    ("make_set", "collectDistinct"),
    ("makelist", "collectArray"),
    ("makeset", "collectDistinct"),
    ("mean", "avg"),
    ("nvl", "coalesce"),
    ("parse_json", "parse"),
    ("pow", "power"),
    ("regex_match", "matchesRegex"),
    ("replace", "replaceString"),
    ("split", "splitString"),
    ("stdev", "stddev"),
    ("strcat", "concat"),
    ("strftime", "formatTimestamp"),
    ("strlen", "stringLength"),
    ("substr", "substring"),
    ("tolower", "lower"),
    ("tolowercase", "lower"),
    ("toupper", "upper"),
    ("touppercase", "upper"),
    ("ucase", "upper"),
    ("values", "collectDistinct"),
];

/// What other languages have a function for and DQL says in several words, in lower case.
const OTHERWISE: &[(&str, &str)] = &[
    (
        "arrayfilter",
        "keep elements with arrayRemoveNulls(iCollectArray(if(condition, a[])))",
    ),
    (
        "avgif",
        "average some records with avg(if(condition, value))",
    ),
    (
        "maxif",
        "look at some records with max(if(condition, value))",
    ),
    (
        "minif",
        "look at some records with min(if(condition, value))",
    ),
    (
        "sumif",
        "sum up some records with sum(if(condition, value))",
    ),
];

/// How DQL says what somebody means who writes `name`.
pub(super) fn otherwise(name: &str) -> Option<&'static str> {
    let habit = OTHERWISE
        .iter()
        .find(|(habit, _)| habit.eq_ignore_ascii_case(name));
    habit.map(|(_, help)| *help)
}

/// The function that somebody means who writes `name`.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let habit = HABITS
        .iter()
        .find(|(habit, _)| habit.eq_ignore_ascii_case(name));
    habit.map(|(_, function)| *function)
}

#[cfg(test)]
mod tests {
    use super::{HABITS, OTHERWISE, meant};

    #[test]
    fn what_is_meant_exists_and_what_is_written_does_not() {
        let known = |name: &str| {
            functions::names::NAMES
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        };
        for (habit, function) in HABITS {
            assert!(functions::names::NAMES.contains(function), "{function}");
            assert!(!known(habit), "{habit}");
        }
        for (habit, _) in OTHERWISE {
            assert!(!known(habit) && meant(habit).is_none(), "{habit}");
        }
        assert!(HABITS.is_sorted() && OTHERWISE.is_sorted());
    }
}
