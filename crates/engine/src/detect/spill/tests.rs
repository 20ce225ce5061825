//! Matches and alerts come back as they went in, however little memory there is.

use std::sync::Arc;

use proptest::prelude::*;
use rules::run::{Kind, Match};

use super::*;
use crate::Value;
use crate::detect::{Alert, Alerts, NamedEvent};

fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof!["[a-c]{0,3}", "\\PC{0,200}"].prop_map(Arc::from)
}

fn event() -> impl Strategy<Value = NamedEvent> {
    let texts = prop::collection::vec(prop::option::of(text()), 12);
    (texts, any::<i64>(), any::<i64>()).prop_map(|(mut texts, time, index)| {
        let mut next = || texts.pop().flatten();
        NamedEvent {
            time,
            index,
            id: next(),
            account: next(),
            source: next(),
            service: next(),
            action: next(),
            region: next(),
            error: next(),
            address: next(),
            agent: next(),
            identity: next(),
            principal: next(),
            access_key: next(),
        }
    })
}

/// Items of few rules at few times, so that many are equal in part of their keys.
fn item() -> impl Strategy<Value = Item> {
    let time = prop_oneof![-3..3_i64, Just(i64::MIN), Just(i64::MAX)];
    let values = prop::collection::vec(prop::collection::vec(text(), 0..3), 0..3);
    let group = prop_oneof![0..3_u32, Just(u32::MAX)];
    let named = prop::option::of(event().prop_map(Arc::new));
    (group, 0..3_u32, time, text(), values, named).prop_map(
        |(group, place, time, id, values, named)| Item {
            group,
            place,
            event: Match { time, id, values },
            named,
        },
    )
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        any::<i64>().prop_map(Value::Long),
        (-1e300..1e300).prop_map(Value::Double),
        "\\PC{0,20}".prop_map(Value::String),
        any::<i64>().prop_map(Value::Timestamp),
        any::<i64>().prop_map(Value::Duration),
        any::<(i64, i64)>().prop_map(|(start, end)| Value::Timeframe(start, end)),
        "[0-9.]{1,9}".prop_map(|text| Value::Shown("ip_address", Box::new(Value::String(text)))),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let member = ("[a-z]{0,4}", inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            prop::collection::vec(member, 0..4).prop_map(Value::Record),
        ]
    })
}

fn alert() -> impl Strategy<Value = Alert> {
    let kind = prop::option::of(prop::sample::select(vec![
        Kind::Event,
        Kind::Threshold,
        Kind::NewTerms,
        Kind::Correlation,
    ]));
    let times = prop::array::uniform3(prop::option::of(any::<i64>()));
    let window = prop::option::of(any::<(i64, i64)>());
    let key = prop::collection::vec(("[a-z.]{0,5}", prop::option::of(text())), 0..3);
    let counts = (any::<u64>(), prop::option::of(any::<u64>()), any::<u64>());
    let events = prop::collection::vec(event().prop_map(Arc::new), 0..3);
    let rest = (
        prop::option::of(-1e9..1e9_f64),
        prop::collection::vec(text(), 0..3),
        prop::collection::vec(value(), 0..3),
    );
    (
        "[0-9a-f]{32}",
        kind,
        times,
        window,
        key,
        counts,
        events,
        rest,
    )
        .prop_map(
            |(
                id,
                kind,
                [run, first, last],
                window,
                key,
                (count, distinct, suppressed),
                events,
                rest,
            )| {
                let (value, identities, record) = rest;
                Alert {
                    id,
                    kind,
                    run,
                    window,
                    first,
                    last,
                    key,
                    count,
                    distinct,
                    value,
                    suppressed,
                    identities,
                    reach: None,
                    events,
                    record,
                }
            },
        )
}

