//! `trailsift detect`: rules over a lake, and their alerts.
//!
//! Reading order: this file, then `alerts` (for programs), `page` (for people), `report` (for a browser); `exceptions` and
//! `known` decide which alerts there are, `figures` and `say` what is said of them.

pub(super) mod alerts;
mod exceptions;
mod figures;
mod known;
mod page;
mod report;
mod say;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use engine::detect::{DetectOptions, Outcome};
use engine::{Error, Timeframe};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rules::ecs::{self, Databases, Geo};
use rules::load::{Loaded, LoadedRule};
use rules::rule::Body;

use super::archive;
use super::ingest::progress;
use crate::args::{Detect, Format};
use crate::asked;
use crate::embedded;
use crate::exit::{Exit, Mistake};
use crate::output::{self, Destination, Replacement, TERMINAL_RECORDS};
use crate::runtime;
use crate::say::Voice;
use crate::terminal;

use known::Known;
use report::Report;
pub(super) use say::refused;

/// How many names of rules a line has; more are counted.
const NAMED: usize = 20;

pub(super) fn run(args: Detect, voice: &Voice) -> anyhow::Result<Exit> {
    let location = match args.over.archives.as_slice() {
        [] => runtime::location(&args.over.lake)?.to_owned(),
        archives => {
            let names: Vec<_> = archives
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            names.join(", ")
        }
    };
    let format = format(&args)?;
    let all = args
        .exceptions
        .as_deref()
        .map(exceptions::read)
        .transpose()?;
    let mut loaded = embedded::rules(&args.rules)?;
    embedded::sort(&mut loaded.rules);
    refused(&loaded, voice);
    if loaded.rules.is_empty() {
        voice.failure("none of the rules can be run");
        return Ok(Exit::Wrong);
    }
    if let Some(path) = &args.output {
        Replacement::try_out(path).with_context(|| unwritable(path))?;
    }
    let today = exceptions::day(asked::clock());
    let mut known = args
        .new
        .as_deref()
        .map(|path| Known::open(path, today))
        .transpose()?;
    let settings = runtime::settings(&args.resources, &args.over.lake);
    let voice = *voice;
    let told = progress::of(&voice);
    runtime::run(&settings.clone(), async move {
        let engine = runtime::over(&args.over, &args.time, settings, told.told(), &voice).await?;
        let query = asked::options(&args.time, &engine)?;
        let now = match query.now {
            Some(engine::Now::At(now)) => now,
            _ => asked::clock(),
        };
        let applied = match (&args.exceptions, all) {
            (Some(path), Some(all)) => exceptions::apply(path, all, &mut loaded.rules, now, &voice),
            _ => rules::exceptions::Applied::default(),
        };
        let options = DetectOptions {
            query,
            max_signals: args.max_signals,
            only: applied.only.clone(),
            geo: geo(&args.geo, &loaded, &voice)?,
            ..DetectOptions::default()
        };
        // Archives show how far their reading is.
        let bar = match args.over.archives.is_empty() {
            true => bar(&voice, loaded.rules.len()),
            false => ProgressBar::hidden(),
        };
        let mut detection = engine
            .detect(&loaded.rules, &options, &|name, done| {
                bar.set_message(name.to_owned());
                bar.set_position(done as u64);
            })
            .await?;
        bar.finish_and_clear();
        told.end();
        let before = known
            .as_mut()
            .map(|known| known.sift(&mut detection.outcomes))
            .transpose()
            .context("a temporary file can't be written or read")?;

        let report = Report {
            lake: &location,
            options: &options.query,
            now,
            covered: engine.covered(),
            detection: &detection,
            loaded: &loaded,
            exceptions: &applied,
            known: before,
            written: asked::clock(),
        };
        write(&args, format, &report, &voice)?;
        if let Some(known) = known {
            known.save()?;
        }
        say::all(&report, &args, format, &voice)?;
        let timeframe = options.query.timeframe != Timeframe::default();
        // Each scan read the archives, some of them less of it.
        let read = detection.readings.iter().max_by_key(|read| read.objects());
        let read = read.map_or(Exit::Fine, |read| archive::account(read, timeframe, &voice));
        Ok(match exit(&detection.outcomes, args.exit_code) {
            // What is known is known; that some rules were left out must not be missed by a script.
            Exit::Fine | Exit::Alerts if !loaded.refusals.is_empty() || read == Exit::Partial => {
                Exit::Partial
            }
            exit => exit,
        })
    })
}

