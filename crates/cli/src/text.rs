//! The text of a query: typed, from a file, or from standard input.

use std::io::Read;

use anyhow::Context;

use crate::args::{Over, QueryText};
use crate::exit::Mistake;

/// A query as it was given.
#[derive(Debug)]
pub(crate) struct Text {
    /// What stands before line numbers when something is said of it.
    pub(crate) name: String,
    /// The query.
    pub(crate) query: String,
}

/// Reads the text of a query over a lake or archives.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_over(asked: &QueryText, over: &Over) -> anyhow::Result<Text> {
    if asked.query.is_none() && asked.file.is_none() && !over.archives.is_empty() {
        return Err(Mistake::error(
            "there is no query: write one in quotes before --archive, for what stands behind it is a source, or name a file with --file",
        ));
    }
    read(asked)
}

/// Reads the text of a query.
///
/// # Errors
/// A [`Mistake`] where none was given or it is not UTF-8, and where a file can't be read.
pub(crate) fn read(asked: &QueryText) -> anyhow::Result<Text> {
    let (name, bytes) = match (&asked.file, asked.query.as_deref()) {
        (Some(path), _) if path.as_os_str() != "-" => {
            let name = path.display().to_string();
            let bytes = std::fs::read(path)
                .with_context(|| format!("the query in {name} can't be read"))?;
            (name, bytes)
        }
        (Some(_), _) | (None, Some("-")) => {
            let mut bytes = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut bytes);
            read.context("the query can't be read from standard input")?;
            ("standard input".to_owned(), bytes)
        }
        (None, Some(query)) => ("query".to_owned(), query.to_owned().into_bytes()),
        (None, None) => {
            return Err(Mistake::error(
                "there is no query: write one in quotes, name a file with --file, or - for standard input",
            ));
        }
    };
    // Editors on some systems begin a file with a byte order mark.
    match String::from_utf8(bytes) {
        Ok(query) => Ok(Text {
            name,
            query: query.trim_start_matches('\u{feff}').to_owned(),
        }),
        Err(error) => Err(Mistake::error(format!(
            "the query in {name} is not UTF-8 from byte {} on",
            error.utf8_error().valid_up_to()
        ))),
    }
}
