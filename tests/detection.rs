//! Conditions over the lake, told from columns first, against the same conditions asked of every record's text.
//!
//! Each seed makes an archive of records of any shape and a handful of conditions, and all conditions run in one pass.
//! `PROPTEST_CASES` says how many seeds are tried, `DETECTION_SEED` where they begin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use engine::Settings;
use engine::detect::{Alert, DetectOptions, Detection, Outcome};
use engine::{Engine, Timeframe};
use rules::check::Value;
use rules::condition::{Comparison, Part, TimePart};
use rules::correlation::{By, Correlation, Measure, Sign};
use rules::ecs::FIELDS;
use rules::evaluate::{Event, JsonEvent, Program};
use rules::load::LoadedRule;
use rules::rule::{Body, Schedule, Then};
use rules::run::{self, Correlations, Timeline};
use rules::yaml::Place;
use rules::{About, Check, Condition, Field, Rule, Test};

use crate::check::wait;
use crate::differential::archive::Archive;
use crate::differential::dice::Dice;
use crate::differential::words::{PARTS, TEXTS};
use crate::naive::archive::Record;

/// Seeds that every run tries.
const CASES: u64 = 8;

/// Conditions on each archive.
const CONDITIONS: usize = 24;

const PATHS: &[&[&str]] = &[
    &["eventName"],
    &["eventSource"],
    &["errorCode"],
    &["readOnly"],
    &["eventTime"],
    &["userIdentity", "arn"],
    &["userIdentity"],
    &["userIdentity", "onBehalfOf", "userId"],
    &[
        "userIdentity",
        "sessionContext",
        "attributes",
        "mfaAuthenticated",
    ],
    &["requestParameters", "bucketName"],
    &["requestParameters", "size"],
    &["requestParameters", "flag"],
    &["requestParameters", "x", "a"],
    &["responseElements", "ConsoleLogin"],
    &["resources", "ARN"],
    &["resources"],
    &["x"],
    &["EventName"],
    &["x.y"],
];

/// What was found: how often an event at a time with an id.
pub type Found = BTreeMap<(i64, Option<String>), usize>;

#[test]
fn one_pass_finds_what_every_record_asked_alone_gives() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let first: u64 = number("DETECTION_SEED").unwrap_or(0);
    let end = first + number("PROPTEST_CASES").unwrap_or(CASES);
    let mut matched = 0;
    for seed in first..end {
        let dice = &mut Dice::new(seed);
        let archive = Archive::random(dice);
        let conditions: Vec<Condition> = (0..CONDITIONS).map(|_| condition(dice, 3)).collect();
        let folder = tempfile::tempdir().unwrap();
        let found = detected(&archive.lake(folder.path()), &conditions);
        let records = archive.records();
        for (condition, found) in conditions.iter().zip(found) {
            let expected = expected(&records, condition);
            assert_eq!(found, expected, "seed {seed}\n{condition:?}\n{archive}");
            matched += expected.len();
        }
    }
    assert!(matched as u64 > (end - first) * CONDITIONS as u64);
}

/// The events with a time that meet a condition, by a walk over their texts.
pub fn expected(records: &[Record], condition: &Condition) -> Found {
    let program = Program::of(condition).unwrap();
    let mut found = Found::new();
    for record in records {
        // An event without a time is in no window.
        let Some(time) = record.time else { continue };
        if program.holds(&JsonEvent::new(&record.content).unwrap()) {
            let id = record.json["eventID"].as_str().map(str::to_owned);
            *found.entry((time as i64, id)).or_default() += 1;
        }
    }
    found
}

fn detected(lake: &Path, conditions: &[Condition]) -> Vec<Found> {
    let lake = lake.to_str().unwrap().to_owned();
    let rules: Vec<LoadedRule> = (0..).zip(conditions).map(rule).collect();
    wait(async move {
        let detection = detect(&lake, &rules, &DetectOptions::default()).await;
        detection.outcomes.iter().map(found).collect()
    })
}

