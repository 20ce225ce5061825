//! Instants as they are typed: absolute, or counted from now.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};
use syntax::dql::ast::Unit;

/// An instant that may depend on what now is, and on the time zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// `2024-11-25`, `2024-11-25T09:00`, `2024-11-25T09:00:00Z`; local to the time zone where it has no offset.
    At(String),
    /// `-30min`, `+1h`, `-7d`: so many units from now. Units are DQL's.
    Offset(i64, Unit),
    /// `now`
    Now,
}

/// What `--now` may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Now {
    /// That instant.
    At(Moment),
    /// One second behind the newest event.
    Latest,
}

impl Now {
    pub(super) fn parse(text: &str) -> Result<Now, String> {
        match text.trim() {
            "latest" => Ok(Now::Latest),
            text => Moment::parse(text).map(Now::At).map_err(|_| {
                "an instant was expected, such as 2024-11-27T17:43:28Z, or latest".to_owned()
            }),
        }
    }
}

impl Moment {
    /// Reads an instant; whether it exists in the time zone of the query is not known yet.
    pub(crate) fn parse(text: &str) -> Result<Moment, String> {
        let text = text.trim();
        if text == "now" || text == "now()" {
            return Ok(Moment::Now);
        }
        if engine::parse_instant(text, &TimeZone::UTC).is_some() {
            return Ok(Moment::At(text.to_owned()));
        }
        offset(text.strip_prefix("now()").unwrap_or(text)).ok_or_else(|| {
            "an instant was expected, such as 2024-11-25, 2024-11-25T09:00:00Z, -30min or -7d"
                .to_owned()
        })
    }

    /// The instant in nanoseconds since 1970-01-01 UTC; `None` where it is outside what 64 bits hold.
    ///
    /// Days and longer units are those of the calendar, as they are next to a timestamp in DQL.
    pub(crate) fn resolve(&self, now: i64, zone: &TimeZone) -> Option<i64> {
        let (amount, unit) = match self {
            Moment::Now => return Some(now),
            Moment::At(text) => return engine::parse_instant(text, zone),
            Moment::Offset(amount, unit) => (*amount, *unit),
        };
        let now = Timestamp::from_nanosecond(i128::from(now)).ok()?;
        let span = match unit {
            Unit::Day => Span::new().try_days(amount).ok()?,
            Unit::Week => Span::new().try_weeks(amount).ok()?,
            Unit::Month => Span::new().try_months(amount).ok()?,
            Unit::Quarter => Span::new().try_months(amount.checked_mul(3)?).ok()?,
            Unit::Year => Span::new().try_years(amount).ok()?,
            _ => {
                let nanos = i128::from(amount) * i128::from(nanoseconds(unit));
                let exact = now.as_nanosecond().checked_add(nanos)?;
                return i64::try_from(exact).ok();
            }
        };
        let then = now.to_zoned(zone.clone()).checked_add(span).ok()?;
        i64::try_from(then.timestamp().as_nanosecond()).ok()
    }
}

/// How long the units below a day are.
fn nanoseconds(unit: Unit) -> i64 {
    match unit {
        Unit::Nanosecond => 1,
        Unit::Microsecond => 1_000,
        Unit::Millisecond => 1_000_000,
        Unit::Minute => 60_000_000_000,
        Unit::Hour => 3_600_000_000_000,
        _ => 1_000_000_000,
    }
}

/// `-30min`
fn offset(text: &str) -> Option<Moment> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let digits = rest.find(|digit: char| !digit.is_ascii_digit())?;
    let (amount, unit) = rest.split_at(digits);
    let amount: i64 = amount.parse().ok()?;
    Some(Moment::Offset(sign * amount, Unit::from_text(unit)?))
}

