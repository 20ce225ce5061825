//! The ticks of the axes: round numbers, and times that a clock shows.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The ends of an axis, and its labels by their place between them, from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) labels: Vec<(f64, String)>,
}

/// About four steps of 1, 2 or 5 and zeros, from the greatest that is not above `low` to the least that is not below
/// `high`.
pub(super) fn value_ticks(low: f64, high: f64) -> Ticks {
    // Halves, so that the distance of two finite numbers is finite.
    let wide = (high / 2.0 - low / 2.0) * 2.0;
    let rough = if wide.is_finite() && wide > 0.0 {
        wide / 4.0
    } else {
        0.25
    };
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(rough);
    let (first, last) = (
        (low / step).floor(),
        (high / step).ceil().max((low / step).floor() + 1.0),
    );
    let count = (last - first).clamp(1.0, 10.0) as usize;
    let labels = (0..=count).map(|place| {
        let part = place as f64 / count as f64;
        (part, number((first + (last - first) * part) * step))
    });
    Ticks {
        low: first * step,
        high: last * step,
        labels: labels.collect(),
    }
}

/// A number in a few characters: 1.5k, 20M.
fn number(number: f64) -> String {
    const UNITS: [(f64, &str); 5] = [(1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let size = number.abs();
    if size >= 1e18 || (size > 0.0 && size < 1e-3) {
        return format!("{number:.1e}");
    }
    let (unit, name) = UNITS
        .into_iter()
        .find(|(unit, _)| size >= *unit)
        .unwrap_or((1.0, ""));
    let text = format!("{:.3}", number / unit);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{name}")
}

const MINUTE: i64 = 60_000_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What may lie between two ticks of time.
const STEPS: &[i64] = &[
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    365 * DAY,
    3_650 * DAY,
];

/// The widest label: `11-27 18:00`.
const LABEL: i64 = 13;

/// Ticks that leave their labels room among `columns` columns, on whole steps of the local clock.
pub(super) fn time_ticks(start: i64, end: i64, columns: usize, zone: &TimeZone) -> Ticks {
    let span = end.saturating_sub(start).max(1);
    let most = (columns as i64 / LABEL).max(1);
    let step = STEPS
        .iter()
        .copied()
        .find(|step| span / step <= most)
        .unwrap_or(span);
    let local = |nanos: i64| {
        let instant = Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
        instant.to_zoned(zone.clone())
    };
    let shift = i64::from(local(start).offset().seconds()) * 1_000_000_000;
    let mut labels = Vec::new();
    let mut day: Option<jiff::civil::Date> = None;
    let mut at = start
        .saturating_add(shift)
        .div_euclid(step)
        .saturating_mul(step)
        .saturating_sub(shift);
    while at < end && labels.len() < columns {
        if at >= start {
            let time = local(at);
            let part = (at - start) as f64 / span as f64;
            labels.push((part, label(&time, step, day)));
            day = Some(time.date());
        }
        at = at.saturating_add(step);
    }
    Ticks {
        low: start as f64,
        high: end as f64,
        labels,
    }
}

/// The time of day, with the date where that is another than before; the date alone for whole days.
fn label(time: &Zoned, step: i64, day: Option<jiff::civil::Date>) -> String {
    if step >= DAY {
        return time.strftime("%Y-%m-%d").to_string();
    }
    match day == Some(time.date()) {
        true => time.strftime("%H:%M").to_string(),
        false => time.strftime("%m-%d %H:%M").to_string(),
    }
}
