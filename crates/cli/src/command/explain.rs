//! `trailsift explain`: how a query would be answered.

use std::fmt::Write;

use engine::Explanation;

use super::print;
use crate::args::Explain;
use crate::asked;
use crate::exit::Exit;
use crate::runtime;
use crate::say::Voice;
use crate::terminal::Paint;
use crate::text;

pub(super) fn run(args: Explain, voice: &Voice) -> anyhow::Result<Exit> {
    let text = text::read(&args.text)?;
    let query = text.query.clone();
    let settings = runtime::settings(&args.resources, &args.lake);
    let explained = runtime::run(&settings.clone(), async move {
        let engine = runtime::engine(&args.lake, settings).await?;
        let options = asked::options(&args.time, &engine)?;
        Ok(engine.explain(&query, &options).await)
    })?;
    match explained {
        Ok(explanation) => {
            voice.diagnostics(&text.name, &text.query, &explanation.diagnostics);
            print(&page(&explanation, Paint::stdout()))?;
            Ok(Exit::Fine)
        }
        Err(engine::Error::Query { diagnostics }) => {
            voice.diagnostics(&text.name, &text.query, &diagnostics);
            Ok(Exit::Wrong)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(explanation: &Explanation, paint: Paint) -> String {
    let mut page = String::new();
    let none = |list: &[String], words: &str| match list {
        [] => vec![words.to_owned()],
        list => list.to_vec(),
    };
    let columns = none(&explanation.columns, "none");
    let json = none(
        &explanation.json,
        "no JSON text is parsed: columns answer everything",
    );
    let sections = [
        ("Columns read", vec![columns.join(", ")]),
        ("JSON parsed", json),
        (
            "Logical plan",
            explanation.logical.lines().map(str::to_owned).collect(),
        ),
        (
            "Physical plan",
            explanation.physical.lines().map(str::to_owned).collect(),
        ),
    ];
    for (place, (title, lines)) in sections.iter().enumerate() {
        // Writing to a text does not fail.
        let _ = writeln!(
            page,
            "{}{}",
            if place > 0 { "\n" } else { "" },
            paint.bold(title)
        );
        for line in lines {
            let _ = writeln!(page, "  {line}");
        }
    }
    page
}
