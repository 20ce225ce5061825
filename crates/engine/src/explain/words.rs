//! DataFusion's plans in words that a reader of DQL knows: literals as they were written, fields by their names.

use std::collections::HashMap;
use std::sync::LazyLock;

use datafusion::logical_expr::{Expr, LogicalPlan};
use regex::{Captures, Regex};

use crate::sql::TABLE;

/// The names that the fields of a result have behind their columns in the plan.
#[derive(Debug, Default)]
pub(super) struct Words {
    names: HashMap<String, String>,
}

impl Words {
    /// Those of a plan whose last step gives fields their names.
    pub(super) fn of(plan: &LogicalPlan) -> Words {
        let LogicalPlan::Projection(last) = plan else {
            return Words::default();
        };
        let named = last.expr.iter().filter_map(|expr| match expr {
            Expr::Alias(alias) => match alias.expr.as_ref() {
                Expr::Column(column) => Some((column.name.clone(), alias.name.clone())),
                _ => None,
            },
            _ => None,
        });
        Words {
            names: named.collect(),
        }
    }

    /// A line of a logical plan.
    pub(super) fn logical(&self, line: &str) -> String {
        // The conditions stand in the filter above, or were taken in by the scan whole.
        let line = line.split(", partial_filters=").next().unwrap_or(line);
        self.plain(&line.replace(&format!("{TABLE}."), ""))
    }

    /// A line of a physical plan.
    pub(super) fn physical(&self, line: &str) -> String {
        let line = PLACE.replace_all(line, "");
        let line = line.split(", pruning_predicate=").next().unwrap_or(&line);
        let line = FILES.replace(line, |found: &Captures<'_>| {
            let files = found[0].matches(".parquet").count();
            let more = if found[0].contains("...") {
                " and more"
            } else {
                ""
            };
            format!("{files} file{}{more}", if files == 1 { "" } else { "s" })
        });
        let line = line.replace(", file_type=parquet", "");
        let line = line.replacen("Exec: ", ": ", 1);
        self.plain(line.strip_suffix("Exec").unwrap_or(&line))
    }

    fn plain(&self, line: &str) -> String {
        let line = TEXT.replace_all(line, "\"$1\"");
        let line = NUMBER.replace_all(&line, "$1");
        let line = INSTANT.replace_all(&line, |found: &Captures<'_>| {
            instant(&found[1], &found[2]).unwrap_or_else(|| found[0].to_owned())
        });
        // What the last step gives its name is that already.
        let mut line = line
            .replace(" ASC NULLS LAST", "")
            .replace(" NULLS LAST", "");
        for (column, name) in &self.names {
            for word in ["AS", "as"] {
                line = line.replace(&format!("{column} {word} {name}"), name);
            }
        }
        let name = |found: &Captures<'_>| match self.names.get(&found[0]) {
            Some(name) => name.clone(),
            None => found[0].to_owned(),
        };
        FRESH.replace_all(&line, name).into_owned()
    }
}

/// A pattern that is known to be one; matching nothing is what is left if it were not.
fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|_| NOTHING.clone())
}

#[allow(clippy::unwrap_used)] // the empty class is a pattern
static NOTHING: LazyLock<Regex> = LazyLock::new(|| Regex::new("[^\\s\\S]").unwrap());
static TEXT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:Utf8View|LargeUtf8|Utf8)\("((?:[^"\\]|\\.)*)"\)"#));
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:U?Int(?:8|16|32|64)|Float64|Boolean)\(([^()]*)\)"));
static INSTANT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"Timestamp(Microsecond|Nanosecond)\((-?\d+), [^)]*\)\)"#));
static FRESH: LazyLock<Regex> = LazyLock::new(|| pattern(r"\$\d+t?\b"));
static PLACE: LazyLock<Regex> = LazyLock::new(|| pattern(r"@\d+"));
static FILES: LazyLock<Regex> = LazyLock::new(|| pattern(r"file_groups=\{.*?\]\]?\}"));

fn instant(unit: &str, number: &str) -> Option<String> {
    let number: i64 = number.parse().ok()?;
    let instant = match unit {
        "Microsecond" => jiff::Timestamp::from_microsecond(number),
        _ => jiff::Timestamp::from_nanosecond(i128::from(number)),
    };
    Some(instant.ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let words = Words {
            names: HashMap::from([("$1".to_owned(), "n".to_owned())]),
        };
        assert_eq!(
            words.logical("Filter: cloudtrail.event_name = Utf8View(\"a \\\" b\") AND $1 > Int64(5) AND $12 < Float64(1.5)"),
            "Filter: event_name = \"a \\\" b\" AND n > 5 AND $12 < 1.5"
        );
        assert_eq!(
            words.logical("  TableScan: cloudtrail projection=[a, b], partial_filters=[cloudtrail.a = Int64(1)]"),
            "  TableScan: cloudtrail projection=[a, b]"
        );
        assert_eq!(
            words.logical("t >= TimestampMicrosecond(1732708800000000, Some(\"UTC\"))"),
            "t >= 2024-11-27T12:00:00Z"
        );
        assert_eq!(
            words.physical("DataSourceExec: file_groups={2 groups: [[a/1.parquet, a/2.parquet], [b/3.parquet]]}, projection=[a], file_type=parquet, predicate=a@0 = 1, pruning_predicate=x"),
            "DataSource: 3 files, projection=[a], predicate=a = 1"
        );
        assert_eq!(
            words.physical("DataSourceExec: file_groups={1 group: [[a/1.parquet, a/2.parquet, ...]]}, projection=[a]"),
            "DataSource: 2 files and more, projection=[a]"
        );
        assert_eq!(words.physical("UnionExec"), "Union");
        assert_eq!(
            words.physical("SortExec: expr=[$1@3 DESC]"),
            "Sort: expr=[n DESC]"
        );
    }
}
