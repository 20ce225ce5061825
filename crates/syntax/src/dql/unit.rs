//! Units of time and their spellings.

use super::ast::Unit;

impl Unit {
    /// All units, shortest first.
    pub const ALL: [Unit; 11] = [
        Unit::Nanosecond,
        Unit::Microsecond,
        Unit::Millisecond,
        Unit::Second,
        Unit::Minute,
        Unit::Hour,
        Unit::Day,
        Unit::Week,
        Unit::Month,
        Unit::Quarter,
        Unit::Year,
    ];

    /// The canonical spelling: `ms`, `M`.
    pub fn text(self) -> &'static str {
        match self {
            Unit::Nanosecond => "ns",
            Unit::Microsecond => "us",
            Unit::Millisecond => "ms",
            Unit::Second => "s",
            Unit::Minute => "m",
            Unit::Hour => "h",
            Unit::Day => "d",
            Unit::Week => "w",
            Unit::Month => "M",
            Unit::Quarter => "q",
            Unit::Year => "y",
        }
    }

    /// The unit of that spelling, the long ones of seconds to days included; case matters.
    pub fn from_text(text: &str) -> Option<Unit> {
        match text {
            "sec" | "secs" | "second" | "seconds" => Some(Unit::Second),
            "min" | "mins" | "minute" | "minutes" => Some(Unit::Minute),
            "hr" | "hrs" | "hour" | "hours" => Some(Unit::Hour),
            "day" | "days" => Some(Unit::Day),
            _ => Unit::ALL.into_iter().find(|unit| unit.text() == text),
        }
    }
}