/// What the rules find, which is the same, alert by alert, whether memory holds all matches or hardly one.
async fn detect<'a>(lake: &str, rules: &'a [LoadedRule], options: &DetectOptions) -> Detection<'a> {
    let with = async |memory| {
        let settings = Settings {
            memory,
            ..Settings::default()
        };
        let engine = Engine::open(lake, settings).await.unwrap();
        engine.detect(rules, options, &|_, _| {}).await.unwrap()
    };
    let (plenty, little) = (with(None).await, with(Some(16 << 10)).await);
    assert_eq!(plenty.outcomes.len(), little.outcomes.len());
    for (plenty, little) in plenty.outcomes.iter().zip(&little.outcomes) {
        let (more, less) = (alerts(plenty), alerts(little));
        assert_eq!(more.len(), less.len());
        for (more, less) in more.iter().zip(less) {
            assert_eq!(format!("{more:?}"), format!("{less:?}"));
        }
        assert_eq!(plenty.figures.matched, little.figures.matched);
        assert_eq!(plenty.figures.time, little.figures.time);
        // What is found takes time, and all of it together not more than the run and its threads have.
        let elapsed = plenty.figures.elapsed;
        assert!(plenty.figures.matched == 0 || elapsed > Duration::ZERO);
        assert!(elapsed < Duration::from_secs(60), "{elapsed:?}");
    }
    plenty
}

fn alerts(outcome: &Outcome<'_>) -> Vec<Alert> {
    let alerts = outcome.alerts.as_ref().unwrap().iter();
    alerts.map(|alert| alert.unwrap().into_owned()).collect()
}

fn found(outcome: &Outcome<'_>) -> Found {
    let mut found = Found::new();
    for alert in alerts(outcome) {
        assert_eq!((alert.count, alert.events.len()), (1, 1), "{alert:?}");
        let event = &alert.events[0];
        assert_eq!(Some(event.time), alert.first);
        *found
            .entry((event.time, event.id.as_deref().map(str::to_owned)))
            .or_default() += 1;
    }
    found
}

fn rule((number, condition): (usize, &Condition)) -> LoadedRule {
    let body = Body::Events {
        condition: condition.clone(),
        then: Then::Each,
        schedule: None,
        suppression: None,
    };
    loaded(number, "sigma", body)
}

/// A rule of which nothing is known but what it looks for.
pub fn loaded(number: usize, language: &str, body: Body) -> LoadedRule {
    LoadedRule {
        rule: Rule {
            path: PathBuf::from("rule"),
            about: About {
                id: format!("rule-{number}"),
                ..About::default()
            },
            body,
        },
        place: Place::default(),
        kind: "rule".to_owned(),
        language: language.to_owned(),
        reference: None,
        tests: Vec::new(),
    }
}

/// A random condition.
pub fn condition(dice: &mut Dice, depth: usize) -> Condition {
    let parts = |dice: &mut Dice| {
        let count = dice.between(0, 3);
        (0..count).map(|_| condition(dice, depth - 1)).collect()
    };
    match dice.below(if depth == 0 { 1 } else { 5 }) {
        0 | 1 => Condition::Test(Test {
            field: field(dice),
            check: check(dice),
        }),
        2 => Condition::All(parts(dice)),
        3 => Condition::Any(parts(dice)),
        _ => Condition::Not(Box::new(condition(dice, depth - 1))),
    }
}

fn field(dice: &mut Dice) -> Field {
    match dice.below(12) {
        0 => Field::Anywhere,
        1..=3 => Field::Ecs(dice.pick(FIELDS).name.to_owned()),
        4 => Field::Ecs("event.action".to_owned()),
        5 => Field::Ecs("event.outcome".to_owned()),
        _ => {
            let path = dice.pick_early(PATHS);
            Field::Path(path.iter().map(|key| (*key).to_owned()).collect())
        }
    }
}