/// A time zone by its name in the IANA database, or by its offset.
pub(super) fn timezone(text: &str) -> Result<TimeZone, String> {
    if matches!(text, "UTC" | "utc" | "Z") {
        return Ok(TimeZone::UTC);
    }
    let sign = match text.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => {
            return TimeZone::get(text).map_err(|_| {
                "a time zone was expected, such as Europe/Vienna, UTC or +02:00".to_owned()
            });
        }
    };
    let offset = || {
        let (hours, minutes) = text
            .get(1..)?
            .split_once(':')
            .unwrap_or((text.get(1..)?, "00"));
        let two =
            |digits: &str| digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        let (true, true) = (two(hours), two(minutes)) else {
            return None;
        };
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        let valid = hours <= 23 && minutes <= 59;
        let offset = SignedDuration::from_secs(sign * (hours * 3_600 + minutes * 60));
        valid.then(|| Offset::try_from(offset).ok()).flatten()
    };
    offset()
        .map(TimeZone::fixed)
        .ok_or_else(|| "an offset was expected, such as +02:00".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> i64 {
        let timestamp: Timestamp = text.parse().expect("an instant");
        i64::try_from(timestamp.as_nanosecond()).expect("in range")
    }

    #[test]
    fn moments() {
        let now = instant("2024-11-27T17:43:28Z");
        let vienna = TimeZone::get("Europe/Vienna").expect("a time zone");
        let table = [
            ("2024-11-25T09:00:00Z", "2024-11-25T09:00:00Z"),
            ("2024-11-25T09:00:00+05:00", "2024-11-25T04:00:00Z"),
            // Vienna is an hour ahead in winter.
            ("2024-11-25", "2024-11-24T23:00:00Z"),
            ("2024-11-25T09:00", "2024-11-25T08:00:00Z"),
            ("-30min", "2024-11-27T17:13:28Z"),
            ("-30m", "2024-11-27T17:13:28Z"),
            ("now()-2h", "2024-11-27T15:43:28Z"),
            ("+1h", "2024-11-27T18:43:28Z"),
            ("-7d", "2024-11-20T17:43:28Z"),
            // Summer time ended in between: the same hour of the day, not the same number of hours.
            ("-2M", "2024-09-27T16:43:28Z"),
            ("-1w", "2024-11-20T17:43:28Z"),
            ("-1q", "2024-08-27T16:43:28Z"),
            ("-1y", "2023-11-27T17:43:28Z"),
            ("now", "2024-11-27T17:43:28Z"),
        ];
        for (text, expected) in table {
            let moment = Moment::parse(text).expect(text);
            assert_eq!(
                moment.resolve(now, &vienna),
                Some(instant(expected)),
                "{text}"
            );
        }
        for text in [
            "",
            "yesterday",
            "-",
            "-30",
            "-30 parsecs",
            "30min",
            "2024-13-01",
            "1600-01-01",
            "--1h",
            "-99999999999999999999s",
        ] {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_out_of_range_is_none() {
        for text in ["-9999999999d", "-9223372036854775807h", "-9999y", "+9000y"] {
            let moment = Moment::parse(text).expect(text);
            assert_eq!(moment.resolve(0, &TimeZone::UTC), None, "{text}");
        }
    }

    #[test]
    fn now_can_be_latest() {
        assert_eq!(Now::parse("latest"), Ok(Now::Latest));
        assert!(matches!(Now::parse("2024-11-27T17:43:28Z"), Ok(Now::At(_))));
        assert!(Now::parse("newest").is_err());
    }

    #[test]
    fn time_zones() {
        assert_eq!(timezone("UTC"), Ok(TimeZone::UTC));
        let hours = |hours| Ok(TimeZone::fixed(jiff::tz::offset(hours)));
        assert_eq!(timezone("+02:00"), hours(2));
        assert_eq!(timezone("-11"), hours(-11));
        assert!(timezone("Europe/Vienna").is_ok());
        for text in ["", "Mars/Olympus", "+2", "+24:00", "+02:60", "+02:0x", "+é"] {
            assert!(timezone(text).is_err(), "{text}");
        }
    }
}
