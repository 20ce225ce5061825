//! Typed queries as trees, and as text.

use std::fmt::{self, Display, Formatter};

use super::datum::Datum;

/// An expression.
#[derive(Clone, Debug)]
pub enum Expr {
    Field(String),
    Literal(Datum),
    /// A function with its values, and named options as they are written.
    Call(&'static str, Vec<Expr>, Vec<(&'static str, Expr)>),
    /// `a op b`
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// `a[0]`
    Index(Box<Expr>, i64),
    /// `r[key]`
    Key(Box<Expr>, &'static str),
    /// `t@h`
    Align(Box<Expr>, &'static str),
    /// `in(a, {b, c})`
    In(Box<Expr>, Vec<Expr>),
    /// `record(x = …, y = …)`
    Record(Vec<(&'static str, Expr)>),
    /// `iCollectArray(a[] + b)`, `iAny(a[] > b)`: the function, the array, the operator, and what is the same for all
    /// elements.
    Each(&'static str, Box<Expr>, &'static str, Box<Expr>),
}

/// An aggregation: its function, and what it is of.
#[derive(Clone, Debug)]
pub struct Aggregate {
    pub name: String,
    pub function: &'static str,
    pub of: Option<Expr>,
}

/// Rows with the names of their fields; all fields are in all rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub names: Vec<String>,
    pub rows: Vec<Vec<Datum>>,
}

/// A command.
#[derive(Clone, Debug)]
pub enum Command {
    Filter(Expr),
    FilterOut(Expr),
    Add(Vec<(String, Expr)>),
    Fields(Vec<(String, Expr)>),
    Remove(String),
    Rename(String, String),
    /// The keys, and whether each is descending.
    Sort(Vec<(Expr, bool)>),
    Limit(usize),
    Summarize(Vec<Aggregate>, Vec<(String, Expr)>),
    /// The keys; the record with the least `id` is kept.
    Dedup(Vec<Expr>),
    /// A field that holds arrays.
    Expand(String),
    Append(Table),
    /// The fields that have to be equal, here and there, and whether it keeps what has no partner.
    Join(Table, String, String, bool),
    /// The field here, the field there.
    Lookup(Table, String, String),
    /// `filter field in [ data … | fields … ]`
    InBlock(Expr, Table),
}

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    pub table: Table,
    pub commands: Vec<Command>,
}

/// Several things with commas between them.
struct Listed<'a, T>(&'a [T], fn(&T, &mut Formatter<'_>) -> fmt::Result);

impl<T> Display for Listed<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (place, item) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            (self.1)(item, f)?;
        }
        Ok(())
    }
}