/// The databases that were named. Without them, rules that ask for places are named: such tests fail.
fn geo(
    paths: &[PathBuf],
    loaded: &Loaded,
    voice: &Voice,
) -> anyhow::Result<Option<Arc<dyn Geo + Send + Sync>>> {
    if !paths.is_empty() {
        let databases = Databases::open(paths)?;
        return Ok(Some(Arc::new(databases)));
    }
    let asks = |rule: &&LoadedRule| match &rule.rule.body {
        Body::Events { condition, .. } => !ecs::geo_fields(condition).is_empty(),
        Body::Query(_) | Body::Correlation(_) => false,
    };
    let asking: Vec<&str> = loaded
        .rules
        .iter()
        .filter(asks)
        .map(|rule| rule.rule.about.id.as_str())
        .collect();
    if !asking.is_empty() {
        voice.warning(&format!(
            "where addresses are is not known: --geo FILE.mmdb names a database; this matters to {}",
            named(&asking)
        ));
    }
    Ok(None)
}

/// The format asked for, or the usual one: of a file by what its name ends with. None is the report.
fn format(args: &Detect) -> anyhow::Result<Option<Format>> {
    let file = args.output.as_deref();
    let is_page = |path: &Path| {
        let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
        extension == "html" || extension == "htm"
    };
    let format = match args.format {
        Some(format) => format.list(),
        None if file.is_some_and(is_page) => None,
        None => Some(output::usual(file)),
    };
    if format.is_none() && file.is_none() && terminal::stdout_is_terminal() {
        return Err(Mistake::error(
            "an HTML report is for a browser, not for a terminal: name a file with --output report.html",
        ));
    }
    Ok(format)
}

fn unwritable(path: &Path) -> String {
    format!("{} can't be written", path.display())
}

/// Writes the alerts where they are to go, and says what tables left out.
fn write(
    args: &Detect,
    format: Option<Format>,
    report: &Report<'_>,
    voice: &Voice,
) -> anyhow::Result<()> {
    let outcomes = &report.detection.outcomes;
    let new = report.known.is_some();
    let mut destination = Destination::open(None)?;
    let file = args.output.is_some();
    let look = destination.look(report.options.timezone.clone(), args.wide, file);
    // What is noted as given must have been shown.
    let room = match destination.terminal && !file && !new {
        true => TERMINAL_RECORDS,
        false => usize::MAX,
    };
    let put = |out: &mut dyn Write| match format {
        None => report::write(report, out).map(|()| Vec::new()),
        Some(Format::Table) => page::write(outcomes, &look, room, new, out),
        Some(format) => {
            let rows = alerts::rows(outcomes, format);
            output::list_of(format, &alerts::fields(), rows, look.clone(), out)
        }
    };
    let remarks = match &args.output {
        None => put(&mut destination.out)
            .and_then(|remarks| destination.out.flush().map(|()| remarks))
            .context("the alerts can't be written")?,
        Some(path) => {
            let write = || {
                let mut file = Replacement::open(path)?;
                let remarks = put(&mut file)?;
                file.commit().map(|()| remarks)
            };
            write().with_context(|| unwritable(path))?
        }
    };
    for remark in remarks {
        voice.hint(&remark);
    }
    Ok(())
}

fn bar(voice: &Voice, rules: usize) -> ProgressBar {
    if !voice.may_animate() {
        return ProgressBar::hidden();
    }
    let bar =
        ProgressBar::with_draw_target(Some(rules as u64), ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos} of {len} rules · {msg}") {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar
}

/// Names of rules for one line.
fn named<T: Display>(names: &[T]) -> String {
    let mut parts: Vec<String> = names.iter().take(NAMED).map(ToString::to_string).collect();
    if let more @ 1.. = names.len().saturating_sub(NAMED) {
        parts.push(format!("{more} more"));
    }
    parts.join(", ")
}

/// A rule that could not be run counts more than alerts do: nobody knows what it would have found.
fn exit(outcomes: &[Outcome<'_>], alerts_count: bool) -> Exit {
    let of = |outcome: &Outcome<'_>| match &outcome.alerts {
        Err(Error::Query { .. }) => Exit::Wrong,
        Err(_) => Exit::Failed,
        Ok(alerts) if alerts_count && !alerts.is_empty() => Exit::Alerts,
        Ok(_) => Exit::Fine,
    };
    outcomes.iter().map(of).max().unwrap_or(Exit::Fine)
}
