//! `trailsift ingest`: archives into a lake, with progress while it lasts and accounts when it is done.

mod plan;
pub(in crate::command) mod progress;
pub(in crate::command) mod summary;

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use jiff::tz::TimeZone;
use lake::Lake;

use super::print;
use crate::allocator;
use crate::args::{Ingest, Moment, Select, Summary};
use crate::asked;
use crate::exit::{Exit, Mistake};
use crate::output::{create, json_text};
use crate::runtime;
use crate::say::Voice;

pub(super) fn run(args: Ingest, voice: &Voice) -> anyhow::Result<Exit> {
    allocator::gives_back_soon();
    let mut options = options(&args)?;
    sources_are_there(&args.sources)?;
    let settings = runtime::settings(&args.resources, &args.lake);
    options.s3 = settings.s3.clone();
    let progress = progress::of(voice);
    let told = progress.told();
    let began = Instant::now();
    if args.dry_run {
        let sources = args.sources;
        let plan = runtime::run(&settings, async move {
            Ok(ingest::plan(&sources, &options).await?)
        })?;
        return plan::show(&plan, args.format);
    }
    let location = runtime::location(&args.lake)?.to_owned();
    let (sources, place) = (args.sources, location.clone());
    let report = runtime::run(&settings, async move {
        // No lake is made for nothing.
        ingest::look_at(&sources, &options.s3).await?;
        let lake = Lake::open_or_create_with(&place, &options.s3).await?;
        Ok(ingest::ingest(&sources, &lake, &options, told).await?)
    });
    progress.end();
    let report = report?;
    let elapsed = began.elapsed();
    match args.format {
        Summary::Table => voice.say(&summary::page(&report, elapsed)),
        Summary::Json => print(&format!(
            "{}\n",
            json_text(&summary::object(&report, elapsed))
        ))?,
    }
    if report.records.written + report.records.folded > 0 {
        voice.hint(&format!(
            "next: trailsift query 'fetch logs | limit 10' --lake {}",
            shell_word(&location)
        ));
    }
    Ok(if summary::is_partial(&report) {
        Exit::Partial
    } else {
        Exit::Fine
    })
}

/// Fails early, and in a person's words, where a file or folder is not there.
pub(in crate::command) fn sources_are_there(sources: &[PathBuf]) -> anyhow::Result<()> {
    sources.iter().try_for_each(|source| there(source))
}

fn there(source: &Path) -> anyhow::Result<()> {
    let name = source.display().to_string();
    if name.contains("://") {
        return Ok(());
    }
    std::fs::metadata(source).map(drop).with_context(|| {
        format!("the source {name} can't be read; name CloudTrail logs, or folders with them")
    })
}

fn options(args: &Ingest) -> anyhow::Result<ingest::Options> {
    let mut options = ingest::Options {
        bucket: args.bucket.clone(),
        selection: selection(&args.select)?,
        repeats: repeats(args.repeats.as_deref())?,
        again: args.again,
        batch_records: args.batch,
        ..ingest::Options::default()
    };
    if options.bucket.is_empty() {
        return Err(Mistake::error("a bucket needs a name: --bucket NAME"));
    }
    options.memory = args.resources.memory.unwrap_or(options.memory);
    options.threads = args.resources.threads.unwrap_or(options.threads);
    Ok(options)
}

/// Which objects are to be read.
pub(in crate::command) fn selection(select: &Select) -> anyhow::Result<ingest::Selection> {
    let now = asked::clock();
    let micros = |flag: &str, moment: &Option<Moment>| match moment {
        None => Ok(None),
        Some(moment) => match moment.resolve(now, &TimeZone::UTC) {
            Some(nanos) => Ok(Some(nanos.div_euclid(1_000))),
            None => Err(Mistake::error(format!("{flag} is out of range"))),
        },
    };
    Ok(ingest::Selection {
        from: micros("--from", &select.from)?,
        to: micros("--to", &select.to)?,
        accounts: select.accounts.clone(),
        regions: select.regions.clone(),
    })
}

/// The list of repeats, if one was asked for.
fn repeats(file: Option<&Path>) -> anyhow::Result<Option<ingest::Repeats>> {
    let Some(path) = file else { return Ok(None) };
    let file = create(path).with_context(|| format!("the list of repeats {}", path.display()))?;
    Ok(Some(ingest::Repeats::new(BufWriter::new(file))))
}

/// A word as a shell takes it.
pub(super) fn shell_word(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-:@%+=,".contains(&byte);
    match !word.is_empty() && word.bytes().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn commands_can_be_copied() {
        assert_eq!(shell_word("/data/lake-1"), "/data/lake-1");
        assert_eq!(shell_word("my lake"), "'my lake'");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
