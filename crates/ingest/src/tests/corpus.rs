//! The corpus of the fuzz target `container_read`, and what is near it, in every test run.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::containers::container_read;

static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| inputs("container_read"));

/// The inputs that the corpus of a fuzz target has.
pub(super) fn inputs(target: &str) -> Vec<Vec<u8>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let entries = std::fs::read_dir(corpus.join(target)).expect("the folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path| std::fs::read(path).expect("the file");
    paths.into_iter().map(read).collect()
}

#[test]
fn the_corpus_holds() {
    assert!(CORPUS.len() > 20, "only {} inputs", CORPUS.len());
    CORPUS.iter().for_each(|bytes| container_read(bytes));
}

/// A change to an object: where, how many bytes go, and what comes instead.
type Change = (Index, usize, Vec<u8>);

fn change() -> impl Strategy<Value = Change> {
    let parts = prop::sample::select(vec![
        "",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\n{",
        "null",
        "{}",
        "[]",
        "\\u0022",
        "\u{feff}",
        "\"Records\":[",
        "\"_1\":{",
        "\"message\":\"",
        "\"data\":\"e30=\"",
        "{\"eventName\":\"A\"}",
        "\"aws:s3\"",
    ]);
    let bytes = prop_oneof![
        6 => parts.prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    (any::<Index>(), 0..12_usize, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn what_is_near_the_corpus_holds(
        which in any::<Index>(),
        other in any::<Index>(),
        cuts in any::<(Index, Index)>(),
        changes in prop::collection::vec(change(), 0..4),
    ) {
        let (one, two) = (which.get(&CORPUS), other.get(&CORPUS));
        let mut bytes = one[..cuts.0.index(one.len() + 1)].to_vec();
        bytes.extend_from_slice(&two[cuts.1.index(two.len() + 1)..]);
        for (place, length, instead) in changes {
            let start = place.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, instead);
        }
        container_read(&bytes);
    }
}
