//! The commands that look: at one event, at a query, at a lake.

use crate::run::{Folder, record};

fn lake() -> Folder {
    Folder::with_lake(&[&record("abc", "2024-03-10T08:00:00Z", "")])
}

#[test]
fn one_event_with_a_filter_for_each_value() {
    let lake = lake();
    let ended = lake.run(&["show", "abc", "--lake", "lake"]).with(0);
    let line = "| filter event[eventName] == \"ListKeys\"";
    assert!(ended.out.contains(line), "{}", ended.out);
    // The filter is a filter: put behind the query that is shown, it finds the event.
    let query =
        format!("fetch logs | parse content, \"JSON:event\" {line} | fields event[eventID]");
    lake.run(&["query", &query, "--lake", "lake"])
        .with(0)
        .prints("{\"event[eventID]\":\"abc\"}\n");
    lake.run(&["show", "xyz", "--lake", "lake"])
        .with(2)
        .prints("")
        .says(&["no event of the lake has the eventID xyz"]);
}

#[test]
fn an_explanation_names_the_columns() {
    let ended = lake()
        .run(&[
            "explain",
            "fetch logs | parse content, \"JSON:event\" | filter event[eventName] == \"ListKeys\" | summarize count()",
            "--lake",
            "lake",
        ])
        .with(0);
    let columns = ended.out.split("Columns read\n").nth(1).unwrap();
    assert_eq!(
        columns.lines().next().map(str::trim),
        Some("event_name"),
        "{}",
        ended.out
    );
}

#[test]
fn a_lake_that_is_not_there_has_no_figures() {
    let folder = lake();
    folder.run(&["lake", "info", "--lake", "lake"]).with(0);
    folder
        .run(&["lake", "info", "--lake", "nowhere"])
        .with(3)
        .prints("")
        .says(&["there is no lake at nowhere"]);
}
