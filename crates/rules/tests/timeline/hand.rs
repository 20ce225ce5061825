//! Timelines worked out by hand.

use super::{MINUTE, SECOND, event, field, line, run};
use rules::rule::{Missing, Schedule, Suppression, Then};
use rules::run::{Match, Options};

/// Every five minutes over the last nine.
const NINE: Schedule = Schedule {
    interval: 5 * MINUTE,
    from: 9 * MINUTE,
    to: 0,
    max_signals: 100,
};

/// `count` events of `user`, one each `step` seconds from `begin`, each naming a secret of `secrets` in turn.
fn burst(user: &str, begin: i64, step: i64, count: i64, secrets: i64) -> Vec<Match> {
    (0..count)
        .map(|place| {
            let secret = format!("s{}", place % secrets);
            let time = (begin + place * step) * SECOND;
            event(time, &format!("{user}{place:03}"), &[user, &secret])
        })
        .collect()
}

fn rapid(distinct: Option<u64>) -> Then {
    Then::Threshold {
        by: vec![field("user.id")],
        count: if distinct.is_some() { 1 } else { 20 },
        distinct: distinct.map(|count| (field("aws.cloudtrail.request_parameters"), count)),
    }
}

/// Run, key, count, different values, first and last, all times in seconds; without the events' names.
fn found(then: &Then, schedule: &Schedule, mut events: Vec<Match>) -> Vec<String> {
    events.sort_by(|left, right| (left.time, &left.id).cmp(&(right.time, &right.id)));
    let options = Options {
        events: 0,
        ..Options::default()
    };
    let (alerts, _) = run(then, schedule, None, options, events);
    let lines = alerts.iter().map(|alert| line(alert, SECOND));
    lines.map(|line| line.trim_end().to_owned()).collect()
}

#[test]
fn twenty_events_within_nine_minutes_are_rapid() {
    // 20 events from 600 to 790: the run at 900 sees [360, 900].
    assert_eq!(
        found(&rapid(None), &NINE, burst("eve", 600, 10, 20, 1)),
        ["900 [eve] 20 - 600..790 +0"]
    );
    // One fewer is nothing.
    assert!(found(&rapid(None), &NINE, burst("eve", 600, 10, 19, 1)).is_empty());
    // 20 events of two users are nothing.
    let mut two = burst("eve", 600, 10, 10, 1);
    two.extend(burst("mallory", 600, 10, 10, 1));
    assert!(found(&rapid(None), &NINE, two).is_empty());
}

#[test]
fn a_long_burst_alerts_again_with_every_twenty_further_events() {
    // An event each 30 s from 0 to 1770. The run at 300 sees 0..300: 11. The one at 600 sees 60..600: 19. The one at 900
    // sees 360..900: 19. No window of nine minutes has 20: with both ends 540 / 30 + 1 = 19.
    assert!(found(&rapid(None), &NINE, burst("eve", 0, 30, 60, 1)).is_empty());
    // Each 15 s: at 300 there are 0..300, 21. Counted anew from 315: 315..600 are 20. Then 615..900, and so on to 1485.
    assert_eq!(
        found(&rapid(None), &NINE, burst("eve", 0, 15, 100, 1)),
        [
            "300 [eve] 21 - 0..300 +0",
            "600 [eve] 20 - 315..600 +0",
            "900 [eve] 20 - 615..900 +0",
            "1200 [eve] 20 - 915..1200 +0",
        ]
    );
    // Each 20 s: at 300 there are 0..300, 16; at 600 60..600, 28, an alert. 620..900 are 15, at 1200 660..1200 are 28.
    assert_eq!(
        found(&rapid(None), &NINE, burst("eve", 0, 20, 61, 1)),
        ["600 [eve] 28 - 60..600 +0", "1200 [eve] 28 - 660..1200 +0",]
    );
}

