//! Numbers as people read them.

use std::time::Duration;

/// A whole number in groups of three: `1,234,567`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number of things: `1 file`, `2 files`.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", count(number))
}

/// Bytes in powers of a thousand: `999 B`, `1.2 MB`.
pub(crate) fn bytes(number: u64) -> String {
    let mut scaled = number as f64;
    if number < 1_000 {
        return format!("{number} B");
    }
    for unit in ["kB", "MB", "GB", "TB"] {
        scaled /= 1_000.0;
        // What would be rounded up to 1000 belongs to the next unit.
        if scaled < 999.95 {
            return format!("{scaled:.1} {unit}");
        }
    }
    format!("{:.1} PB", scaled / 1_000.0)
}

/// A span of time: `0.4 ms`, `12 ms`, `3.42 s`, `2 min 5 s`, `1 h 1 min`.
pub(crate) fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs_f64().round() as u64;
    match time.as_secs_f64() {
        short if short < 0.01 => format!("{:.1} ms", short * 1e3),
        short if short < 0.9995 => format!("{:.0} ms", short * 1e3),
        some if some < 59.995 => format!("{some:.2} s"),
        _ if seconds < 3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// A span of nanoseconds in its two largest units: `45s`, `4m 12s`, `1h 5m`, `3d 2h`.
pub(crate) fn span(nanos: i64) -> String {
    let seconds = nanos.max(0) / 1_000_000_000;
    let (large, small) = match seconds {
        0..60 => ((seconds, "s"), (0, "")),
        60..3_600 => ((seconds / 60, "m"), (seconds % 60, "s")),
        3_600..86_400 => ((seconds / 3_600, "h"), (seconds % 3_600 / 60, "m")),
        _ => ((seconds / 86_400, "d"), (seconds % 86_400 / 3_600, "h")),
    };
    match small.0 {
        0 => format!("{}{}", large.0, large.1),
        _ => format!("{}{} {}{}", large.0, large.1, small.0, small.1),
    }
}

/// How many of something there were in a second.
pub(crate) fn per_second(number: u64, time: Duration) -> u64 {
    let seconds = time.as_secs_f64();
    if seconds > 0.0 {
        (number as f64 / seconds) as u64
    } else {
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_groups() {
        let table = [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
        ];
        for (number, text) in table {
            assert_eq!(count(number), text);
        }
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(2_500, "file"), "2,500 files");
    }

    #[test]
    fn bytes_have_units() {
        let table = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_240_000, "1.2 MB"),
            (7_500_000_000, "7.5 GB"),
            (u64::MAX, "18446.7 PB"),
        ];
        for (number, text) in table {
            assert_eq!(bytes(number), text);
        }
    }

    #[test]
    fn spans_have_two_units_at_most() {
        let table = [
            (0, "0s"),
            (45, "45s"),
            (60, "1m"),
            (252, "4m 12s"),
            (3_901, "1h 5m"),
            (86_400, "1d"),
            (266_400, "3d 2h"),
        ];
        for (seconds, text) in table {
            assert_eq!(span(seconds * 1_000_000_000 + 999), text);
        }
    }

    #[test]
    fn time_has_units() {
        let table = [
            (400, "0.4 ms"),
            (12_300, "12 ms"),
            (999_600, "1.00 s"),
            (3_420_000, "3.42 s"),
            (59_996_000, "1 min 0 s"),
            (125_000_000, "2 min 5 s"),
            (3_660_000_000, "1 h 1 min"),
        ];
        for (micros, text) in table {
            assert_eq!(elapsed(Duration::from_micros(micros)), text);
        }
    }
}
