//! Rules and their alerts: exit codes above all.

use crate::run::{Folder, record};

fn rule(id: &str, query: &str) -> Vec<u8> {
    format!(
        "id: {id}\nname: Rule {id}\ndescription: For the test.\nseverity: low\nquery: '{query}'\n"
    )
    .into_bytes()
}

fn folder() -> Folder {
    let folder = Folder::with_lake(&[&record("1", "2024-03-10T08:00:00Z", "")]);
    folder.file(
        "rules/always.yaml",
        &rule("always", "fetch cloudtrail | fields eventID"),
    );
    folder.file(
        "quiet/never.yaml",
        &rule("never", "fetch cloudtrail | filter eventID == \"x\""),
    );
    folder.file(
        "wrong/wrong.yaml",
        &rule("wrong", "fetch cloudtrail | fliter a"),
    );
    folder.file("broken/broken.yaml", b"id: [");
    folder
}

#[test]
fn alerts_count_only_where_they_are_to() {
    let folder = folder();
    let always = ["detect", "--rules", "rules", "--lake", "lake"];
    let ended = folder.run(&always).with(0);
    assert!(ended.out.contains("\"rule\":\"always\""), "{}", ended.out);
    assert!(ended.out.contains("{\"eventID\":\"1\"}"), "{}", ended.out);
    assert_eq!(ended.out.lines().count(), 1);
    folder
        .run(&[&always[..], &["--exit-code"]].concat())
        .with(1);
    folder
        .run(&[
            "detect",
            "--rules",
            "quiet",
            "--lake",
            "lake",
            "--exit-code",
        ])
        .with(0)
        .prints("")
        .says(&["0 alerts from 0 of 1 rule"]);
}

#[test]
fn a_rule_that_can_not_be_run_is_said_and_the_others_go_on() {
    let ended = folder()
        .run(&[
            "detect",
            "--rules",
            "wrong",
            "--rules",
            "rules",
            "--lake",
            "lake",
            "--exit-code",
        ])
        .with(2)
        .says(&["error[E0301]: there is no command `fliter`", "wrong.yaml"]);
    assert!(ended.out.contains("\"rule\":\"always\""), "{}", ended.out);
}

#[test]
fn files_that_are_no_rules() {
    let folder = folder();
    folder
        .run(&["detect", "--rules", "broken", "--lake", "lake"])
        .with(2)
        .prints("")
        .says(&["broken.yaml:1:5: ", "none of the rules can be run"]);
    folder
        .run(&["detect", "--rules", "nowhere", "--lake", "lake"])
        .with(2)
        .prints("")
        .says(&["nowhere:1:1: it can't be read"]);
    std::fs::create_dir(folder.path("none")).unwrap();
    folder
        .run(&["detect", "--rules", "none", "--lake", "lake"])
        .with(2)
        .says(&["there is no rule here"]);
}

#[test]
fn rules_are_checked_without_a_lake() {
    let folder = folder();
    folder.run(&["rules", "check", "rules", "quiet"]).with(0);
    folder
        .run(&["rules", "check", "wrong"])
        .with(2)
        .says(&["error[E0301]", "1 of 1 rule can't be run"]);
}

#[test]
fn there_is_no_lake_to_look_at() {
    folder()
        .run(&["detect", "--rules", "rules", "--lake", "nowhere"])
        .with(3)
        .prints("")
        .says(&["there is no lake at nowhere"]);
}
