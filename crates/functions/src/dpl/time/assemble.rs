//! Parts of a time to a point in time.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::format::Format;
use super::read::Parts;

impl Format {
    /// The point in time, in nanoseconds since 1970; none if there is no such time, or it does not fit.
    pub(super) fn assemble(&self, parts: &Parts) -> Option<i64> {
        let more = SignedDuration::from_millis(parts.milliseconds);
        let whole = if self.epoch {
            Timestamp::from_second(parts.second).ok()?
        } else {
            let zone = parts.zone.as_ref().unwrap_or(&self.zone);
            zone.to_ambiguous_timestamp(self.civil(parts)?)
                .compatible()
                .ok()?
        };
        i64::try_from(whole.checked_add(more).ok()?.as_nanosecond()).ok()
    }

    fn civil(&self, parts: &Parts) -> Option<DateTime> {
        let date = self.date(parts)?;
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

    /// The date. Without year it is in that of the base time; month and day are the first where they are missing.
    fn date(&self, parts: &Parts) -> Option<Date> {
        let year = match parts.year {
            Some(year) if parts.before_christ => 1 - year,
            Some(year) => year,
            None => {
                let base = Timestamp::from_nanosecond(i128::from(self.base_time)).ok()?;
                i64::from(base.to_zoned(self.zone.clone()).year())
            }
        };
        let year = i16::try_from(year).ok()?;
        if let (Some(day), None) = (parts.day_of_year, parts.month) {
            let first = Date::new(year, 1, 1).ok()?;
            let date = first.checked_add(day.checked_sub(1)?.days()).ok()?;
            return (day >= 1 && date.year() == year).then_some(date);
        }
        let month = i8::try_from(parts.month.unwrap_or(1)).ok()?;
        let day = i8::try_from(parts.day.unwrap_or(1)).ok()?;
        Date::new(year, month, day).ok()
    }
}
