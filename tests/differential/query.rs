//! Queries as trees: what the generator makes, what is printed as DQL, and what the naive side interprets.

use super::words::NOW;
use crate::naive::logic::Step;
use crate::naive::time::parse;

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    /// Where it begins.
    pub table: Table,
    /// `from:`, as a text.
    pub from: Option<String>,
    /// `to:`, as a text.
    pub to: Option<String>,
    /// The `filter` and `filterOut` commands.
    pub filters: Vec<Filter>,
    /// What is asked of the records that are left.
    pub last: Last,
}

/// The data objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// `fetch logs | parse content, "JSON:event"`: places are read off `event`.
    Logs,
    /// `fetch cloudtrail`: places begin with a field.
    Cloudtrail,
}

/// `filter` or `filterOut`.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Whether it is `filterOut`.
    pub out: bool,
    /// What is tested.
    pub condition: Condition,
}

/// The commands behind the filters.
#[derive(Clone, Debug)]
pub enum Last {
    /// `fields f0 = …, f1 = …`
    Fields(Vec<Item>),
    /// `fieldsAdd f0 = …, f1 = … | fields f0, f1`
    Added(Vec<Item>),
    /// `sort … | limit n | fields f0 = …, f1 = …` with the keys as fields; whether each is descending.
    Sorted {
        keys: Vec<(Operand, bool)>,
        limit: usize,
    },
    /// `fieldsAdd u = … | fields f0 = u, f1 = u[…]`, or `summarize n = count(), by: {u = …} | fields …, n`: places
    /// read off a value that has a name, and whether that groups.
    Nested {
        base: Operand,
        inner: Vec<Vec<Step>>,
        grouped: bool,
    },
    /// `summarize a0 = …, by: {g0 = …}`
    Summary {
        aggregates: Vec<Aggregate>,
        by: Vec<Operand>,
    },
    /// `makeTimeseries a0 = …, by: {g0 = …}, interval: … m`
    Series {
        aggregate: Aggregate,
        by: Vec<Operand>,
        minutes: i128,
    },
}

/// A field of a result.
#[derive(Clone, Debug)]
pub enum Item {
    Value(Operand),
    Test(Condition),
}

/// An aggregation.
#[derive(Clone, Debug)]
pub enum Aggregate {
    Count,
    CountIf(Condition),
    CountDistinct(Operand),
    Min(Operand),
    Max(Operand),
    Sum(Operand),
    Avg(Operand),
    /// Of the first grouping value, so that there is but one to take.
    TakeAny(Operand),
}

/// A value.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A place in the record.
    Place(Vec<Step>),
    Text(String),
    Long(i64),
    Double(f64),
    Boolean(bool),
    /// The field `timestamp`.
    Timestamp,
    /// A point in time, nanoseconds since 1970.
    Instant(i128),
    /// `bin(timestamp, … m)`
    Bin(i128),
    /// `lower(…)`
    Lower(Box<Operand>),
    /// `if(…, …, else: …)`
    If(Box<Condition>, Box<Operand>, Option<Box<Operand>>),
    /// `coalesce(…, …)`
    Coalesce(Vec<Operand>),
    /// The field `content`, of `fetch logs` alone.
    Content,
    /// The field `aws.account.id`, of `fetch logs` alone.
    Account,
    /// The field `aws.region`, of `fetch logs` alone.
    Region,
}

/// A condition.
#[derive(Clone, Debug)]
pub enum Condition {
    Compare(Compare, Operand, Operand),
    /// A place, the text looked for in it, and whether letters of both cases are one.
    Part(Part, Operand, String, bool),
    In(Operand, Vec<Operand>),
    IsNull(Operand),
    IsNotNull(Operand),
    /// A place by itself.
    Bare(Operand),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Xor(Box<Condition>, Box<Condition>),
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// The functions that look for a part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Starts,
    Ends,
    Contains,
}

/// `now()`, nanoseconds since 1970.
pub fn now() -> i128 {
    parse(NOW).unwrap()
}
