//! Checks made ready: compiled once, then asked value by value.

mod fold;
mod glob;
mod network;
mod time;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::condition::{Affix, Check, Comparison, Part, TimePart};

use glob::Glob;
use network::Network;

/// One value of a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// The JSON text of a number.
    Number(&'a str),
    /// A string, escapes undone.
    String(Cow<'a, str>),
    /// The JSON text of an object or array.
    Json(&'a str),
}

impl<'a> Value<'a> {
    /// The value that a valid JSON text stands for.
    pub fn of(raw: &'a str) -> Value<'a> {
        match raw.as_bytes().first() {
            Some(b'"') => Value::String(json::as_string(raw).unwrap_or_default()),
            Some(b'{' | b'[') => Value::Json(raw),
            Some(b't') => Value::Boolean(true),
            Some(b'f') => Value::Boolean(false),
            Some(b'-' | b'0'..=b'9') => Value::Number(raw),
            _ => Value::Null,
        }
    }

    /// Whether one of the texts of the value meets `test`. An object or array has two: its compact JSON, and that with
    /// the escapes of its strings undone, so that JSON within JSON reads as it was written.
    fn any_text(&self, test: impl Fn(&str) -> bool) -> bool {
        match self {
            Value::Null => false,
            Value::Boolean(value) => test(if *value { "true" } else { "false" }),
            Value::Number(text) => test(text),
            Value::String(text) => test(text),
            Value::Json(raw) => {
                let compact = compact(raw);
                test(&compact) || (compact.contains('\\') && test(&json::unescape(&compact)))
            }
        }
    }

    /// The number that the value is, or that a string spells.
    fn number(&self) -> Option<f64> {
        let text: &str = match self {
            Value::Number(text) => text,
            Value::String(text) => text,
            _ => return None,
        };
        let plain = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
        let number: f64 = Some(text)
            .filter(|text| text.bytes().all(plain))?
            .parse()
            .ok()?;
        number.is_finite().then_some(number)
    }
}

/// JSON without the white space between its parts, and otherwise as written; borrowed where there is none.
fn compact(raw: &str) -> Cow<'_, str> {
    let mut out = String::new();
    // What of `raw` is in `out` or left out.
    let mut done = 0;
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in raw.bytes().enumerate() {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if byte == b'"' {
            quoted = true;
        } else if byte.is_ascii_whitespace() {
            out.push_str(&raw[done..at]);
            done = at + 1;
        }
    }
    if done == 0 {
        return Cow::Borrowed(raw);
    }
    out.push_str(&raw[done..]);
    Cow::Owned(out)
}

/// A [`Check`] ready to be asked.
#[derive(Clone, Debug)]
pub struct Compiled(Matcher);

#[derive(Clone, Debug)]
enum Matcher {
    Present,
    Key,
    Glob(Glob),
    Regex(regex::Regex),
    Network(Network),
    Number(Comparison, f64),
    Order(Comparison, String),
    Moment(Comparison, i64),
    Time(TimePart, Comparison, i64),
    Other,
}

/// The moment that an ISO 8601 text names, in UTC where it names no offset. A date is its first moment.
pub(crate) fn moment(text: &str) -> Option<jiff::Timestamp> {
    time::read(text)
}

impl Compiled {
    /// The check made ready.
    ///
    /// # Errors
    /// What is wrong with an expression or a network, in words.
    pub fn new(check: &Check) -> Result<Compiled, String> {
        Ok(Compiled(match check {
            Check::Present => Matcher::Present,
            Check::Key => Matcher::Key,
            Check::Text { text, cased } => {
                Matcher::Glob(Glob::new(&[Part::Text(text.clone())], *cased))
            }
            Check::Glob { parts, cased } => Matcher::Glob(Glob::new(parts, *cased)),
            Check::Regex(pattern) => Matcher::Regex(expression(pattern)?),
            Check::Network(text) => Matcher::Network(text.parse()?),
            Check::Number(sign, number) => Matcher::Number(*sign, *number),
            Check::Order(sign, text) => Matcher::Order(*sign, text.clone()),
            Check::Moment(sign, nanoseconds) => Matcher::Moment(*sign, *nanoseconds),
            Check::Time(part, sign, number) => Matcher::Time(*part, *sign, *number),
            Check::Other(..) => Matcher::Other,
        }))
    }

    /// Whether the value passes. No value passes [`Check::Other`], which takes two: see [`relates`].
    pub fn passes(&self, value: &Value<'_>) -> bool {
        match &self.0 {
            // An array is there if one of its elements is.
            Matcher::Present => match value {
                Value::Null => false,
                Value::Json(raw) => !raw.starts_with('['),
                _ => true,
            },
            Matcher::Key => true,
            Matcher::Glob(glob) => value.any_text(|text| glob.matches(text)),
            Matcher::Regex(regex) => value.any_text(|text| regex.is_match(text)),
            Matcher::Network(network) => match value {
                Value::String(text) => network.contains(text),
                _ => false,
            },
            Matcher::Number(sign, wanted) => value
                .number()
                .and_then(|number| number.partial_cmp(wanted))
                .is_some_and(|order| holds(*sign, order)),
            Matcher::Order(sign, wanted) => {
                value.any_text(|text| holds(*sign, text.as_bytes().cmp(wanted.as_bytes())))
            }
            Matcher::Moment(sign, wanted) => match value {
                Value::String(text) => time::read(text).is_some_and(|moment| {
                    holds(*sign, moment.as_nanosecond().cmp(&i128::from(*wanted)))
                }),
                _ => false,
            },
            Matcher::Time(part, sign, wanted) => match value {
                Value::String(text) => time::read(text)
                    .is_some_and(|moment| holds(*sign, time::part(moment, *part).cmp(wanted))),
                _ => false,
            },
            Matcher::Other => false,
        }
    }
}

/// Whether a text of `value` stands in the relation to a text of `other`; case is folded.
pub fn relates(value: &Value<'_>, affix: Affix, other: &Value<'_>) -> bool {
    other.any_text(|wanted| {
        let text = Part::Text(wanted.to_owned());
        let parts = match affix {
            Affix::Whole => vec![text],
            Affix::Start => vec![text, Part::Run],
            Affix::End => vec![Part::Run, text],
            Affix::Within => vec![Part::Run, text, Part::Run],
        };
        let glob = Glob::new(&parts, false);
        value.any_text(|text| glob.matches(text))
    })
}

fn holds(sign: Comparison, order: Ordering) -> bool {
    match sign {
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Equal => order.is_eq(),
        Comparison::GreaterOrEqual => order.is_ge(),
        Comparison::Greater => order.is_gt(),
    }
}

fn expression(pattern: &str) -> Result<regex::Regex, String> {
    regex::Regex::new(pattern).map_err(|error| {
        let text = error.to_string();
        if text.contains("look-around") {
            return "the expression looks ahead or behind, which the engine here does not: write \
                    the condition with `not` and a second identifier"
                .to_owned();
        }
        if text.contains("backreferences") {
            return "the expression refers back to a group, which the engine here does not"
                .to_owned();
        }
        // The last line says what is wrong; those above draw the expression.
        let last = text.lines().last().unwrap_or_default();
        last.strip_prefix("error: ").unwrap_or(last).to_owned()
    })
}
