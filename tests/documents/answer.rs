//! A query of a page, run: over the sample archive, over records that stand beside it, or over none.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use engine::{Engine, Now, QueryOptions, Settings};
use syntax::render::render;
use syntax::{Diagnostic, Severity};

use super::table::table;
use crate::check::{TestLake, over_archive, wait, workspace};
use crate::naive::time;

/// What `now()` is in a page, unless it says otherwise: noon behind the last day of the sample archive.
const NOW: &str = "2024-11-28T12:00:00Z";

/// Where events come from.
#[derive(Clone, Copy)]
pub enum Ground<'a> {
    /// The sample archive.
    Sample,
    /// Records, one a line.
    Records(&'a str),
}

/// A query and how it is asked.
pub struct Asked {
    text: String,
    options: QueryOptions,
    /// Whether there is no lake, whatever else the page says.
    without_lake: bool,
}

impl Asked {
    /// The query with the options of its fence: `now=` an instant or `latest`, `from=`, `to=`,
    /// `lake=none`.
    pub fn new(text: &str, options: &[String]) -> Asked {
        let mut without_lake = false;
        let mut asked = QueryOptions {
            now: Some(Now::At(instant(NOW))),
            ..QueryOptions::default()
        };
        for option in options {
            match option.split_once('=') {
                Some(("now", "latest")) => asked.now = Some(Now::Latest),
                Some(("now", at)) => asked.now = Some(Now::At(instant(at))),
                Some(("from", at)) => asked.timeframe.from = Some(instant(at)),
                Some(("to", at)) => asked.timeframe.to = Some(instant(at)),
                Some(("lake", "none")) => without_lake = true,
                _ => panic!("no such option: {option}"),
            }
        }
        Asked {
            text: text.to_owned(),
            options: asked,
            without_lake,
        }
    }
}

fn instant(text: &str) -> i64 {
    let nanos = time::parse(text).unwrap_or_else(|| panic!("no instant: {text}"));
    i64::try_from(nanos).unwrap()
}

/// What came of a query.
pub struct Answer {
    /// Its rows as a table, or the diagnostics that there are instead.
    pub rows: Result<String, String>,
    /// The diagnostics, without those that are only worth knowing.
    pub said: String,
    /// All diagnostics.
    pub all_said: String,
}

/// Runs a query to its end over a lake of the ground.
pub fn ask(ground: Ground<'_>, asked: &Asked) -> Answer {
    // Held until the query has run: its folder goes with it.
    let own = match ground {
        Ground::Sample => None,
        Ground::Records(records) => Some(lake_of(records)),
    };
    let lake = own.as_deref().unwrap_or_else(|| sample()).path();
    let lake = (!asked.without_lake).then_some(lake);
    run(asked, async move {
        match &lake {
            Some(lake) => Engine::open(lake.to_str().unwrap(), Settings::default()).await,
            None => Engine::without_lake(Settings::default()),
        }
    })
}

/// Runs a query to its end over the ground as it lies there, without a lake.
pub fn ask_archive(ground: Ground<'_>, asked: &Asked) -> Answer {
    let own = match ground {
        Ground::Sample => None,
        Ground::Records(records) => Some(archive_of(records)),
    };
    let folder = match &own {
        Some(own) => own.path().to_owned(),
        None => workspace("data/cloudtrail"),
    };
    run(asked, over_archive(folder, Settings::default()))
}

fn run(
    asked: &Asked,
    engine: impl Future<Output = Result<Engine, engine::Error>> + Send + 'static,
) -> Answer {
    let (text, options) = (asked.text.clone(), asked.options.clone());
    let run = wait(async move {
        let engine = engine.await?;
        let mut answer = engine.query(&text, &options).await?;
        let fields: Vec<String> = answer
            .fields
            .iter()
            .map(|field| field.name.clone())
            .collect();
        let rows = answer.rows().await?;
        Ok((table(&fields, &rows), answer.diagnostics))
    });
    let (rows, diagnostics) = match run {
        Ok((rows, diagnostics)) => (Some(rows), diagnostics),
        Err(engine::Error::Query { diagnostics }) => (None, diagnostics),
        Err(error) => panic!("{error}\n{}", asked.text),
    };
    let serious: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity > Severity::Info)
        .cloned()
        .collect();
    let all_said = render("query", &asked.text, &diagnostics, false);
    Answer {
        rows: rows.ok_or_else(|| all_said.clone()),
        said: render("query", &asked.text, &serious, false),
        all_said,
    }
}

fn sample() -> &'static TestLake {
    static SAMPLE: OnceLock<TestLake> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let lake = TestLake::of(&workspace("data/cloudtrail"));
        let lookups = lake.path().join("lookups");
        std::fs::create_dir(&lookups).unwrap();
        for table in std::fs::read_dir(workspace("tests/cases/lookups")).unwrap() {
            let table = table.unwrap();
            std::fs::copy(table.path(), lookups.join(table.file_name())).unwrap();
        }
        lake
    })
}

/// A lake of the records, one a line, as one delivered object. Cases that follow each other mostly share theirs.
fn lake_of(records: &str) -> Arc<TestLake> {
    static LAST: Mutex<Option<(String, Arc<TestLake>)>> = Mutex::new(None);
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match &*last {
        Some((of, lake)) if of == records => Arc::clone(lake),
        _ => {
            let lake = Arc::new(new_lake(records));
            *last = Some((records.to_owned(), Arc::clone(&lake)));
            lake
        }
    }
}

/// An archive of the records, one a line, as one delivered object.
fn archive_of(records: &str) -> tempfile::TempDir {
    let lines: Vec<&str> = lines(records).collect();
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{{\"Records\":[{}]}}", lines.join(","));
    std::fs::write(folder.path().join("records.json"), text).unwrap();
    folder
}

fn lines(records: &str) -> impl Iterator<Item = &str> {
    records.lines().filter(|line| !line.trim().is_empty())
}

fn new_lake(records: &str) -> TestLake {
    let folder = archive_of(records);
    let lake = TestLake::of(folder.path());
    assert_eq!(
        lake.report.records.written,
        lines(records).count() as u64,
        "a record of the page is rejected or folded"
    );
    lake
}
