//! What published rules over CloudTrail do and few expect, by rules of our own that do the same.

use super::{hit, holds, read};

fn detects(detection: &str, record: &str) -> bool {
    let condition = read(detection).unwrap_or_else(|wrong| panic!("{detection}: {wrong:?}"));
    holds(&condition, record)
}

#[test]
fn success_is_never_an_error_code_and_null_stands_for_it() {
    let detection = "  what:\n    eventName: DeleteTrail\n  status_word:\n    errorCode: Success\n  status_none:\n    \
                     errorCode: null\n  condition: what and 1 of status_*\n";
    assert!(detects(detection, r#"{"eventName":"DeleteTrail"}"#));
    assert!(detects(
        detection,
        r#"{"eventName":"DeleteTrail","errorCode":null}"#
    ));
    assert!(!detects(
        detection,
        r#"{"eventName":"DeleteTrail","errorCode":"AccessDenied"}"#
    ));
}

#[test]
fn an_arn_is_never_the_name_within_it() {
    let detection = "  s:\n    eventName: UpdateLoginProfile\n  filter_main_self:\n    userIdentity.arn|fieldref: \
                     requestParameters.userName\n  condition: s and not 1 of filter_main_*\n";
    assert!(detects(
        detection,
        r#"{"eventName":"UpdateLoginProfile","userIdentity":{"arn":"arn:aws:iam::1:user/bob"},"requestParameters":{"userName":"bob"}}"#
    ));
}

#[test]
fn a_name_of_a_field_without_fieldref_is_a_text() {
    let entry = "userIdentity.arn|contains: responseElements.user";
    let record = r#"{"userIdentity":{"arn":"x/bob"},"responseElements":{"user":"bob"}}"#;
    assert!(!hit(entry, record));
    assert!(hit(
        entry,
        r#"{"userIdentity":{"arn":"x/responseElements.user"}}"#
    ));
}

#[test]
fn a_star_stands_for_present() {
    let detection = "  s:\n    eventName: CreateExport\n  filter1:\n    errorMessage|contains: '*'\n  filter2:\n    \
                     responseElements|contains: 'Failure'\n  condition: s and not 1 of filter*\n";
    assert!(detects(
        detection,
        r#"{"eventName":"CreateExport","errorMessage":null}"#
    ));
    assert!(!detects(
        detection,
        r#"{"eventName":"CreateExport","errorMessage":"x"}"#
    ));
    assert!(!detects(
        detection,
        r#"{"eventName":"CreateExport","responseElements":{"state":["a failure"]}}"#
    ));
}

#[test]
fn event_names_with_versions_need_startswith() {
    let record = r#"{"eventName":"UpdateFunctionConfiguration20150331v2"}"#;
    assert!(hit(
        "eventName|startswith: UpdateFunctionConfiguration",
        record
    ));
    assert!(!hit("eventName: UpdateFunctionConfiguration", record));
}

#[test]
fn texts_within_texts_and_arrays_within_arrays_are_found() {
    // A policy is JSON within JSON.
    let entry = "requestParameters|contains|all: ['\"s3:Get*\"', '\"arn:aws:s3:::b/*\"']";
    let record = r#"{"requestParameters":{"policy":"{\"Action\":[\"s3:GetObject\"],\"Resource\":\"arn:aws:s3:::b/*\"}"}}"#;
    assert!(hit(entry, record));
    assert!(!hit(
        entry,
        r#"{"requestParameters":{"policy":"{\"Action\":\"s3:PutObject\"}"}}"#
    ));
    let entry = "requestParameters.containerDefinitions.command|contains: '$AWS_X'";
    let record = r#"{"requestParameters":{"containerDefinitions":[{"command":["sh"]},{"command":["-c","curl $AWS_X"]}]}}"#;
    assert!(hit(entry, record));
    let quoted = "responseElements.publiclyAccessible: 'true'";
    assert!(hit(
        quoted,
        r#"{"responseElements":{"publiclyAccessible":true}}"#
    ));
}

#[test]
fn a_list_of_maps_is_any_of_them_and_keywords_are_anywhere() {
    let detection = "  s:\n    - a: 1\n      b: 2\n    - c|re: '^x'\n    - lost\n  condition: s\n";
    for (record, expected) in [
        (r#"{"a":1,"b":2}"#, true),
        (r#"{"a":1,"b":3}"#, false),
        (r#"{"c":"xy"}"#, true),
        (r#"{"d":{"e":["a LOST key"]}}"#, true),
        // Names of members are no values.
        (r#"{"lost":1}"#, false),
        ("{}", false),
    ] {
        assert_eq!(detects(detection, record), expected, "{record}");
    }
    let number = "  s: [22, true]\n  condition: s\n";
    assert!(detects(number, r#"{"a":"port 22 open"}"#));
    assert!(detects(number, r#"{"a":[true]}"#));
    assert!(!detects(number, r#"{"a":3}"#));
}
