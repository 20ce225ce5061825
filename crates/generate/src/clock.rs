//! Times as texts, in the forms that CloudTrail writes, and the rhythm of the day and the week.
//!
//! Everything is Unix seconds and UTC. The civil calendar is worked out here, because it is asked for several times
//! in every record.

use std::fmt::Write;

/// Seconds of an hour and of a day.
pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 86_400;

/// A time, taken apart.
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: u32,
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// The civil date and time of `seconds` since 1970, after Hinnant's `civil_from_days`.
pub(crate) fn civil(seconds: i64) -> Civil {
    let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY) as u32);
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    Civil {
        year: year_of_era + era * 400 + i64::from(month >= 10),
        month: (if month < 10 { month + 3 } else { month - 9 }) as u32,
        day: (of_year - (153 * month + 2) / 5 + 1) as u32,
        hour: rest / 3_600,
        minute: rest / 60 % 60,
        second: rest % 60,
    }
}

/// `2024-11-26T17:43:28Z`, the form of `eventTime`.
pub(crate) fn iso(seconds: i64, out: &mut String) {
    let c = civil(seconds);
    digits(out, c.year as u32, 4);
    for (mark, value) in [
        ('-', c.month),
        ('-', c.day),
        ('T', c.hour),
        (':', c.minute),
        (':', c.second),
    ] {
        out.push(mark);
        digits(out, value, 2);
    }
    out.push('Z');
}

/// `Nov 26, 2024, 5:43:28 PM`, the form of dates inside responses.
pub(crate) fn long(seconds: i64, out: &mut String) {
    let c = civil(seconds);
    let month = MONTHS
        .get(c.month as usize - 1)
        .copied()
        .unwrap_or_default();
    let hour = if c.hour.is_multiple_of(12) {
        12
    } else {
        c.hour % 12
    };
    let half = if c.hour < 12 { "AM" } else { "PM" };
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{month} {}, {}, {hour}:{:02}:{:02} {half}",
        c.day, c.year, c.minute, c.second
    );
}

/// `2024/11/26`, the form of folders.
pub(crate) fn day(seconds: i64, out: &mut String) {
    let c = civil(seconds);
    digits(out, c.year as u32, 4);
    for value in [c.month, c.day] {
        out.push('/');
        digits(out, value, 2);
    }
}

/// `20241126T1743Z`, the form of file names.
pub(crate) fn stamp(seconds: i64, out: &mut String) {
    let c = civil(seconds);
    digits(out, c.year as u32, 4);
    for value in [c.month, c.day] {
        digits(out, value, 2);
    }
    out.push('T');
    for value in [c.hour, c.minute] {
        digits(out, value, 2);
    }
    out.push('Z');
}

/// How busy the hour that begins at `seconds` is, next to others. Services never sleep, people do, and they have
/// weekends.
pub(crate) fn rhythm(seconds: i64) -> u64 {
    const HOURS: [u64; 24] = [
        34, 31, 30, 30, 31, 34, 42, 58, 78, 92, 99, 97, 90, 96, 100, 98, 92, 84, 70, 60, 52, 46,
        41, 37,
    ];
    let hour = HOURS[seconds.rem_euclid(DAY) as usize / HOUR as usize];
    // 1970-01-01 was a Thursday; 2 and 3 days later came the weekend.
    let weekend = matches!(seconds.div_euclid(DAY).rem_euclid(7), 2 | 3);
    if weekend { hour * 45 } else { hour * 100 }
}

fn digits(out: &mut String, value: u32, width: u32) {
    for place in (0..width).rev() {
        out.push(char::from(b'0' + (value / 10_u32.pow(place) % 10) as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms() {
        let mut text = String::new();
        iso(1_732_729_408, &mut text);
        text.push(' ');
        long(1_732_729_408, &mut text);
        text.push(' ');
        day(1_732_729_408, &mut text);
        text.push(' ');
        stamp(1_732_729_408, &mut text);
        assert_eq!(
            text,
            "2024-11-27T17:43:28Z Nov 27, 2024, 5:43:28 PM 2024/11/27 20241127T1743Z"
        );
    }

    #[test]
    fn the_weekend_is_quieter() {
        let saturday_noon = 1_732_968_000; // 2024-11-30T12:00:00Z
        assert!(rhythm(saturday_noon) < rhythm(saturday_noon - DAY));
        assert!(rhythm(saturday_noon) < rhythm(saturday_noon + 2 * DAY));
    }

    proptest! {
        #[test]
        fn iso_is_what_jiff_says(seconds in 0_i64..4_000_000_000) {
            let mut text = String::new();
            iso(seconds, &mut text);
            prop_assert_eq!(text, jiff::Timestamp::from_second(seconds).unwrap().to_string());
        }
    }
}