impl Display for Datum {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Datum::Null => f.write_str("null"),
            Datum::Bool(truth) => write!(f, "{truth}"),
            Datum::Long(long) => write!(f, "{long}"),
            Datum::Double(double) => write!(f, "{double:?}"),
            Datum::Text(text) => {
                let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
                write!(f, "\"{escaped}\"")
            }
            Datum::Time(nanos) => write!(f, "timestampFromUnixNanos({nanos})"),
            Datum::Span(nanos) if *nanos < 0 => write!(f, "-{}ns", nanos.unsigned_abs()),
            Datum::Span(nanos) => write!(f, "{nanos}ns"),
            Datum::List(elements) => {
                write!(
                    f,
                    "array({})",
                    Listed(elements, |element, f| write!(f, "{element}"))
                )
            }
            Datum::Record(members) => write!(
                f,
                "record({})",
                Listed(members, |(key, value), f| write!(f, "{key} = {value}"))
            ),
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Field(name) => f.write_str(name),
            Expr::Literal(datum) => write!(f, "{datum}"),
            Expr::Call(name, values, options) => {
                write!(
                    f,
                    "{name}({}",
                    Listed(values, |value, f| write!(f, "{value}"))
                )?;
                for (place, (option, value)) in options.iter().enumerate() {
                    let comma = if place == 0 && values.is_empty() {
                        ""
                    } else {
                        ", "
                    };
                    write!(f, "{comma}{option}: {value}")?;
                }
                f.write_str(")")
            }
            Expr::Binary(op, a, b) => write!(f, "({a} {op} {b})"),
            Expr::Not(inner) => write!(f, "(not {inner})"),
            Expr::Negate(inner) => write!(f, "(-({inner}))"),
            Expr::Index(inner, index) => write!(f, "{inner}[{index}]"),
            Expr::Key(inner, key) => write!(f, "{inner}[{key}]"),
            Expr::Align(inner, unit) => write!(f, "({inner}@{unit})"),
            Expr::In(needle, haystack) => write!(
                f,
                "in({needle}, {{{}}})",
                Listed(haystack, |value, f| write!(f, "{value}"))
            ),
            Expr::Record(members) => write!(
                f,
                "record({})",
                Listed(members, |(key, value), f| write!(f, "{key} = {value}"))
            ),
            Expr::Each(name, array, op, other) => write!(f, "{name}({array}[] {op} {other})"),
        }
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("data ")?;
        for (place, row) in self.rows.iter().enumerate() {
            if place > 0 {
                f.write_str(",\n     ")?;
            }
            let members: Vec<(&String, &Datum)> = self.names.iter().zip(row).collect();
            let member = |(name, value): &(&String, &Datum), f: &mut Formatter<'_>| {
                write!(f, "{name} = {value}")
            };
            write!(f, "record({})", Listed(&members, member))?;
        }
        Ok(())
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let named =
            |(name, value): &(String, Expr), f: &mut Formatter<'_>| write!(f, "{name} = {value}");
        match self {
            Command::Filter(condition) => write!(f, "filter {condition}"),
            Command::FilterOut(condition) => write!(f, "filterOut {condition}"),
            Command::Add(items) => write!(f, "fieldsAdd {}", Listed(items, named)),
            Command::Fields(items) => write!(f, "fields {}", Listed(items, named)),
            Command::Remove(name) => write!(f, "fieldsRemove {name}"),
            Command::Rename(new, old) => write!(f, "fieldsRename {new} = {old}"),
            Command::Sort(keys) => write!(
                f,
                "sort {}",
                Listed(keys, |(key, descending), f| {
                    write!(f, "{key}{}", if *descending { " desc" } else { "" })
                })
            ),
            Command::Limit(count) => write!(f, "limit {count}"),
            Command::Summarize(aggregates, by) => {
                let aggregate = |aggregate: &Aggregate, f: &mut Formatter<'_>| {
                    let Aggregate { name, function, of } = aggregate;
                    match of {
                        Some(of) => write!(f, "{name} = {function}({of})"),
                        None => write!(f, "{name} = {function}()"),
                    }
                };
                write!(f, "summarize {}", Listed(aggregates, aggregate))?;
                if by.is_empty() {
                    return Ok(());
                }
                write!(f, ", by: {{{}}}", Listed(by, named))
            }
            Command::Dedup(keys) => write!(
                f,
                "dedup {}, sort: {{id}}",
                Listed(keys, |key, f| write!(f, "{key}"))
            ),
            Command::Expand(field) => write!(f, "expand {field}"),
            Command::Append(table) => write!(f, "append [{table}]"),
            Command::Join(table, here, there, outer) => write!(
                f,
                "join [{table}], on: {{left[{here}] == right[{there}]}}, kind: {}",
                if *outer { "leftOuter" } else { "inner" }
            ),
            Command::Lookup(table, here, there) => write!(
                f,
                "lookup [{table}], sourceField: {here}, lookupField: {there}"
            ),
            Command::InBlock(value, table) => {
                let name = table.names.first().map_or("x", String::as_str);
                write!(f, "filter {value} in [{table} | fields {name}]")
            }
        }
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.table)?;
        for command in &self.commands {
            write!(f, "\n| {command}")?;
        }
        Ok(())
    }
}
