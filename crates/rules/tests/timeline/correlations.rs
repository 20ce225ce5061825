//! Correlations worked out by hand, and random ones against a slow evaluator.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{event, field, line};
use rules::condition::Comparison;
use rules::correlation::{By, Correlation, Measure, Sign};
use rules::run::{Correlations, Match, Options, Part};

const LEAST: Sign = Sign::Is(Comparison::GreaterOrEqual);

fn by(name: &str) -> By {
    By {
        name: name.to_owned(),
        field: field(name),
        alias: None,
    }
}

fn part(id: &str, rules: &[&str], measure: Measure, condition: &[(Sign, f64)]) -> Part {
    Part {
        id: id.to_owned(),
        correlation: Correlation {
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            measure,
            by: vec![by("user")],
            timespan: 10,
            condition: condition.to_vec(),
            generate: false,
        },
    }
}

/// Events as (rule, time, id, values in the order in which the correlations ask for them).
fn lines(parts: &[Part], events: &[(&str, i64, &str, &[&str])]) -> Vec<String> {
    let mut work = Correlations::new(parts, Options::default()).unwrap();
    for (rule, time, id, values) in events {
        let input = work
            .inputs()
            .iter()
            .position(|input| input.rule == *rule)
            .unwrap();
        assert_eq!(work.inputs()[input].fields.len(), values.len());
        work.push(input, event(*time, id, values)).unwrap();
    }
    let (alerts, _) = work.finish();
    let alerts = alerts.iter();
    alerts
        .map(|(number, alert)| {
            let value = alert
                .value
                .map_or(String::new(), |value| format!(" = {value}"));
            format!("{} {}{value}", parts[*number].id, line(alert, 1))
        })
        .collect()
}

#[test]
fn windows_slide_and_begin_anew_after_an_alert() {
    let parts = [part("three", &["a"], Measure::Events, &[(LEAST, 3.0)])];
    // (0, 10] has 1, 5, 10. Anew: 11, 12, then 21 leaves 11 behind; 12, 21, 22 leaves 12 behind.
    let times = [1, 5, 10, 11, 12, 21, 22, 23];
    let events: Vec<(&str, i64, &str, &[&str])> = times
        .iter()
        .map(|time| ("a", *time, "e", &["eve"][..]))
        .collect();
    assert_eq!(
        lines(&parts, &events),
        [
            "three 10 [eve] 3 - 1..10 +0 e e e",
            "three 23 [eve] 3 - 21..23 +0 e e e",
        ]
    );
    // A window is open where it begins: at 11, (1, 11] has no 1.
    assert!(
        lines(
            &parts,
            &[
                ("a", 1, "1", &["eve"]),
                ("a", 5, "2", &["eve"]),
                ("a", 11, "3", &["eve"])
            ]
        )
        .is_empty()
    );
    // Who lacks the value is in no group; and groups are apart.
    assert!(
        lines(
            &parts,
            &[
                ("a", 1, "1", &["eve"]),
                ("a", 2, "2", &[""]),
                ("a", 3, "3", &["eve"]),
                ("a", 4, "4", &["adam"])
            ]
        )
        .is_empty()
    );
    // Events of one time are seen together.
    assert_eq!(
        lines(
            &parts,
            &[
                ("a", 1, "1", &["eve"]),
                ("a", 1, "2", &["eve"]),
                ("a", 1, "3", &["eve"]),
                ("a", 1, "4", &["eve"])
            ]
        ),
        ["three 1 [eve] 4 - 1..1 +0 1 2 3 4"]
    );
}

#[test]
fn different_values_count_once() {
    let measure = Measure::Values(vec![field("secret")]);
    let parts = [part("two", &["a"], measure, &[(LEAST, 2.0)])];
    assert_eq!(
        lines(
            &parts,
            &[
                ("a", 1, "1", &["eve", "x"]),
                ("a", 2, "2", &["eve", "x"]),
                ("a", 3, "3", &["eve", ""]),
                ("a", 12, "4", &["eve", "y"]),
                ("a", 13, "5", &["eve", "x"]),
            ]
        ),
        // At 12 nothing of x is left. The event at 3 has no secret.
        ["two 13 [eve] 2 2 12..13 +0 4 5"]
    );
}

