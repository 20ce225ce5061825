//! Many matches: what the work costs grows with them, not with what windows hold.

use std::sync::Arc;

use super::{MINUTE, SECOND, field, run};
use rules::condition::Comparison;
use rules::correlation::{Correlation, Measure, Sign};
use rules::rule::{Missing, Schedule, Suppression, Then};
use rules::run::{Alert, Correlations, Figures, Match, Options, Part};

const MANY: i64 = 100_000;

/// Seven days seen every five minutes: run by run, 2,000 windows would each hold everything.
const WEEK: Schedule = Schedule {
    interval: 5 * MINUTE,
    from: 7 * 24 * 60 * MINUTE,
    to: 0,
    max_signals: 100,
};

/// Matches of two fields, one a second, by 1,000 users.
fn matches() -> Vec<Match> {
    let users: Vec<Arc<str>> = (0..1000)
        .map(|user| Arc::from(format!("user{user:03}")))
        .collect();
    (0..MANY)
        .map(|number| {
            let user = users[(number * 7919 % 1000) as usize].clone();
            Match {
                // Never where a window begins: such an event would count twice.
                time: number * SECOND + SECOND / 2,
                id: Arc::from(format!("{number:08}")),
                values: vec![
                    vec![user],
                    vec![Arc::from(format!("secret{}", number % 5000))],
                ],
            }
        })
        .collect()
}

fn alerts(then: &Then, suppression: Option<&Suppression>) -> (Vec<Alert>, Figures) {
    run(then, &WEEK, suppression, Options::default(), matches())
}

#[test]
fn a_noisy_threshold_over_a_long_window() {
    let then = Then::Threshold {
        by: vec![field("user.id")],
        count: 100,
        distinct: None,
    };
    // Each user has an event each 1,000 s, so 100 by the end.
    let (found, figures) = alerts(&then, None);
    assert_eq!(found.len(), 1000);
    assert!(found.iter().all(|alert| alert.count == 100));
    assert_eq!(figures.lost, 0);
    // One event is enough: as many alerts as runs let through, and what they cut waits its turn.
    let then = Then::Threshold {
        by: vec![field("user.id")],
        count: 1,
        distinct: Some((field("secret"), 1)),
    };
    let (found, _) = alerts(&then, None);
    assert_eq!(
        found.iter().map(|alert| alert.count).sum::<u64>(),
        MANY as u64
    );
}

#[test]
fn a_noisy_query_whose_alerts_wait_for_later_runs() {
    // 300 events in each run, 100 alerts: the queue grows, and lasts for 1,000 runs.
    let (found, figures) = alerts(&Then::Each, None);
    assert_eq!(found.len() as i64, MANY);
    assert_eq!(figures.lost, 0);
    assert!(figures.delayed > 60_000);
}

#[test]
fn noisy_terms_and_one_alert_that_takes_them_all_in() {
    let then = Then::NewTerms {
        fields: vec![field("user.id"), field("secret")],
        history: 10 * 24 * 60 * MINUTE,
    };
    let suppression = Suppression {
        by: vec![field("account")],
        duration: Some(30 * 24 * 60 * MINUTE),
        missing: Missing::Together,
    };
    // 1,000 users and 5,000 secrets: the same pair comes each 5,000 s.
    let (found, _) = alerts(&then, Some(&suppression));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].suppressed, 4999);
}

#[test]
fn many_groups_at_once_that_wait_for_later_runs() {
    // 100,000 users within 100 s, 100 alerts a run: it takes 1,000 runs.
    let events: Vec<Match> = (0..MANY)
        .map(|number| Match {
            time: number * SECOND / 1000 + 1,
            id: Arc::from(format!("{number:08}")),
            values: vec![vec![Arc::from(format!("user{number:08}"))]],
        })
        .collect();
    let by = vec![field("user.id")];
    let then = [
        Then::Threshold {
            by: by.clone(),
            count: 1,
            distinct: None,
        },
        Then::NewTerms {
            fields: by,
            history: 10 * 24 * 60 * MINUTE,
        },
    ];
    for then in then {
        let (found, figures) = run(&then, &WEEK, None, Options::default(), events.clone());
        assert_eq!(found.len() as i64, MANY);
        assert_eq!(found[100].run, 10 * MINUTE);
        assert_eq!((figures.delayed as i64, figures.lost), (MANY - 100, 0));
    }
}

#[test]
fn a_noisy_correlation_over_a_long_window() {
    let part = Part {
        id: "mean".to_owned(),
        correlation: Correlation {
            rules: vec!["a".to_owned()],
            measure: Measure::Mean(field("size")),
            by: Vec::new(),
            timespan: WEEK.from,
            condition: vec![(Sign::Is(Comparison::Greater), 1e9)],
            generate: false,
        },
    };
    let mut work = Correlations::new(&[part], Options::default()).unwrap();
    for number in 0..MANY {
        let size = if number + 1 == MANY {
            1e15 as i64
        } else {
            number
        };
        let event = Match {
            time: number * SECOND,
            id: Arc::from(format!("{number:08}")),
            values: vec![vec![Arc::from(size.to_string())]],
        };
        work.push(0, event).unwrap();
    }
    // The last one alone lifts the mean over the bound: 10^15 / 10^5 = 10^10.
    let (found, _) = work.finish();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1.count as i64, MANY);
}
