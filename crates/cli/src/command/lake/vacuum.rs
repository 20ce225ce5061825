//! `trailsift lake vacuum`: what is removed, or would be.

use std::fmt::Write;

use ::lake::{Lake, Leftover, VacuumOptions, Vacuumed};
use engine::{Settings, Value};

use crate::args::{Summary, Vacuum};
use crate::command::print;
use crate::escape::visible;
use crate::exit::Exit;
use crate::human;
use crate::output::{json_object, json_text};
use crate::runtime;
use crate::s3;
use crate::say::Voice;

pub(super) fn run(args: Vacuum, voice: &Voice) -> anyhow::Result<Exit> {
    let location = runtime::location(&args.lake)?.to_owned();
    let options = VacuumOptions {
        keep: args.keep,
        force: args.force,
        dry_run: args.dry_run,
    };
    let s3 = s3::reached(&args.lake.s3);
    let tables = runtime::run(&Settings::default(), async move {
        let lake = match options.dry_run {
            true => Lake::open_with(&location, &s3).await?,
            false => Lake::open_existing_with(&location, &s3).await?,
        };
        Ok(lake.vacuum(&options).await?)
    })?;
    match args.format {
        Summary::Table => {
            if args.dry_run {
                print(&listed(&tables))?;
            }
            for table in &tables {
                voice.say(&page(table, args.dry_run));
            }
            if args.dry_run {
                voice.hint(
                    "a checkpoint would be written, and entries of the log removed that are older than it, than the \
                     time to keep and than what the table says (a month by default)",
                );
            }
        }
        Summary::Json => {
            let tables = Value::Array(tables.iter().map(object).collect());
            print(&format!("{}\n", json_text(&tables)))?;
        }
    }
    for table in &tables {
        for stranger in table.strangers.iter().take(10) {
            voice.warning(&format!(
                "{}/{stranger} is no file of the table's, and is left alone",
                table.table
            ));
        }
    }
    Ok(Exit::Fine)
}

fn why(leftover: &Leftover) -> &'static str {
    match leftover.replaced {
        true => "replaced",
        false => "not in the table",
    }
}

/// The files that would be removed, a line each.
fn listed(tables: &[Vacuumed]) -> String {
    let mut lines = String::new();
    for (table, leftover) in tables
        .iter()
        .flat_map(|table| table.removed.iter().map(move |file| (table, file)))
    {
        let path = format!("{}/{}", table.table, leftover.path);
        let _ = writeln!(
            lines,
            "{}  {}, {}",
            visible(&path),
            human::bytes(leftover.size),
            why(leftover)
        );
    }
    lines
}

/// The figures of one table for people.
fn page(table: &Vacuumed, dry_run: bool) -> String {
    let bytes: u64 = table.removed.iter().map(|leftover| leftover.size).sum();
    let mut page = format!(
        "{:<11}{}, {}, {} removed",
        table.table,
        human::counted(table.removed.len() as u64, "file"),
        human::bytes(bytes),
        if dry_run { "would be" } else { "were" },
    );
    if table.kept.0 > 0 {
        let _ = write!(
            page,
            "; {}, {}, that the table does not need now {} kept",
            human::counted(table.kept.0, "file"),
            human::bytes(table.kept.1),
            if table.kept.0 == 1 { "is" } else { "are" },
        );
    }
    if let Some(version) = table.checkpoint {
        let _ = write!(page, "; checkpoint of version {}", human::count(version));
    }
    if table.log_entries > 0 {
        let entries = match table.log_entries {
            1 => "1 old entry".to_owned(),
            many => format!("{} old entries", human::count(many)),
        };
        let _ = write!(page, "; {entries} of the log removed");
    }
    page
}

fn object(table: &Vacuumed) -> Value {
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let text = |text: &str| Value::String(text.to_owned());
    let removed = table.removed.iter().map(|leftover| {
        json_object([
            ("path", text(&leftover.path)),
            ("bytes", long(leftover.size)),
            ("replaced", Value::Boolean(leftover.replaced)),
        ])
    });
    json_object([
        ("table", text(table.table)),
        ("removed", Value::Array(removed.collect())),
        ("kept_files", long(table.kept.0)),
        ("kept_bytes", long(table.kept.1)),
        ("checkpoint", table.checkpoint.map_or(Value::Null, long)),
        ("log_entries", long(table.log_entries)),
    ])
}