#[test]
fn rules_in_any_order_and_in_theirs() {
    let rules = ["a", "b", "c"];
    let any = [part("any", &rules, Measure::Rules, &[])];
    let order = [part("order", &rules, Measure::Order, &[])];
    let two = [part("two", &rules, Measure::Rules, &[(LEAST, 2.0)])];
    let forth: [(&str, i64, &str, &[&str]); 4] = [
        ("a", 1, "1", &["eve"]),
        ("b", 2, "2", &["eve"]),
        ("b", 3, "3", &["eve"]),
        ("c", 4, "4", &["eve"]),
    ];
    let back: [(&str, i64, &str, &[&str]); 3] = [
        ("c", 1, "1", &["eve"]),
        ("b", 2, "2", &["eve"]),
        ("a", 3, "3", &["eve"]),
    ];
    assert_eq!(lines(&any, &forth), ["any 4 [eve] 4 3 1..4 +0 1 2 3 4"]);
    assert_eq!(lines(&order, &forth), ["order 4 [eve] 4 - 1..4 +0 1 2 3 4"]);
    assert_eq!(lines(&any, &back), ["any 3 [eve] 3 3 1..3 +0 1 2 3"]);
    assert!(lines(&order, &back).is_empty());
    assert_eq!(
        lines(&two, &forth),
        ["two 2 [eve] 2 2 1..2 +0 1 2", "two 4 [eve] 2 2 3..4 +0 3 4"]
    );
    // At one time any order is theirs; one event may be an event of several rules, and is one.
    assert_eq!(
        lines(
            &order,
            &[
                ("c", 1, "1", &["eve"]),
                ("b", 1, "1", &["eve"]),
                ("a", 1, "2", &["eve"])
            ]
        ),
        ["order 1 [eve] 2 - 1..1 +0 1 2"]
    );
    // The first `a` is too old by the time of `c`.
    assert!(
        lines(
            &order,
            &[
                ("a", 1, "1", &["eve"]),
                ("b", 5, "2", &["eve"]),
                ("c", 11, "3", &["eve"])
            ]
        )
        .is_empty()
    );
}

#[test]
fn numbers_are_summed_and_ranked() {
    let events: [(&str, i64, &str, &[&str]); 5] = [
        ("a", 1, "1", &["eve", "10"]),
        ("a", 2, "2", &["eve", "much"]),
        ("a", 3, "3", &["eve", "2.5"]),
        ("a", 4, "4", &["eve", "20"]),
        ("a", 12, "5", &["eve", "1"]),
    ];
    let sum = |sign, number| {
        [part(
            "sum",
            &["a"],
            Measure::Sum(field("n")),
            &[(sign, number)],
        )]
    };
    assert_eq!(
        lines(&sum(LEAST, 30.0), &events),
        ["sum 4 [eve] 3 - 1..4 +0 1 3 4 = 32.5"]
    );
    // 10, then 2.5 more, 20 more; 10 has left at 12: 2.5 + 20 + 1.
    assert_eq!(
        lines(&sum(Sign::Is(Comparison::Equal), 23.5), &events),
        ["sum 12 [eve] 3 - 3..12 +0 3 4 5 = 23.5"]
    );
    let mean = [part(
        "mean",
        &["a"],
        Measure::Mean(field("n")),
        &[(Sign::Is(Comparison::Less), 7.0)],
    )];
    // (10 + 2.5) / 2 = 6.25
    assert_eq!(
        lines(&mean, &events)[0],
        "mean 3 [eve] 2 - 1..3 +0 1 3 = 6.25"
    );
    let half = Measure::Percentile(field("n"), 50.0);
    let half = [part(
        "half",
        &["a"],
        half,
        &[(Sign::Is(Comparison::Equal), 2.5)],
    )];
    // 2.5, 20 and 1 at 12.
    assert_eq!(
        lines(&half, &events),
        ["half 12 [eve] 3 - 3..12 +0 3 4 5 = 2.5"]
    );
    let high = Measure::Percentile(field("n"), 75.0);
    let high = [part("high", &["a"], high, &[(LEAST, 15.0)])];
    // Of 2.5, 10, 20: half way from 10 to 20.
    assert_eq!(
        lines(&high, &events),
        ["high 4 [eve] 3 - 1..4 +0 1 3 4 = 15"]
    );
}

#[test]
fn aliases_bring_fields_of_different_names_together() {
    let mut parts = [part("any", &["a", "b"], Measure::Rules, &[])];
    parts[0].correlation.by[0].alias = Some(BTreeMap::from([
        ("a".to_owned(), field("caller")),
        ("b".to_owned(), field("created")),
    ]));
    let work = Correlations::new(&parts, Options::default()).unwrap();
    assert_eq!(work.inputs()[0].fields, [field("caller")]);
    assert_eq!(work.inputs()[1].fields, [field("created")]);
    assert_eq!(
        lines(&parts, &[("a", 1, "1", &["eve"]), ("b", 2, "2", &["eve"])]),
        ["any 2 [eve] 2 2 1..2 +0 1 2"]
    );
}

