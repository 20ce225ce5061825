//! `trailsift lake columns`: what the columns of a lake are, and one more of them.

use std::io::Write;
use std::sync::Arc;

use ::lake::{Column, DeclareError, Lake, Layout};
use engine::{Settings, Value};
use jiff::tz::TimeZone;

use crate::args::{Columns, Format, Kind, LakeArg, Listing};
use crate::command::ingest::shell_word;
use crate::command::print;
use crate::exit::{Exit, Mistake};
use crate::output::{self, Destination, text_field};
use crate::runtime;
use crate::s3;
use crate::say::Voice;

pub(super) fn run(lake: &LakeArg, format: Option<Columns>, voice: &Voice) -> anyhow::Result<Exit> {
    let layout = layout(lake)?;
    let format: Format = match format {
        Some(Columns::Markdown) => {
            print(&layout.page())?;
            return Ok(Exit::Fine);
        }
        Some(Columns::Table) => Listing::Table.into(),
        Some(Columns::Json) => Listing::Json.into(),
        Some(Columns::Ndjson) => Listing::Ndjson.into(),
        Some(Columns::Csv) => Listing::Csv.into(),
        None => output::usual(None),
    };
    let fields = ["column", "dql", "type", "needle", "doc"].map(text_field);
    let rows = layout.columns.iter().map(row);
    let mut destination = Destination::open(None)?;
    let look = destination.look(TimeZone::UTC, false, false);
    for remark in output::list(format, &fields, rows, look, &mut destination.out)? {
        voice.hint(&remark);
    }
    destination.out.flush()?;
    voice.hint("the DQL works after `parse content, \"JSON:event\"`; a needle has a bloom filter: single values are found fast");
    Ok(Exit::Fine)
}

/// The columns of the lake that was named, or of every lake.
fn layout(lake: &LakeArg) -> anyhow::Result<Arc<Layout>> {
    let Some(location) = lake.location.clone() else {
        return Ok(Layout::built_in());
    };
    let s3 = s3::reached(&lake.s3);
    runtime::run(&Settings::default(), async move {
        Ok(Lake::open_with(&location, &s3)
            .await?
            .snapshot()
            .await?
            .layout)
    })
}

/// Declares a column.
pub(super) fn add(path: &str, kind: Kind, lake: &LakeArg, voice: &Voice) -> anyhow::Result<Exit> {
    let location = runtime::location(lake)?.to_owned();
    let path = ::lake::parse_path(path).map_err(wrong)?;
    let kind = match kind {
        Kind::Text => ::lake::Kind::Text,
        Kind::Long => ::lake::Kind::Long,
        Kind::Boolean => ::lake::Kind::Boolean,
        Kind::Timestamp => ::lake::Kind::Timestamp,
        Kind::Json => ::lake::Kind::Json,
    };
    let place = location.clone();
    let s3 = s3::reached(&lake.s3);
    let column: Column = runtime::run(&Settings::default(), async move {
        let lake = Lake::open_existing_with(&place, &s3).await?;
        lake.declare(&path, kind).await.map_err(wrong)
    })?;
    voice.say(&format!("the column {} is declared", column.name));
    voice.hint(&format!(
        "what is ingested from now on has it; fill it in for the rest: trailsift lake compact --lake {}",
        shell_word(&location)
    ));
    Ok(Exit::Fine)
}

/// What can't be declared is a mistake in what was asked.
fn wrong(error: DeclareError) -> anyhow::Error {
    match error {
        DeclareError::Commit(error) => error.into(),
        DeclareError::Lake(error) => error.into(),
        error @ DeclareError::Contention => error.into(),
        error => Mistake::error(error.to_string()),
    }
}

fn row(column: &Column) -> Vec<Value> {
    let keys: Vec<String> = column
        .path
        .iter()
        .map(|key| format!("[{}]", syntax::dql::write_name(key)))
        .collect();
    let kind = match column.kind {
        ::lake::Kind::Text => "text",
        ::lake::Kind::Boolean => "boolean",
        ::lake::Kind::Long => "long",
        ::lake::Kind::Timestamp => "timestamp",
        ::lake::Kind::Json => "JSON text",
    };
    let needle = if column.bloom { "yes" } else { "" };
    [
        &column.name,
        &format!("event{}", keys.concat()),
        kind,
        needle,
        &column.doc,
    ]
    .map(|text| Value::String(text.to_owned()))
    .into()
}
