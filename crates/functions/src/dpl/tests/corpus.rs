//! The corpus of the fuzz target `dpl_match`, in every test run: no panic, and an end within a second or so.

use std::path::Path;
use std::time::Instant;

use crate::dpl::{compile, find_all, matches_whole, run, trace};

#[test]
fn the_corpus_is_survived() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/dpl_match");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let input = std::fs::read_to_string(&path).unwrap();
        let (pattern, text) = input.split_once('\0').unwrap_or((&input, ""));
        let began = Instant::now();
        if let Ok(program) = compile(pattern) {
            let outcome = run(&program, text);
            assert!(outcome.captures.is_none() || !outcome.gave_up, "{path:?}");
            let traced = trace(&program, text, 0);
            assert_eq!(
                traced.matched.map(|(captures, _)| captures),
                outcome.captures,
                "{path:?}"
            );
            for taken in &traced.taken {
                assert!(text.get(taken.range.clone()).is_some(), "{path:?}");
                assert!(pattern.get(taken.span.range()).is_some(), "{path:?}");
            }
            for found in find_all(&program, text) {
                assert!(text.get(found.range).is_some(), "{path:?}");
            }
            let _ = matches_whole(&program, text);
        }
        assert!(began.elapsed().as_secs() < 10, "{path:?}");
        seen += 1;
    }
    assert!(seen > 10, "only {seen} inputs in {folder:?}");
}
