//! `trailsift check`: what is wrong with a query, all of it at once, without running it.

mod report;

use engine::{Engine, QueryOptions, Settings};
use syntax::{Code, Diagnostic};
use tempfile::TempDir;

use super::print;
use crate::args::{Check, LakeArg, QueryText, Summary};
use crate::asked;
use crate::exit::Exit;
use crate::output::json_text;
use crate::runtime;
use crate::s3;
use crate::say::Voice;
use crate::text::{self, Text};

pub(super) fn run(args: Check, voice: &Voice) -> anyhow::Result<Exit> {
    let texts = texts(&args)?;
    let settings = Settings::default();
    let (format, many) = (args.format, !args.files.is_empty());
    let checked = runtime::run(&settings.clone(), async move {
        let checker = Checker::new(&args.lake, settings).await?;
        let options = asked::options(&args.time, &checker.engine)?;
        let mut checked = Vec::with_capacity(texts.len());
        for text in texts {
            let diagnostics = checker.check(&text.query, &options).await?;
            checked.push((text, diagnostics));
        }
        anyhow::Ok(checked)
    })?;
    match format {
        Summary::Table => report::say(&checked, voice),
        Summary::Json => print(&format!("{}\n", json_text(&report::list(&checked, many))))?,
    }
    let mut all = checked.iter().flat_map(|(_, diagnostics)| diagnostics);
    Ok(if all.any(Diagnostic::is_error) {
        Exit::Wrong
    } else {
        Exit::Fine
    })
}

/// The queries that were named.
fn texts(args: &Check) -> anyhow::Result<Vec<Text>> {
    let mut asked: Vec<QueryText> = Vec::with_capacity(args.files.len().max(1));
    for file in &args.files {
        asked.push(QueryText {
            query: None,
            file: Some(file.clone()),
        });
    }
    if asked.is_empty() {
        asked.push(QueryText {
            query: args.query.clone(),
            file: None,
        });
    }
    asked.iter().map(text::read).collect()
}

/// Checks queries against the lake that was named, or else against a lake without events: names and types are the same
/// in every lake.
pub(super) struct Checker {
    pub(super) engine: Engine,
    /// Where the lake without events is, as long as it is needed.
    empty: Option<TempDir>,
}

impl Checker {
    /// # Errors
    /// Where the lake can't be opened.
    pub(super) async fn new(lake: &LakeArg, mut settings: Settings) -> anyhow::Result<Checker> {
        settings.s3 = s3::reached(&lake.s3);
        if lake.location.is_some() {
            return Ok(Checker {
                engine: runtime::engine(lake, settings).await?,
                empty: None,
            });
        }
        let folder = tempfile::tempdir()?;
        let location = folder.path().to_string_lossy().into_owned();
        lake::Lake::open_or_create(&location).await?;
        Ok(Checker {
            engine: Engine::open(&location, settings).await?,
            empty: Some(folder),
        })
    }

    /// All that is to be said of a query.
    ///
    /// # Errors
    /// Where the lake fails, or the query can't be planned though nothing is wrong with it.
    pub(super) async fn check(
        &self,
        query: &str,
        options: &QueryOptions,
    ) -> anyhow::Result<Vec<Diagnostic>> {
        let (diagnostics, _) = self.fields(query, options).await?;
        Ok(diagnostics)
    }

    /// As [`Checker::check`], and the names of the fields that its records have; none where the query can't be run.
    ///
    /// # Errors
    /// As [`Checker::check`].
    pub(super) async fn fields(
        &self,
        query: &str,
        options: &QueryOptions,
    ) -> anyhow::Result<(Vec<Diagnostic>, Option<Vec<String>>)> {
        let (mut diagnostics, fields) = match self.engine.explain(query, options, false).await {
            Ok(explanation) => {
                let names = explanation.fields.into_iter().map(|field| field.name);
                (explanation.diagnostics, Some(names.collect()))
            }
            Err(engine::Error::Query { diagnostics }) => (diagnostics, None),
            Err(error) => return Err(error.into()),
        };
        if self.empty.is_some() {
            diagnostics.retain(|diagnostic| !is_of_events(diagnostic.code));
        }
        Ok((diagnostics, fields))
    }
}

/// Whether a diagnostic tells of the events of a lake, not of the query alone.
fn is_of_events(code: Code) -> bool {
    matches!(
        code,
        Code::OutsideData
            | Code::UntimedEvents
            | Code::WholeLake
            | Code::NoSuchBucket
            | Code::OverLimit
    )
}
