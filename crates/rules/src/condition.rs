//! What an event must be for a rule to match it: a tree of tests, the same for rules of every origin.
//!
//! Logic is two-valued: a test of a field that the event lacks is false, and `Not` of it is true, as KQL and Sigma both
//! have it. Where a path leads to several values, through arrays or in them, a test holds if one of the values meets it.

/// A tree of tests.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of these hold; true where there are none.
    All(Vec<Condition>),
    /// One of these holds; false where there are none.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// One value of a field passes.
    Test(Test),
}

/// A check of the values of a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Where the values come from.
    pub field: Field,
    /// What one of them must be.
    pub check: Check,
}

/// Where the values of a test come from. Names are case-sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// A place in the record, key by key: `["userIdentity", "arn"]`. Arrays on the way, and at its end, stand for all
    /// their elements.
    Path(Vec<String>),
    /// A field of the record's ECS document, such as `event.action`.
    Ecs(String),
    /// Every value of the record that is no object and no array.
    Anywhere,
}

/// What a value must be. The text of a value is the string itself, the JSON text of a number or of `true` and `false`,
/// and the compact JSON of an object or array. Null has none and passes no check but [`Check::Key`].
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// The field is there: it has a value other than null, of any kind. An empty string is one; an empty array is none.
    Present,
    /// The key is there, with whatever value, null too.
    Key,
    /// The whole text is this one.
    Text {
        /// The text.
        text: String,
        /// Whether `A` and `a` differ. Where they don't, simple case folding of Unicode decides.
        cased: bool,
    },
    /// The whole text is made of these parts.
    Glob {
        /// The parts in order, never two runs in a row.
        parts: Vec<Part>,
        /// As for [`Check::Text`].
        cased: bool,
    },
    /// The expression, in the syntax of the `regex` crate, flags included, is found in the text.
    Regex(String),
    /// The text is an IPv4 or IPv6 address in this network: `10.0.0.0/8`, `2001:db8::/32`, or one address.
    Network(String),
    /// The value is a number, or a string that is one, and compares so.
    Number(Comparison, f64),
    /// The text compares so, by its bytes.
    Order(Comparison, String),
    /// The text is a time in ISO 8601, in UTC where it names no offset, and compares so with these nanoseconds since 1970.
    Moment(Comparison, i64),
    /// A part of the time that the text gives, in UTC, compares so.
    Time(TimePart, Comparison, i64),
    /// The text stands in this relation to a text of another field of the event; case is folded.
    Other(Field, Affix),
}

/// A part of a [`Check::Glob`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// These characters.
    Text(String),
    /// Any run of characters, line breaks included, an empty one too: `*`.
    Run,
    /// One character: `?`.
    One,
}

/// How a value compares with what the rule names, which stands right of the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `==`
    Equal,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
}

/// A part of a time, as Sigma's modifiers name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimePart {
    /// 0 to 59
    Minute,
    /// 0 to 23
    Hour,
    /// of the month, from 1
    Day,
    /// of the year by ISO 8601, from 1
    Week,
    /// from 1
    Month,
    /// such as 2026
    Year,
}

/// Where the text of another field must be in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affix {
    /// It is the whole value.
    Whole,
    /// The value begins with it.
    Start,
    /// The value ends with it.
    End,
    /// It is somewhere in the value.
    Within,
}
