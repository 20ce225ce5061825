//! Results in their formats: one trait, and a file for each.

mod cell;
mod chart;
mod columnar;
mod columns;
mod csv;
mod gloss;
mod grail;
mod json;
mod json_lines;
mod json_text;
mod markdown;
mod ndjson;
mod record;
mod replace;
mod shape;
mod sparkline;
mod table;
mod time;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use engine::{Batch, Figures, OutputField, Timeframe, Value};
use jiff::tz::TimeZone;
use syntax::Diagnostic;

pub(crate) use chart::is_series;
pub(crate) use gloss::{Part, Tone, gloss};
pub(crate) use json_text::{json_object, json_text};
pub(crate) use replace::Replacement;
pub(crate) use time::instant;

use crate::args::Format;
use crate::terminal::{self, Paint};

/// How many records a terminal shows at most.
pub(crate) const TERMINAL_RECORDS: usize = 1_000;

/// How many characters a series takes at most where it stands by itself.
const SERIES: usize = 120;

/// A format, on its way through a result.
pub(crate) trait Output: Send {
    /// Takes the next records, each with a value a field. They are written at once where the format allows it.
    ///
    /// # Errors
    /// Those of `out`.
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()>;

    /// The same of records of which no values were made yet.
    ///
    /// # Errors
    /// As [`Output::rows`], and where a record is not what its fields say.
    fn batch(&mut self, batch: &Batch, out: &mut dyn Write) -> io::Result<()> {
        self.rows(batch.records().map_err(io::Error::other)?, out)
    }

    /// Writes what is left when all records have come.
    ///
    /// # Errors
    /// Those of `out`.
    fn end(&mut self, closing: &Closing<'_>, out: &mut dyn Write) -> io::Result<()>;

    /// What a reader should be told of what was left out, a line each.
    fn remarks(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What is known when all records have come.
#[derive(Debug)]
pub(crate) struct Closing<'a> {
    /// The query's text.
    pub(crate) query: &'a str,
    /// What a reader should know of it.
    pub(crate) diagnostics: &'a [Diagnostic],
    /// The timeframe, both ends where there is one.
    pub(crate) timeframe: Timeframe,
    /// What `now()` was, in nanoseconds since 1970-01-01 UTC.
    pub(crate) now: i64,
    /// What the run cost.
    pub(crate) figures: Figures,
}

/// How a result is shown.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// The time zone of timestamps, for people and for Grail.
    pub(crate) timezone: TimeZone,
    /// Columns of characters that a table may take; `None` for any number.
    pub(crate) width: Option<usize>,
    /// Colours.
    pub(crate) paint: Paint,
    /// Whether it goes to a terminal, which event text must not steer.
    pub(crate) terminal: bool,
}

#[cfg(test)]
impl Look {
    /// Without colours, in UTC.
    pub(crate) fn plain(width: Option<usize>) -> Look {
        Look {
            timezone: TimeZone::UTC,
            width,
            paint: Paint::default(),
            terminal: false,
        }
    }
}

/// A format's output for a result with these fields.
pub(crate) fn output(format: Format, fields: &[OutputField], look: Look) -> Box<dyn Output> {
    let fields = fields.to_vec();
    match format {
        Format::Chart => Box::new(chart::Chart::new(fields, look)),
        Format::Markdown => Box::new(markdown::Markdown::new(fields, look)),
        Format::Parquet => Box::new(columnar::Columnar::new(
            fields,
            columnar::Container::Parquet,
        )),
        Format::Arrow => Box::new(columnar::Columnar::new(fields, columnar::Container::Arrow)),
        Format::Table => Box::new(table::Table::new(fields, look)),
        Format::Record => Box::new(record::Records::new(fields, look)),
        Format::Json => Box::new(json::Json::new(fields)),
        Format::Ndjson => Box::new(ndjson::Ndjson::new(fields)),
        Format::Csv => Box::new(csv::Csv::new(fields, &look)),
        Format::Grail => Box::new(grail::Grail::new(fields, look.timezone)),
    }
}

/// A whole list of our own in a format. Gives the remarks.
///
/// # Errors
/// Those of `out`.
pub(crate) fn list(
    format: Format,
    fields: &[OutputField],
    rows: impl IntoIterator<Item = Vec<Value>>,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    list_of(format, fields, rows.into_iter().map(Ok), look, out)
}

/// As [`list`], of rows that have to be read.
///
/// # Errors
/// Those of the rows, and of `out`.
pub(crate) fn list_of(
    format: Format,
    fields: &[OutputField],
    rows: impl IntoIterator<Item = io::Result<Vec<Value>>>,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let mut output = output(format, fields, look);
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<_> = rows.by_ref().take(ROWS).collect::<io::Result<_>>()?;
        if some.is_empty() {
            break;
        }
        output.rows(some, out)?;
    }
    let closing = Closing {
        query: "",
        diagnostics: &[],
        timeframe: Timeframe::default(),
        now: 0,
        figures: Figures::default(),
    };
    output.end(&closing, out)?;
    Ok(output.remarks())
}

