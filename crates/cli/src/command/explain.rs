//! `trailsift explain`: how a query would be answered.

use std::fmt::Write;

use engine::{Explanation, Step};

use super::ingest::progress;
use super::{archive, print};
use crate::args::Explain;
use crate::asked;
use crate::exit::Exit;
use crate::human;
use crate::runtime;
use crate::say::Voice;
use crate::terminal::Paint;
use crate::text;

pub(super) fn run(args: Explain, voice: &Voice) -> anyhow::Result<Exit> {
    let text = text::read_over(&args.text, &args.over)?;
    let query = text.query.clone();
    let settings = runtime::settings(&args.resources, &args.over.lake);
    let analyze = args.analyze;
    let told = progress::of(voice);
    let progress = told.told();
    let voice = *voice;
    let explained = runtime::run(&settings.clone(), async move {
        let engine = runtime::over(&args.over, &args.time, settings, progress, &voice).await?;
        let options = asked::options(&args.time, &engine)?;
        Ok(engine.explain(&query, &options, analyze).await)
    });
    told.end();
    match explained? {
        Ok(explanation) => {
            voice.diagnostics(&text.name, &text.query, &explanation.diagnostics);
            print(&page(&explanation, args.verbose, Paint::stdout()))?;
            if let Some(figures) = &explanation.figures {
                let mut parts = vec![format!("ran in {}", human::elapsed(figures.elapsed))];
                parts.extend(super::query::scan(figures));
                parts.extend(archive::read(&explanation.readings));
                voice.say(&parts.join(" · "));
            }
            Ok(archive::account(&explanation.readings, false, &voice))
        }
        Err(engine::Error::Query { diagnostics }) => {
            voice.diagnostics(&text.name, &text.query, &diagnostics);
            Ok(Exit::Wrong)
        }
        Err(error) => Err(error.into()),
    }
}

fn page(explanation: &Explanation, verbose: bool, paint: Paint) -> String {
    let mut page = String::new();
    let none = |list: &[String], words: &str| match list {
        [] => vec![words.to_owned()],
        list => list.to_vec(),
    };
    let columns = none(&explanation.columns, "none");
    let json = none(
        &explanation.json,
        match explanation.readings.objects() {
            Some(_) => "none but that of the objects, once: columns answer everything",
            None => "no JSON text is parsed: columns answer everything",
        },
    );
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    let (logical, physical) = match verbose {
        true => (lines(&explanation.raw.0), lines(&explanation.raw.1)),
        false => (lines(&explanation.logical), steps(&explanation.steps)),
    };
    let (title, thing, (read, all)) = match explanation.readings.objects() {
        Some(objects) => ("Objects read", "object", objects),
        None => ("Files read", "file", explanation.files),
    };
    let sections = [
        ("Columns read", vec![columns.join(", ")]),
        (
            title,
            vec![format!(
                "{} of {}",
                human::count(read),
                human::counted(all, thing)
            )],
        ),
        ("JSON parsed", json),
        ("Logical plan", logical),
        ("Physical plan", physical),
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

/// The steps, indented, with what came out of each and how long it computed where that is known.
fn steps(steps: &[Step]) -> Vec<String> {
    let line = |step: &Step| {
        let mut line = format!("{}{}", "  ".repeat(step.depth), step.text);
        if let Some(rows) = step.rows {
            let _ = write!(line, " → {}", human::counted(rows, "row"));
        }
        if let Some(time) = step.time {
            let _ = write!(line, " in {}", human::elapsed(time));
        }
        line
    };
    steps.iter().map(line).collect()
}
