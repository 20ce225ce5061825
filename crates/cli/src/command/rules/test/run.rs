//! A test run for real: its events go through an ingest into a lake of their own, and its rule over that.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use engine::detect::DetectOptions;
use engine::{Engine, Error, QueryOptions, Settings};
use lake::Lake;
use lake::sources::Sources;
use rules::fixture::RuleTest;
use rules::load::LoadedRule;
use rules::rule::Body;
use syntax::Diagnostic;
use tempfile::TempDir;

use super::compare;
use crate::args::Format;
use crate::command::detect::alerts;

/// What became of a test.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) rule: String,
    pub(super) test: RuleTest,
    /// Lines that say what is not as expected; none where all is.
    pub(super) wrong: Vec<String>,
    pub(super) elapsed: Duration,
}

/// The rule at this place, and after it all that it rests on, and nothing else.
pub(super) fn with_what_it_rests_on(rules: &[LoadedRule], place: usize) -> Vec<LoadedRule> {
    let mut wanted = BTreeSet::new();
    gather(rules, place, &mut wanted);
    wanted.remove(&place);
    let all = std::iter::once(place).chain(wanted);
    all.map(|at| rules[at].clone()).collect()
}

fn gather(rules: &[LoadedRule], place: usize, wanted: &mut BTreeSet<usize>) {
    let Body::Correlation(correlation) = &rules[place].rule.body else {
        wanted.insert(place);
        return;
    };
    if wanted.insert(place) {
        let named = |rule: &LoadedRule| correlation.rules.contains(&rule.rule.about.id);
        for at in (0..rules.len()).filter(|at| named(&rules[*at])) {
            gather(rules, at, wanted);
        }
    }
}

/// A lake without events, of which each test has a copy: to make one takes as long as all that a test does with it.
pub(super) struct Empty(TempDir);

impl Empty {
    /// Makes it, its ledger too.
    ///
    /// # Errors
    /// Where there is no place for it.
    pub(super) async fn new() -> anyhow::Result<Empty> {
        let folder = tempfile::tempdir()?;
        let lake = Lake::open_or_create(&folder.path().to_string_lossy()).await?;
        Sources::open(&lake, &lake.snapshot().await?).await?;
        Ok(Empty(folder))
    }

    /// A lake of its own at `to`.
    async fn copy(&self, to: &Path) -> anyhow::Result<Lake> {
        copy(self.0.path(), to)?;
        Ok(Lake::open_existing(&to.to_string_lossy()).await?)
    }
}

/// Copies a folder and all that is in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => _ = std::fs::copy(entry.path(), to)?,
        }
    }
    Ok(())
}

/// Runs a test of the first of `rules`; the others are what that one rests on.
///
/// # Errors
/// Where the world fails: no place for a lake, say. Whatever is wrong with the rule or its events is in the outcome.
pub(super) async fn run(
    rules: &[LoadedRule],
    test: RuleTest,
    empty: &Empty,
) -> anyhow::Result<Tested> {
    let began = Instant::now();
    let wrong = outcome(rules, &test, empty).await?;
    Ok(Tested {
        rule: rules[0].rule.about.id.clone(),
        wrong,
        elapsed: began.elapsed(),
        test,
    })
}

async fn outcome(
    rules: &[LoadedRule],
    test: &RuleTest,
    empty: &Empty,
) -> anyhow::Result<Vec<String>> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log.json");
    std::fs::write(&log, test.log())?;
    let lake = empty.copy(&folder.path().join("lake")).await?;
    let mut options = ingest::Options {
        threads: 1,
        memory: 1 << 26,
        ..ingest::Options::default()
    };
    if let Some(bucket) = &test.bucket {
        options.bucket.clone_from(bucket);
    }
    let report = ingest::ingest(&[log], &lake, &options, ingest::quiet()).await?;
    if let Some(problem) = report.problems.first() {
        return Ok(vec![format!(
            "an event can't be ingested: {}",
            problem.reason
        )]);
    }
    let settings = Settings {
        threads: 1,
        ..Settings::default()
    };
    let engine = Engine::over_lake(lake, settings).await?;
    let now = i64::try_from(test.now().as_nanosecond()).unwrap_or(i64::MAX);
    let options = DetectOptions {
        query: QueryOptions {
            now: Some(engine::Now::At(now)),
            ..QueryOptions::default()
        },
        ..DetectOptions::default()
    };
    let detection = engine.detect(rules, &options, &|_, _| {}).await?;
    let Some(outcome) = detection.outcomes.first() else {
        return Ok(vec!["the rule was not run".to_owned()]);
    };
    match &outcome.alerts {
        Ok(_) => {
            let rows = alerts::rows(std::slice::from_ref(outcome), Format::Json);
            let rows: Vec<_> = rows.collect::<std::io::Result<_>>()?;
            Ok(compare::compare(&test.alerts, &rows))
        }
        Err(Error::Query { diagnostics }) => {
            let errors = diagnostics.iter().filter(|found| found.is_error());
            let error = |error: &Diagnostic| format!("{}: {}", error.code.text(), error.message);
            Ok(
                std::iter::once("the query can't be run as it is written".to_owned())
                    .chain(errors.map(error))
                    .collect(),
            )
        }
        Err(error) => Ok(vec![format!("the rule failed: {error}")]),
    }
}
