//! Time by the calendar of a zone: `timestamp + 1M`, and `@`, which rounds down to the start of a unit.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan, Zoned};
use syntax::dql::ast::{AlignUnit, Duration, Unit};

use crate::row::{self, Row, apply};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;
use crate::zone;

/// `dql_shift(value, amount, unit, zone)`
const SHIFT: Row = Row::new(row::first, shift_row);

/// `dql_align(value, factor, unit, weekday, now, zone)`
const ALIGN: Row = Row::new(row::timestamp, align_row);

/// The plan functions, for registration by name.
pub(crate) fn rows() -> [(&'static str, Row); 2] {
    [("shift", SHIFT), ("align", ALIGN)]
}

/// `value + duration` for a duration of days or longer units: by the calendar where the value is a timestamp; a day
/// more where it is a duration. None for values of other types.
pub fn shift(value: &Typed, duration: Duration, zone: &str) -> Option<Typed> {
    let may = match value.ty() {
        Type::Timestamp(_) | Type::Dynamic | Type::Null => true,
        Type::Duration => duration.unit == Unit::Day,
        _ => false,
    };
    may.then(|| {
        let arguments = [
            value.clone(),
            long(duration.amount),
            Typed::string_literal(letter(duration.unit)),
            Typed::string_literal(zone),
        ];
        apply("shift", SHIFT, &arguments)
    })
}

/// `value@unit`: the start of the unit that a timestamp lies in. A duration counts from `now`. None for values of other
/// types.
pub fn align(value: &Typed, unit: AlignUnit, now: i64, zone: &str) -> Option<Typed> {
    let may = matches!(
        value.ty(),
        Type::Timestamp(_) | Type::Duration | Type::Dynamic | Type::Null
    );
    may.then(|| {
        let arguments = [
            value.clone(),
            long(unit.factor),
            Typed::string_literal(letter(unit.unit)),
            unit.weekday
                .map_or_else(Typed::null, |day| long(i64::from(day))),
            Typed::constant(&Value::Timestamp(now), &Type::TIMESTAMP),
            Typed::string_literal(zone),
        ];
        apply("align", ALIGN, &arguments)
    })
}

/// Whether time can be aligned to a unit: the factor has to divide the next larger unit, and days and longer units take
/// none.
pub fn may_align(unit: AlignUnit) -> bool {
    let divides = |whole: i64| unit.factor > 0 && whole % unit.factor == 0;
    match unit.unit {
        Unit::Nanosecond | Unit::Microsecond | Unit::Millisecond => divides(1000),
        Unit::Second | Unit::Minute => divides(60),
        Unit::Hour => divides(24),
        _ => unit.factor == 1,
    }
}

fn long(long: i64) -> Typed {
    Typed::constant(&Value::Long(long), &Type::Long)
}

const UNITS: &[(Unit, &str)] = &[
    (Unit::Nanosecond, "ns"),
    (Unit::Microsecond, "us"),
    (Unit::Millisecond, "ms"),
    (Unit::Second, "s"),
    (Unit::Minute, "m"),
    (Unit::Hour, "h"),
    (Unit::Day, "d"),
    (Unit::Week, "w"),
    (Unit::Month, "M"),
    (Unit::Quarter, "q"),
    (Unit::Year, "y"),
];

fn letter(unit: Unit) -> &'static str {
    UNITS
        .iter()
        .find(|(known, _)| *known == unit)
        .map_or("ns", |(_, letter)| letter)
}

/// The unit of a letter.
pub(crate) fn unit(letter: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(_, known)| *known == letter)
        .map(|(unit, _)| *unit)
}

/// The nanoseconds of a unit that has a fixed length; a day has 24 hours.
pub fn nanoseconds(unit: Unit) -> Option<i64> {
    Some(match unit {
        Unit::Nanosecond => 1,
        Unit::Microsecond => 1_000,
        Unit::Millisecond => 1_000_000,
        Unit::Second => 1_000_000_000,
        Unit::Minute => 60_000_000_000,
        Unit::Hour => 3_600_000_000_000,
        Unit::Day => 86_400_000_000_000,
        Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => return None,
    })
}

