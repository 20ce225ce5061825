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
fn of_a_thousand_rules_a_broken_one_is_named_and_the_others_run() {
    let folder = folder();
    for number in 0..999 {
        let rule = format!(
            "title: Rule {number}\nid: r{number}\nlogsource: {{product: aws, service: cloudtrail}}\n\
             detection:\n  s: {{eventName: Name{number}}}\n  condition: s\n"
        );
        folder.file(&format!("many/{number:03}.yml"), rule.as_bytes());
    }
    let broken = "title: Broken\nid: b\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s:\n    \
                  eventName|startwith: A\n  condition: s\n";
    folder.file("many/500b.yml", broken.as_bytes());
    folder
        .run(&["detect", "--rules", "many", "--lake", "lake"])
        .with(4)
        .prints("")
        .says(&["500b.yml:6:5: ", "(rule b)", "0 alerts from 0 of 999 rules"]);
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

#[test]
fn archives_give_the_alerts_of_their_lake() {
    let folder = folder();
    let rule = "title: All\nid: all\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: '*'}\n  \
                condition: s\n";
    folder.file("sigma/all.yml", rule.as_bytes());
    let alerts = |over: [&str; 2]| {
        let ended = folder
            .run(&[
                "detect", over[0], over[1], "--rules", "sigma", "--rules", "rules",
            ])
            .with(0);
        let mut lines: Vec<String> = ended.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let lake = alerts(["--lake", "lake"]);
    assert!(lake.iter().any(|line| line.contains("\"rule\":\"all\"")));
    assert_eq!(alerts(["--archive", "archive"]), lake);
}

#[test]
fn rules_that_ask_for_places_are_named_where_there_are_none() {
    let folder = folder();
    let rule = "[metadata]\n[rule]\nname = \"Far\"\ndescription = \"d\"\nrule_id = \"far\"\nrisk_score = 1\n\
                severity = \"low\"\ntype = \"query\"\nlanguage = \"kuery\"\nindex = [\"logs-aws.cloudtrail-*\"]\n\
                query = 'source.geo.country_iso_code: \"XX\"'\n";
    folder.file("geo/far.toml", rule.as_bytes());
    folder
        .run(&["detect", "--lake", "lake", "--rules", "geo"])
        .with(0)
        .says(&["--geo FILE.mmdb names a database; this matters to far"]);
    folder.file("no.mmdb", b"nothing");
    folder
        .run(&[
            "detect", "--lake", "lake", "--rules", "geo", "--geo", "no.mmdb",
        ])
        .with(3)
        .says(&["no.mmdb can't be used"]);
}
