//! `trailsift lake columns`: what the columns of a lake are.

use std::io::Write;

use engine::Value;
use jiff::tz::TimeZone;

use crate::args::{Columns, Format, Listing};
use crate::command::print;
use crate::exit::Exit;
use crate::output::{self, Destination, text_field};
use crate::say::Voice;

pub(super) fn run(format: Option<Columns>, voice: &Voice) -> anyhow::Result<Exit> {
    let format: Format = match format {
        Some(Columns::Markdown) => {
            print(&::lake::columns_page())?;
            return Ok(Exit::Fine);
        }
        Some(Columns::Table) => Listing::Table.into(),
        Some(Columns::Json) => Listing::Json.into(),
        Some(Columns::Ndjson) => Listing::Ndjson.into(),
        Some(Columns::Csv) => Listing::Csv.into(),
        None => output::usual(None),
    };
    let fields = ["column", "dql", "type", "needle", "doc"].map(text_field);
    let rows = ::lake::cloudtrail::columns().iter().map(row).collect();
    let mut destination = Destination::open(None)?;
    let look = destination.look(TimeZone::UTC, false, false);
    for remark in output::list(format, &fields, rows, look, &mut destination.out)? {
        voice.hint(&remark);
    }
    destination.out.flush()?;
    voice.hint("the DQL works after `parse content, \"JSON:event\"`; a needle has a bloom filter: single values are found fast");
    Ok(Exit::Fine)
}

fn row(column: &::lake::Column) -> Vec<Value> {
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
