//! Query trees as DQL.

use std::fmt;

use super::query::{
    Aggregate, Compare, Condition, Filter, Item, Last, Operand, Part, Query, Table, now,
};
use crate::naive::logic::Step;

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table;
        write!(
            f,
            "fetch {}",
            match table {
                Table::Logs => "logs",
                Table::Cloudtrail => "cloudtrail",
            }
        )?;
        for (name, end) in [("from", &self.from), ("to", &self.to)] {
            if let Some(end) = end {
                write!(f, ", {name}: \"{end}\"")?;
            }
        }
        if table == Table::Logs {
            write!(f, "\n| parse content, \"JSON:event\"")?;
        }
        for Filter { out, condition } in &self.filters {
            let command = if *out { "filterOut" } else { "filter" };
            write!(f, "\n| {command} {}", condition.text(table))?;
        }
        write!(f, "\n| {}", self.last.text(table))
    }
}

impl Last {
    fn text(&self, table: Table) -> String {
        match self {
            Last::Fields(items) => format!("fields {}", list(items, "f", |item| item.text(table))),
            Last::Added(items) => {
                let names: Vec<String> =
                    (0..items.len()).map(|place| format!("f{place}")).collect();
                let added = list(items, "f", |item| item.text(table));
                format!("fieldsAdd {added}\n| fields {}", names.join(", "))
            }
            Last::Sorted { keys, limit } => {
                let order: Vec<String> = keys
                    .iter()
                    .map(|(key, descending)| {
                        format!(
                            "{}{}",
                            key.text(table),
                            if *descending { " desc" } else { "" }
                        )
                    })
                    .collect();
                let fields = list(keys, "f", |(key, _)| key.text(table));
                format!(
                    "sort {}\n| limit {limit}\n| fields {fields}",
                    order.join(", ")
                )
            }
            Last::Nested {
                base,
                inner,
                grouped,
            } => {
                let base = base.text(table);
                let fields = list(inner, "f", |steps| format!("u{}", accessors(steps)));
                match grouped {
                    false => format!("fieldsAdd u = {base}\n| fields {fields}"),
                    true => {
                        format!("summarize n = count(), by: {{u = {base}}}\n| fields {fields}, n")
                    }
                }
            }
            Last::Summary { aggregates, by } => {
                let aggregates = list(aggregates, "a", |aggregate| aggregate.text(table));
                format!("summarize {aggregates}{}", groups(by, table))
            }
            Last::Series {
                aggregate,
                by,
                minutes,
            } => format!(
                "makeTimeseries a0 = {}{}, interval: {minutes}m",
                aggregate.text(table),
                groups(by, table)
            ),
        }
    }
}

/// `f0 = …, f1 = …`
fn list<T>(items: &[T], name: &str, text: impl Fn(&T) -> String) -> String {
    let items: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(place, item)| format!("{name}{place} = {}", text(item)))
        .collect();
    items.join(", ")
}

fn groups(by: &[Operand], table: Table) -> String {
    match by {
        [] => String::new(),
        by => format!(", by: {{{}}}", list(by, "g", |operand| operand.text(table))),
    }
}

impl Item {
    fn text(&self, table: Table) -> String {
        match self {
            Item::Value(operand) => operand.text(table),
            Item::Test(condition) => condition.text(table),
        }
    }
}

impl Aggregate {
    fn text(&self, table: Table) -> String {
        let call = |name: &str, operand: &Operand| format!("{name}({})", operand.text(table));
        match self {
            Aggregate::Count => "count()".to_owned(),
            Aggregate::CountIf(condition) => format!("countIf({})", condition.text(table)),
            Aggregate::CountDistinct(operand) => call("countDistinct", operand),
            Aggregate::Min(operand) => call("min", operand),
            Aggregate::Max(operand) => call("max", operand),
            Aggregate::Sum(operand) => call("sum", operand),
            Aggregate::Avg(operand) => call("avg", operand),
            Aggregate::TakeAny(operand) => call("takeAny", operand),
        }
    }
}