/// Every field of an alert, as text.
fn shown<'a>(alerts: impl IntoIterator<Item = &'a Alert>) -> Vec<String> {
    let alerts = alerts.into_iter();
    alerts.map(|alert| format!("{alert:?}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is held in memory, what is merged is what was taken, sorted by group, time, identity and rule.
    #[test]
    fn matches_come_sorted(
        threads in prop::collection::vec(prop::collection::vec(item(), 0..60), 1..4),
        limit in prop::option::of(0..20_000_usize),
    ) {
        let mut expected: Vec<Item> = threads.iter().flatten().cloned().collect();
        let mut sorters = Vec::new();
        for items in threads {
            let mut sorter = Sorter::new(limit);
            for item in items {
                sorter.push(item).expect("taken");
            }
            sorters.push(sorter);
        }
        let mut merged = Merged::of(sorters).expect("merged");
        let mut found = Vec::new();
        while let Some(item) = merged.next().expect("the next") {
            found.push(item);
        }
        let sorted = found.is_sorted_by_key(|item| {
            (item.group, item.event.time, item.event.id.clone(), item.place)
        });
        prop_assert!(sorted);
        // Items with equal keys may come in any order.
        let whole = |item: &Item| format!("{item:?}");
        expected.sort_by_key(whole);
        found.sort_by_key(whole);
        prop_assert_eq!(found, expected);
    }

    /// A list gives its alerts in the order in which they came, and keeps those that it is told to keep.
    #[test]
    fn alerts_come_in_order(
        chunks in prop::collection::vec(prop::collection::vec(alert(), 0..6), 0..4),
        held in prop::collection::vec(alert(), 0..4),
    ) {
        let spool = Spool::new().expect("a file");
        let (mut list, mut other) = (Alerts::default(), Alerts::default());
        for chunk in &chunks {
            list.held_mut().extend(chunk.iter().cloned());
            list.spill(&spool).expect("written");
            // Pieces of several lists lie in one file.
            other.held_mut().extend(chunk[..chunk.len() / 2].iter().cloned());
            other.spill(&spool).expect("written");
        }
        list.held_mut().extend(held.iter().cloned());
        let all = || chunks.iter().flatten().chain(&held);
        prop_assert_eq!(list.len(), all().count());
        let read = |list: &Alerts| -> Vec<Alert> {
            list.iter().map(|alert| alert.expect("an alert").into_owned()).collect()
        };
        prop_assert_eq!(shown(&read(&list)), shown(all()));
        let halves = chunks.iter().flat_map(|chunk| &chunk[..chunk.len() / 2]);
        prop_assert_eq!(shown(&read(&other)), shown(halves));
        let keep = |alert: &Alert| alert.count.is_multiple_of(2);
        list.retain(keep).expect("kept");
        let kept: Vec<&Alert> = all().filter(|alert| keep(alert)).collect();
        prop_assert_eq!(list.len(), kept.len());
        prop_assert_eq!(shown(&read(&list)), shown(kept));
    }
}

/// So many runs that they are merged level by level.
#[test]
fn many_runs_become_few() {
    let item = |number: u32| Item {
        group: 0,
        place: 0,
        event: Match {
            time: i64::from(number.wrapping_mul(2_654_435_761) % 5_000),
            id: number.to_string().into(),
            values: Vec::new(),
        },
        named: None,
    };
    // Each match is more than the limit, and so a run.
    let mut sorter = Sorter::new(Some(1));
    for number in 0..5_000 {
        sorter.push(item(number)).expect("taken");
    }
    assert!(sorter.runs() < 64, "{}", sorter.runs());
    let mut merged = Merged::of(vec![sorter]).expect("merged");
    let mut before = i64::MIN;
    let mut count = 0;
    while let Some(item) = merged.next().expect("the next") {
        assert!(item.event.time >= before);
        before = item.event.time;
        count += 1;
    }
    assert_eq!(count, 5_000);
}

#[test]
fn what_is_damaged_is_an_error() {
    let mut out = Vec::new();
    bytes::number(u64::MAX, &mut out);
    out.extend(b"abc");
    assert!(bytes::Bytes(out.as_slice()).text().is_err());
    assert!(bytes::Bytes([0x80_u8; 11].as_slice()).number().is_err());
    assert!(bytes::Bytes([2_u8].as_slice()).option(|_| Ok(())).is_err());
    assert!(bytes::Bytes([2_u8, 0xff, 0xff].as_slice()).text().is_err());
    for long in [i64::MIN, -1, 0, 1, i64::MAX] {
        let mut out = Vec::new();
        bytes::long(long, &mut out);
        assert_eq!(bytes::Bytes(out.as_slice()).long().ok(), Some(long));
    }
}
