//! Every matcher of the language, as data: names, quantifiers, body and parameters.

/// A matcher, whatever alias it was written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matcher {
    Enum,
    Json,
    JsonArray,
    JsonValue,
    Kvp,
    Array,
    Structure,
    Xml,
    XmlPlain,
    XmlVerbose,
    LineData,
    Data,
    String,
    SingleQuoted,
    DoubleQuoted,
    CsvSingleQuoted,
    CsvDoubleQuoted,
    LineFeed,
    CarriageReturn,
    WindowsLineBreak,
    Begin,
    Middle,
    End,
    Posix(Posix),
    Integer,
    Long,
    HexInteger,
    HexLong,
    Float,
    Double,
    CommaFloat,
    CommaDouble,
    Boolean,
    Timestamp,
    Iso8601,
    HttpDate,
    JsonTimestamp,
    Ip,
    Ipv4,
    Ipv6,
    CreditCard,
    Uuid,
    SmartscapeId,
}

/// A POSIX character class. The sets are ASCII, save for [`Posix::NonSpace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Posix {
    Alnum,
    Alpha,
    Blank,
    Control,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    /// Everything that is not [`Posix::Space`], other scripts included.
    NonSpace,
    Upper,
    HexDigit,
    Ascii,
    Word,
}

/// Which quantifiers a matcher takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifiers {
    /// All of them.
    All,
    /// `*` (may be absent) and `+` (must be there).
    Presence,
    /// All of them, and one must be given.
    Required,
    /// None.
    None,
}

/// What may stand in braces behind a matcher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// Nothing.
    None,
    /// A sequence, and it must be there.
    Sequence,
    /// JSON members, if anything.
    Members,
    /// The type of the values, if anything.
    Type,
    /// Texts and their numbers, and they must be there.
    Enum,
}

/// What a parameter may be set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// A string.
    Text,
    /// A number.
    Number,
    /// A whole number that is not negative.
    Count,
    /// `true` or `false`.
    Boolean,
    /// A string, or matchers in braces.
    Separator,
}

