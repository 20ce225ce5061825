//! `schedule` and `threshold` of our own rules: when the query's records are looked at, and how many make an alert.

use super::{known, required, text, texts};
use crate::condition::Field;
use crate::elastic::time;
use crate::rule::{Schedule, Then};
use crate::yaml::{Kind, Wrong, Yaml};

/// What is made of a query's records, and when.
///
/// # Errors
/// The first thing that is wrong with `schedule` or `threshold`.
pub(super) fn read(document: &Yaml) -> Result<(Then, Option<Schedule>), Wrong> {
    let schedule = document.get("schedule").map(schedule).transpose()?;
    let Some(node) = document.get("threshold") else {
        return Ok((Then::Each, schedule));
    };
    if schedule.is_none() {
        let reason = "a threshold counts within windows: write `schedule: {every: 5m}` beside it; over the whole \
                      timeframe the query counts itself, with `summarize` and `filter`";
        return Err(Wrong::new(node.place, "threshold", reason));
    }
    Ok((threshold(node)?, schedule))
}

fn schedule(node: &Yaml) -> Result<Schedule, Wrong> {
    known(node, &["every", "window"])?;
    let every = duration(required(node, "every")?, "every")?;
    let window = match node.get("window") {
        Some(window) => duration(window, "window")?,
        None => every,
    };
    if window < every {
        let place = node.get("window").map_or(node.place, |window| window.place);
        let reason = "the window is shorter than from one run to the next, so that no run sees the records between \
                      windows; `window` is at least `every`";
        return Err(Wrong::new(place, "window", reason));
    }
    let schedule = Schedule {
        interval: every,
        from: window,
        // Windows are closed at both ends: up to a nanosecond before the run is all that comes before it.
        to: 1,
        max_signals: u64::MAX,
    };
    let wrong = |reason| Wrong::new(node.place, "schedule", reason);
    schedule.check().map_err(wrong)?;
    Ok(schedule)
}

fn threshold(node: &Yaml) -> Result<Then, Wrong> {
    known(node, &["by", "count", "distinct"])?;
    let distinct = node.get("distinct").map(|distinct| {
        known(distinct, &["field", "count"])?;
        let field = text(required(distinct, "field")?, "field")?;
        Ok((field_of(field), count(distinct)?))
    });
    Ok(Then::Threshold {
        by: texts(node, "by")?.into_iter().map(field_of).collect(),
        count: count(node)?,
        distinct: distinct.transpose()?,
    })
}

/// A field of the query's records: the name is one key, whatever dots are in it.
fn field_of(name: String) -> Field {
    Field::Path(vec![name])
}

fn count(node: &Yaml) -> Result<u64, Wrong> {
    let node = required(node, "count")?;
    let number = match &node.kind {
        Kind::Number(number) => number.parse().ok().filter(|number| *number > 0),
        _ => None,
    };
    number.ok_or_else(|| Wrong::new(node.place, "count", "`count` is a whole number from 1 on"))
}

