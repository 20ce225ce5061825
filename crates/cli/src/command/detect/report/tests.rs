//! The whole report: what is in it, that texts of events and rules are nothing but text, and that it stays small.

use std::sync::Arc;

use engine::detect::NamedEvent;
use engine::{OutputField, Type, Value};
use rules::load::LoadedRule;
use rules::rule::Attack;

use super::*;
use crate::command::detect::tests::{detection, outcome, rule, sigma, timed};

/// What a browser, a terminal or a reader could be led astray by.
const HOSTILE: &str =
    "</td><script>alert(1)</script><img src=x onerror=\"y\">'\u{1b}[31m\u{202e}\u{0}&lt;\n";

fn written(outcomes: Vec<Outcome<'_>>, known: Option<u64>, lake: &str) -> String {
    let detection = detection(outcomes);
    let report = Report {
        lake,
        options: &QueryOptions::default(),
        now: 0,
        covered: Some((0, 1_000_000_000)),
        detection: &detection,
        loaded: &Loaded::default(),
        exceptions: &Applied::default(),
        known,
        written: 0,
    };
    let mut out = Vec::new();
    write(&report, &mut out).expect("written");
    String::from_utf8(out).expect("text")
}

/// The names of the page's elements, and what stands in their tags.
fn tags(page: &str) -> Vec<(&str, &str)> {
    let body = page.split("<body>").nth(1).expect("a body");
    let tags = body.split('<').skip(1).map(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        tag.split_once(' ').unwrap_or((tag, ""))
    });
    tags.filter(|(name, _)| !name.starts_with('/')).collect()
}

fn hostile_rule() -> LoadedRule {
    let mut rule = sigma("a", "high");
    let about = &mut rule.rule.about;
    let text = || HOSTILE.to_owned();
    about.id = text();
    about.name = text();
    about.description = text();
    about.authors = vec![text()];
    about.license = Some(text());
    about.version = Some(text());
    about.status = Some(text());
    about.tags = vec![text()];
    about.references = vec![
        text(),
        "javascript:alert(1)".into(),
        format!("https://x/{HOSTILE}"),
    ];
    about.false_positives = vec![text()];
    about.attack = vec![Attack {
        tactic: text(),
        technique: Some(text()),
        name: Some(text()),
    }];
    about.guide = Some(format!("{HOSTILE}\n[x](javascript:alert(1))\n\n{HOSTILE}"));
    rule
}

fn hostile_event() -> NamedEvent {
    let text = || Some(HOSTILE.into());
    NamedEvent {
        id: text(),
        account: text(),
        time: i64::MAX,
        source: text(),
        index: i64::MIN,
        service: text(),
        action: text(),
        region: text(),
        error: text(),
        address: text(),
        agent: text(),
        identity: text(),
        principal: text(),
        access_key: text(),
    }
}