#[test]
fn a_correlation_is_an_event_of_another_and_silent_then() {
    let mut parts = [
        part("outer", &["burst", "b"], Measure::Order, &[]),
        part("burst", &["a"], Measure::Events, &[(LEAST, 2.0)]),
    ];
    let events: [(&str, i64, &str, &[&str]); 4] = [
        ("a", 1, "1", &["eve"]),
        ("a", 3, "2", &["eve"]),
        ("b", 3, "3", &["eve"]),
        ("b", 4, "4", &["adam"]),
    ];
    let found = lines(&parts, &events);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with("outer 3 [eve] 2 - 3..3 +0 "),
        "{found:?}"
    );
    let silent = |parts: &[Part]| {
        let work = Correlations::new(parts, Options::default()).unwrap();
        work.inputs()
            .iter()
            .map(|input| input.alerts)
            .collect::<Vec<_>>()
    };
    assert_eq!(silent(&parts), [false, false]);
    parts[0].correlation.generate = true;
    let found = lines(&parts, &events);
    assert_eq!(found[0], "burst 3 [eve] 2 - 1..3 +0 1 2");
    assert_eq!(found.len(), 2);
    // `a` is burst's alone, which keeps it silent.
    assert_eq!(silent(&parts), [true, false]);
}

#[test]
fn what_rests_on_itself_is_refused() {
    let circle = [
        part("x", &["y"], Measure::Rules, &[]),
        part("y", &["x", "a"], Measure::Rules, &[]),
    ];
    let error = Correlations::new(&circle, Options::default())
        .err()
        .unwrap();
    assert!(error.to_string().contains("`x`, `y`"), "{error}");
}

/// For each time with events of a group, in order, everything from the begin of the window on: is it enough?
fn naive(correlation: &Correlation, events: &[(usize, Match)]) -> Vec<String> {
    let mut found: Vec<(i64, String, String)> = Vec::new();
    let users: BTreeSet<Arc<str>> = events
        .iter()
        .flat_map(|(_, event)| event.values[0].clone())
        .collect();
    for user in users {
        let mut fresh_after = i64::MIN;
        let times: BTreeSet<i64> = events.iter().map(|(_, event)| event.time).collect();
        for time in times {
            let window: Vec<&(usize, Match)> = events
                .iter()
                .filter(|(_, event)| event.values[0].contains(&user))
                .filter(|(_, event)| event.time > time - correlation.timespan && event.time <= time)
                .filter(|(_, event)| event.time > fresh_after)
                .filter(|(_, event)| match correlation.measure {
                    Measure::Events | Measure::Rules | Measure::Order => true,
                    Measure::Values(_) => !event.values[1].is_empty(),
                    _ => event.values[1]
                        .iter()
                        .any(|value| value.parse::<f64>().is_ok()),
                })
                .collect();
            if !window.iter().any(|(_, event)| event.time == time) {
                continue;
            }
            let ids: BTreeSet<(i64, Arc<str>)> = window
                .iter()
                .map(|(_, event)| (event.time, event.id.clone()))
                .collect();
            let values: BTreeSet<&Arc<str>> = window
                .iter()
                .flat_map(|(_, event)| &event.values[1])
                .collect();
            let mut numbers: Vec<f64> = Vec::new();
            for (at, id) in &ids {
                let one = window
                    .iter()
                    .find(|(_, event)| event.time == *at && event.id == *id);
                numbers.extend(
                    one.unwrap().1.values[1]
                        .iter()
                        .filter_map(|value| value.parse::<f64>().ok()),
                );
            }
            numbers.sort_by(f64::total_cmp);
            let total: f64 = numbers.iter().sum();
            let measured = match &correlation.measure {
                Measure::Events | Measure::Order => ids.len() as f64,
                Measure::Rules => window
                    .iter()
                    .map(|(rule, _)| rule)
                    .collect::<BTreeSet<_>>()
                    .len() as f64,
                Measure::Values(_) => values.len() as f64,
                Measure::Sum(_) => total,
                Measure::Mean(_) => total / numbers.len() as f64,
                Measure::Percentile(_, percent) => {
                    // Tests ask for 0, 50 and 100 alone.
                    let middle = numbers.len() / 2;
                    match *percent as i64 {
                        0 => numbers[0],
                        100 => numbers[numbers.len() - 1],
                        _ if numbers.len() % 2 == 1 => numbers[middle],
                        _ => (numbers[middle - 1] + numbers[middle]) / 2.0,
                    }
                }
            };
            let fires = if correlation.measure == Measure::Order {
                let of = |rule: usize| {
                    window
                        .iter()
                        .filter(move |(other, _)| *other == rule)
                        .map(|(_, event)| event.time)
                };
                of(0).any(|first| {
                    of(1).any(|second| second >= first && of(2).any(|third| third >= second))
                })
            } else if correlation.condition.is_empty() {
                measured == 3.0
            } else {
                correlation
                    .condition
                    .iter()
                    .all(|(sign, number)| match sign {
                        Sign::Not => measured != *number,
                        Sign::Is(Comparison::Less) => measured < *number,
                        Sign::Is(Comparison::LessOrEqual) => measured <= *number,
                        Sign::Is(Comparison::Equal) => measured == *number,
                        Sign::Is(Comparison::GreaterOrEqual) => measured >= *number,
                        Sign::Is(Comparison::Greater) => measured > *number,
                    })
            };
            if fires {
                fresh_after = time;
                let names: Vec<&str> = ids.iter().map(|(_, id)| &**id).collect();
                let first = ids.first().unwrap().0;
                let line = format!(
                    "{time} [{user}] {} {first}..{time} {}",
                    ids.len(),
                    names.join(" ")
                );
                found.push((time, user.to_string(), line));
            }
        }
    }
    found.sort();
    found.into_iter().map(|(_, _, line)| line).collect()
}