fn shift_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [
        value,
        Value::Long(amount),
        Value::String(letter),
        Value::String(zone),
    ] = values
    else {
        return Value::Null;
    };
    let shifted = || {
        let unit = unit(letter)?;
        Some(match value {
            Value::Timestamp(start) => {
                Value::Timestamp(shifted(*start, *amount, unit, &zone::named(zone)?)?)
            }
            Value::Duration(nanos) if unit == Unit::Day => {
                let day = nanoseconds(unit)?;
                Value::Duration(nanos.checked_add(amount.checked_mul(day)?)?)
            }
            _ => return None,
        })
    };
    shifted().unwrap_or_default()
}

fn align_row<'a>(values: &[Value<'a>]) -> Value<'a> {
    let [
        value,
        Value::Long(factor),
        Value::String(letter),
        weekday,
        Value::Timestamp(now),
        Value::String(zone),
    ] = values
    else {
        return Value::Null;
    };
    let aligned = || {
        let instant = match value {
            Value::Timestamp(instant) => *instant,
            Value::Duration(offset) => now.checked_add(*offset)?,
            _ => return None,
        };
        let weekday = weekday.as_long().and_then(|day| u8::try_from(day).ok());
        aligned(
            instant,
            *factor,
            unit(letter)?,
            weekday,
            &zone::named(zone)?,
        )
    };
    Value::or_null(aligned(), Value::Timestamp)
}

/// `start` and an amount of units, on the calendar of `zone` for days and longer units; the last day of a month where
/// the month has no such day. None where no instant is so far away.
pub fn shifted(start: i64, amount: i64, unit: Unit, zone: &TimeZone) -> Option<i64> {
    let span: Span = match unit {
        Unit::Day => Span::new().try_days(amount).ok()?,
        Unit::Week => Span::new().try_weeks(amount).ok()?,
        Unit::Month => Span::new().try_months(amount).ok()?,
        Unit::Quarter => Span::new().try_months(amount.checked_mul(3)?).ok()?,
        Unit::Year => Span::new().try_years(amount).ok()?,
        unit => return start.checked_add(amount.checked_mul(nanoseconds(unit)?)?),
    };
    nanos(zoned(start, zone)?.checked_add(span).ok()?.timestamp())
}

pub(crate) fn zoned(instant: i64, zone: &TimeZone) -> Option<Zoned> {
    let instant = Timestamp::from_nanosecond(i128::from(instant)).ok()?;
    Some(instant.to_zoned(zone.clone()))
}

pub(crate) fn nanos(timestamp: Timestamp) -> Option<i64> {
    i64::try_from(timestamp.as_nanosecond()).ok()
}

