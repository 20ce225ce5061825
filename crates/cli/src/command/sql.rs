//! `trailsift sql`: a lake or archives in SQL, in the format that was asked for.

use engine::Error;

use super::ingest::progress;
use super::query::{Shown, show};
use crate::args::{QueryText, Sql};
use crate::asked;
use crate::exit::Exit;
use crate::output;
use crate::runtime;
use crate::say::Voice;
use crate::text;

pub(super) fn run(args: Sql, voice: &Voice) -> anyhow::Result<Exit> {
    let text = QueryText {
        query: args.text.query,
        file: args.text.file,
    };
    let text = text::read_over(&text, &args.over)?;
    let settings = runtime::settings(&args.resources, &args.over.lake);
    let voice = *voice;
    let told = progress::of(&voice);
    runtime::run(&settings.clone(), async move {
        let engine = runtime::over(&args.over, &args.time, settings, told.told(), &voice).await?;
        let options = asked::options(&args.time, &engine)?;
        let answer = match engine.sql(&text.query, &options).await {
            Ok(answer) => answer,
            Err(Error::Query { diagnostics }) => {
                told.end();
                voice.diagnostics(&text.name, &text.query, &diagnostics);
                return Ok(Exit::Wrong);
            }
            Err(error) => return Err(error.into()),
        };
        let shown = Shown {
            format: args
                .format
                .unwrap_or_else(|| output::usual(args.output.as_deref())),
            file: args.output,
            wide: args.wide,
            options,
            told,
        };
        show(answer, &text, &shown, &voice).await
    })
}
