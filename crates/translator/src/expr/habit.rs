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
    ("greatest", "max"),
    ("ifnull", "coalesce"),
    ("iif", "if"),
    ("isempty", "isNull"),
    ("isnotempty", "isNotNull"),
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
    ("toupper", "upper"),
    ("ucase", "upper"),
    ("values", "collectDistinct"),
];

/// The function that somebody means who writes `name`.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let habit = HABITS
        .iter()
        .find(|(habit, _)| habit.eq_ignore_ascii_case(name));
    habit.map(|(_, function)| *function)
}

#[cfg(test)]
mod tests {
    use super::HABITS;

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
        assert!(HABITS.is_sorted());
    }
}