/// The greatest start of a unit that is not after `instant`, in `zone`. Weeks begin on `weekday` (0 and 7 are Sunday),
/// a Monday unless given.
pub fn aligned(
    instant: i64,
    factor: i64,
    unit: Unit,
    weekday: Option<u8>,
    zone: &TimeZone,
) -> Option<i64> {
    let local = zoned(instant, zone)?;
    let start = match unit {
        Unit::Nanosecond | Unit::Microsecond | Unit::Millisecond | Unit::Second => {
            let step = nanoseconds(unit)?.checked_mul(factor)?;
            return instant.checked_sub(instant.checked_rem_euclid(step)?);
        }
        Unit::Minute | Unit::Hour => {
            // Counted from the local midnight, so that `@3h` gives 00:00, 03:00, … of the local clock.
            let day = local.start_of_day().ok()?;
            let step: i64 = if unit == Unit::Minute { 60 } else { 3600 };
            let seconds = i64::from(local.hour()) * 3600 + i64::from(local.minute()) * 60;
            let step = step.checked_mul(factor)?;
            let into = seconds.checked_div_euclid(step)? * step;
            let clock = day.datetime().checked_add(into.seconds()).ok()?;
            let start = zone.to_zoned(clock).ok()?;
            // An hour that the clock repeats or skips must not move the start behind the instant.
            if start > local {
                start.checked_sub(SignedDuration::from_hours(1)).ok()?
            } else {
                start
            }
        }
        Unit::Day => local.start_of_day().ok()?,
        Unit::Week => {
            let first = match weekday {
                None | Some(1) => Weekday::Monday,
                Some(2) => Weekday::Tuesday,
                Some(3) => Weekday::Wednesday,
                Some(4) => Weekday::Thursday,
                Some(5) => Weekday::Friday,
                Some(6) => Weekday::Saturday,
                Some(_) => Weekday::Sunday,
            };
            let back = i64::from(local.weekday().since(first));
            let date = local.date().checked_sub(back.days()).ok()?;
            zone.to_zoned(date.at(0, 0, 0, 0)).ok()?
        }
        Unit::Month => local.first_of_month().ok()?.start_of_day().ok()?,
        Unit::Quarter => {
            let month = (local.month() - 1) / 3 * 3 + 1;
            let date = Date::new(local.year(), month, 1).ok()?;
            zone.to_zoned(date.at(0, 0, 0, 0)).ok()?
        }
        Unit::Year => local.first_of_year().ok()?.start_of_day().ok()?,
    };
    nanos(start.timestamp())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> i64 {
        nanos(text.parse().expect("an instant")).expect("in range")
    }

    #[test]
    fn time_is_aligned_on_the_local_clock() {
        let vienna = zone::named("Europe/Vienna").expect("a zone");
        let now = at("2024-09-04T14:47:05+02:00");
        let table = [
            (1, "h", None, "2024-09-04T14:00:00+02:00"),
            (1, "d", None, "2024-09-04T00:00:00+02:00"),
            (3, "h", None, "2024-09-04T12:00:00+02:00"),
            (15, "m", None, "2024-09-04T14:45:00+02:00"),
            (1, "w", Some(0), "2024-09-01T00:00:00+02:00"),
            (1, "w", Some(1), "2024-09-02T00:00:00+02:00"),
            (1, "w", Some(3), "2024-09-04T00:00:00+02:00"),
            (1, "w", Some(4), "2024-08-29T00:00:00+02:00"),
            (1, "w", None, "2024-09-02T00:00:00+02:00"),
            (1, "M", None, "2024-09-01T00:00:00+02:00"),
            (1, "q", None, "2024-07-01T00:00:00+02:00"),
            (1, "y", None, "2024-01-01T00:00:00+01:00"),
        ];
        for (factor, letter, weekday, expected) in table {
            let unit = unit(letter).expect("a unit");
            let start = aligned(now, factor, unit, weekday, &vienna);
            assert_eq!(start, Some(at(expected)), "@{factor}{letter}");
        }
        assert_eq!(
            aligned(-1, 250, Unit::Millisecond, None, &TimeZone::UTC),
            Some(-250_000_000)
        );
    }

    #[test]
    fn days_and_months_follow_the_calendar() {
        let vienna = zone::named("Europe/Vienna").expect("a zone");
        let shift = |start: &str, amount, unit| shifted(at(start), amount, unit, &vienna);
        // The clock went forward on the 31st: this day has 23 hours.
        assert_eq!(
            shift("2024-03-30T12:00:00+01:00", 1, Unit::Day),
            Some(at("2024-03-31T12:00:00+02:00"))
        );
        assert_eq!(
            shift("2024-01-31T12:00:00+01:00", 1, Unit::Month),
            Some(at("2024-02-29T12:00:00+01:00"))
        );
        assert_eq!(
            shift("2024-05-31T12:00:00+02:00", -1, Unit::Quarter),
            Some(at("2024-02-29T12:00:00+01:00"))
        );
        assert_eq!(shift("2024-05-31T12:00:00Z", i64::MAX, Unit::Year), None);
    }

    proptest! {
        /// A start is not after its instant, is its own start, and the next unit begins after the instant.
        #[test]
        fn starts_are_starts(
            instant in at("1990-01-01T00:00:00Z")..at("2060-01-01T00:00:00Z"),
            place in 0usize..11,
            zone in prop_oneof![Just("UTC"), Just("Europe/Vienna"), Just("America/St_Johns"), Just("Australia/Lord_Howe")],
        ) {
            let zone = zone::named(zone).expect("a zone");
            let unit = UNITS[place].0;
            let start = aligned(instant, 1, unit, None, &zone).expect("a start");
            prop_assert!(start <= instant);
            prop_assert_eq!(aligned(start, 1, unit, None, &zone), Some(start));
            if let Some(length) = nanoseconds(unit) && unit != Unit::Day {
                prop_assert!(instant - start < length);
            }
        }
    }
}
