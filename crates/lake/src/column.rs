//! What a column is.

/// Ids that hardly ever repeat: a dictionary of them is work for nothing.
pub(crate) const UNIQUE: [&str; 3] = ["event_id", "request_id", "shared_event_id"];

/// What kind of JSON value a column takes, and how it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A JSON string, escapes undone. Arrow `Utf8View`.
    Text,
    /// `true` or `false`. Arrow `Boolean`.
    Boolean,
    /// A JSON number without fraction and exponent that fits 64 bits. Arrow `Int64`.
    Long,
    /// A JSON string that is an ISO-8601 instant. Arrow `Timestamp(Microsecond, "UTC")`, floored.
    Timestamp,
    /// Any JSON value but null, as the text that stood in the record. Arrow `Utf8View`.
    Json,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 5] = [
        Kind::Text,
        Kind::Long,
        Kind::Boolean,
        Kind::Timestamp,
        Kind::Json,
    ];

    /// What a lake's schema calls it, and a command line: `text`, `json`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Boolean => "boolean",
            Kind::Long => "long",
            Kind::Timestamp => "timestamp",
            Kind::Json => "json",
        }
    }
}

/// A declared column: one place in a CloudTrail record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The keys that lead to the value, outermost first. Never empty.
    pub path: Vec<String>,
    /// The column's name: snake_case, unique without regard to case.
    pub name: String,
    /// What it takes.
    pub kind: Kind,
    /// Whether it is looked up by single values often enough to carry a bloom filter.
    pub bloom: bool,
    /// Whether the table's log carries its least and greatest value of every file.
    pub statistics: bool,
    /// The layout that declared it; files of an older layout do not have it.
    pub since: u32,
    /// What it holds, in one line.
    pub doc: String,
}

impl Column {
    /// Whether it holds texts that come again and again, as those of most columns do: not ids, nor JSON.
    pub fn repeats(&self) -> bool {
        self.kind == Kind::Text && !UNIQUE.contains(&self.name.as_str())
    }
}
