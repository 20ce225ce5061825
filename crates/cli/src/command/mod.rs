//! What can be done, a file for each.

mod archive;
mod bench;
mod check;
mod detect;
mod explain;
mod fmt;
mod ingest;
mod lake;
mod pattern;
mod query;
mod rules;
mod show;
mod sql;

use std::io::{self, Write};

use crate::args::Command;
use crate::exit::Exit;
use crate::say::Voice;

/// Does what was asked.
///
/// # Errors
/// Whatever stopped it; [`Exit::of`] knows what that means.
pub(crate) fn run(command: Command, voice: &Voice) -> anyhow::Result<Exit> {
    match command {
        Command::Ingest(args) => ingest::run(args, voice),
        Command::Query(args) => query::run(args, voice),
        Command::Sql(args) => sql::run(args, voice),
        Command::Show(args) => show::run(args, voice),
        Command::Detect(args) => detect::run(args, voice),
        Command::Rules(args) => rules::run(args, voice),
        Command::Check(args) => check::run(args, voice),
        Command::Fmt(args) => fmt::run(args, voice),
        Command::Explain(args) => explain::run(args, voice),
        Command::Pattern(args) => pattern::run(args, voice),
        Command::Lake(args) => lake::run(args, voice),
        Command::Bench(args) => bench::run(args, voice),
    }
}

/// Writes a text that is a result.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
