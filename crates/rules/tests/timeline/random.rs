//! Random timelines: the product finds what the slow evaluator finds, alert by alert.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::naive::{self, Clock, Found};
use super::{field, line, run};
use rules::rule::{Missing, Schedule, Suppression, Then};
use rules::run::{Match, Options};

/// Short intervals, so that events often are at the edges of windows.
fn clocks() -> impl Strategy<Value = Clock> {
    (
        1..7_i64,
        0..14_i64,
        -2..4_i64,
        prop_oneof![1..4_usize, Just(100)],
    )
        .prop_map(|(interval, length, to, most)| Clock {
            interval,
            from: to + length,
            to,
            most,
        })
}

/// Events with `fields` fields of few values, several and none among them, at few times, sorted, none twice.
fn events(fields: usize, span: i64) -> impl Strategy<Value = Vec<Match>> {
    let values = prop_oneof![
        6 => vec(0..3_usize, 1),
        2 => vec(0..3_usize, 0..4),
    ];
    vec((-20..span, 0..50_usize, vec(values, fields)), 0..40).prop_map(|events| {
        let mut events: Vec<Match> = events
            .into_iter()
            .enumerate()
            .map(|(place, (time, id, fields))| Match {
                time,
                id: Arc::from(format!("e{id}-{place}")),
                values: fields
                    .into_iter()
                    .map(|values| {
                        values
                            .into_iter()
                            .map(|value| Arc::from(["a", "b", "c"][value]))
                            .collect()
                    })
                    .collect(),
            })
            .collect();
        events.sort_by(|left, right| (left.time, &left.id).cmp(&(right.time, &right.id)));
        events.dedup_by(|left, right| (left.time, &left.id) == (right.time, &right.id));
        events
    })
}

fn schedule(clock: Clock) -> Schedule {
    Schedule {
        interval: clock.interval,
        from: clock.from,
        to: clock.to,
        max_signals: clock.most as u64,
    }
}

fn fields(count: usize) -> Vec<rules::Field> {
    (0..count)
        .map(|place| field(["a", "b", "c"][place]))
        .collect()
}

fn options() -> Options {
    Options {
        events: 1000,
        ..Options::default()
    }
}

fn same(
    then: &Then,
    clock: Clock,
    suppression: Option<&Suppression>,
    options: Options,
    events: &[Match],
    expected: &[Found],
) -> Result<(), TestCaseError> {
    let (alerts, _) = run(
        then,
        &schedule(clock),
        suppression,
        options,
        events.to_vec(),
    );
    let found: Vec<_> = alerts.iter().map(|alert| line(alert, 1)).collect();
    let expected: Vec<_> = expected.iter().map(Found::line).collect();
    prop_assert_eq!(found, expected);
    Ok(())
}

fn many() -> Config {
    Config {
        cases: 2000,
        failure_persistence: None,
        ..Config::default()
    }
}

fn durations() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![Just(None), (1..30_i64).prop_map(Some)]
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn queries(clock in clocks(), events in events(0, 40)) {
        same(&Then::Each, clock, None, options(), &events, &naive::query(clock, &events))?;
    }

    #[test]
    fn thresholds(
        clock in clocks(),
        by in 0..3_usize,
        events in events(3, 40),
        count in 1..6_u64,
        distinct in prop_oneof![Just(None), (1..4_u64).prop_map(Some)],
        duration in durations(),
    ) {
        let then = Then::Threshold {
            by: fields(by),
            count,
            distinct: distinct.map(|distinct| (field("x"), distinct)),
        };
        let suppression = duration.map(|duration| Suppression {
            by: Vec::new(),
            duration: Some(duration),
            missing: Missing::Together,
        });
        let distinct = distinct.map(|distinct| distinct as usize);
        let expected = naive::threshold(clock, &events, by, count as usize, distinct, duration);
        same(&then, clock, suppression.as_ref(), options(), &events, &expected)?;
    }

    #[test]
    fn suppressed_queries(
        clock in clocks(),
        by in 1..3_usize,
        events in events(2, 40),
        duration in durations(),
        apart: bool,
    ) {
        let suppression = Suppression {
            by: fields(by),
            duration,
            missing: if apart { Missing::Apart } else { Missing::Together },
        };
        let expected = naive::suppressed(clock, &events, by, duration, apart);
        same(&Then::Each, clock, Some(&suppression), options(), &events, &expected)?;
    }

    #[test]
    fn new_terms(
        clock in clocks(),
        terms in 1..3_usize,
        events in events(3, 60),
        more in 1..25_i64,
        begins in prop_oneof![2 => Just(None), 1 => (-30..20_i64).prop_map(Some)],
        by in prop_oneof![Just(None), (durations(), any::<bool>()).prop_map(Some)],
    ) {
        let history = clock.from - clock.to + more;
        let then = Then::NewTerms { fields: fields(terms), history };
        let suppression = by.map(|(duration, apart)| Suppression {
            by: vec![field("x")],
            duration,
            missing: if apart { Missing::Apart } else { Missing::Together },
        });
        let by = by.map(|(duration, apart)| (1, duration, apart));
        let expected = naive::new_terms(clock, &events, terms, history, begins, by);
        same(&then, clock, suppression.as_ref(), Options { begins, ..options() }, &events, &expected)?;
    }

    /// A timeframe cut in two gives every alert, under the same id, with nothing cut by `max_signals`.
    #[test]
    fn timeframes_in_a_row(
        clock in clocks(),
        count in 1..4_u64,
        events in events(2, 40),
        border in -10..40_i64,
        kind in 0..3_usize,
    ) {
        let then = match kind {
            0 => Then::Each,
            1 => Then::Threshold { by: fields(1), count, distinct: None },
            _ => Then::NewTerms { fields: fields(1), history: clock.from - clock.to + 5 },
        };
        let schedule = Schedule { max_signals: 1000, ..schedule(clock) };
        let part = |from: i64, to: i64| {
            let options = Options { from, to, ..options() };
            run(&then, &schedule, None, options, events.clone()).0
        };
        let all = part(i64::MIN, i64::MAX);
        let before = part(i64::MIN, border);
        let after = part(border, i64::MAX);
        for alert in &all {
            let in_either = before.iter().chain(&after).any(|other| other.id == alert.id);
            prop_assert!(in_either, "{}", line(alert, 1));
        }
        prop_assert!(before.iter().all(|alert| alert.last < border));
        prop_assert!(after.iter().all(|alert| alert.last >= border));
    }
}
