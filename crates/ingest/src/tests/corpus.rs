//! The corpus of the fuzz targets `container_read` and `pieces_cut`, and what is near it, in every test run.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::containers::container_read;
use crate::pieces::pieces_cut;

static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| files("container_read"));

fn files(target: &str) -> Vec<Vec<u8>> {
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

#[test]
fn pieces_of_the_corpus_hold() {
    files("pieces_cut")
        .iter()
        .for_each(|bytes| pieces_cut(bytes));
    // What is read as an object may be cut, too, at any place.
    for text in CORPUS.iter() {
        for (size, drop) in [(0, 0), (1, 255), (2, 6), (8, 1), (40, 255), (255, 30)] {
            pieces_cut(&[&[size, drop], text.as_slice()].concat());
        }
    }
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

    #[test]
    fn pieces_of_what_is_near_the_corpus_hold(
        which in prop::collection::vec(any::<Index>(), 1..4),
        between in prop::sample::select(vec!["", "\n", " ", ",", "{\"Records\":["]),
        changes in prop::collection::vec(change(), 0..3),
        size in any::<u8>(),
        drop in any::<u8>(),
    ) {
        let texts: Vec<&[u8]> = which.iter().map(|place| place.get(&CORPUS).as_slice()).collect();
        let mut bytes = texts.join(between.as_bytes());
        for (place, length, instead) in changes {
            let start = place.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, instead);
        }
        pieces_cut(&[&[size, drop], bytes.as_slice()].concat());
    }
}
