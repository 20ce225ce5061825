//! `detect` into files: the report, and what a file's name says of its format.

use crate::run::{Folder, record};

/// A member of a record whose value is what a browser or a terminal could be led astray by.
const HOSTILE: &str = r#""</td><script>alert(1)</script>\u001b[31m\u202e\"'""#;

fn folder() -> Folder {
    let members = [
        "userAgent",
        "sourceIPAddress",
        "awsRegion",
        "errorCode",
        "eventSource",
    ];
    let mut more: Vec<String> = members
        .iter()
        .map(|member| format!("\"{member}\":{HOSTILE}"))
        .collect();
    more.push("\"recipientAccountId\":\"<img src=x onerror=y>\"".to_owned());
    more.push(format!(
        "\"userIdentity\":{{\"type\":{HOSTILE},\"arn\":{HOSTILE},\"accessKeyId\":{HOSTILE}}}"
    ));
    let folder = Folder::with_lake(&[&record("1", "2024-03-10T08:00:00Z", &more.join(","))]);
    folder.file(
        "rules/keys.yml",
        b"title: Keys <listed>\nid: keys\nauthor: Jane Doe\nlicense: DRL-1.1\nlevel: high\ndescription: Somebody looks around.\n\
          logsource: {product: aws, service: cloudtrail}\ndetection:\n  s: {eventName: ListKeys}\n  condition: s\n",
    );
    folder.file(
        "rules/query.yaml",
        b"id: query\nname: Q\ndescription: d\nseverity: low\nguide: '*Look* at it.'\n\
          query: fetch cloudtrail | fields eventID, userAgent\n",
    );
    folder
}

#[test]
fn a_report_is_one_file_of_its_owner() {
    let folder = folder();
    let ended = folder
        .run(&[
            "detect",
            "--rules",
            "rules",
            "--lake",
            "lake",
            "--output",
            "report.html",
        ])
        .with(0)
        .prints("")
        .says(&["2 alerts from 2 of 2 rules"]);
    assert!(!ended.err.contains("error"), "{}", ended.err);
    let page = std::fs::read_to_string(folder.path("report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("Content-Security-Policy"));
    assert!(page.contains("Keys &lt;listed&gt;"));
    assert!(page.contains("by Jane Doe · licence DRL-1.1"));
    assert!(page.contains("<em>Look</em> at it."));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(!page.contains(['\u{1b}', '\u{202e}']));
    // The event's principal, and that its record can be found again.
    assert!(page.contains("1 principal"));
    assert!(page.contains("log.json"));
    // Nothing is left beside it.
    let names = std::fs::read_dir(folder.path(".")).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["archive", "lake", "report.html", "rules"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let found = std::fs::metadata(folder.path("report.html")).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_report_may_be_redirected() {
    let ended = folder()
        .run(&[
            "detect", "--rules", "rules", "--lake", "lake", "--format", "html", "--quiet",
        ])
        .with(0);
    assert!(ended.out.starts_with("<!DOCTYPE html>"));
    assert!(ended.out.trim_end().ends_with("</html>"));
    assert_eq!(ended.err, "");
}

#[test]
fn a_report_of_nothing() {
    let folder = folder();
    folder.file(
        "none/never.yaml",
        b"id: never\nname: Never\ndescription: d\nseverity: low\nquery: fetch cloudtrail | filter eventID == \"x\"\n",
    );
    let arguments = [
        "detect",
        "--rules",
        "none",
        "--lake",
        "lake",
        "--format",
        "html",
        "--exit-code",
    ];
    let ended = folder.run(&arguments).with(0);
    assert!(ended.out.contains("No alerts."));
    assert!(ended.out.contains("<code>never</code>"));
}

#[test]
fn a_file_s_name_says_its_format() {
    let folder = folder();
    let write = |name: &str| {
        folder
            .run(&["detect", "--rules", "rules", "--lake", "lake", "-o", name])
            .with(0)
            .prints("");
        std::fs::read_to_string(folder.path(name)).unwrap()
    };
    assert!(write("a.ndjson").starts_with("{\"id\":\""));
    assert!(write("a.json").starts_with("[{\"id\":\""));
    assert!(write("a.csv").starts_with("id,rule,name,severity,"));
    assert!(write("a.txt").starts_with("HIGH: 1 alert of 1 rule\n"));
    assert!(write("a.HTM").starts_with("<!DOCTYPE html>"));
}

#[test]
fn what_can_not_be_written_is_known_before_the_work() {
    let folder = folder();
    folder
        .run(&[
            "detect",
            "--rules",
            "rules",
            "--lake",
            "lake",
            "-o",
            "nowhere/report.html",
        ])
        .with(3)
        .prints("")
        .says(&["nowhere/report.html can't be written"]);
}

#[test]
fn figures_of_rules_on_demand() {
    let ended = folder()
        .run(&["detect", "--rules", "rules", "--lake", "lake", "--figures"])
        .with(0)
        .says(&["rule", "matched", "alerts", "time", "keys", "query"]);
    assert_eq!(ended.out.lines().count(), 2);
    let line = |rule: &str| ended.err.lines().find(|line| line.trim().starts_with(rule));
    for rule in ["keys", "query"] {
        assert!(
            line(rule).is_some_and(|line| line.ends_with('s')),
            "{}",
            ended.err
        );
    }
}
