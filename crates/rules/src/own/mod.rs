//! Our own rules: a DQL query with what a reader of its alerts has to know, one YAML document each; `docs/rules.md` has
//! the form. When its records are looked at, and how many make an alert, is in `over_time`.

mod over_time;

use std::path::Path;

use crate::fixture::{self, RuleTest};
use crate::rule::{About, Attack, Body, Query, Rule, Severity};
use crate::yaml::{Kind, Wrong, Yaml};

/// A rule, and the tests that stand in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The rule; its body is a query.
    pub rule: Rule,
    /// Its tests.
    pub tests: Vec<RuleTest>,
}

const KEYS: &[&str] = &[
    "id",
    "name",
    "description",
    "severity",
    "attack",
    "false_positives",
    "references",
    "query",
    "schedule",
    "threshold",
    "author",
    "license",
    "version",
    "tags",
    "guide",
    "tests",
];

/// Whether a document is a rule of ours, by what only they have.
pub(crate) fn is_own(document: &Yaml) -> bool {
    document.get("query").is_some()
}

/// The rule that a document of the file `path` holds.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn parse(path: &Path, document: &Yaml) -> Result<Own, Wrong> {
    known(document, KEYS)?;
    let optional = |key| {
        let value = document.get(key);
        value.map(|value| text(value, key)).transpose()
    };
    let level = required(document, "severity")?;
    let severity = match text(level, "severity")?.as_str() {
        "info" => Severity::Info,
        "low" => Severity::Low,
        "medium" => Severity::Medium,
        "high" => Severity::High,
        "critical" => Severity::Critical,
        _ => {
            let reason = "a severity is info, low, medium, high or critical";
            return Err(Wrong::new(level.place, "severity", reason));
        }
    };
    let about = About {
        id: text(required(document, "id")?, "id")?,
        name: text(required(document, "name")?, "name")?,
        description: text(required(document, "description")?, "description")?,
        authors: texts(document, "author")?,
        license: optional("license")?,
        severity,
        version: optional("version")?,
        tags: texts(document, "tags")?,
        references: texts(document, "references")?,
        attack: each(document, "attack")?
            .iter()
            .map(attack)
            .collect::<Result<_, _>>()?,
        false_positives: texts(document, "false_positives")?,
        guide: optional("guide")?,
        ..About::default()
    };
    let query = text(required(document, "query")?, "query")?;
    let (then, schedule) = over_time::read(document)?;
    let tests = each(document, "tests")?.iter();
    let tests = tests.map(|node| fixture::test(path, node, false));
    Ok(Own {
        tests: tests.collect::<Result<_, _>>()?,
        rule: Rule {
            path: path.to_owned(),
            about,
            body: Body::Query(Query {
                text: query,
                then,
                schedule,
                only: None,
            }),
        },
    })
}

fn attack(node: &Yaml) -> Result<Attack, Wrong> {
    known(node, &["tactic", "technique", "name"])?;
    let text = |key| text(required(node, key)?, key);
    Ok(Attack {
        tactic: text("tactic")?,
        technique: Some(text("technique")?),
        name: Some(text("name")?),
    })
}

/// Complains about the first key that is none of these, so that a misspelt one is noticed.
pub(crate) fn known(node: &Yaml, keys: &[&str]) -> Result<(), Wrong> {
    let Some(entries) = node.map() else {
        return Err(Wrong::new(node.place, "rule", "this must be a map"));
    };
    let unknown = entries
        .iter()
        .find(|(key, _)| !keys.contains(&key.name.as_str()));
    let Some((key, _)) = unknown else {
        return Ok(());
    };
    let hint = syntax::diagnostic::closest(&key.name, keys.iter().copied())
        .map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    let reason = format!("there is no such key{hint}");
    Err(Wrong::new(key.place, &key.name, reason))
}

