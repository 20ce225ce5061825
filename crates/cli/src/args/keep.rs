//! Spans of time that files are kept: `7d`, `36h`, `30m`, `0s`.

use std::time::Duration;

/// The time that a span stands for.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let expected = || "a time was expected, such as 7d or 36h".to_owned();
    let text = text.trim();
    let digits = text
        .find(|digit: char| !digit.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| expected())?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return Err(expected()),
    };
    let seconds = number.checked_mul(unit);
    // Three thousand years: what is added to the clock stays within it.
    let seconds = seconds.filter(|seconds| *seconds < 100_000_000_000);
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "that is longer than anything lasts".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn spans() {
        for (text, seconds) in [
            ("7d", 604_800),
            ("36h", 129_600),
            ("0s", 0),
            ("2w", 1_209_600),
        ] {
            assert_eq!(parse(text).unwrap().as_secs(), seconds);
        }
        for wrong in ["", "7", "d", "7 days", "-1d", "1.5d", "99999999999w"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