fn measures() -> impl Strategy<Value = (Measure, Vec<(Sign, f64)>)> {
    let signs = prop_oneof![
        3 => Just(Sign::Is(Comparison::GreaterOrEqual)),
        1 => Just(Sign::Is(Comparison::Greater)),
        1 => Just(Sign::Is(Comparison::Less)),
        1 => Just(Sign::Is(Comparison::LessOrEqual)),
        1 => Just(Sign::Is(Comparison::Equal)),
        1 => Just(Sign::Not),
    ];
    let measures = prop_oneof![
        Just(Measure::Events),
        Just(Measure::Values(vec![field("n")])),
        Just(Measure::Rules),
        Just(Measure::Order),
        Just(Measure::Sum(field("n"))),
        Just(Measure::Mean(field("n"))),
        prop_oneof![Just(0.0), Just(50.0), Just(100.0)]
            .prop_map(|percent| Measure::Percentile(field("n"), percent)),
    ];
    (measures, vec((signs, 1..7_u8), 1..3), any::<bool>()).prop_map(|(measure, condition, all)| {
        let numbers = condition
            .into_iter()
            .map(|(sign, number)| (sign, f64::from(number)));
        let none = measure == Measure::Order || (measure == Measure::Rules && all);
        let condition = if none { Vec::new() } else { numbers.collect() };
        (measure, condition)
    })
}

proptest! {
    #![proptest_config(Config { cases: 4000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn correlations((measure, condition) in measures(), timespan in 1..15_i64, events in vec(
        (0..3_usize, 0..40_i64, 0..6_u8, vec(0..2_u8, 0..3), vec(0..5_u8, 0..3), any::<bool>()), 0..40)
    ) {
        // The same event has the same values, whichever rules it meets.
        let mut values: BTreeMap<(i64, u8), [Vec<Arc<str>>; 2]> = BTreeMap::new();
        let mut matches: Vec<(usize, Match)> = Vec::new();
        for (rule, time, id, users, numbers, text) in events {
            let users = users.iter().map(|user| Arc::from(["eve", "adam"][usize::from(*user)])).collect();
            let mut numbers: Vec<Arc<str>> = numbers.iter().map(|number| Arc::from(number.to_string())).collect();
            // A text that is no number still is a value.
            let value_count = matches!(measure, Measure::Values(_));
            if text && value_count {
                numbers.push(Arc::from("text"));
            }
            let [users, numbers] = values.entry((time, id)).or_insert([users, numbers]).clone();
            matches.push((rule, Match { time, id: Arc::from(format!("e{id}")), values: vec![users, numbers] }));
        }
        matches.sort_by_key(|(_, event)| event.time);
        let mut parts = [part("rule", &["a", "b", "c"], measure.clone(), &condition)];
        parts[0].correlation.timespan = timespan;
        let mut work = Correlations::new(&parts, Options::default()).unwrap();
        let asked = work.inputs()[0].fields.len();
        for (rule, event) in &matches {
            let mut event = event.clone();
            event.values.truncate(asked);
            work.push(*rule, event).unwrap();
        }
        let (alerts, _) = work.finish();
        let found: Vec<_> = alerts.iter().map(|(_, alert)| format!(
            "{} [{}] {} {}..{} {}", alert.run, super::key(alert), alert.count, alert.first, alert.last, alert.events.join(" ")
        )).collect();
        prop_assert_eq!(found, naive(&parts[0].correlation, &matches));
    }
}