fn check(dice: &mut Dice) -> Check {
    let text = (*dice.pick_early(TEXTS)).to_owned();
    let part = || Part::Text((*PARTS[text.len() % PARTS.len()]).to_owned());
    let comparison = *dice.pick(&[
        Comparison::Less,
        Comparison::Equal,
        Comparison::GreaterOrEqual,
    ]);
    let cased = dice.chance(50);
    match dice.below(12) {
        0 => Check::Present,
        1 => Check::Key,
        2 => Check::Glob {
            parts: vec![Part::Run, part(), Part::Run],
            cased,
        },
        3 => Check::Glob {
            parts: vec![part(), Part::One, Part::Run],
            cased,
        },
        4 => Check::Number(comparison, 5.0),
        5 => Check::Order(comparison, text),
        6 => Check::Time(TimePart::Hour, comparison, 12),
        7 => Check::Regex("[A-Z][a-z]+$".to_owned()),
        8 => Check::Other(field(dice), rules::condition::Affix::Whole),
        _ => Check::Text { text, cased },
    }
}

/// What an alert says, whatever its events are called.
type Said = (Vec<Option<String>>, Option<i64>, Option<i64>, u64);

/// Groups, new terms and correlations over the lake's events are those over the records' own.
#[test]
fn what_is_made_of_matches_over_time_is_the_same_from_the_lake() {
    const SECOND: i64 = 1_000_000_000;
    let path = |keys: &[&str]| Field::Path(keys.iter().map(|key| (*key).to_owned()).collect());
    let schedule = Schedule {
        interval: 300 * SECOND,
        from: 3_600 * SECOND,
        to: 0,
        max_signals: 100,
    };
    let mut alerts = 0;
    for seed in 0..6 {
        let dice = &mut Dice::new(seed);
        let archive = Archive::random(dice);
        let folder = tempfile::tempdir().unwrap();
        let lake = archive.lake(folder.path());
        let records = archive.records();
        let name = Condition::Test(Test {
            field: path(&["eventName"]),
            check: Check::Present,
        });
        let events = |then: Then, schedule| Body::Events {
            condition: name.clone(),
            then,
            schedule,
            suppression: None,
        };
        let threshold = Then::Threshold {
            by: vec![path(&["errorCode"]), path(&["resources", "ARN"])],
            count: 2,
            distinct: None,
        };
        let new_terms = Then::NewTerms {
            fields: vec![path(&["eventName"])],
            history: 86_400 * SECOND,
        };
        let correlation = Correlation {
            rules: vec!["rule-2".to_owned()],
            measure: Measure::Values(vec![path(&["userIdentity", "arn"])]),
            by: vec![By {
                name: "awsRegion".to_owned(),
                field: path(&["awsRegion"]),
                alias: None,
            }],
            timespan: 7_200 * SECOND,
            condition: vec![(Sign::Is(Comparison::GreaterOrEqual), 2.0)],
            generate: seed % 2 == 1,
        };
        let bodies = [
            events(threshold.clone(), Some(schedule)),
            events(new_terms.clone(), Some(schedule)),
            events(Then::Each, None),
            Body::Correlation(correlation.clone()),
        ];
        let rules: Vec<LoadedRule> = (0..)
            .zip(bodies)
            .map(|(number, body)| {
                let mut rule = rule((number, &name));
                rule.rule.body = body;
                rule
            })
            .collect();
        let found = wait(async move {
            let place = lake.to_str().unwrap();
            let detection = detect(place, &rules, &DetectOptions::default()).await;
            detection.outcomes.iter().map(said).collect::<Vec<_>>()
        });
        for (place, then) in [(0, &threshold), (1, &new_terms)] {
            let id = format!("rule-{place}");
            let options = run::Options::default();
            let mut timeline = Timeline::new(&id, then, Some(&schedule), None, options).unwrap();
            let fields = timeline.fields().to_vec();
            for found in matches(&records, &name, &fields) {
                timeline.push(found).unwrap();
            }
            let (expected, _) = timeline.finish();
            let expected = sorted(expected.iter().map(of_run));
            assert_eq!(found[place], expected, "seed {seed}\n{archive}");
            alerts += expected.len();
        }
        // It only feeds the correlation, unless that lets it give alerts as well.
        let mut single = Vec::new();
        if correlation.generate {
            let all = matches(&records, &name, &[]);
            single = all
                .iter()
                .map(|one| (Vec::new(), Some(one.time), Some(one.time), 1))
                .collect();
        }
        assert_eq!(found[2], single, "seed {seed}");
        let part = run::Part {
            id: "rule-3".to_owned(),
            correlation,
        };
        let mut correlations = Correlations::new(&[part], run::Options::default()).unwrap();
        let fields = correlations.inputs()[0].fields.clone();
        for found in matches(&records, &name, &fields) {
            correlations.push(0, found).unwrap();
        }
        let (expected, _) = correlations.finish();
        let expected = sorted(expected.iter().map(|(_, alert)| of_run(alert)));
        assert_eq!(found[3], expected, "seed {seed}\n{archive}");
        alerts += expected.len();
    }
    assert!(alerts > 20, "{alerts}");
}

