//! Every diagnostic code. Stable: a code is never given a second meaning and never reused.
//!
//! Groups: E01 lexing, E02 parsing, E03 names, E04 types, E05 functions and parameters, E06 not supported yet,
//! E07 rules, E08 patterns (DPL), E10 SQL, E11 KQL, W0x and W1x warnings of the same groups.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $title:literal;)*) => {
        /// The code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* #[doc = $title] $name,)* }

        impl Code {
            /// All codes, in order of their text.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as printed: `E0301`.
            pub fn text(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// What the code stands for, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }
        }
    };
}

codes! {
    UnexpectedCharacter = "E0101", "a character that no token begins with";
    UnclosedString = "E0102", "a string without its closing quote";
    SingleQuotes = "E0103", "a string in single quotes";
    UnclosedBacktick = "E0104", "a field name without its closing backtick";
    UnclosedComment = "E0105", "a block comment without its end";
    BadNumber = "E0106", "a number that is none, or is out of range";
    BadDuration = "E0107", "a duration with an unknown unit or out of range";
    Variable = "E0108", "a dashboard variable left in the text";

    UnexpectedToken = "E0201", "something else was expected here";
    UnclosedBracket = "E0202", "a bracket without its partner";
    MissingCommand = "E0203", "a command name was expected";
    TooDeep = "E0204", "nested too deeply";
    EmptyQuery = "E0205", "no query";
    ForeignOperator = "E0206", "an operator of another language";

    UnknownCommand = "E0301", "no such command";
    UnknownField = "E0302", "no such field";
    UnknownFunction = "E0303", "no such function";
    UnknownParameter = "E0304", "no such parameter";
    UnknownTable = "E0305", "no such data object";
    NotAStartingCommand = "E0306", "a command that can't come first";
    StartingCommandLater = "E0307", "a starting command after a pipe";
    UnknownTimeField = "E0308", "no time field for a time series";

    UnknownLookup = "E0320", "no such lookup table";
    LookupPath = "E0321", "a path that no lookup table may have";
    BadLookup = "E0322", "a lookup table that can't be read";

    WrongType = "E0401", "a value of a type that is not accepted here";
    NotConstant = "E0402", "a constant was expected";
    InvalidTimeframe = "E0403", "a timeframe that ends before it begins, or can't be read";
    NotAnAggregation = "E0404", "an aggregation was expected";
    MisplacedAggregation = "E0405", "an aggregation where none may stand";
    OutOfRange = "E0406", "a value out of its range";
    BadAlignment = "E0407", "a unit or factor that time can't be aligned to";
    NothingToIterate = "E0408", "an iterative expression without an array to go over";

    MissingParameter = "E0501", "a required parameter is missing";
    DuplicateParameter = "E0502", "a parameter given twice";
    TooManyParameters = "E0503", "more positional parameters than there are";
    UngroupedParameters = "W0504", "several values without braces";
    Deprecated = "W0505", "a function that is deprecated";

    UnsupportedCommand = "E0601", "a command that is not supported yet";
    UnsupportedFunction = "E0602", "a function that is not supported yet";
    UnsupportedParameter = "E0603", "a parameter that is not supported yet";
    UnsupportedExpression = "E0604", "an expression that is not supported yet";
    UnsupportedPattern = "E0605", "a pattern element that is not supported yet";
    NeedsDynatrace = "E0606", "something that only Dynatrace's own stores can answer";

    BadSql = "E1001", "SQL that can't be understood";
    SqlChanges = "E1002", "SQL that would change something";

    BadRule = "E0701", "a rule file that can't be used";
    RuleLanguage = "E0711", "an Elastic rule of a type or in a language that is not supported";
    RuleData = "E0712", "an Elastic rule over other data than CloudTrail's";
    RuleFilter = "E0713", "a filter of an Elastic rule that is not supported";
    RuleKey = "W0714", "a part of a rule that is not known, or has no effect here";
    RuleCondition = "W0715", "a condition of a rule that no record meets, or every one, or none of the lake";
    RuleGivenUp = "W0716", "a rule that its authors have given up";

    PatternSyntax = "E0801", "a pattern that does not compile";
    UnknownMatcher = "E0802", "no such matcher";
    BadQuantifier = "E0803", "a quantifier that is not allowed here";
    PatternWithoutExport = "E0804", "a pattern that exports nothing";
    UnknownMacro = "E0805", "no such macro";
    BadPatternParameter = "E0806", "a parameter that a matcher does not take, or not with this value";
    BadPatternBody = "E0807", "braces behind a matcher that are missing or can't be used";
    PointlessExport = "W0808", "a field name where nothing can be exported";

    KqlUnexpected = "E1101", "something else was expected here, in KQL";
    KqlUnclosedQuote = "E1102", "a string of KQL without its closing quote";
    KqlBadEscape = "E1103", "a backslash that escapes nothing, in KQL";
    KqlUnclosedBracket = "E1104", "a parenthesis or brace without its partner, in KQL";
    KqlKeyword = "E1105", "a keyword where KQL has none, or one that is not recognised";
    KqlTooDeep = "E1106", "KQL that is nested too deeply";
    KqlValue = "E1107", "a value that a field of this type can't have, in KQL";
    KqlFreeText = "W1108", "free text in KQL that looks like something else";
    KqlUnknownField = "W1109", "a field that no CloudTrail document has";

    OverriddenField = "W0301", "a field that replaces another of its name";
    MissingField = "W0302", "a field that is null everywhere";
    ComparedToNull = "W0401", "a comparison with null, which is never true";
    NeverTrue = "W0402", "a condition that can never be true";
    OutsideData = "W0404", "a timeframe in which there are no events";
    UntimedEvents = "W0405", "events without a time, which a timeframe leaves out";
    WholeLake = "W0406", "no timeframe, so the whole lake is read";
    NoSuchBucket = "W0407", "a bucket that holds no events";
    Sampled = "W0408", "a sample instead of all records";
    OverLimit = "W0409", "records that are too long for `JSON`";
    Precedence = "W0403", "an expression that binds otherwise than it reads";

    Internal = "E0901", "a fault of ours";
}
