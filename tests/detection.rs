//! Conditions over the lake, told from columns first, against the same conditions asked of every record's text.
//!
//! Each seed makes an archive of records of any shape and a handful of conditions, and all conditions run in one pass.
//! `PROPTEST_CASES` says how many seeds are tried, `DETECTION_SEED` where they begin.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::Settings;
use engine::detect::{DetectOptions, Outcome};
use engine::{Engine, Timeframe};
use rules::condition::{Comparison, Part, TimePart};
use rules::ecs::FIELDS;
use rules::evaluate::{JsonEvent, Program};
use rules::load::LoadedRule;
use rules::rule::{Body, Then};
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
type Found = BTreeMap<(i64, Option<String>), usize>;

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

fn expected(records: &[Record], condition: &Condition) -> Found {
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
        let engine = Engine::open(&lake, Settings::default()).await.unwrap();
        let options = DetectOptions::default();
        let detection = engine.detect(&rules, &options, &|_, _| {}).await.unwrap();
        detection.outcomes.iter().map(found).collect()
    })
}

fn found(outcome: &Outcome<'_>) -> Found {
    let mut found = Found::new();
    for alert in outcome.alerts.as_ref().unwrap() {
        assert_eq!((alert.count, alert.events.len()), (1, 1), "{alert:?}");
        let event = &alert.events[0];
        assert_eq!(Some(event.time), alert.first);
        *found.entry((event.time, event.id.clone())).or_default() += 1;
    }
    found
}

fn rule((number, condition): (usize, &Condition)) -> LoadedRule {
    LoadedRule {
        rule: Rule {
            path: PathBuf::from("rule"),
            about: About {
                id: format!("rule-{number}"),
                ..About::default()
            },
            body: Body::Events {
                condition: condition.clone(),
                then: Then::Each,
                schedule: None,
                suppression: None,
            },
        },
        place: Place::default(),
        kind: "rule".to_owned(),
        language: "sigma".to_owned(),
        reference: None,
        tests: Vec::new(),
    }
}

fn condition(dice: &mut Dice, depth: usize) -> Condition {
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
        let engine = Engine::open(&place, Settings::default()).await.unwrap();
        let mut options = DetectOptions::default();
        options.query.timeframe = Timeframe {
            from: Some(from),
            to: Some(to),
        };
        let detection = engine.detect(&rules, &options, &|_, _| {}).await.unwrap();
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
