//! The corpus of the fuzz target `windows_cut`, and what is near it, in every test run.

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::corpus::inputs;
use crate::pieces::windows_cut;

static CORPUS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| inputs("windows_cut"));

#[test]
fn the_corpus_holds() {
    assert!(CORPUS.len() > 20, "only {} inputs", CORPUS.len());
    CORPUS.iter().for_each(|bytes| windows_cut(bytes));
}

/// An element of an array of records, or a value that stands alone: mostly an event, sometimes what can't be a row.
fn element() -> impl Strategy<Value = String> {
    let event = ("[a-c]{0,3}", 0..90_usize).prop_map(|(id, fill)| {
        let fill = "y\\\"],[{}".repeat(fill / 8);
        format!(
            r#"{{"eventVersion":"1.08","eventID":"{id}","eventName":"A","x":[1,{{"z":"{fill}"}}]}}"#
        )
    });
    let wrapped = "[a-c]{0,3}".prop_map(|id| {
        format!(
            r#"{{"message":"{{\"eventVersion\":\"1\",\"eventName\":\"B\",\"eventID\":\"{id}\"}}"}}"#
        )
    });
    let odd = prop::sample::select(vec![
        "{}",
        "[]",
        "7",
        "\"text, [{\"",
        "null",
        r#"{"eventName":7,"a":{"b":[]}}"#,
        r#"{"data":"e30="}"#,
        r#"{"CloudTrailEvent":"{\"eventName\":\"C\"}","EventId":"1"}"#,
        r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"x"}]}"#,
    ]);
    prop_oneof![6 => event, 2 => wrapped, 2 => odd.prop_map(str::to_owned)]
}

/// An object of an archive, of any of the forms that pieces are made of.
fn object() -> impl Strategy<Value = String> {
    let elements = prop::collection::vec(element(), 0..12);
    let gap = prop::sample::select(vec![",", " ,\n", ", "]);
    let around = prop::sample::select(vec![
        ("{\"Records\":[", "]}"),
        ("{\"Records\":[", "],\"b\":{\"Records\":[1]}}"),
        ("{\"Events\":[", "]}"),
        ("{\"logEvents\":[", "]}"),
        ("{ \"records\" : [ ", " ] } "),
        (
            "{\"a\":\"[what stands before them, and is more than a piece may have]\",\"Records\":[",
            "],\"b\":{}}",
        ),
        (
            "{\"a\":[{\"Records\":[7,{\"Records\":[]}]},{\"x\":\"a long way\",\"y\":[]},8],\"Records\":[",
            "],\"b\":[\"and what stands behind them, which is more as well\",[[{}]]]}",
        ),
        ("\u{feff}{\"Records\":[", "]}"),
        ("[", "]"),
        (" [", "] "),
    ]);
    let list = (elements, gap, around)
        .prop_map(|(all, gap, (before, behind))| format!("{before}{}{behind}", all.join(gap)));
    let lines = (
        prop::collection::vec(element(), 0..12),
        prop::sample::select(vec!["\n", "", " ", "\r\n"]),
    )
        .prop_map(|(all, gap)| all.join(gap));
    prop_oneof![3 => list, 1 => lines]
}

/// Some bytes that go, and what comes instead.
fn change() -> impl Strategy<Value = (Index, usize, &'static str)> {
    let parts = prop::sample::select(vec![
        "",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"",
        "\\",
        "\n{",
        "{}",
        "\"Records\":[",
        "{\"a\":1}",
    ]);
    (any::<Index>(), 0..12_usize, parts)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn objects_in_pieces_are_what_they_are_whole(
        sizes in any::<[u8; 3]>(),
        objects in prop::collection::vec(object(), 1..3),
    ) {
        let bytes = [&sizes[..], objects.join("\n").as_bytes()].concat();
        windows_cut(&bytes);
    }

    #[test]
    fn what_is_near_objects_is_cut_without_loss(
        sizes in any::<[u8; 3]>(),
        object in object(),
        changes in prop::collection::vec(change(), 1..4),
    ) {
        let mut bytes = [&sizes[..], object.as_bytes()].concat();
        for (place, length, instead) in changes {
            let start = 3 + place.index(bytes.len() - 2);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, instead.bytes());
        }
        windows_cut(&bytes);
    }
}