/// Nanoseconds of `30s`, `5m`, `1h`, `1d`.
fn duration(node: &Yaml, key: &str) -> Result<i64, Wrong> {
    let text = node.text().unwrap_or_default();
    let duration = time::span(&text).ok().filter(|duration| *duration > 0);
    let reason =
        || format!("`{key}` is a number above 0 and `s`, `m`, `h`, `d` or `w`, such as `5m`");
    duration.ok_or_else(|| Wrong::new(node.place, key, reason()))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rule::Body;
    use crate::yaml;

    const MINUTE: i64 = 60_000_000_000;

    fn read(more: &str) -> Result<(Then, Option<Schedule>), Wrong> {
        let text =
            format!("id: a\nname: A\ndescription: d\nseverity: high\nquery: fetch logs\n{more}");
        let own = super::super::parse(Path::new("a.yaml"), &yaml::documents(&text)?[0])?;
        match own.rule.body {
            Body::Query(query) => Ok((query.then, query.schedule)),
            other => panic!("{other:?}"),
        }
    }

    fn path(name: &str) -> Field {
        Field::Path(vec![name.to_owned()])
    }

    fn threshold(by: &[&str], count: u64, distinct: Option<(&str, u64)>) -> Then {
        Then::Threshold {
            by: by.iter().copied().map(path).collect(),
            count,
            distinct: distinct.map(|(field, count)| (path(field), count)),
        }
    }

    #[test]
    fn both_are_read() {
        let all = "threshold:\n  by: [user, event.kind]\n  count: 20\n  distinct: {field: address, count: 3}\n";
        for (schedule, more, then, window) in [
            ("", "", Then::Each, None),
            (
                "{every: 5m, window: 9m}",
                all,
                threshold(&["user", "event.kind"], 20, Some(("address", 3))),
                Some((5 * MINUTE, 9 * MINUTE)),
            ),
            (
                "{every: 1h}",
                "threshold: {count: 2}\n",
                threshold(&[], 2, None),
                Some((60 * MINUTE, 60 * MINUTE)),
            ),
            (
                "{every: 30s, window: 1d}",
                "",
                Then::Each,
                Some((MINUTE / 2, 24 * 60 * MINUTE)),
            ),
            (
                "{every: 1h}",
                "threshold: {by: user, count: 1}\n",
                threshold(&["user"], 1, None),
                Some((60 * MINUTE, 60 * MINUTE)),
            ),
        ] {
            let schedule = match schedule {
                "" => String::new(),
                schedule => format!("schedule: {schedule}\n"),
            };
            let (found, schedule) = read(&format!("{schedule}{more}")).expect("a rule");
            assert_eq!(found, then);
            let times = schedule.as_ref().map(|schedule| {
                // The run at 0 sees all that came in the window before it, and not what comes at that moment.
                let (from, to) = schedule.window(0);
                assert_eq!((to, schedule.max_signals), (-1, u64::MAX));
                (schedule.interval, -from)
            });
            assert_eq!(times, window);
        }
    }

    #[test]
    fn windows_meet_where_none_is_said() {
        let schedule = read("schedule: {every: 1h}\n").expect("a rule").1;
        let schedule = schedule.expect("a schedule");
        // Each nanosecond is seen by one run.
        for time in [-1, 0, 1, 60 * MINUTE - 1] {
            let run = schedule.first_run(time).expect("a run");
            assert!(schedule.window(run).0 <= time && time <= schedule.window(run).1);
            assert!(schedule.window(run + schedule.interval).0 > time);
        }
        assert_eq!(schedule.blind(), 0);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        // Thresholds in the seventh line have a schedule before them.
        for (more, construct, place, says) in [
            (
                "threshold: {count: 2}",
                "threshold",
                "6:12",
                "write `schedule: {every: 5m}`",
            ),
            ("schedule: 5m", "rule", "6:11", "must be a map"),
            ("schedule: {window: 5m}", "every", "6:11", "missing"),
            (
                "schedule: {every: 5m, windw: 9m}",
                "windw",
                "6:23",
                "did you mean `window`?",
            ),
            (
                "schedule: {every: 5m, window: 4m}",
                "window",
                "6:31",
                "at least `every`",
            ),
            ("schedule: {every: 0m}", "every", "6:19", "above 0"),
            ("schedule: {every: 300}", "every", "6:19", "such as `5m`"),
            ("schedule: {every: 5min}", "every", "6:19", "such as `5m`"),
            ("schedule: {every: [5m]}", "every", "6:19", "such as `5m`"),
            (
                "schedule: {every: 9999d, window: 99999d}",
                "schedule",
                "6:11",
                "36 years",
            ),
            ("threshold: {count: 0}", "count", "7:20", "from 1 on"),
            ("threshold: {count: 1.5}", "count", "7:20", "from 1 on"),
            ("threshold: {count: many}", "count", "7:20", "from 1 on"),
            ("threshold: {by: [user]}", "count", "7:12", "missing"),
            (
                "threshold: {by: {a: b}, count: 1}",
                "by",
                "7:17",
                "is a text",
            ),
            (
                "threshold: {field: user, count: 1}",
                "field",
                "7:13",
                "no such key",
            ),
            (
                "threshold: {count: 1, distinct: {count: 3}}",
                "field",
                "7:33",
                "missing",
            ),
            (
                "threshold: {count: 1, distinct: {field: a}}",
                "count",
                "7:33",
                "missing",
            ),
            ("threshold: 20", "rule", "7:12", "must be a map"),
        ] {
            let before = match place.starts_with('7') {
                true => "schedule: {every: 5m}\n",
                false => "",
            };
            let wrong = read(&format!("{before}{more}\n")).expect_err(more);
            let found = format!("{}:{}", wrong.place.line, wrong.place.column);
            assert_eq!(
                (wrong.construct.as_str(), found.as_str()),
                (construct, place),
                "{more}"
            );
            assert!(wrong.reason.contains(says), "{more}: {}", wrong.reason);
        }
    }
}
