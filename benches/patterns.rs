//! Patterns beside regular expressions that take out the same: which is faster, on what CloudTrail and logs hold?
//!
//! A pattern also makes numbers, instants and addresses of what it takes; the expression stops at texts.

use std::hint::black_box;

use divan::Bencher;
use divan::counter::ItemsCount;
use functions::dpl::{self, Runs};
use regex::Regex;

/// How many texts a run goes over, each a little different from the others.
const TEXTS: usize = 1_000;

/// What is taken out of what.
struct Case {
    pattern: &'static str,
    expression: &'static str,
    text: fn(usize) -> String,
}

/// The secret that an error message names.
const SECRET: Case = Case {
    pattern: "LD ':secret:' STRING:secretId",
    expression: r":secret:(?P<secretId>\S+)",
    text: |n| {
        format!(
            "User: arn:aws:sts::111122223333:assumed-role/app/i-{n:08x} is not authorized to perform: \
             secretsmanager:GetSecretValue on resource: \
             arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-{n} because no identity-based \
             policy allows the secretsmanager:GetSecretValue action"
        )
    },
};

/// Values behind their keys.
const PAIRS: Case = Case {
    pattern: "'userId=' LD:userId ', productId=' LD:productId ', quantity=' INT:quantity",
    expression: r"^userId=(?P<u>.*?), productId=(?P<p>.*?), quantity=(?P<q>[+-]?\d+)",
    text: |n| format!("userId=user-{n}, productId=8841-{}, quantity={n}", n % 26),
};

/// A line of a web server's log.
const ACCESS: Case = Case {
    pattern: "IPADDR:ip ' ' NSPACE:ident ' ' NSPACE:auth ' [' HTTPDATE:at '] \"' [A-Z]+:verb ' ' NSPACE:uri ' ' \
              LD:proto '\" ' INT:status ' ' LONG:bytes",
    expression: r#"^(?P<ip>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}) (?P<ident>\S+) (?P<auth>\S+) \[(?P<at>\d{2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4})\] "(?P<verb>[A-Z]+) (?P<uri>\S+) (?P<proto>.*?)" (?P<status>\d+) (?P<bytes>\d+)"#,
    text: |n| {
        format!(
            "203.0.113.{} - frank [10/Oct/2024:13:{:02}:36 +0000] \"GET /item/{n}?ref=start HTTP/1.1\" 200 {} \
             \"http://www.example.com/start.html\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
            n % 256,
            n % 60,
            2_000 + n
        )
    },
};

/// An instant at the beginning, and an address further on.
const TIME_AND_ADDRESS: Case = Case {
    pattern: "TIMESTAMP:at ' ' LD ' ' IPADDR:ip",
    expression: r"^(?P<at>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) .*? (?P<ip>\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})",
    text: |n| {
        format!(
            "2024-10-10 13:{:02}:36 worker-{n} 203.0.113.{} connection reset by peer",
            n % 60,
            n % 256
        )
    },
};

fn pattern(bencher: Bencher, case: &Case) {
    let texts: Vec<String> = (0..TEXTS).map(case.text).collect();
    let program = dpl::compile(case.pattern).unwrap();
    let mut runs = Runs::new(&program, 0);
    assert!(texts.iter().all(|text| runs.run(text).is_some()));
    bencher.counter(ItemsCount::new(TEXTS)).bench_local(|| {
        for text in &texts {
            black_box(runs.run(black_box(text)));
        }
    });
}

fn expression(bencher: Bencher, case: &Case) {
    let texts: Vec<String> = (0..TEXTS).map(case.text).collect();
    let expression = Regex::new(case.expression).unwrap();
    assert!(texts.iter().all(|text| expression.is_match(text)));
    bencher.counter(ItemsCount::new(TEXTS)).bench_local(|| {
        for text in &texts {
            black_box(expression.captures(black_box(text)));
        }
    });
}

mod secret {
    use super::{Bencher, SECRET};

    #[divan::bench]
    fn pattern(bencher: Bencher) {
        super::pattern(bencher, &SECRET);
    }

    #[divan::bench]
    fn regex(bencher: Bencher) {
        super::expression(bencher, &SECRET);
    }
}

mod pairs {
    use super::{Bencher, PAIRS};

    #[divan::bench]
    fn pattern(bencher: Bencher) {
        super::pattern(bencher, &PAIRS);
    }

    #[divan::bench]
    fn regex(bencher: Bencher) {
        super::expression(bencher, &PAIRS);
    }
}

mod access_log {
    use super::{ACCESS, Bencher};

    #[divan::bench]
    fn pattern(bencher: Bencher) {
        super::pattern(bencher, &ACCESS);
    }

    #[divan::bench]
    fn regex(bencher: Bencher) {
        super::expression(bencher, &ACCESS);
    }
}

mod time_and_address {
    use super::{Bencher, TIME_AND_ADDRESS};

    #[divan::bench]
    fn pattern(bencher: Bencher) {
        super::pattern(bencher, &TIME_AND_ADDRESS);
    }

    #[divan::bench]
    fn regex(bencher: Bencher) {
        super::expression(bencher, &TIME_AND_ADDRESS);
    }
}
