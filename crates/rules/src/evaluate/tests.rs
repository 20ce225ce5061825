//! Programs against an evaluation that looks at a tree, for raw paths, and against the naive one for ECS fields.

use proptest::prelude::*;

use super::*;
use crate::condition::{Comparison, Test};
use crate::ecs::Record;

/// A JSON value.
#[derive(Clone, Debug)]
enum Tree {
    Null,
    Number(i32),
    Text(&'static str),
    List(Vec<Tree>),
    Object(Vec<(&'static str, Tree)>),
}

impl Tree {
    fn json(&self) -> String {
        match self {
            Tree::Null => "null".to_owned(),
            Tree::Number(number) => number.to_string(),
            Tree::Text(text) => format!("{text:?}"),
            Tree::List(all) => {
                let all: Vec<String> = all.iter().map(Tree::json).collect();
                format!("[ {} ]", all.join(" ,"))
            }
            Tree::Object(members) => {
                let all: Vec<String> = members
                    .iter()
                    .map(|(key, value)| format!("\"{key}\" : {}", value.json()))
                    .collect();
                format!("{{ {} }}", all.join(", "))
            }
        }
    }

    /// All values at a path. A list at its end is one, besides its elements.
    fn at(&self, path: &[String]) -> Vec<&Tree> {
        match (self, path) {
            (Tree::List(all), []) => {
                let inside = all.iter().flat_map(|tree| tree.at(path));
                inside.chain([self]).collect()
            }
            (Tree::List(all), path) => all.iter().flat_map(|tree| tree.at(path)).collect(),
            (tree, []) => vec![tree],
            (Tree::Object(members), [key, rest @ ..]) => {
                let last = members.iter().rev().find(|(name, _)| name == key);
                last.map_or(Vec::new(), |(_, tree)| tree.at(rest))
            }
            _ => Vec::new(),
        }
    }

    fn scalars(&self) -> Vec<&Tree> {
        match self {
            Tree::List(all) => all.iter().flat_map(Tree::scalars).collect(),
            Tree::Object(members) => members
                .iter()
                .enumerate()
                .filter(|(at, (key, _))| !members[at + 1..].iter().any(|(later, _)| later == key))
                .flat_map(|(_, (_, tree))| tree.scalars())
                .collect(),
            tree => vec![tree],
        }
    }

    fn passes(&self, check: &Check) -> bool {
        match check {
            Check::Present => !matches!(self, Tree::Null | Tree::List(_)),
            Check::Key => true,
            Check::Text { text, .. } => match self {
                Tree::Text(value) => value.to_lowercase() == *text,
                Tree::Number(value) => value.to_string() == *text,
                _ => false,
            },
            Check::Number(_, wanted) => match self {
                Tree::Number(value) => f64::from(*value) >= *wanted,
                Tree::Text(value) => value.parse::<f64>().is_ok_and(|value| value >= *wanted),
                _ => false,
            },
            other => panic!("{other:?}"),
        }
    }
}

fn meets(tree: &Tree, condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| meets(tree, part)),
        Condition::Any(parts) => parts.iter().any(|part| meets(tree, part)),
        Condition::Not(part) => !meets(tree, part),
        Condition::Test(test) => {
            let values = match &test.field {
                Field::Path(path) => tree.at(path),
                _ => tree.scalars(),
            };
            values.iter().any(|value| value.passes(&test.check))
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Null),
        (0..3i32).prop_map(Tree::Number),
        prop::sample::select(&["", "x", "X", "y", "1"][..]).prop_map(Tree::Text),
    ];
    leaf.prop_recursive(3, 20, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Tree::List),
            object(inner),
        ]
    })
}

fn object(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Tree> {
    let key = prop::sample::select(&["a", "b", "c"][..]);
    prop::collection::vec((key, inner), 0..4).prop_map(Tree::Object)
}

fn condition() -> impl Strategy<Value = Condition> {
    let field = prop::sample::select(&["a", "b", "a.b", "a.b.c", ""][..]).prop_map(|name| {
        let path = name.split('.').map(str::to_owned).collect();
        match name {
            "" => Field::Anywhere,
            _ => Field::Path(path),
        }
    });
    let check = prop_oneof![
        Just(Check::Present),
        Just(Check::Key),
        prop::sample::select(&["x", "y", "1", ""][..]).prop_map(|text| Check::Text {
            text: text.to_owned(),
            cased: false,
        }),
        Just(Check::Number(Comparison::GreaterOrEqual, 1.0)),
    ];
    let test = (field, check).prop_map(|(field, check)| Condition::Test(Test { field, check }));
    test.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_program_gives_what_a_walk_over_the_tree_gives(tree in object(tree()), condition in condition()) {
        let text = tree.json();
        let event = JsonEvent::new(&text).expect("a record");
        let program = Program::of(&condition).expect("a sound condition");
        prop_assert_eq!(program.holds(&event), meets(&tree, &condition), "{} {:?}", text, condition);
    }
}

#[test]
fn ecs_fields_answer_as_the_naive_evaluation_does() {
    let records = [
        r#"{"eventName":"GetSecretValue","errorCode":"AccessDenied","sourceIPAddress":"192.0.2.1","eventTime":"2026-01-01T00:00:00Z"}"#,
        r#"{"eventName":"PutObject","sourceIPAddress":"s3.amazonaws.com","eventTime":"2025-01-01T00:00:00Z"}"#,
        r#"{"eventName":null,"errorCode":""}"#,
        "{}",
    ];
    for (query, expected) in [
        ("event.action: GetSecretValue", [true, false, false, false]),
        ("event.outcome: success", [false, true, true, true]),
        ("source.ip: 192.0.2.0/24", [true, false, false, false]),
        ("event.action: (Put* or Get*)", [true, true, false, false]),
        (
            "not aws.cloudtrail.error_code: *",
            [false, true, true, true],
        ),
        ("@timestamp >= \"2025-06-01\"", [true, false, false, false]),
    ] {
        let (condition, _) = crate::kql::parse(query);
        let program = Program::of(&condition).expect("a sound condition");
        for (record, expected) in records.iter().zip(expected) {
            let event = JsonEvent::new(record).expect("a record");
            assert_eq!(program.holds(&event), expected, "{query} on {record}");
            let naive = crate::naive::meets(&Record::new(record), &condition);
            assert_eq!(naive, expected, "{query} on {record}, by the naive one");
        }
    }
}

#[test]
fn what_is_no_json_is_an_error() {
    assert!(JsonEvent::new(r#"{"a":"#).is_err());
    assert!(JsonEvent::new(r#"{"a":1} x"#).is_err());
}