impl Operand {
    fn text(&self, table: Table) -> String {
        match self {
            Operand::Place(steps) => match table {
                Table::Logs => format!("event{}", accessors(steps)),
                Table::Cloudtrail => match steps.split_first() {
                    Some((Step::Key(key), rest)) => name(key) + &accessors(rest),
                    // A record of `fetch cloudtrail` has no name of its own.
                    _ => "null".to_owned(),
                },
            },
            Operand::Text(text) => quoted(text),
            Operand::Long(long) => long.to_string(),
            Operand::Double(double) => format!("{double:?}"),
            Operand::Boolean(boolean) => boolean.to_string(),
            Operand::Timestamp => "timestamp".to_owned(),
            Operand::Instant(nanos) => format!("(now() - {}ns)", now() - nanos),
            Operand::Bin(minutes) => format!("bin(timestamp, {minutes}m)"),
            Operand::Lower(inner) => format!("lower({})", inner.text(table)),
            Operand::If(condition, then, other) => {
                let other = other
                    .as_ref()
                    .map(|other| format!(", else: {}", other.text(table)));
                format!(
                    "if({}, {}{})",
                    condition.text(table),
                    then.text(table),
                    other.unwrap_or_default()
                )
            }
            Operand::Coalesce(values) => {
                let values: Vec<String> = values.iter().map(|value| value.text(table)).collect();
                format!("coalesce({})", values.join(", "))
            }
            Operand::Content => "content".to_owned(),
            Operand::Account => "aws.account.id".to_owned(),
            Operand::Region => "aws.region".to_owned(),
        }
    }
}

impl Condition {
    fn text(&self, table: Table) -> String {
        let two = |word: &str, a: &Condition, b: &Condition| {
            format!("({} {word} {})", a.text(table), b.text(table))
        };
        match self {
            Condition::Compare(compare, a, b) => {
                let sign = match compare {
                    Compare::Equal => "==",
                    Compare::Unequal => "!=",
                    Compare::Less => "<",
                    Compare::AtMost => "<=",
                    Compare::Greater => ">",
                    Compare::AtLeast => ">=",
                };
                format!("{} {sign} {}", a.text(table), b.text(table))
            }
            Condition::Part(part, operand, wanted, any_case) => {
                let function = match part {
                    Part::Starts => "startsWith",
                    Part::Ends => "endsWith",
                    Part::Contains => "contains",
                };
                let option = if *any_case {
                    ", caseSensitive: false"
                } else {
                    ""
                };
                format!(
                    "{function}({}, {}{option})",
                    operand.text(table),
                    quoted(wanted)
                )
            }
            Condition::In(needle, haystack) => {
                let haystack: Vec<String> = haystack.iter().map(|item| item.text(table)).collect();
                format!("in({}, {{{}}})", needle.text(table), haystack.join(", "))
            }
            Condition::IsNull(operand) => format!("isNull({})", operand.text(table)),
            Condition::IsNotNull(operand) => format!("isNotNull({})", operand.text(table)),
            Condition::Bare(operand) => operand.text(table),
            Condition::Not(inner) => format!("not ({})", inner.text(table)),
            Condition::And(a, b) => two("and", a, b),
            Condition::Or(a, b) => two("or", a, b),
            Condition::Xor(a, b) => two("xor", a, b),
        }
    }
}

fn accessors(steps: &[Step]) -> String {
    steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => format!("[{}]", name(key)),
            Step::Index(index) => format!("[{index}]"),
        })
        .collect()
}

/// A name as it stands in a query: bare where letters, digits and underscores make it.
fn name(key: &str) -> String {
    let bare = key.starts_with(|first: char| first.is_ascii_alphabetic())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if bare {
        return key.to_owned();
    }
    format!("`{}`", key.replace('\\', "\\\\").replace('`', "\\`"))
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .map(|character| match character {
            '"' | '\\' => format!("\\{character}"),
            '\0'..=' ' if character != ' ' => format!("\\u{:04x}", u32::from(character)),
            other => other.to_string(),
        })
        .collect();
    format!("\"{escaped}\"")
}
