//! Any pattern on any text: it compiles or it does not, and what compiles ends, within its allowance, without a panic.
//!
//! An input is a pattern, a zero byte, and the text. `crates/functions/src/dpl/tests/corpus.rs` runs the corpus in every
//! test run.

#![no_main]

use std::time::{Duration, Instant};

use functions::dpl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(input) = std::str::from_utf8(data) else {
        return;
    };
    let (pattern, text) = input.split_once('\0').unwrap_or((input, ""));
    let Ok(program) = dpl::compile(pattern) else {
        return;
    };
    let began = Instant::now();
    let mut runs = dpl::Runs::new(&program, 0);
    let matched = runs.run(text).is_some();
    assert!(!(matched && runs.gave_up()), "a match that gave up");
    if let (true, Some(mandatory)) = (matched, program.mandatory()) {
        assert!(text.contains(mandatory.text), "a match without its text");
        assert!(!mandatory.first || text.starts_with(mandatory.text));
    }
    let trace = dpl::trace(&program, text, 0);
    assert_eq!(trace.matched.is_some(), matched, "a trace of another run");
    for taken in &trace.taken {
        assert!(text.get(taken.range.clone()).is_some(), "half a character");
        assert!(pattern.get(taken.span.range()).is_some(), "no such matcher");
    }
    for found in dpl::find_all(&program, text) {
        assert!(text.get(found.range).is_some(), "half a character");
    }
    let _ = dpl::matches_whole(&program, text);
    assert!(began.elapsed() < Duration::from_secs(10), "no end in sight");
});