/// How many rows of a list are made at a time.
const ROWS: usize = 1_024;

/// A text in at most `room` columns of characters; a `…` shows where it was cut.
pub(crate) fn fit(text: &str, room: usize) -> String {
    cell::fit(text, room).0
}

/// A value on one line, its instants in `zone`, series drawn; what does not show itself stands there by name.
pub(crate) fn one_line(value: &Value, ty: &engine::Type, zone: &TimeZone) -> String {
    match cell::Cell::of(value, ty, zone, 0) {
        cell @ cell::Cell::Series(_) => cell.fit(cell.width().min(SERIES)).0,
        _ => cell::text(value, zone, 0),
    }
}

/// A field of a list of our own.
pub(crate) fn text_field(name: &str) -> OutputField {
    OutputField {
        name: name.to_owned(),
        ty: engine::Type::String,
    }
}

/// Where results go.
pub(crate) struct Destination {
    /// Written to in large pieces; must be flushed.
    pub(crate) out: Box<dyn Write + Send>,
    /// Whether a person reads along.
    pub(crate) terminal: bool,
}

impl Destination {
    /// A new file that only its owner can read, or standard output. What stands in the file is lost.
    ///
    /// # Errors
    /// Where the file can't be made.
    pub(crate) fn open(file: Option<&Path>) -> anyhow::Result<Destination> {
        Ok(match file {
            Some(path) => {
                let file =
                    create(path).with_context(|| format!("{} can't be written", path.display()))?;
                Destination {
                    out: Box::new(BufWriter::new(file)),
                    terminal: false,
                }
            }
            None => Destination {
                out: Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
                terminal: terminal::stdout_is_terminal(),
            },
        })
    }

    /// The look that suits it; tables are cut to its width unless they are to be `wide`.
    pub(crate) fn look(&self, timezone: TimeZone, wide: bool, file: bool) -> Look {
        let paint = if file {
            Paint::default()
        } else {
            Paint::stdout()
        };
        let width = if wide || file {
            None
        } else {
            terminal::stdout_width()
        };
        Look {
            timezone,
            width,
            paint,
            terminal: self.terminal,
        }
    }
}

/// Makes or replaces a file that only its owner can read.
pub(crate) fn create(path: &Path) -> io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The format where none was asked for: what a file's name ends with, a table on a terminal, else ndjson.
pub(crate) fn usual(file: Option<&Path>) -> Format {
    let Some(path) = file else {
        return if terminal::stdout_is_terminal() {
            Format::Table
        } else {
            Format::Ndjson
        };
    };
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("json") => Format::Json,
        Some("csv") => Format::Csv,
        Some("md") => Format::Markdown,
        Some("parquet") => Format::Parquet,
        Some("arrow" | "feather") => Format::Arrow,
        Some("txt") => Format::Table,
        _ => Format::Ndjson,
    }
}
