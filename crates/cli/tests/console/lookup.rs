//! Lookup tables in a lake.

use crate::run::{Folder, record};

fn lake() -> Folder {
    let lake = Folder::with_lake(&[
        &record("1", "2024-03-10T08:00:00Z", ""),
        &record("2", "2024-03-10T09:00:00Z", ""),
    ]);
    lake.file(
        "lake/lookups/names.csv",
        b"id,name\r\n001,\"a, b\"\r\n1,\r\n",
    );
    lake.file(
        "lake/lookups/deep/typed.jsonl",
        b"{\"id\":\"2\",\"n\":[1,2]}\n{\"n\":\"x\"}\n",
    );
    lake
}

#[test]
fn a_csv_is_text_and_json_is_typed() {
    let lake = lake();
    lake.run(&["query", "load \"/lookups/names\"", "--lake", "lake"])
        .with(0)
        .prints("{\"id\":\"001\",\"name\":\"a, b\"}\n{\"id\":\"1\",\"name\":null}\n");
    lake.run(&[
        "query",
        "load \"/lookups/deep/typed.jsonl\", offset: 1",
        "--lake",
        "lake",
    ])
    .with(0)
    .prints("{\"id\":null,\"n\":\"x\"}\n");
}

#[test]
fn events_are_told_more_by_a_table() {
    let query = "fetch cloudtrail | sort eventID \
                 | lookup [ load \"/lookups/deep/typed\" ], sourceField: eventID, lookupField: id, fields: {n} \
                 | fields eventID, n";
    lake()
        .run(&["query", query, "--lake", "lake"])
        .with(0)
        .prints("{\"eventID\":\"1\",\"n\":null}\n{\"eventID\":\"2\",\"n\":[1,2]}\n");
}

#[test]
fn what_is_missing_or_broken_is_named() {
    let lake = lake();
    lake.file("lake/lookups/broken.csv", b"a,b\n1,2\n3\n");
    lake.run(&["query", "load \"/lookups/name\"", "--lake", "lake"])
        .with(2)
        .says(&["error[E0320]", "did you mean `\"/lookups/names\"`?"]);
    lake.run(&["query", "load \"/lookups/broken\"", "--lake", "lake"])
        .with(2)
        .says(&[
            "error[E0322]",
            "line 3: it has more or fewer cells than the head",
        ]);
    lake.run(&["query", "load \"/lookups/names\""])
        .with(2)
        .says(&["error[E0320]", "no lake was named"]);
}

/// Many batches on several threads: the order of the file is there all the same.
#[test]
fn records_keep_the_order_of_the_file() {
    let lake = lake();
    let mut text = "n\n".to_owned();
    (0..30_000).for_each(|n| text += &format!("{n}\n"));
    lake.file("lake/lookups/many.csv", text.as_bytes());
    let query = "load \"/lookups/many\" \
                 | filter n in [ load \"/lookups/many\", offset: 9000 ] \
                 | expand n = array(n, \"-\") \
                 | append [ load \"/lookups/many\", offset: 29999 ]";
    let ended = lake
        .run(&["query", query, "--lake", "lake", "--quiet"])
        .with(0);
    let mut expected = String::new();
    for n in 9_000..30_000 {
        expected += &format!("{{\"n\":\"{n}\"}}\n{{\"n\":\"-\"}}\n");
    }
    expected += "{\"n\":\"29999\"}\n";
    assert!(ended.out == expected, "{}", ended.err);
}
