//! The column table as a page of documentation.

use std::fmt::Write;

use crate::cloudtrail::house;
use crate::schema::{EVENT_DATE_DOC, house_columns};
use crate::{Column, Kind, Layout};

const INTRODUCTION: &str = "\
# Columns of the table `cloudtrail`

Made from the column table in `crates/lake/src/cloudtrail.rs`; `make docs` writes it anew.

Each column holds one place of the record. A query says it in DQL as below, after `parse content, \"JSON:event\"`, and
reads the column instead of the record. SQL says the column's name. A *needle* has a bloom filter: looking up a single
value reads only the parts of the lake that may hold it.
";

const OWN: &str = "
## Columns of this lake

Declared for this lake alone, with `trailsift lake columns add`. Files that were written before have them once the lake
is compacted; until then the records' text answers.
";

const HOUSE: &str = "
## Columns about the record

No place in the record, but told of it as a whole.
";

/// The page `docs/columns.md`: Markdown tables of all columns that every lake has, in the order in which files hold
/// them.
pub fn columns_page() -> String {
    Layout::built_in().page()
}

impl Layout {
    /// The columns as a page: those that every lake has, this lake's own, those about the record.
    pub fn page(&self) -> String {
        let mut page = INTRODUCTION.to_owned();
        let own = self.own();
        declared(&mut page, &self.columns[..self.columns.len() - own.len()]);
        if !own.is_empty() {
            page.push_str(OWN);
            declared(&mut page, own);
        }
        page.push_str(HOUSE);
        page.push_str("\n| Column | Type | What it holds |\n|---|---|---|\n");
        for (name, kind, doc) in house_columns() {
            row(&mut page, &[&format!("`{name}`"), kind_name(kind), doc]);
        }
        row(
            &mut page,
            &[
                &format!("`{}`", house::EVENT_DATE),
                "date, the partition",
                EVENT_DATE_DOC,
            ],
        );
        page
    }
}

/// A table of columns.
fn declared(page: &mut String, columns: &[Column]) {
    page.push_str("\n| Column | DQL | Type | Needle | What it holds |\n|---|---|---|---|---|\n");
    for column in columns {
        let needle = if column.bloom { "yes" } else { "" };
        row(
            page,
            &[
                &format!("`{}`", column.name),
                &format!("`{}`", dql(column)),
                kind_name(column.kind),
                needle,
                &column.doc,
            ],
        );
    }
}

/// How DQL reaches the column's place: `event[userIdentity][arn]`.
fn dql(column: &Column) -> String {
    let mut access = "event".to_owned();
    for key in &column.path {
        // Writing to a text does not fail.
        let _ = write!(access, "[{key}]");
    }
    access
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Boolean => "boolean",
        Kind::Long => "long",
        Kind::Timestamp => "timestamp",
        Kind::Json => "JSON text",
    }
}

fn row(page: &mut String, cells: &[&str]) {
    for cell in cells {
        // A bar would end the cell.
        let _ = write!(page, "| {} ", cell.replace('|', "\\|"));
    }
    page.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudtrail::columns;

    #[test]
    fn every_column_has_its_row() {
        let page = columns_page();
        for row in [
            "| `event_time` | `event[eventTime]` | timestamp |  | when the call completed, by the service's clock |",
            "| `user_identity_arn` | `event[userIdentity][arn]` | text | yes | the ARN of the caller |",
            "| `read_only` | `event[readOnly]` | boolean |  | whether the call only read |",
            "| `request_parameters` | `event[requestParameters]` | JSON text |  | what was asked, as it came |",
            "| `content` | text | the record's exact bytes |",
            "| `event_date` | date, the partition | the UTC day of event_time; null where the time is missing or absurd |",
        ] {
            assert!(page.lines().any(|line| line == row), "{row}\n{page}");
        }
        let rows = page.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, columns().len() + 8);
    }
}
