//! The leaves of a record, each with the DQL that reaches it and a filter that finds its like.

use json::Kind;
use syntax::dql::{write_name, write_string};

/// What the record is called in the filters, as in `parse content, "JSON:event"`.
const EVENT: &str = "event";

/// A line of a record's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// How deep it stands, from 0.
    pub(crate) depth: usize,
    /// Its key, or its place in an array as `[0]`.
    pub(crate) key: String,
    /// What it is, if it has nothing inside.
    pub(crate) leaf: Option<Leaf>,
}

/// A value without further values inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Its JSON text.
    pub(crate) json: String,
    /// How DQL reaches it: `event[userIdentity][arn]`.
    pub(crate) path: String,
    /// A line that keeps the events with this value; none for what DQL can't compare.
    pub(crate) filter: Option<String>,
}

/// The tree of a record, line by line; nothing for text that is no JSON.
pub(crate) fn tree(record: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    if json::validate(record).is_ok() {
        children(record.trim(), EVENT, 0, &mut lines);
    }
    lines
}

fn children(json: &str, path: &str, depth: usize, lines: &mut Vec<Line>) {
    if let Ok(Some(members)) = json::members(json) {
        for (key, value) in members {
            let path = format!("{path}[{}]", write_name(&key));
            line(key.into_owned(), value, path, depth, lines);
        }
    } else if let Ok(Some(elements)) = json::elements(json) {
        for (place, value) in elements.into_iter().enumerate() {
            line(
                format!("[{place}]"),
                value,
                format!("{path}[{place}]"),
                depth,
                lines,
            );
        }
    }
}

fn line(key: String, json: &str, path: String, depth: usize, lines: &mut Vec<Line>) {
    let nested = matches!(json::classify(json), Kind::Object | Kind::Array);
    let empty =
        nested && json.trim_matches(['{', '}', '[', ']']).trim().is_empty() && json.len() < 3;
    if nested && !empty {
        lines.push(Line {
            depth,
            key,
            leaf: None,
        });
        children(json, &path, depth + 1, lines);
        return;
    }
    let filter = filter(json, &path);
    lines.push(Line {
        depth,
        key,
        leaf: Some(Leaf {
            json: json.to_owned(),
            path,
            filter,
        }),
    });
}

/// The filter for a leaf. Null is no value that anything equals.
fn filter(json: &str, path: &str) -> Option<String> {
    let value = match json::classify(json) {
        Kind::Null => return Some(format!("| filter isNull({path})")),
        Kind::Boolean | Kind::Long => json.to_owned(),
        // The text of a double in a record may be in a form that DQL does not have.
        Kind::Double => format!("{:?}", json::as_double(json)?),
        Kind::String => write_string(&json::as_string(json)?),
        Kind::Array | Kind::Object => return None,
    };
    Some(format!("| filter {path} == {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(record: &str) -> Vec<String> {
        let leaves = tree(record).into_iter().filter_map(|line| line.leaf);
        leaves.filter_map(|leaf| leaf.filter).collect()
    }

    #[test]
    fn every_leaf_has_its_filter() {
        let record = r#"{
            "eventName": "GetSecretValue",
            "userIdentity": {"arn": "arn:aws:iam::1:user/a\"b\n"},
            "readOnly": true,
            "n": -5,
            "ratio": 1E2,
            "errorCode": null,
            "tags": {},
            "resources": [{"ARN": "x"}, [ ]],
            "a-b": 1,
            "5": 2,
            "true": 3,
            "dotted.key": 4,
            "tick`": 5
        }"#;
        assert_eq!(
            filters(record),
            [
                r#"| filter event[eventName] == "GetSecretValue""#,
                r#"| filter event[userIdentity][arn] == "arn:aws:iam::1:user/a\"b\n""#,
                "| filter event[readOnly] == true",
                "| filter event[n] == -5",
                "| filter event[ratio] == 100.0",
                "| filter isNull(event[errorCode])",
                r#"| filter event[resources][0][ARN] == "x""#,
                "| filter event[`a-b`] == 1",
                "| filter event[`5`] == 2",
                "| filter event[`true`] == 3",
                "| filter event[dotted.key] == 4",
                r"| filter event[`tick\``] == 5",
            ]
        );
    }

    #[test]
    fn the_tree_is_in_order() {
        let lines = tree(r#"{"a":{"b":[1,{"c":2}]},"d":{}}"#);
        let shown: Vec<_> = lines
            .iter()
            .map(|line| (line.depth, line.key.as_str(), line.leaf.is_some()))
            .collect();
        assert_eq!(
            shown,
            [
                (0, "a", false),
                (1, "b", false),
                (2, "[0]", true),
                (2, "[1]", false),
                (3, "c", true),
                (0, "d", true),
            ]
        );
        assert_eq!(tree("{"), []);
    }

    #[test]
    fn filters_are_dql() {
        let record = r#"{"a b":{"x.y":"q\"\\\t\u001b"},"z":[true,1.5e300,-0.25,-7]}"#;
        for filter in filters(record) {
            let query = format!("fetch logs | parse content, \"JSON:event\" {filter}");
            let (_, diagnostics) = syntax::dql::parse(&query);
            assert_eq!(diagnostics, [], "{query}");
        }
    }
}
