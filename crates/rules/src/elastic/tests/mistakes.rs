//! What is refused, and how it is said.

use super::{complaints, read, rule};

#[test]
fn types_and_languages_are_refused_by_name() {
    for (kind, language, place, said) in [
        ("eql", "eql", "\"eql\"", "EQL"),
        ("esql", "esql", "\"esql\"", "ES|QL"),
        ("query", "lucene", "\"lucene\"", "Lucene"),
        ("threshold", "lucene", "\"lucene\"", "Lucene"),
        (
            "machine_learning",
            "",
            "\"machine_learning\"",
            "machine learning",
        ),
        ("threat_match", "kuery", "\"threat_match\"", "threat_match"),
        ("saved_query", "kuery", "\"saved_query\"", "saved_query"),
        ("other", "kuery", "\"other\"", "`other`"),
    ] {
        let language = match language {
            "" => String::new(),
            language => format!("language = \"{language}\""),
        };
        let text = rule(&format!("type = \"{kind}\"\n{language}"), "");
        assert_eq!(complaints(&text), [("E0711", place.to_owned())], "{text}");
        let reading = read(&text);
        assert!(
            reading.diagnostics[0].message.contains(said),
            "{:?}",
            reading.diagnostics
        );
        assert_eq!((reading.rule, reading.about.name.as_str()), (None, "n"));
    }
}

#[test]
fn data_is_cloudtrail_or_refused() {
    for good in [
        "[\"logs-aws.cloudtrail-*\"]",
        "[\"filebeat-*\", \"logs-aws.cloudtrail*\"]",
        "[\"filebeat-*\", \"logs-aws*\"]",
        "[\"filebeat-*\"]",
        "[\"logs-*\"]",
        "\"*\"",
        "[\"*:logs-aws.cloudtrail-*\"]",
        "[]",
    ] {
        assert_eq!(
            complaints(&rule(&format!("index = {good}"), "")),
            [],
            "{good}"
        );
    }
    for bad in [
        "[\"logs-gcp.audit-*\"]",
        "[\"filebeat-*\", \"logs-okta*\"]",
        "[\"winlogbeat-*\"]",
        "[\"logs-*\", \"-logs-aws.cloudtrail-*\"]",
        "[\".alerts-security.*\"]",
    ] {
        let found = complaints(&rule(&format!("index = {bad}"), ""));
        let place = bad.trim_matches(['[', ']']).to_owned();
        assert_eq!(found, [("E0712", place)], "{bad}");
    }
    let view = rule("index = []\ndata_view_id = \"x\"", "");
    assert_eq!(complaints(&view), [("E0712", "data_view_id".to_owned())]);
}

#[test]
fn keys_of_the_wrong_kind() {
    let table = [
        ("from = \"yesterday\"", "E0701", "\"yesterday\""),
        ("from = \"now-1d/d\"", "E0701", "\"now-1d/d\""),
        ("from = \"now-1M\"", "E0701", "\"now-1M\""),
        ("from = \"now\"", "E0701", "\"now\""),
        ("from = 5", "E0701", "5"),
        ("interval = \"5 minutes\"", "E0701", "\"5 minutes\""),
        ("interval = \"0m\"", "E0701", "\"0m\""),
        ("max_signals = 0", "E0701", "0"),
        ("max_signals = -1", "E0701", "-1"),
        ("tags = [\"a\", 1]", "E0701", "1"),
        ("nmae = \"x\"", "W0714", "nmae"),
        (
            "exceptions_list = [{ id = \"x\" }]",
            "W0714",
            "exceptions_list",
        ),
        (
            "severity_mapping = [{ field = \"x\" }]",
            "W0714",
            "severity_mapping",
        ),
        (
            "timestamp_override = \"event.created\"",
            "W0714",
            "timestamp_override",
        ),
        ("query = 'event.acton: A'", "W1109", "event.acton"),
        (
            "alert_suppression = { group_by = [] }",
            "E0701",
            "{ group_by = [] }",
        ),
        (
            "alert_suppression = { group_by = [\"user.nam\"] }",
            "W1109",
            "\"user.nam\"",
        ),
        (
            "alert_suppression = { group_by = [\"user.name\"], duration = { value = 1, unit = \"d\" } }",
            "E0701",
            "{ value = 1, unit = \"d\" }",
        ),
    ];
    for (keys, code, place) in table {
        assert_eq!(
            complaints(&rule(keys, "")),
            [(code, place.to_owned())],
            "{keys}"
        );
    }
}

#[test]
fn what_a_rule_must_have() {
    let text = "[rule]\nname = \"n\"\nseverity = \"urgent\"\nrisk_score = 101\ntype = \"query\"\n";
    let said: Vec<String> = read(text)
        .diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.message)
        .collect();
    assert_eq!(
        said,
        [
            "the rule has no `rule_id`",
            "the rule has no `description`",
            "the rule has no `query`",
            "a severity is `low`, `medium`, `high` or `critical`",
            "a risk score is at most 100",
        ]
    );
    for text in ["", "[metadata]\nmaturity = \"production\"\n", "[rule]\n"] {
        assert_eq!(complaints(text)[0].0, "E0701", "{text}");
        assert_eq!(complaints(text).len(), 1, "{text}");
    }
    let none = rule("type = \"threshold\"", "");
    assert_eq!(
        read(&none).diagnostics[0].message,
        "the rule has no `threshold`"
    );
    let late = rule(
        "type = \"new_terms\"\nfrom = \"now-8d\"\nnew_terms_fields = [\"user.name\"]\nhistory_window_start = \"now-7d\"",
        "",
    );
    assert_eq!(complaints(&late), [("E0701", "\"now-7d\"".to_owned())]);
}

#[test]
fn what_is_no_toml() {
    let text = rule("query = \"event.action: A\nfrom = \"now-6m\"", "");
    let reading = read(&text);
    assert!(reading.rule.is_none());
    assert!(
        reading.diagnostics[0]
            .message
            .starts_with("this is no TOML: ")
    );
}