#[test]
fn hostile_texts_are_nothing_but_text() {
    let (events, queries) = (hostile_rule(), hostile_rule());
    let mut first = outcome(&events, Ok(vec![]));
    first.fields.clear();
    first.alerts = Ok(vec![Alert {
        id: HOSTILE.into(),
        key: vec![(HOSTILE.into(), Some(HOSTILE.into())), ("b".into(), None)],
        events: vec![Arc::new(hostile_event())],
        window: Some((i64::MIN, i64::MAX)),
        ..timed("1", 0, i64::from(i32::MAX), 3)
    }]
    .into());
    let mut second = outcome(&queries, Ok(vec![1]));
    second.fields = vec![
        OutputField {
            name: HOSTILE.into(),
            ty: Type::String,
        };
        2
    ];
    if let Ok(alerts) = &mut second.alerts {
        let list = Value::Array(vec![Value::String(HOSTILE.into())]);
        alerts.held_mut()[0].record = vec![Value::String(HOSTILE.into()), list];
    }
    let silent = hostile_rule();
    let quiet = outcome(&silent, Ok(vec![]));
    let failed = outcome(
        &silent,
        Err(engine::Error::Rule {
            path: HOSTILE.into(),
            message: HOSTILE.into(),
        }),
    );
    let page = written(vec![first, second, quiet, failed], None, HOSTILE);
    for (name, attributes) in tags(&page) {
        assert!(!["script", "img", "iframe", "object", "style", "base", "form"].contains(&name));
        let attributes = attributes.to_ascii_lowercase();
        assert!(!attributes.contains("onerror"), "{attributes}");
        assert!(!attributes.contains("javascript:"), "{attributes}");
        if name == "a" && !attributes.starts_with("class=\"badge") {
            assert!(
                attributes.ends_with("rel=\"noopener noreferrer\""),
                "{attributes}"
            );
        }
    }
    assert!(!page.contains(['\u{1b}', '\u{202e}', '\0']));
    assert!(page.contains("<span class=\"hidden\">U+202E</span>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    // What opens is closed, in order.
    let mut open = Vec::new();
    for tag in page
        .split('<')
        .skip(2)
        .map(|rest| rest.split('>').next().unwrap_or_default())
    {
        let name = tag.split(' ').next().unwrap_or_default();
        if tag.ends_with('/') || ["meta", "br", "hr"].contains(&name) {
            continue;
        }
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{tag}"),
            None => open.push(name),
        }
    }
    assert_eq!(open, Vec::<&str>::new());
}

#[test]
fn what_a_reader_needs_is_there() {
    let (found, quiet) = (sigma("found-id", "high"), rule("quiet-id", "low"));
    let mut first = outcome(&found, Ok(vec![]));
    first.fields.clear();
    first.alerts = Ok(vec![timed("0123abcd", 0, 252, 20), timed("4567", 3_600, 0, 1)].into());
    let page = written(
        vec![first, outcome(&quiet, Ok(vec![]))],
        Some(7),
        "s3://lakes/audit",
    );
    for text in [
        "2 new alerts; 7 known before and left out",
        "2 run, 1 with new alerts",
        "<code>found-id</code> · by Jane Doe, John Roe · licence DRL-1.1",
        "https://attack.mitre.org/techniques/T1486/",
        "<code>0123abcd</code>",
        "for 4m 12s",
        "<code>sourceIPAddress</code> = 192.0.2.1",
        "19 further events not drawn",
        "Name of quiet-id <code>quiet-id</code>",
        "1 principal<",
        "<rect class=\"high\"",
        "s3://lakes/audit",
    ] {
        assert!(page.contains(text), "{text}\n{page}");
    }
    // The policy allows the style sheet by its hash, and nothing else at all.
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
    assert!(!page.contains("unsafe"));
    assert!(
        tags(&page)
            .iter()
            .all(|(_, attributes)| !attributes.contains("style="))
    );
}

#[test]
fn series_are_drawn() {
    let rule = rule("a", "low");
    let mut found = outcome(&rule, Ok(vec![1]));
    found.fields[0].ty = Type::Array(Box::new(Type::Long));
    if let Ok(alerts) = &mut found.alerts {
        alerts.held_mut()[0].record = vec![Value::Array([0, 7, 1].map(Value::Long).into())];
    }
    let page = written(vec![found], None, "lake");
    assert!(page.contains("<td>▁█▂ 7</td>"), "{page}");
}

#[test]
fn nothing_found_is_a_report_too() {
    let page = written(Vec::new(), None, "lake");
    assert!(page.contains("<strong>No alerts.</strong>"));
    assert!(!page.contains("<svg"));
}

#[test]
fn thousands_of_alerts_make_a_page_that_opens() {
    let rules: Vec<LoadedRule> = (0..50).map(|n| sigma(&format!("r{n}"), "medium")).collect();
    let alert = |n: i64| {
        let event = |place: i64| NamedEvent {
            principal: Some(format!("arn:aws:iam::1:user/u{n}-{place}").into()),
            agent: Some("x".repeat(2_000).into()),
            index: place,
            ..NamedEvent::default()
        };
        Alert {
            events: (0..20).map(|place| Arc::new(event(place))).collect(),
            ..timed(&format!("{n:032x}"), n, 10, 100)
        }
    };
    let alerts: Vec<Alert> = (0..100).map(alert).collect();
    let outcomes: Vec<Outcome<'_>> = rules
        .iter()
        .map(|rule| {
            let mut outcome = outcome(rule, Ok(vec![]));
            outcome.fields.clear();
            outcome.alerts = Ok(alerts.clone().into());
            outcome
        })
        .collect();
    let page = written(outcomes, None, "lake");
    assert!(page.contains("5,000 alerts of 50 rules"));
    // Each rule shows some; what is not drawn is said.
    assert_eq!(page.matches("class=\"rule\"").count(), 50);
    assert!(page.contains("The first 5 of 100 alerts are drawn"));
    assert!(page.contains("The first 100 are drawn, by severity"));
    assert_eq!(
        page.matches("<details class=\"alert\"").count(),
        1_500 + 35 * 5
    );
    assert!(page.len() < 40_000_000, "{}", page.len());
}
