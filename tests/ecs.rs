//! The table `ecs` against the fields of each record's own document.

use engine::{Engine, QueryOptions, Settings, Value};
use rules::ecs::{FIELDS, Record, Type, find};

use crate::check::{TestLake, wait, workspace};
use crate::differential::archive::Archive;
use crate::differential::dice::Dice;

/// The rows of a statement over a lake.
fn sql(lake: &std::path::Path, statement: &str) -> Vec<Vec<Value>> {
    let (lake, statement) = (lake.to_str().unwrap().to_owned(), statement.to_owned());
    wait(async move {
        let engine = Engine::open(&lake, Settings::default()).await.unwrap();
        let options = QueryOptions::default();
        let mut answer = engine.sql(&statement, &options).await.unwrap();
        answer.rows().await.unwrap()
    })
}

#[test]
fn every_field_of_any_record_is_that_of_its_document() {
    let mut values = 0;
    for seed in 0..2 {
        let archive = Archive::random(&mut Dice::new(seed));
        let folder = tempfile::tempdir().unwrap();
        let rows = sql(&archive.lake(folder.path()), "SELECT * FROM ecs");
        assert_eq!(rows.len(), archive.records().len());
        for row in rows {
            let Some(Value::String(content)) = row.last() else {
                panic!("{row:?}");
            };
            for (definition, found) in FIELDS.iter().zip(&row) {
                let expected = find(definition.name).unwrap().values(&Record::new(content));
                values += expected.len();
                assert_eq!(
                    *found,
                    shown(definition.kind, &expected),
                    "{} of {content}\n{archive}",
                    definition.name
                );
            }
        }
    }
    assert!(values > 200, "{values}");
}

/// What the table shows for these values.
fn shown(kind: Type, values: &[String]) -> Value {
    let [one] = values else {
        return match (values, kind) {
            ([], _) | (_, Type::Long | Type::Boolean) => Value::Null,
            (several, _) => Value::String(serde_json::to_string(several).unwrap()),
        };
    };
    match kind {
        Type::Long => one.parse().map_or(Value::Null, Value::Long),
        Type::Boolean => match one.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "on" | "1" => Value::Boolean(true),
            "false" | "f" | "no" | "n" | "off" | "0" => Value::Boolean(false),
            _ => Value::Null,
        },
        _ => Value::String(one.clone()),
    }
}

#[test]
fn a_field_that_is_a_column_is_read_from_it() {
    let lake = TestLake::of(&workspace("data/cloudtrail"));
    let path = lake.path().to_str().unwrap().to_owned();
    let (counted, figures) = wait(async move {
        let engine = Engine::open(&path, Settings::default()).await.unwrap();
        let statement = "SELECT count(*) FROM ecs WHERE \"event.action\" = 'GetSecretValue' AND \
                         \"event.dataset\" = 'aws.cloudtrail'";
        let options = QueryOptions::default();
        let mut answer = engine.sql(statement, &options).await.unwrap();
        (answer.rows().await.unwrap(), answer.figures())
    });
    let asked = lake.ask(
        "fetch logs | parse content, \"JSON:event\" | filter event[eventName] == \"GetSecretValue\" | summarize n = count()",
        &QueryOptions::default(),
    );
    assert_eq!(
        counted[0][0],
        Value::Long(asked.rows[0]["n"].as_i64().unwrap())
    );
    // The records are larger than all that was read, the ends of the files with it.
    assert!(figures.bytes_scanned < 150_000, "{figures:?}");
}
