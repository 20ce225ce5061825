//! Parts of a time to a point in time.

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::format::Format;
use super::read::Parts;

impl Format {
    /// The point in time, in nanoseconds since 1970; none if there is no such time, or it does not fit.
    pub(super) fn assemble(&self, parts: &Parts, base_time: i64) -> Option<i64> {
        let more = SignedDuration::from_millis(parts.milliseconds);
        let whole = if self.epoch {
            Timestamp::from_second(parts.second).ok()?
        } else {
            let zone = parts.zone.as_ref().unwrap_or(&self.zone);
            zone.to_ambiguous_timestamp(self.civil(parts, base_time)?)
                .compatible()
                .ok()?
        };
        i64::try_from(whole.checked_add(more).ok()?.as_nanosecond()).ok()
    }

    fn civil(&self, parts: &Parts, base_time: i64) -> Option<DateTime> {
        let date = self.date(parts, base_time)?;
        let hour = match (parts.hour, parts.half_hour) {
            (Some(hour), _) => hour,
            (None, Some(hour)) => hour + if parts.afternoon == Some(true) { 12 } else { 0 },
            (None, None) => 0,
        };
        let [hour, minute, second] =
            [hour, parts.minute, parts.second].map(|part| i8::try_from(part).ok());
        DateTime::new(
            date.year(),
            date.month(),
            date.day(),
            hour?,
            minute?,
            second?,
            0,
        )
        .ok()
    }

    /// The date. Without year it is in that of the base time; month and day are the first where they are missing, and
    /// Monday is the day of a week that has none. Weeks are those of ISO 8601.
    fn date(&self, parts: &Parts, base_time: i64) -> Option<Date> {
        let written = match parts.week {
            Some(_) => parts.week_year.or(parts.year),
            None => parts.year.or(parts.week_year),
        };
        let year = match written {
            Some(year) if parts.before_christ => 1 - year,
            Some(year) => year,
            None => {
                let base = Timestamp::from_nanosecond(i128::from(base_time)).ok()?;
                i64::from(base.to_zoned(self.zone.clone()).year())
            }
        };
        let year = i16::try_from(year).ok()?;
        let weekday = i8::try_from(parts.weekday.unwrap_or(1)).ok()?;
        let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
        match (parts.month, parts.week, parts.day_of_year) {
            (None, Some(week), _) => {
                let week = i8::try_from(week).ok()?;
                return Some(ISOWeekDate::new(year, week, weekday).ok()?.date());
            }
            (None, None, Some(day)) => {
                let first = Date::new(year, 1, 1).ok()?;
                let date = first.checked_add(day.checked_sub(1)?.days()).ok()?;
                return (day >= 1 && date.year() == year).then_some(date);
            }
            _ => {}
        }
        let month = i8::try_from(parts.month.unwrap_or(1)).ok()?;
        match (parts.day, parts.week_of_month, parts.day_of_week_in_month) {
            (None, Some(week), _) => week_of_month(year, month, week, weekday),
            (None, None, Some(nth)) => {
                let nth = i8::try_from(nth).ok().filter(|nth| *nth > 0)?;
                let first = Date::new(year, month, 1).ok()?;
                first.nth_weekday_of_month(nth, weekday).ok()
            }
            (day, _, _) => {
                let day = i8::try_from(day.unwrap_or(1)).ok()?;
                Date::new(year, month, day).ok()
            }
        }
    }
}

/// A day of a week of a month. As in a year, the first week is the one that has at least four days of the month; a week 0
/// may stand before it.
fn week_of_month(year: i16, month: i8, week: i64, weekday: Weekday) -> Option<Date> {
    // The fourth of a month lies in its first week.
    let fourth = Date::new(year, month, 4).ok()?;
    let offset = |day: Weekday| i64::from(day.to_monday_zero_offset());
    let days = offset(weekday) - offset(fourth.weekday()) + (week - 1).checked_mul(7)?;
    (0..=6).contains(&week).then_some(())?;
    fourth.checked_add(days.days()).ok()
}
