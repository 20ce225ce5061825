//! A time format, cut into its parts.

use jiff::tz::TimeZone;

use super::names::{Form, Name, Names};
use crate::dpl::first::First;

/// A compiled format.
#[derive(Debug)]
pub(crate) struct Format {
    pub(super) parts: Vec<Part>,
    /// The zone of times that name none.
    pub(super) zone: TimeZone,
    /// Whether seconds or milliseconds count from 1970, because no larger part is there.
    pub(super) epoch: bool,
}

/// One part of a format.
#[derive(Debug, PartialEq)]
pub(super) enum Part {
    /// A text that stands as it is.
    Text(String),
    /// A letter and how often it is written.
    Field(Field, usize),
    /// A month or a day of the week by its name.
    Name {
        field: Field,
        list: Vec<Name>,
        /// Whether a point may stand behind it that belongs to the name: `févr.`
        dotted: bool,
    },
}

/// What a letter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Era,
    Year,
    WeekYear,
    Month,
    WeekOfYear,
    WeekOfMonth,
    DayOfYear,
    Day,
    /// The second Monday of a month has the number 2.
    DayOfWeekInMonth,
    DayName,
    Skipped,
    HalfDay,
    /// 0 to 23
    Hour,
    /// 1 to 24
    HourFromOne,
    /// 0 to 11
    HalfHour,
    /// 1 to 12
    HalfHourFromOne,
    Minute,
    Second,
    Millisecond,
    Fraction,
    Zone,
}

/// Why a format can't be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A quote without its partner.
    Unclosed,
    /// No letter at all.
    Empty,
}

impl Format {
    /// Cuts `text` into parts; `zone` is that of times which name none, `names` those of months and days.
    pub(crate) fn new(text: &str, zone: TimeZone, names: &'static Names) -> Result<Self, Fault> {
        let mut parts = parts(text)?;
        let has = |wanted: fn(Field) -> bool| {
            parts
                .iter()
                .any(|part| matches!(part, Part::Field(field, _) if wanted(*field)))
        };
        if !has(|_| true) {
            return Err(Fault::Empty);
        }
        let counted = has(|field| matches!(field, Field::Second | Field::Millisecond));
        let epoch = counted
            && !has(|field| {
                !matches!(
                    field,
                    Field::Second
                        | Field::Millisecond
                        | Field::Fraction
                        | Field::Zone
                        | Field::Skipped
                )
            });
        for at in 0..parts.len() {
            let next = parts.get(at + 1);
            let own_point = matches!(next, Some(Part::Text(text)) if text.starts_with('.'));
            if let Part::Field(field @ (Field::Month | Field::DayName), count) = parts[at]
                && (field == Field::DayName || count > 2)
            {
                let form = if count > 3 { Form::Full } else { Form::Short };
                parts[at] = Part::Name {
                    field,
                    list: match field {
                        Field::Month => names.months(form),
                        _ => names.days(form),
                    },
                    dotted: form == Form::Short
                        && !own_point
                        && !std::ptr::eq(names, Names::ENGLISH),
                };
            }
        }
        Ok(Format { parts, zone, epoch })
    }

    /// Whether names occur that differ from language to language.
    pub(crate) fn has_names(&self) -> bool {
        let is_name = |part: &Part| matches!(part, Part::Name { .. });
        self.parts.iter().any(is_name)
    }

    /// The bytes that a time begins with.
    pub(crate) fn first(&self) -> First {
        match self.parts.first() {
            Some(Part::Text(text)) => {
                let start = text.bytes().next();
                First::bytes(|byte| Some(byte) == start)
            }
            Some(Part::Field(Field::Zone, _)) => {
                First::bytes(|byte| byte.is_ascii_alphabetic() || byte == b'+' || byte == b'-')
            }
            Some(Part::Field(Field::Era | Field::HalfDay, _)) => {
                First::bytes(|byte| byte.is_ascii_alphabetic())
            }
            Some(Part::Name { .. }) => {
                First::bytes(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
            }
            _ => First::bytes(|byte| byte.is_ascii_digit()),
        }
    }
}

fn parts(text: &str) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            // Two quotes stand for one, inside quotes and outside.
            if chars.next_if_eq(&'\'').is_some() {
                push_text(&mut parts, '\'');
                continue;
            }
            loop {
                match chars.next() {
                    Some('\'') if chars.next_if_eq(&'\'').is_none() => break,
                    Some(c) => push_text(&mut parts, c),
                    None => return Err(Fault::Unclosed),
                }
            }
            continue;
        }
        let Some(field) = field(c) else {
            push_text(&mut parts, c);
            continue;
        };
        let mut count = 1;
        while chars.next_if_eq(&c).is_some() {
            count += 1;
        }
        parts.push(Part::Field(field, count));
    }
    Ok(parts)
}

fn push_text(parts: &mut Vec<Part>, c: char) {
    match parts.last_mut() {
        Some(Part::Text(text)) => text.push(c),
        _ => parts.push(Part::Text(c.to_string())),
    }
}

/// What a letter stands for; none if it stands for itself.
fn field(letter: char) -> Option<Field> {
    Some(match letter {
        'G' => Field::Era,
        'y' => Field::Year,
        'Y' => Field::WeekYear,
        'M' => Field::Month,
        'w' => Field::WeekOfYear,
        'W' => Field::WeekOfMonth,
        'D' => Field::DayOfYear,
        'd' => Field::Day,
        'F' => Field::DayOfWeekInMonth,
        'E' => Field::DayName,
        'u' => Field::Skipped,
        'a' => Field::HalfDay,
        'H' => Field::Hour,
        'k' => Field::HourFromOne,
        'K' => Field::HalfHour,
        'h' => Field::HalfHourFromOne,
        'm' => Field::Minute,
        's' => Field::Second,
        'S' => Field::Millisecond,
        'f' => Field::Fraction,
        'z' | 'Z' => Field::Zone,
        _ => return None,
    })
}