/// The matches of a condition among records, in order.
fn matches(records: &[Record], condition: &Condition, fields: &[Field]) -> Vec<run::Match> {
    let program = Program::of(condition).unwrap();
    let mut matches = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let event = JsonEvent::new(&record.content).unwrap();
        let Some(time) = record.time.filter(|_| program.holds(&event)) else {
            continue;
        };
        let values = fields.iter().map(|field| {
            let Field::Path(path) = field else {
                panic!("{field:?}");
            };
            let mut values: Vec<Arc<str>> = Vec::new();
            event.path(path, &mut |value| {
                values.extend(match value {
                    Value::String(text) => Some(Arc::from(text.as_ref())),
                    Value::Number(text) => Some(Arc::from(*text)),
                    Value::Boolean(value) => Some(Arc::from(value.to_string())),
                    Value::Json(_) | Value::Null => None,
                });
                false
            });
            values
        });
        matches.push(run::Match {
            time: time as i64,
            id: format!("{place:06}").into(),
            values: values.collect(),
        });
    }
    matches.sort_by(|a, b| (a.time, &a.id).cmp(&(b.time, &b.id)));
    matches
}

fn of_run(alert: &run::Alert) -> Said {
    let key = alert.key.iter();
    (
        key.map(|value| value.as_deref().map(str::to_owned))
            .collect(),
        Some(alert.first),
        Some(alert.last),
        alert.count,
    )
}

fn said(outcome: &Outcome<'_>) -> Vec<Said> {
    sorted(alerts(outcome).iter().map(|alert| {
        let key = alert.key.iter();
        (
            key.map(|(_, value)| value.as_deref().map(str::to_owned))
                .collect(),
            alert.first,
            alert.last,
            alert.count,
        )
    }))
}

fn sorted(all: impl Iterator<Item = Said>) -> Vec<Said> {
    let mut all: Vec<Said> = all.collect();
    all.sort();
    all
}

/// A rule reads events before the timeframe where its windows reach back, and gives the alerts within it only.
#[test]
fn alerts_are_those_of_the_timeframe() {
    let dice = &mut Dice::new(7);
    let archive = Archive::random(dice);
    let folder = tempfile::tempdir().unwrap();
    let lake = archive.lake(folder.path());
    let records = archive.records();
    let mut times: Vec<i64> = records
        .iter()
        .filter_map(|record| record.time.map(|time| time as i64))
        .collect();
    times.sort_unstable();
    let (from, to) = (times[times.len() / 4], times[times.len() / 2]);
    let rules = vec![rule((0, &Condition::All(Vec::new())))];
    let place = lake.to_str().unwrap().to_owned();
    let found = wait(async move {
        let mut options = DetectOptions::default();
        options.query.timeframe = Timeframe {
            from: Some(from),
            to: Some(to),
        };
        let detection = detect(&place, &rules, &options).await;
        found(&detection.outcomes[0])
    });
    let within = records
        .into_iter()
        .filter(|record| {
            record
                .time
                .is_some_and(|time| (i128::from(from)..i128::from(to)).contains(&time))
        })
        .collect::<Vec<_>>();
    assert_eq!(found, expected(&within, &Condition::All(Vec::new())));
}
