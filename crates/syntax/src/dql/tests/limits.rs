//! Long and deep queries.

use std::time::{Duration, Instant};

use crate::Code;
use crate::dql::format::canonical_query;
use crate::dql::layout::lay_out;
use crate::dql::{MAX_DEPTH, MAX_HEIGHT, parse};

/// The codes of a text's diagnostics, found on a stack of 2 MB; the tree goes through everything that recurses.
fn codes(text: String) -> Vec<Code> {
    let run = move || {
        let (query, diagnostics) = parse(&text);
        if diagnostics.is_empty() {
            let printed = canonical_query(&query);
            assert_eq!(canonical_query(&parse(&printed).0), printed);
            let laid_out = lay_out(&text).expect("no errors");
            assert_eq!(lay_out(&laid_out).as_ref(), Ok(&laid_out));
        }
        diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect()
    };
    let thread = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(run)
        .expect("a thread");
    thread.join().expect("no panic")
}

#[test]
fn flat_queries_may_be_long() {
    assert!(codes(format!("fetch logs{}", " | limit 1".repeat(5_000))).is_empty());
    assert!(codes(format!("filter in(a, {{0{}}})", ", 1".repeat(50_000))).is_empty());
    assert!(
        codes(format!(
            "filter a == 0{}",
            " or a == 1".repeat(MAX_HEIGHT - 2)
        ))
        .is_empty()
    );
    assert!(codes(format!("fields a{}", "[b]".repeat(MAX_HEIGHT - 1))).is_empty());
}

#[test]
fn chains_have_a_limit() {
    for text in [
        format!("filter a{}", " and a".repeat(10_000)),
        format!("fields a{}", "[0]".repeat(10_000)),
        format!("fields a{}", "@h".repeat(10_000)),
        // Each chain is short enough, but they stand on each other.
        format!("fields ((a{0}){0}){0}", " + 1".repeat(2_000)),
        format!("fields f(1, a{0}){0} + [b]", " * 1".repeat(2_600)),
    ] {
        assert_eq!(codes(text), [Code::TooDeep]);
    }
    // Side by side they may stand.
    assert!(
        codes(format!(
            "fields f(a{0}, a{0}), a{0} | fields a{0}",
            " + 1".repeat(4_900)
        ))
        .is_empty()
    );
}

#[test]
fn nesting_has_a_limit() {
    let nests = [
        ("(", ")"),
        ("f(", ")"),
        ("-", ""),
        ("not ", ""),
        ("!", ""),
        ("1 + (", ")"),
        ("{", "}"),
        ("f({x = ", "})"),
        ("[a ", "]"),
        ("x in [a ", "]"),
        ("x in (", ")"),
        ("a[", "]"),
        ("a ? ", ": b"),
        ("a or b xor c and d == e ~ f + g * h(", ")"),
    ];
    for (open, close) in nests {
        let text = format!("filter {}b{}", open.repeat(30_000), close.repeat(30_000));
        assert!(codes(text).contains(&Code::TooDeep), "{open}");
    }
    for (open, close) in &nests[..5] {
        let deep = MAX_DEPTH - 1;
        let found = codes(format!(
            "filter {}b{}",
            open.repeat(deep),
            close.repeat(deep)
        ));
        assert!(!found.contains(&Code::TooDeep), "{open}");
    }
}

#[test]
fn deep_queries_are_laid_out() {
    let long = format!("a{}", ", bcdefgh".repeat(20));
    let deep = MAX_DEPTH - 2;
    for (open, close) in [
        ("f(", ")"),
        ("f(1, {", "})"),
        ("x in [append ", "]"),
        ("f([a | filter ", "])"),
    ] {
        let times = deep / open.matches(['(', '[', '{']).count().max(1) / 2;
        let text = format!(
            "filter {}f({long}){}",
            open.repeat(times),
            close.repeat(times)
        );
        assert_eq!(codes(text), [], "{open}");
    }
}

#[test]
fn nonsense_takes_linear_time() {
    for piece in [
        "(", ")", "(]", "[f ", "by a ", "\na by ", "as b ", "\n;", "'", ",", "|", "= ", "! ",
        "a b", "1.2.3 ", "[{(", "?", "in ",
    ] {
        let found = codes(format!("filter a {}", piece.repeat(30_000)));
        assert!((1..=2_000).contains(&found.len()), "{piece}");
    }
}

#[test]
fn a_megabyte_is_read_at_once() {
    let fill = |piece: &str| piece.repeat((1 << 20) / piece.len());
    let texts = [
        ("one string", format!("filter a == \"{}\"", fill("x"))),
        (
            "one open string",
            format!("filter a == \"{}", fill("x | y\n")),
        ),
        ("one name", format!("filter {}", fill("x"))),
        ("digits", format!("limit {}", fill("9"))),
        ("a comment", format!("fetch logs /* {}", fill("/*"))),
        ("backslashes", format!("filter a == \"{}", fill("\\\""))),
        ("quotes", fill("\"")),
        ("single quotes", fill("'x' ")),
        ("lines with an open quote", fill("| filter a == \"b\n")),
        (
            "commands",
            format!("fetch logs{}", fill("\n| filter a == \"b\" and c > 5")),
        ),
        (
            "values",
            format!("filter in(a, array({}1))", fill("\"a\", ")),
        ),
        ("pipes", "|".repeat(10_000)),
        (
            "commands on a line",
            format!("fetch logs{}", "|limit 1".repeat(10_000)),
        ),
        ("brackets", "[".repeat(5_000)),
        ("accessors", format!("filter a{}", "[".repeat(5_000))),
        (
            "parentheses",
            format!("filter {}a{}", "(".repeat(5_000), ")".repeat(5_000)),
        ),
        (
            "blocks",
            format!("append {}a{}", "[append ".repeat(5_000), "]".repeat(5_000)),
        ),
        ("braces", format!("fields {}", "{a, ".repeat(5_000))),
    ];
    for (name, text) in texts {
        let start = Instant::now();
        let (query, diagnostics) = parse(&text);
        let taken = start.elapsed();
        assert!(
            !diagnostics.is_empty() || !query.commands.is_empty(),
            "{name}"
        );
        // Work that grows with the square of the text would take an hour; a busy machine does not.
        assert!(taken < Duration::from_mins(1), "{name}: {taken:?}");
    }
}
