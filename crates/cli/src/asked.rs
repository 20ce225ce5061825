//! From what was typed of time to what is meant by it.

use engine::{Engine, QueryOptions, Timeframe};

use crate::args::{Moment, Now, Time};
use crate::exit::Mistake;

/// The options of a query over `engine`'s lake.
///
/// # Errors
/// A [`Mistake`] where an instant is out of range, or the timeframe ends before it begins.
pub(crate) fn options(time: &Time, engine: &Engine) -> anyhow::Result<QueryOptions> {
    let clock = clock();
    let now = match &time.now {
        None => clock,
        Some(Now::At(moment)) => instant("--now", moment, clock, time)?,
        // What DQL calls now is one second behind the newest event, so that a timeframe holds it.
        Some(Now::Latest) => engine
            .covered()
            .map_or(clock, |(_, last)| last.saturating_add(1_000_000_000)),
    };
    let from = time
        .from
        .as_ref()
        .map(|from| instant("--from", from, now, time))
        .transpose()?;
    let to = time
        .to
        .as_ref()
        .map(|to| instant("--to", to, now, time))
        .transpose()?;
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        return Err(Mistake::error(
            "the timeframe is empty: --from must be before --to",
        ));
    }
    Ok(QueryOptions {
        now: Some(engine::Now::At(now)),
        timeframe: Timeframe { from, to },
        timezone: time.timezone.clone(),
        ..QueryOptions::default()
    })
}

/// The time by the clock, in nanoseconds since 1970-01-01 UTC.
pub(crate) fn clock() -> i64 {
    i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX)
}

fn instant(flag: &str, moment: &Moment, now: i64, time: &Time) -> anyhow::Result<i64> {
    moment.resolve(now, &time.timezone).ok_or_else(|| {
        Mistake::error(format!(
            "{flag} is out of range: instants from 1677-09-22 to 2262-04-11 can be asked for"
        ))
    })
}