/// A parameter that a matcher takes: its name and its type.
pub type ParameterForm = (&'static str, ParameterType);

const TEXT: &[ParameterForm] = &[
    ("charset", ParameterType::Text),
    ("locale", ParameterType::Text),
];
const GROUP: &[ParameterForm] = &[
    ("fs", ParameterType::Separator),
    ("charset", ParameterType::Text),
    ("locale", ParameterType::Text),
];
const NUMBER: &[ParameterForm] = &[
    ("min", ParameterType::Number),
    ("max", ParameterType::Number),
];
const ENUM: &[ParameterForm] = &[
    ("cis", ParameterType::Boolean),
    ("charset", ParameterType::Text),
    ("locale", ParameterType::Text),
];
const TIMESTAMP: &[ParameterForm] = &[
    ("format", ParameterType::Text),
    ("timezone", ParameterType::Text),
    ("tz", ParameterType::Text),
    ("locale", ParameterType::Text),
    ("charset", ParameterType::Text),
];
const JSON: &[ParameterForm] = &[
    ("flat", ParameterType::Boolean),
    ("greedy", ParameterType::Text),
    ("strict", ParameterType::Boolean),
    ("maxlen", ParameterType::Count),
    ("charset", ParameterType::Text),
    ("locale", ParameterType::Text),
];
const JSON_VALUE: &[ParameterForm] = &[
    ("typed", ParameterType::Boolean),
    ("strict", ParameterType::Boolean),
    ("maxlen", ParameterType::Count),
    ("charset", ParameterType::Text),
    ("locale", ParameterType::Text),
];
const XML: &[ParameterForm] = &[
    ("rootTag", ParameterType::Text),
    ("excludeRoot", ParameterType::Boolean),
    ("ignoreNamespace", ParameterType::Boolean),
    ("maxlen", ParameterType::Count),
    ("charset", ParameterType::Text),
    ("locale", ParameterType::Text),
];

/// Every name and what it names; the first name of a matcher is the one we print.
const NAMES: &[(&str, Matcher)] = &[
    ("ENUM", Matcher::Enum),
    ("JSON", Matcher::Json),
    ("JSON_OBJECT", Matcher::Json),
    ("JSON_ARRAY", Matcher::JsonArray),
    ("JSON_VALUE", Matcher::JsonValue),
    ("KVP", Matcher::Kvp),
    ("ARRAY", Matcher::Array),
    ("STRUCTURE", Matcher::Structure),
    ("XML", Matcher::Xml),
    ("XML_PLAIN", Matcher::XmlPlain),
    ("XML_VERBOSE", Matcher::XmlVerbose),
    ("LD", Matcher::LineData),
    ("LDATA", Matcher::LineData),
    ("DATA", Matcher::Data),
    ("STRING", Matcher::String),
    ("SQS", Matcher::SingleQuoted),
    ("DQS", Matcher::DoubleQuoted),
    ("CSVSQS", Matcher::CsvSingleQuoted),
    ("CSVDQS", Matcher::CsvDoubleQuoted),
    ("EOL", Matcher::LineFeed),
    ("LF", Matcher::LineFeed),
    ("CR", Matcher::CarriageReturn),
    ("EOLWIN", Matcher::WindowsLineBreak),
    ("WINEOL", Matcher::WindowsLineBreak),
    ("BOS", Matcher::Begin),
    ("BOF", Matcher::Begin),
    ("MOS", Matcher::Middle),
    ("MOF", Matcher::Middle),
    ("EOS", Matcher::End),
    ("EOF", Matcher::End),
    ("ALNUM", Matcher::Posix(Posix::Alnum)),
    ("ALPHA", Matcher::Posix(Posix::Alpha)),
    ("BLANK", Matcher::Posix(Posix::Blank)),
    ("CNTRL", Matcher::Posix(Posix::Control)),
    ("DIGIT", Matcher::Posix(Posix::Digit)),
    ("GRAPH", Matcher::Posix(Posix::Graph)),
    ("LOWER", Matcher::Posix(Posix::Lower)),
    ("PRINT", Matcher::Posix(Posix::Print)),
    ("PUNCT", Matcher::Posix(Posix::Punct)),
    ("SPACE", Matcher::Posix(Posix::Space)),
    ("NSPACE", Matcher::Posix(Posix::NonSpace)),
    ("UPPER", Matcher::Posix(Posix::Upper)),
    ("XDIGIT", Matcher::Posix(Posix::HexDigit)),
    ("ASCII", Matcher::Posix(Posix::Ascii)),
    ("WORD", Matcher::Posix(Posix::Word)),
    ("INT", Matcher::Integer),
    ("INTEGER", Matcher::Integer),
    ("LONG", Matcher::Long),
    ("HEXINT", Matcher::HexInteger),
    ("HEXLONG", Matcher::HexLong),
    ("FLOAT", Matcher::Float),
    ("DOUBLE", Matcher::Double),
    ("CFLOAT", Matcher::CommaFloat),
    ("CDOUBLE", Matcher::CommaDouble),
    ("BOOLEAN", Matcher::Boolean),
    ("BOOL", Matcher::Boolean),
    ("TIMESTAMP", Matcher::Timestamp),
    ("TIME", Matcher::Timestamp),
    ("ISO8601", Matcher::Iso8601),
    ("HTTPDATE", Matcher::HttpDate),
    ("JSONTIMESTAMP", Matcher::JsonTimestamp),
    ("IPADDR", Matcher::Ip),
    ("IP", Matcher::Ip),
    ("IPV4", Matcher::Ipv4),
    ("IPV4ADDR", Matcher::Ipv4),
    ("IPV6", Matcher::Ipv6),
    ("IPV6ADDR", Matcher::Ipv6),
    ("CREDITCARD", Matcher::CreditCard),
    ("UUIDSTRING", Matcher::Uuid),
    ("SMARTSCAPEID", Matcher::SmartscapeId),
];

impl Matcher {
    /// The matcher of this name, in any case.
    pub fn find(name: &str) -> Option<Matcher> {
        NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, matcher)| *matcher)
    }

    /// All names and aliases.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }

    /// The name we print: `LD`, whether it was written `ld` or `LDATA`.
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, matcher)| *matcher == self)
            .map_or("", |(name, _)| name)
    }

    /// The quantifiers it takes.
    pub fn quantifiers(self) -> Quantifiers {
        match self {
            Matcher::LineData
            | Matcher::Data
            | Matcher::String
            | Matcher::SingleQuoted
            | Matcher::DoubleQuoted
            | Matcher::CsvSingleQuoted
            | Matcher::CsvDoubleQuoted
            | Matcher::LineFeed
            | Matcher::CarriageReturn
            | Matcher::WindowsLineBreak
            | Matcher::Posix(_)
            | Matcher::Kvp => Quantifiers::All,
            Matcher::Array => Quantifiers::Required,
            Matcher::Enum
            | Matcher::Structure
            | Matcher::Json
            | Matcher::JsonArray
            | Matcher::JsonValue
            | Matcher::Xml
            | Matcher::XmlPlain
            | Matcher::XmlVerbose
            | Matcher::Begin
            | Matcher::Middle
            | Matcher::End => Quantifiers::None,
            Matcher::Integer
            | Matcher::Long
            | Matcher::HexInteger
            | Matcher::HexLong
            | Matcher::Float
            | Matcher::Double
            | Matcher::CommaFloat
            | Matcher::CommaDouble
            | Matcher::Boolean
            | Matcher::Timestamp
            | Matcher::Iso8601
            | Matcher::HttpDate
            | Matcher::JsonTimestamp
            | Matcher::Ip
            | Matcher::Ipv4
            | Matcher::Ipv6
            | Matcher::CreditCard
            | Matcher::Uuid
            | Matcher::SmartscapeId => Quantifiers::Presence,
        }
    }

    /// What stands in braces behind it.
    pub fn body(self) -> BodyForm {
        match self {
            Matcher::Json => BodyForm::Members,
            Matcher::JsonArray | Matcher::JsonValue => BodyForm::Type,
            Matcher::Kvp | Matcher::Array | Matcher::Structure => BodyForm::Sequence,
            Matcher::Enum => BodyForm::Enum,
            _ => BodyForm::None,
        }
    }

    /// The parameters it takes.
    pub fn parameters(self) -> &'static [ParameterForm] {
        match self {
            Matcher::LineData
            | Matcher::Data
            | Matcher::String
            | Matcher::SingleQuoted
            | Matcher::DoubleQuoted
            | Matcher::CsvSingleQuoted
            | Matcher::CsvDoubleQuoted
            | Matcher::LineFeed
            | Matcher::CarriageReturn
            | Matcher::WindowsLineBreak
            | Matcher::Posix(_)
            | Matcher::Kvp
            | Matcher::Array => TEXT,
            Matcher::Integer
            | Matcher::Long
            | Matcher::HexInteger
            | Matcher::HexLong
            | Matcher::Float
            | Matcher::Double
            | Matcher::CommaFloat
            | Matcher::CommaDouble => NUMBER,
            Matcher::Enum => ENUM,
            Matcher::Timestamp => TIMESTAMP,
            Matcher::Json => JSON,
            Matcher::JsonArray | Matcher::JsonValue => JSON_VALUE,
            Matcher::Xml | Matcher::XmlPlain | Matcher::XmlVerbose => XML,
            _ => &[],
        }
    }

    /// The parameters of a sequence group.
    pub fn group_parameters() -> &'static [ParameterForm] {
        GROUP
    }

    /// The parameters of literals, character groups and alternatives.
    pub fn text_parameters() -> &'static [ParameterForm] {
        TEXT
    }
}

