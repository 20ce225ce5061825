//! Patterns that do not compile, and patterns that we can't run yet.

use std::time::Instant;

use syntax::Code;

use crate::dpl::{Kind, compile};

fn codes(pattern: &str) -> Vec<Code> {
    compile(pattern)
        .err()
        .unwrap_or_default()
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect()
}

#[test]
fn faults_of_the_pattern() {
    assert_eq!(
        codes("EMAIL:m URL:u"),
        [Code::UnknownMatcher, Code::UnknownMatcher]
    );
    assert_eq!(
        codes("TIMESTAMP(tz='Mars/Olympus'):t"),
        [Code::BadPatternParameter]
    );
    assert_eq!(
        codes("TIMESTAMP('yyyy\\'x'):t"),
        [Code::BadPatternParameter]
    );
    assert_eq!(codes("TIMESTAMP('--'):t"), [Code::BadPatternParameter]);
}

#[test]
fn what_is_not_supported_is_named() {
    for pattern in [
        "XML_VERBOSE:x",
        "TIMESTAMP('dd MMM yyyy', locale='ja'):t",
        "JSON(flat=true)",
    ] {
        assert_eq!(codes(pattern), [Code::UnsupportedPattern], "{pattern}");
    }
    assert_eq!(codes("TIMESTAMP('dd.MM.yyyy', locale='ja'):t"), []);
    assert_eq!(codes("TIMESTAMP('dd MMM yyyy', locale='en-GB'):t"), []);
}

#[test]
fn exports_are_known_beforehand() {
    let pattern = "LD:a INT:b DOUBLE:c BOOLEAN:d ISO8601:e IP:f JSON:g (INT:h | 'x':h) (UUIDSTRING:i):j \
                   STRUCTURE{INT:k}:l CREDITCARD:m ENUM{'a'=1}:n 't'<true>:o JSON{INT:p, STRING:q, LONG[]:r}(flat=true) \
                   JSON_VALUE{IP}:s JSON_VALUE:t >>(INT:u) ARRAY{INT:v}{1}:w INT:a";
    let program = compile(pattern).unwrap();
    let exports: Vec<_> = program
        .exports()
        .iter()
        .map(|export| (export.name.as_str(), export.kind))
        .collect();
    let expected = [
        // `a` is a text in one place and a number in another.
        ("a", Kind::Dynamic),
        ("b", Kind::Long),
        ("c", Kind::Double),
        ("d", Kind::Boolean),
        ("e", Kind::Timestamp),
        ("f", Kind::Ip),
        ("g", Kind::Json),
        ("h", Kind::Dynamic),
        ("i", Kind::String),
        ("j", Kind::String),
        ("l", Kind::Record),
        ("m", Kind::Long),
        ("n", Kind::Long),
        ("o", Kind::Boolean),
        ("p", Kind::Long),
        ("q", Kind::String),
        ("r", Kind::Array),
        ("s", Kind::Ip),
        ("t", Kind::Json),
        ("w", Kind::Array),
    ];
    assert_eq!(exports, expected);
}

#[test]
fn large_patterns_compile_quickly() {
    let start = Instant::now();
    let many: String = (0..5_000).map(|n| format!("INT:n{n} ',' ")).collect();
    assert_eq!(compile(&many).unwrap().exports().len(), 5_000);
    let deep = format!("{}INT:n{}", "(".repeat(64), ")".repeat(64));
    assert_eq!(compile(&deep).unwrap().exports().len(), 1);
    assert!(start.elapsed().as_secs() < 20);
}
