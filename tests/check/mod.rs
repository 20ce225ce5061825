//! The one place where tests touch the API.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use engine::{Archive, Engine, Figures, Now, QueryOptions, Settings, Value};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::naive::{Row, canonical};

/// The runtime of all tests, with stacks as deep as the product's.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| engine::runtime(2).unwrap())
}

/// Runs `work` to its end on a deep stack.
pub fn wait<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    engine::run(runtime(), work).unwrap()
}

/// A folder of the workspace.
pub fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A lake in a folder that goes with it.
pub struct TestLake {
    folder: tempfile::TempDir,
    /// What the ingest said.
    pub report: ingest::Report,
}

impl TestLake {
    /// A lake of the archive in `archive`, in the bucket of the tutorials.
    pub fn of(archive: &Path) -> TestLake {
        let folder = tempfile::tempdir().unwrap();
        let report = ingest_into(&folder.path().join("lake"), archive);
        TestLake { folder, report }
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// The answer to a query.
    pub fn ask(&self, query: &str, options: &QueryOptions) -> Answered {
        ask(Some(&self.path()), query, options)
    }
}

/// Ingests an archive into a lake.
pub fn ingest_into(lake: &Path, archive: &Path) -> ingest::Report {
    let options = ingest::Options {
        bucket: "my_aws_bucket".to_owned(),
        ..ingest::Options::default()
    };
    ingest_with(lake, archive, options)
}

/// Ingests an archive into a lake, as the options say.
pub fn ingest_with(lake: &Path, archive: &Path, options: ingest::Options) -> ingest::Report {
    let (lake, archive) = (lake.to_str().unwrap().to_owned(), archive.to_owned());
    wait(async move {
        let lake = lake::Lake::open_or_create(&lake).await.unwrap();
        ingest::ingest(&[archive], &lake, &options, ingest::quiet())
            .await
            .unwrap()
    })
}

/// An engine over the archive in a folder, in the bucket of the tutorials.
pub async fn over_archive(folder: PathBuf, settings: Settings) -> Result<Engine, engine::Error> {
    Engine::over_archive(archive(vec![folder]), settings).await
}

fn archive(sources: Vec<PathBuf>) -> Archive {
    Archive {
        bucket: "my_aws_bucket".to_owned(),
        ..Archive::of(sources)
    }
}

/// What came of a query.
#[derive(Debug)]
pub struct Answered {
    /// The names of the fields, in order.
    pub fields: Vec<String>,
    /// The rows as they came.
    pub rows: Vec<Row>,
    /// The codes of all diagnostics, warnings included.
    pub codes: Vec<&'static str>,
    /// The diagnostics.
    pub diagnostics: Vec<syntax::Diagnostic>,
    /// What the run cost.
    pub figures: Figures,
}

/// The answer to a query over the lake at `lake`, or over none. A query that can't be run has no rows and at least one
/// diagnostic.
pub fn ask(lake: Option<&Path>, query: &str, options: &QueryOptions) -> Answered {
    let (query, options) = (query.to_owned(), options.clone());
    let lake = lake.map(|lake| lake.to_str().unwrap().to_owned());
    answered(query, options, async move {
        match lake {
            Some(lake) => Engine::open(&lake, Settings::default()).await,
            None => Engine::without_lake(Settings::default()),
        }
    })
}

/// The answer to a query over archives as they are, read by batches of about so many records.
pub fn ask_archives(
    sources: &[PathBuf],
    records: u64,
    query: &str,
    options: &QueryOptions,
) -> Answered {
    let archive = Archive {
        batch_records: records,
        ..archive(sources.to_vec())
    };
    let engine = Engine::over_archive(archive, Settings::default());
    answered(query.to_owned(), options.clone(), engine)
}

fn answered(
    query: String,
    options: QueryOptions,
    engine: impl Future<Output = Result<Engine, engine::Error>> + Send + 'static,
) -> Answered {
    wait(async move {
        let engine = engine.await.unwrap();
        match engine.query(&query, &options).await {
            Ok(mut answer) => {
                let values = answer.rows().await.unwrap();
                let fields: Vec<String> = answer
                    .fields
                    .iter()
                    .map(|field| field.name.clone())
                    .collect();
                let row = |values: Vec<Value>| {
                    fields
                        .iter()
                        .cloned()
                        .zip(values.iter().map(json_of))
                        .collect()
                };
                Answered {
                    rows: values.into_iter().map(row).collect(),
                    codes: codes(&answer.diagnostics),
                    figures: answer.figures(),
                    diagnostics: std::mem::take(&mut answer.diagnostics),
                    fields,
                }
            }
            Err(engine::Error::Query { diagnostics }) => Answered {
                fields: Vec::new(),
                rows: Vec::new(),
                codes: codes(&diagnostics),
                diagnostics,
                figures: Figures::default(),
            },
            Err(error) => panic!("{error}\n{query}"),
        }
    })
}

fn codes(diagnostics: &[syntax::Diagnostic]) -> Vec<&'static str> {
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.text())
        .collect()
}

/// The options of a query at the end of a lake.
pub fn latest() -> QueryOptions {
    QueryOptions {
        now: Some(Now::Latest),
        ..QueryOptions::default()
    }
}

/// A value as the naive evaluator writes it.
pub fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Boolean(value) => json!(value),
        Value::Long(value) => json!(value),
        Value::Double(value) => json!(value),
        Value::String(value) => json!(value),
        Value::Timestamp(nanos) => json!(crate::naive::time::text(i128::from(*nanos))),
        Value::Duration(nanos) => json!(duration(*nanos)),
        Value::Timeframe(start, end) => json!({
            "start": crate::naive::time::text(i128::from(*start)),
            "end": crate::naive::time::text(i128::from(*end)),
        }),
        Value::Array(values) => values.iter().map(json_of).collect(),
        Value::Record(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), json_of(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Shown(_, shown) => json_of(shown),
    }
}

/// A duration of whole minutes or hours, as the naive evaluator writes it.
fn duration(nanos: i64) -> String {
    let minutes = nanos / 60_000_000_000;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("PT{minutes}M"),
        (hours, 0) => format!("PT{hours}H"),
        (hours, minutes) => format!("PT{hours}H{minutes}M"),
    }
}

/// Holds the rows of an answer against those expected, in whatever order.
#[track_caller]
pub fn same_rows(query: &str, answered: Vec<Row>, expected: Vec<Row>) {
    let (answered, expected) = (canonical(answered), canonical(expected));
    if answered == expected {
        return;
    }
    let missing: Vec<_> = expected
        .iter()
        .filter(|row| !answered.contains(row))
        .take(3)
        .collect();
    let surplus: Vec<_> = answered
        .iter()
        .filter(|row| !expected.contains(row))
        .take(3)
        .collect();
    panic!(
        "{query}\n{} rows, {} expected\nmissing: {missing:#?}\nsurplus: {surplus:#?}",
        answered.len(),
        expected.len()
    );
}
