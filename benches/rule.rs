//! Whether a rule holds for a record, asked of its JSON text: what the pass that rules share does for records that columns
//! could not rule out.

use std::hint::black_box;
use std::path::PathBuf;

use divan::Bencher;
use divan::counter::ItemsCount;
use rules::evaluate::{JsonEvent, Program};
use rules::load::texts;
use rules::rule::Body;

use crate::parts::records;

/// Several fields of several tests, negation, lists and wildcards: what published rules are made of.
const SIGMA: &str = r#"
title: Calls that look around, and were refused
id: 5f2c0f0e-6a6b-4b53-9a5d-0f3c1f6f3f10
status: test
logsource:
  product: aws
  service: cloudtrail
detection:
  looking:
    eventName|startswith:
      - 'List'
      - 'Describe'
      - 'Get'
  refused:
    errorCode|contains:
      - 'AccessDenied'
      - 'Unauthorized'
  service:
    eventSource|endswith: '.amazonaws.com'
    userIdentity.type: 'AWSService'
  console:
    userAgent|contains: 'console.amazonaws.com'
  condition: looking and refused and not (service or console)
level: medium
"#;

fn program() -> Program {
    let loaded = texts([(PathBuf::from("rule.yml"), SIGMA)]);
    assert!(loaded.refusals.is_empty(), "{:?}", loaded.refusals);
    let Body::Events { condition, .. } = &loaded.rules[0].rule.body else {
        panic!("a rule over events");
    };
    Program::of(condition).unwrap()
}

#[divan::bench]
fn compile(bencher: Bencher) {
    bencher.bench(program);
}

/// Of records whose JSON was checked before.
#[divan::bench]
fn holds(bencher: Bencher) {
    let (program, records) = (program(), records());
    let events: Vec<JsonEvent<'_>> = records
        .iter()
        .map(|record| JsonEvent::new(record).unwrap())
        .collect();
    let found = events.iter().filter(|event| program.holds(*event)).count();
    assert!((1..events.len()).contains(&found), "{found}");
    bencher
        .counter(ItemsCount::new(events.len()))
        .bench_local(|| {
            for event in &events {
                black_box(program.holds(black_box(event)));
            }
        });
}

/// From the text of the records.
#[divan::bench]
fn read_and_holds(bencher: Bencher) {
    let (program, records) = (program(), records());
    bencher
        .counter(ItemsCount::new(records.len()))
        .bench_local(|| {
            for record in &records {
                let event = JsonEvent::new(black_box(record)).unwrap();
                black_box(program.holds(&event));
            }
        });
}