#[test]
fn windows_are_closed_at_both_ends() {
    // The run at 900 sees 360 and 900 alike; neither second further.
    let mut events = burst("eve", 500, 1, 18, 1);
    events.push(event(360 * SECOND, "old", &["eve", "x"]));
    events.push(event(900 * SECOND, "new", &["eve", "x"]));
    assert_eq!(
        found(&rapid(None), &NINE, events.clone()),
        ["900 [eve] 20 - 360..900 +0"]
    );
    events[18].time -= 1;
    assert!(found(&rapid(None), &NINE, events).is_empty());
}

#[test]
fn twenty_different_secrets_are_rapid_in_the_revision_that_counts_them() {
    // 100 reads of 19 secrets are nothing, 20 of 20 are.
    assert!(found(&rapid(Some(20)), &NINE, burst("eve", 600, 1, 100, 19)).is_empty());
    assert_eq!(
        found(&rapid(Some(20)), &NINE, burst("eve", 600, 1, 20, 20)),
        ["900 [eve] 20 20 600..619 +0"]
    );
    // Reads without a request count as events, not as secrets.
    let mut events = burst("eve", 600, 1, 20, 20);
    events.push(event(700 * SECOND, "none", &["eve", ""]));
    assert_eq!(
        found(&rapid(Some(20)), &NINE, events),
        ["900 [eve] 21 20 600..700 +0"]
    );
}

#[test]
fn an_event_at_the_very_begin_of_a_window_counts_again_once_its_alert_is_forgotten() {
    let then = Then::Threshold {
        by: vec![field("user.id")],
        count: 1,
        distinct: None,
    };
    // The event at 360: the run at 600 sees it first, and gives an alert whose newest event is at 360. The run at 900
    // begins at 360: the alert is forgotten (360 <= 360), the event is seen (360 >= 360).
    assert_eq!(
        found(&then, &NINE, vec![event(360 * SECOND, "e", &["eve"])]),
        ["600 [eve] 1 - 360..360 +0", "900 [eve] 1 - 360..360 +0"]
    );
    // A second later there is no such run.
    assert_eq!(
        found(&then, &NINE, vec![event(361 * SECOND, "e", &["eve"])]),
        ["600 [eve] 1 - 361..361 +0"]
    );
}

#[test]
fn several_values_are_several_groups_and_share_the_fate_of_their_events() {
    let then = Then::Threshold {
        by: vec![field("user.id")],
        count: 2,
        distinct: None,
    };
    let events = |third: i64| {
        vec![
            event(10 * SECOND, "1", &["a|b"]),
            event(20 * SECOND, "2", &["a"]),
            event(third * SECOND, "3", &["b"]),
        ]
    };
    // Both at once: a has 1 and 2, b has 1 and 3.
    assert_eq!(
        found(&then, &NINE, events(30)),
        ["300 [a] 2 - 10..20 +0", "300 [b] 2 - 10..30 +0"]
    );
    // A run later, event 1 is spent by a's alert, and b has event 3 alone.
    assert_eq!(found(&then, &NINE, events(310)), ["300 [a] 2 - 10..20 +0"]);
    // Fields together: every combination.
    let then = Then::Threshold {
        by: vec![field("user.id"), field("source.ip")],
        count: 1,
        distinct: None,
    };
    assert_eq!(
        found(
            &then,
            &NINE,
            vec![
                event(SECOND, "1", &["b|a|a", "2|1"]),
                event(SECOND, "2", &["a", ""])
            ]
        ),
        [
            "300 [a,1] 1 - 1..1 +0",
            "300 [a,2] 1 - 1..1 +0",
            "300 [b,1] 1 - 1..1 +0",
            "300 [b,2] 1 - 1..1 +0",
        ]
    );
}

#[test]
fn no_fields_are_one_group() {
    let then = Then::Threshold {
        by: Vec::new(),
        count: 3,
        distinct: None,
    };
    let events = (1..=3).map(|time| event(time * SECOND, "e", &[])).collect();
    assert_eq!(found(&then, &NINE, events), ["300 [] 3 - 1..3 +0"]);
}