impl Posix {
    /// The class of this name, in any case: `digit`.
    pub fn find(name: &str) -> Option<Posix> {
        match Matcher::find(name) {
            Some(Matcher::Posix(class)) => Some(class),
            _ => None,
        }
    }

    /// All names in lower case, as they stand in brackets.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES
            .iter()
            .filter(|(_, matcher)| matches!(matcher, Matcher::Posix(_)))
            .map(|(name, _)| *name)
    }

    /// Whether the class holds `c`.
    pub fn contains(self, c: char) -> bool {
        match self {
            Posix::Alnum => c.is_ascii_alphanumeric(),
            Posix::Alpha => c.is_ascii_alphabetic(),
            Posix::Blank => c == ' ' || c == '\t',
            Posix::Control => matches!(c, '\x01'..='\x1f' | '\x7f'),
            Posix::Digit => c.is_ascii_digit(),
            Posix::Graph => matches!(c, '!'..='~'),
            Posix::Lower => c.is_ascii_lowercase(),
            Posix::Print => matches!(c, ' '..='~'),
            Posix::Punct => c.is_ascii_punctuation(),
            Posix::Space => matches!(c, ' ' | '\t'..='\r'),
            Posix::NonSpace => !Posix::Space.contains(c),
            Posix::Upper => c.is_ascii_uppercase(),
            Posix::HexDigit => c.is_ascii_hexdigit(),
            Posix::Ascii => c.is_ascii(),
            Posix::Word => c.is_ascii_alphanumeric() || c == '_',
        }
    }
}
