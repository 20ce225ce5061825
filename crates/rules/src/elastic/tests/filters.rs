//! Filters, as queries of Elasticsearch.

use super::{complaints, read, rule};
use crate::ecs::Record;
use crate::naive::meets;
use crate::rule::Body;

const RECORD: &str = r#"{"eventName":"A","awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7","eventTime":"2026-05-01T00:00:00Z","readOnly":true,"resources":[{"ARN":"x"},{"ARN":"y"}]}"#;

fn is_met(filter: &str) -> bool {
    let text = rule(&format!("filters = [{filter}]"), "");
    let reading = read(&text);
    assert_eq!(reading.diagnostics, [], "{filter}");
    match reading.rule.expect("a rule").body {
        Body::Events { condition, .. } => meets(&Record::new(RECORD), &condition),
        other => panic!("{other:?}"),
    }
}

#[test]
fn common_ones() {
    let table = [
        ("", true),
        ("{ query = { match_all = {} } }", true),
        ("{ query = { match_none = {} } }", false),
        (
            "{ query = { match_phrase = { \"cloud.region\" = \"eu-west-1\" } } }",
            true,
        ),
        (
            "{ query = { match_phrase = { \"cloud.region\" = { query = \"us-east-1\" } } } }",
            false,
        ),
        (
            "{ query = { match = { \"cloud.region\" = { query = \"eu-west-1\", type = \"phrase\" } } } }",
            true,
        ),
        (
            "{ query = { term = { \"source.ip\" = { value = \"192.0.2.0/24\" } } } }",
            true,
        ),
        (
            "{ query = { term = { \"aws.cloudtrail.read_only\" = true } } }",
            true,
        ),
        (
            "{ query = { terms = { \"cloud.region\" = [\"a\", \"eu-west-1\"] } } }",
            true,
        ),
        (
            "{ query = { terms = { \"cloud.region\" = [\"a\", \"b\"] } } }",
            false,
        ),
        (
            "{ query = { exists = { field = \"cloud.region\" } } }",
            true,
        ),
        (
            "{ query = { exists = { field = \"aws.cloudtrail.error_code\" } } }",
            false,
        ),
        (
            "{ meta = { negate = true }, query = { exists = { field = \"aws.cloudtrail.error_code\" } } }",
            true,
        ),
        (
            "{ meta = { negate = true, disabled = true }, query = { match_all = {} } }",
            true,
        ),
        (
            "{ meta = { disabled = false, negate = true }, query = { match_all = {} } }",
            false,
        ),
        (
            "{ meta = {}, exists = { field = \"cloud.region\" }, \"$state\" = { store = \"appState\" } }",
            true,
        ),
        (
            "{ query = { prefix = { \"cloud.region\" = \"eu-\" } } }",
            true,
        ),
        (
            "{ query = { wildcard = { \"cloud.region\" = { value = \"eu-?est*\" } } } }",
            true,
        ),
        (
            "{ query = { wildcard = { \"cloud.region\" = { value = \"eu\\\\*\" } } } }",
            false,
        ),
        (
            "{ query = { range = { \"@timestamp\" = { gte = \"2026-05-01\", lt = \"2026-05-02\", format = \"strict_date_optional_time\" } } } }",
            true,
        ),
        (
            "{ query = { range = { \"@timestamp\" = { gt = \"2026-05-01\" } } } }",
            false,
        ),
        (
            "{ query = { bool = { must = [{ term = { \"event.action\" = \"A\" } }], must_not = { term = { \"cloud.region\" = \"b\" } } } } }",
            true,
        ),
        (
            "{ query = { bool = { should = [{ term = { \"event.action\" = \"B\" } }, { term = { \"event.action\" = \"C\" } }] } } }",
            false,
        ),
        (
            "{ query = { bool = { should = [{ term = { \"event.action\" = \"A\" } }, { match_none = {} }], minimum_should_match = 1 } } }",
            true,
        ),
        // Beside what must be met, what should be is not asked for.
        (
            "{ query = { bool = { filter = [{ match_all = {} }], should = [{ match_none = {} }] } } }",
            true,
        ),
        (
            "{ query = { bool = { filter = [{ match_all = {} }], should = [{ match_none = {} }], minimum_should_match = 1 } } }",
            false,
        ),
        ("{ query = { bool = { filter = [] } } }", true),
        (
            "{ query = { match_all = {} } }, { query = { match_none = {} } }",
            false,
        ),
    ];
    for (filter, expected) in table {
        assert_eq!(is_met(filter), expected, "{filter}");
    }
}

#[test]
fn others_are_refused_by_name() {
    let table = [
        (
            "{ query = { script = { source = \"x\" } } }",
            "E0713",
            "script",
        ),
        (
            "{ query = { query_string = { query = \"x\" } } }",
            "E0713",
            "query_string",
        ),
        (
            "{ query = { bool = { boost_by = 1 } } }",
            "E0713",
            "boost_by",
        ),
        (
            "{ query = { bool = { should = [], minimum_should_match = \"75%\" } } }",
            "E0713",
            "\"75%\"",
        ),
        (
            "{ query = { term = { \"source.ip\" = \"nine\" } } }",
            "E0713",
            "\"nine\"",
        ),
        (
            "{ query = { term = { \"no.such\" = \"x\" } } }",
            "W1109",
            "\"no.such\"",
        ),
        (
            "{ query = { range = { \"@timestamp\" = { gte = \"now-1d\" } } } }",
            "E0713",
            "\"now-1d\"",
        ),
        (
            "{ query = { wildcard = { \"cloud.region\" = { value = \"x\", case_insensitive = true } } } }",
            "E0713",
            "{ value = \"x\", case_insensitive = true }",
        ),
        (
            "{ query = { match_all = {}, exists = {} } }",
            "E0713",
            "{ match_all = {}, exists = {} }",
        ),
    ];
    for (filter, code, place) in table {
        let text = rule(&format!("filters = [{filter}]"), "");
        assert_eq!(complaints(&text), [(code, place.to_owned())], "{filter}");
    }
}