#[test]
fn a_cut_group_gets_its_alert_from_a_later_run_that_still_sees_enough() {
    let then = Then::Threshold {
        by: vec![field("user.id")],
        count: 2,
        distinct: None,
    };
    let one = Schedule {
        max_signals: 1,
        ..NINE
    };
    let mut events = Vec::new();
    for user in ["a", "b", "c"] {
        events.extend(burst(user, 100, 10, 2, 1));
    }
    events.sort_by(|left, right| (left.time, &left.id).cmp(&(right.time, &right.id)));
    // At 300 a goes first. At 600, [60, 600], b; at 900, [360, 900], nothing of c is seen any more.
    let (alerts, figures) = run(&then, &one, None, Options::default(), events.clone());
    let lines: Vec<_> = alerts.iter().map(|alert| line(alert, SECOND)).collect();
    assert_eq!(
        lines,
        [
            "300 [a] 2 - 100..110 +0 a000 a001",
            "600 [b] 2 - 100..110 +0 b000 b001",
        ]
    );
    assert_eq!((figures.delayed, figures.lost), (1, 1));
    // Without a limit all are there.
    let all = Options {
        max_signals: Some(u64::MAX),
        ..Options::default()
    };
    let (alerts, figures) = run(&then, &one, None, all, events);
    assert_eq!(alerts.len(), 3);
    assert_eq!((figures.delayed, figures.lost), (0, 0));
}

#[test]
fn an_event_alerts_once_however_many_windows_see_it() {
    let six = Schedule {
        from: 16 * MINUTE,
        ..NINE
    };
    let mut events = burst("eve", 290, 10, 3, 1);
    // Delivered twice.
    events.insert(1, events[0].clone());
    let (alerts, figures) = run(&Then::Each, &six, None, Options::default(), events);
    let lines: Vec<_> = alerts.iter().map(|alert| line(alert, SECOND)).collect();
    assert_eq!(
        lines,
        [
            "300 [] 1 - 290..290 +0 eve000",
            "300 [] 1 - 300..300 +0 eve001",
            "600 [] 1 - 310..310 +0 eve002",
        ]
    );
    assert_eq!((figures.events, figures.repeated), (3, 1));
}

#[test]
fn a_term_is_new_when_history_has_none_of_it() {
    let day = 24 * 60 * MINUTE;
    let then = Then::NewTerms {
        fields: vec![field("user.name")],
        history: 10 * day,
    };
    let six = Schedule {
        from: 6 * MINUTE,
        ..NINE
    };
    let at = |time: i64, id: &str| event(time, id, &["eve"]);
    let lines = |events: Vec<Match>| found(&then, &six, events);
    // New at first; not new a day later, nor a day after that; new again after more than ten.
    let events = vec![
        at(100 * SECOND, "1"),
        at(100 * SECOND + day, "2"),
        at(100 * SECOND + 2 * day, "3"),
        at(100 * SECOND + 13 * day, "4"),
    ];
    let last = 13 * 24 * 3600 + 100;
    assert_eq!(
        lines(events),
        [
            "300 [eve] 1 - 100..100 +0 1".to_owned(),
            format!("{} [eve] 1 - {last}..{last} +0 4", last + 200),
        ]
    );
    // Ten days and a second apart. The first run that sees the second event, at 300 s, looks back to 300 s of ten days
    // before: the first event is at 100 s, so it is out of sight.
    assert_eq!(
        lines(vec![
            at(100 * SECOND, "1"),
            at(100 * SECOND + 10 * day + SECOND, "2")
        ])
        .len(),
        2
    );
    // Nine days and 1438 minutes: the run at minute 1440 begins its history at minute 0, and sees the event at 0, since
    // edges are included. An event at -1 s is seen no more.
    assert_eq!(
        lines(vec![at(0, "1"), at(10 * day - 2 * MINUTE, "2")]).len(),
        1
    );
    assert_eq!(
        lines(vec![at(-SECOND, "1"), at(10 * day - 2 * MINUTE, "2")]).len(),
        2
    );
    // The run at 600 sees from 240: what happens there first is not new to it, but the run at 300 has given it.
    assert_eq!(
        lines(vec![at(240 * SECOND, "1")]),
        ["300 [eve] 1 - 240..240 +0 1"]
    );
}

