//! The tests of documents.

mod agent;
mod documents;
mod geo;
mod java;
mod page;

use proptest::prelude::*;

use super::{FIELDS, REMOVED, Record, find};

/// The values of a field in the document of a record.
fn values(name: &str, record: &str) -> Vec<String> {
    find(name).expect(name).values(&Record::new(record))
}

#[test]
fn names_are_unique_and_found() {
    for definition in FIELDS {
        let same = FIELDS.iter().filter(|other| other.name == definition.name);
        assert_eq!(same.count(), 1, "{}", definition.name);
        let field = find(definition.name).expect(definition.name);
        assert_eq!(field.name(), definition.name);
        assert_eq!(field.kind(), definition.kind);
    }
    assert!(find("aws.cloudtrail.flattened").is_none());
    assert!(find("aws.cloudtrail.flattened.request_parameters.").is_none());
    assert!(find("event.action.x").is_none());
    let leaf = find("aws.cloudtrail.flattened.request_parameters.a.b").expect("a leaf");
    assert_eq!(
        (leaf.below(), leaf.kind()),
        (Some("a.b"), super::Type::Keyword)
    );
    assert_eq!(leaf.reads(), ["requestParameters"]);
    assert_eq!(leaf.as_path(), None);
}

#[test]
fn a_column_can_answer_what_is_only_copied() {
    assert_eq!(
        find("event.action").and_then(|field| field.as_path()),
        Some("eventName")
    );
    for name in [
        "source.ip",
        "user.id",
        "cloud.account.id",
        "event.outcome",
        "aws.cloudtrail.request_parameters",
    ] {
        assert_eq!(find(name).and_then(|field| field.as_path()), None, "{name}");
    }
}

proptest! {
    /// What a column of the path has is what the field has, but for what is removed.
    #[test]
    fn what_is_copied_is_what_the_record_has(which in 0..FIELDS.len(), text in "[-a-z\"é ]{0,5}|none") {
        let field = find(FIELDS[which].name).expect("the field");
        if let Some(path) = field.as_path() {
            let mut value = String::new();
            json::write_string(&text, &mut value);
            let record = path.rsplit('.').fold(value, |inside, key| format!("{{\"{key}\":{inside}}}"));
            let expected = if REMOVED.contains(&text.as_str()) { vec![] } else { vec![text] };
            prop_assert_eq!(field.values(&Record::new(&record)), expected);
        }
    }
}
