//! `trailsift lake compact`, `vacuum`, `columns add` and `connect`: a lake kept in order, and opened elsewhere.

mod compact;
mod connect;
mod progress;
mod vacuum;

use std::sync::Arc;

use ::lake::{Column, DeclareError, Lake, Layout};
use engine::Settings;

pub(super) use compact::compact;
pub(super) use connect::connect;
pub(super) use vacuum::vacuum;

use crate::args::{Kind, LakeArg};
use crate::exit::{Exit, Mistake};
use crate::runtime;
use crate::say::Voice;

/// The columns of the lake that was named, or of every lake.
pub(super) fn layout(lake: &LakeArg) -> anyhow::Result<Arc<Layout>> {
    let Some(location) = lake.location.clone() else {
        return Ok(Layout::built_in());
    };
    runtime::run(&Settings::default(), async move {
        Ok(Lake::open(&location).await?.snapshot().await?.layout)
    })
}

/// Declares a column.
pub(super) fn declare(
    path: &str,
    kind: Kind,
    lake: &LakeArg,
    voice: &Voice,
) -> anyhow::Result<Exit> {
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
    let column: Column = runtime::run(&Settings::default(), async move {
        let lake = Lake::open_existing(&place).await?;
        lake.declare(&path, kind).await.map_err(wrong)
    })?;
    voice.say(&format!("the column {} is declared", column.name));
    voice.hint(&format!(
        "what is ingested from now on has it; fill it in for the rest: trailsift lake compact --lake {}",
        super::ingest::shell_word(&location)
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

/// A day as people write it.
fn date(day: Option<i32>) -> String {
    day.map_or_else(|| "no time".to_owned(), |_| super::lake::date(day))
}
