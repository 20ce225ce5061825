//! The English names of months and days.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// How a name is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `Dec`
    Short,
    /// `December`
    Full,
}

/// The number of the month that `text` begins with, from 1, and the length of its name.
pub(super) fn month(text: &str, form: Form) -> Option<(i64, usize)> {
    find(&MONTHS, text, form).map(|(index, length)| (index as i64 + 1, length))
}

/// The length of the day's name that `text` begins with.
pub(super) fn day(text: &str, form: Form) -> Option<usize> {
    find(&DAYS, text, form).map(|(_, length)| length)
}

fn find(names: &[&str], text: &str, form: Form) -> Option<(usize, usize)> {
    names.iter().enumerate().find_map(|(index, name)| {
        let name = if form == Form::Short {
            &name[..3]
        } else {
            name
        };
        let start = text.get(..name.len())?;
        start
            .eq_ignore_ascii_case(name)
            .then_some((index, name.len()))
    })
}