pub(crate) fn required<'a>(node: &'a Yaml, key: &str) -> Result<&'a Yaml, Wrong> {
    let missing = || Wrong::new(node.place, key, format!("the key `{key}` is missing"));
    node.get(key).ok_or_else(missing)
}

pub(crate) fn text(node: &Yaml, key: &str) -> Result<String, Wrong> {
    let wrong = || Wrong::new(node.place, key, format!("`{key}` is a text"));
    node.text().ok_or_else(wrong)
}

/// The items of a list; none without the key.
pub(crate) fn each<'a>(node: &'a Yaml, key: &str) -> Result<&'a [Yaml], Wrong> {
    match node.get(key).map(|value| (&value.kind, value.place)) {
        None => Ok(&[]),
        Some((Kind::List(items), _)) => Ok(items),
        Some((_, place)) => Err(Wrong::new(place, key, format!("`{key}` is a list"))),
    }
}

/// The texts of a list, or one text.
fn texts(node: &Yaml, key: &str) -> Result<Vec<String>, Wrong> {
    match node.get(key) {
        None => Ok(Vec::new()),
        Some(Yaml {
            kind: Kind::List(items),
            ..
        }) => items.iter().map(|item| text(item, key)).collect(),
        Some(value) => Ok(vec![text(value, key)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Expected;
    use crate::yaml;

    fn read(more: &str) -> Result<Own, Wrong> {
        let text = format!(
            "id: a\nname: A\ndescription: d\nseverity: high\nquery: |\n  fetch logs\n  | limit 1\n{more}"
        );
        parse(Path::new("a.yaml"), &yaml::documents(&text)?[0])
    }

    #[test]
    fn every_key_is_read() {
        let own = read(
            "author: B\nlicense: Apache-2.0\nversion: 2\ntags: [x, y]\nguide: look\nreferences: [r]\n\
             false_positives: [f]\nattack:\n- {tactic: Impact, technique: T1486, name: N}\n\
             tests:\n- name: one\n  events:\n  - {eventName: A, n: 007, list: [1.5, null, true, 'q\"']}\n  \
             - '{\"eventName\":\"B\"}'\n  alerts: 1\n- {name: two, events: [], alerts: [{user: u}]}\n",
        )
        .expect("a rule");
        let about = &own.rule.about;
        let query = Query::each("fetch logs\n| limit 1\n");
        assert_eq!(own.rule.body, Body::Query(query));
        assert_eq!(
            (about.id.as_str(), about.severity, about.version.as_deref()),
            ("a", Severity::High, Some("2"))
        );
        assert_eq!(about.authors, ["B"]);
        assert_eq!(about.tags, ["x", "y"]);
        assert_eq!(about.attack[0].technique.as_deref(), Some("T1486"));
        assert_eq!(
            own.tests[0].events,
            [
                r#"{"eventName":"A","n":7,"list":[1.5,null,true,"q\""]}"#,
                r#"{"eventName":"B"}"#
            ]
        );
        assert_eq!(own.tests[0].alerts, Expected::Count(1));
        let alerts = vec![r#"{"user":"u"}"#.to_owned()];
        assert_eq!(own.tests[1].alerts, Expected::Alerts(alerts));
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        for (more, construct, line) in [
            ("athor: x\n", "athor", 8),
            ("attack: x\n", "attack", 8),
            ("attack:\n- {tactic: x, name: y}\n", "technique", 9),
            ("tests:\n- {name: a, events: []}\n", "alerts", 9),
            (
                "tests:\n- {name: a, events: ['{'], alerts: 0}\n",
                "events",
                9,
            ),
            ("tests:\n- {name: a, events: [], alerts: -1}\n", "alerts", 9),
            ("query: x\n", "YAML", 8),
            ("guide: [x]\n", "guide", 8),
        ] {
            let wrong = read(more).expect_err(more);
            assert_eq!(
                (wrong.construct.as_str(), wrong.place.line),
                (construct, line),
                "{more}"
            );
        }
    }
}
