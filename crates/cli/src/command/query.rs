//! `trailsift query`: the records of a DQL query, in the format that was asked for.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use engine::{Answer, Error, Figures, Readings, Timeframe};

use super::archive;
use super::ingest::progress::{self, Told};
use crate::args::{Format, Query, Shape};
use crate::asked;
use crate::exit::{Exit, Mistake};
use crate::human;
use crate::output::{self, Closing, Destination, TERMINAL_RECORDS};
use crate::runtime;
use crate::say::Voice;
use crate::text::{self, Text};

pub(super) fn run(args: Query, voice: &Voice) -> anyhow::Result<Exit> {
    answer(args, Language::Dql, voice)
}

/// What a query is written in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Language {
    Dql,
    Sql,
}

/// Runs a query in either language, and shows its records.
pub(super) fn answer(args: Query, language: Language, voice: &Voice) -> anyhow::Result<Exit> {
    let text = text::read_over(&args.text, &args.over)?;
    let settings = runtime::settings(&args.resources, &args.over.lake);
    let voice = *voice;
    let told = progress::of(&voice);
    runtime::run(&settings.clone(), async move {
        let engine = runtime::over(&args.over, &args.time, settings, told.told(), &voice).await?;
        let options = asked::options(&args.time, &engine)?;
        let answer = match language {
            Language::Dql => engine.query(&text.query, &options).await,
            Language::Sql => engine.sql(&text.query, &options).await,
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(Error::Query { diagnostics }) => {
                told.end();
                voice.diagnostics(&text.name, &text.query, &diagnostics);
                return Ok(Exit::Wrong);
            }
            Err(error) => return Err(error.into()),
        };
        told.aside(|| voice.diagnostics(&text.name, &text.query, &answer.diagnostics));
        if engine.info().is_some_and(|info| info.events == 0) {
            voice.hint(
                "the lake is empty: `trailsift ingest SOURCE --lake LAKE` brings events into it",
            );
        }
        let Shape {
            format,
            output: file,
            wide,
        } = args.shape;
        let shown = Shown {
            format: format.unwrap_or_else(|| output::usual(file.as_deref())),
            file,
            wide,
            options,
            told,
        };
        show(answer, &text, &shown, &voice).await
    })
}

/// How the answer is to be shown.
pub(super) struct Shown {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
    pub(super) wide: bool,
    pub(super) options: engine::QueryOptions,
    /// How far the reading of archives is.
    pub(super) told: Told,
}

/// Writes the records as they come.
pub(super) async fn show(
    mut answer: Answer,
    text: &Text,
    shown: &Shown,
    voice: &Voice,
) -> anyhow::Result<Exit> {
    if shown.format == Format::Chart && !output::is_series(&answer.fields) {
        return Err(Mistake::error(
            "a chart shows time series, and this result holds none: `makeTimeseries` makes them of records, and its fields `timeframe` and the arrays have to be kept",
        ));
    }
    let mut destination = Destination::open(shown.file.as_deref())?;
    if destination.terminal && matches!(shown.format, Format::Parquet | Format::Arrow) {
        return Err(Mistake::error(
            "this format is for programs, not for a terminal: name a file with --output, or send it into a pipe",
        ));
    }
    let look = destination.look(
        shown.options.timezone.clone(),
        shown.wide,
        shown.file.is_some(),
    );
    let mut output = output::output(shown.format, &answer.fields, look);
    let destination_is_terminal = destination.terminal;
    let out = &mut destination.out;
    let most = if destination.terminal {
        TERMINAL_RECORDS
    } else {
        usize::MAX
    };
    let (mut records, mut more) = (0, false);
    while let Some(batch) = answer.next_records().await? {
        // Records on a terminal and a bar that is drawn anew would run into each other.
        if destination_is_terminal {
            shown.told.end();
        }
        more = batch.len() > most - records;
        let batch = batch.first(most - records);
        records += batch.len();
        output
            .batch(&batch, out)
            .context("the result can't be written")?;
        if more {
            break;
        }
    }
    shown.told.end();
    let figures = answer.figures();
    let closing = Closing {
        query: &text.query,
        diagnostics: &answer.diagnostics,
        timeframe: answer.timeframe,
        now: answer.now,
        figures: figures.clone(),
    };
    output
        .end(&closing, out)
        .and_then(|()| out.flush())
        .context("the result can't be written")?;
    if more {
        voice.hint(&format!(
            "the first {} records are shown; a pipe or --output FILE gets all",
            human::count(TERMINAL_RECORDS as u64)
        ));
    }
    for remark in output.remarks() {
        voice.hint(&remark);
    }
    if figures.patterns_given_up > 0 {
        voice.warning(&given_up(figures.patterns_given_up));
    }
    let readings = answer.readings();
    let timeframe = answer.timeframe != Timeframe::default();
    let exit = archive::account(&readings, timeframe, voice);
    voice.hint(&line(records as u64, &figures, &readings));
    Ok(exit)
}

/// The warning about texts on which patterns gave up.
pub(super) fn given_up(texts: u64) -> String {
    format!(
        "on {} a pattern took more work than is allowed for one text, and gave null",
        human::counted(texts, "text")
    )
}

/// The closing line: what was found, and what it cost.
fn line(records: u64, figures: &Figures, readings: &Readings) -> String {
    let mut parts = vec![format!(
        "{} in {}",
        human::counted(records, "record"),
        human::elapsed(figures.elapsed)
    )];
    parts.extend(scan(figures));
    parts.extend(archive::read(readings));
    parts.join(" · ")
}

/// What the scans of a query, or of several, read; nothing where there was none.
pub(super) fn scan(figures: &Figures) -> Vec<String> {
    if figures.files == 0 {
        return Vec::new();
    }
    let of = |some: u64, all: u64, thing: &str| {
        format!("{} of {}", human::count(some), human::counted(all, thing))
    };
    let mut parts = vec![format!(
        "{} read",
        of(figures.files_read, figures.files, "file")
    )];
    if figures.row_groups > 0 {
        let pruned = of(figures.row_groups_pruned, figures.row_groups, "row group");
        parts.push(format!("{pruned} pruned"));
    }
    parts.extend([
        format!("{} scanned", human::counted(figures.rows_scanned, "row")),
        format!("{} read", human::bytes(figures.bytes_scanned)),
        match figures.json_bytes_parsed {
            0 => "no JSON parsed".to_owned(),
            bytes => format!("{} of JSON parsed", human::bytes(bytes)),
        },
    ]);
    parts
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_closing_line() {
        let mut figures = Figures {
            elapsed: Duration::from_millis(310),
            ..Figures::default()
        };
        let none = Readings::default();
        assert_eq!(line(2, &figures, &none), "2 records in 310 ms");
        figures.files = 40;
        figures.files_read = 3;
        figures.row_groups = 9;
        figures.row_groups_pruned = 4;
        figures.rows_scanned = 12_345;
        figures.bytes_scanned = 1_200_000;
        assert_eq!(
            line(1, &figures, &none),
            "1 record in 310 ms · 3 of 40 files read · 4 of 9 row groups pruned · 12,345 rows scanned · 1.2 MB read · \
             no JSON parsed"
        );
    }
}