#[test]
fn until_the_history_is_whole_nothing_is_believed_to_be_new() {
    let then = Then::NewTerms {
        fields: vec![field("user.name")],
        history: 60 * MINUTE,
    };
    let options = Options {
        begins: Some(0),
        ..Options::default()
    };
    let events = vec![
        event(10 * MINUTE, "1", &["eve"]),
        event(61 * MINUTE, "2", &["adam"]),
        event(62 * MINUTE, "3", &["eve"]),
    ];
    let (alerts, figures) = run(&then, &NINE, None, options, events);
    let lines: Vec<_> = alerts.iter().map(|alert| line(alert, MINUTE)).collect();
    assert_eq!(lines, ["65 [adam] 1 - 61..61 +0 2"]);
    assert_eq!(figures.warming, 1);
}

#[test]
fn suppression_makes_one_alert_of_many() {
    let suppression = |duration, missing| Suppression {
        by: vec![field("source.ip")],
        duration,
        missing,
    };
    let events = vec![
        event(10 * SECOND, "1", &["x"]),
        event(20 * SECOND, "2", &["y"]),
        event(30 * SECOND, "3", &["x"]),
        event(40 * SECOND, "4", &[""]),
        event(50 * SECOND, "5", &[""]),
        event(400 * SECOND, "6", &["x"]),
        event(700 * SECOND, "7", &["x"]),
        event(1000 * SECOND, "8", &["x"]),
    ];
    let lines = |suppression: Suppression| {
        let options = Options::default();
        let (alerts, _) = run(
            &Then::Each,
            &NINE,
            Some(&suppression),
            options,
            events.clone(),
        );
        let lines = alerts.iter().map(|alert| line(alert, SECOND));
        lines.collect::<Vec<_>>()
    };
    // Run by run.
    assert_eq!(
        lines(suppression(None, Missing::Together)),
        [
            "300 [x] 2 - 10..30 +1 1 3",
            "300 [y] 1 - 20..20 +0 2",
            "300 [-] 2 - 40..50 +1 4 5",
            "600 [x] 1 - 400..400 +0 6",
            "900 [x] 1 - 700..700 +0 7",
            "1200 [x] 1 - 1000..1000 +0 8",
        ]
    );
    // For ten minutes after the first alert, at 300: the run at 900 still adds to it, the one at 1200 does not.
    assert_eq!(
        lines(suppression(Some(10 * MINUTE), Missing::Apart)),
        [
            "300 [x] 4 - 10..700 +3 1 3 6 7",
            "300 [y] 1 - 20..20 +0 2",
            "300 [] 1 - 40..40 +0 4",
            "300 [] 1 - 50..50 +0 5",
            "1200 [x] 1 - 1000..1000 +0 8",
        ]
    );
}

#[test]
fn an_alert_is_in_the_timeframe_of_its_newest_event_and_keeps_its_id() {
    // Twice 20 events: 100..290 and 1000..1190. Alerts at 300 and 1200.
    let mut events = burst("eve", 100, 10, 20, 1);
    events.extend((0..20).map(|place| event((1000 + 10 * place) * SECOND, "later", &["eve", ""])));
    let (all, _) = run(
        &rapid(None),
        &NINE,
        None,
        Options::default(),
        events.clone(),
    );
    assert_eq!(all.len(), 2);
    let part = |from: i64, to: i64| {
        let options = Options {
            from: from * SECOND,
            to: to * SECOND,
            ..Options::default()
        };
        let then = rapid(None);
        let (back, end) = rules::run::reads(&then, Some(&NINE), None, options.from, options.to);
        let read = events
            .iter()
            .filter(|event| event.time >= back && event.time < end);
        run(&then, &NINE, None, options, read.cloned().collect()).0
    };
    assert_eq!(part(0, 600), all[..1]);
    // Begins within the first burst: the alert is whole.
    assert_eq!(part(200, 600), all[..1]);
    assert_eq!(part(291, 5000), all[1..]);
    // Ends before the twentieth.
    assert_eq!(part(0, 290), []);
    assert_eq!(part(1190, 1191), all[1..]);
}
