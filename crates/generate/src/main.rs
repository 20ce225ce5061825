//! `generate`: makes an archive, or measures some.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Instant;

use generate::{Options, compare};

const HELP: &str = "\
Makes CloudTrail archives from a seed, with planted incidents.

Usage: generate [OPTION VALUE]... OUT        makes an archive in the folder OUT
       generate --compare FOLDER...          prints a table of figures of archives

  --events N       different records, the planted ones among them (2600)
  --seed N         everything drawn follows from it (2024)
  --start TIME     the time of the earliest event (2024-11-24T17:43:28Z)
  --days N         days of 24 hours (3)
  --accounts N     accounts (2)
  --regions N      regions in each (3)
  --median N       records in the median object (5)
  --duplicates P   share of records delivered twice (0.05)
  --errors P       share of ordinary records that are errors (0.04)
  --incidents B    whether incidents are planted (true)
";

enum Command {
    Help,
    Make(Options, PathBuf),
    Compare(Vec<PathBuf>),
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (text, code) = match parse(&arguments) {
        Err(message) => (format!("{message}\n\n{HELP}"), 2),
        Ok(command) => match run(command) {
            Ok(text) => (text, 0),
            Err(error) => (format!("error: {error}{}\n", cause(&error)), 3),
        },
    };
    let written = match code {
        0 => std::io::stdout().write_all(text.as_bytes()),
        _ => std::io::stderr().write_all(text.as_bytes()),
    };
    // A closed pipe is not worth a word.
    drop(written);
    ExitCode::from(code)
}

fn run(command: Command) -> Result<String, generate::Error> {
    match command {
        Command::Help => Ok(HELP.to_owned()),
        Command::Compare(folders) => {
            let name = |folder: &Path| {
                folder
                    .file_name()
                    .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
            };
            let columns: Result<Vec<_>, _> = folders
                .iter()
                .map(|folder| Ok((name(folder), compare::measure(folder)?)))
                .collect();
            Ok(compare::table(&columns?))
        }
        Command::Make(options, out) => {
            let began = Instant::now();
            let made = generate::archive(&out, &options)?;
            let seconds = began.elapsed().as_secs_f64();
            Ok(format!(
                "{} records ({} of them repeats) in {} objects, {:.1} MB of JSON in {:.1} MB, in {seconds:.1} s: {:.0} records/s; now = {}\n",
                made.records,
                made.repeats,
                made.files,
                made.bytes as f64 / 1e6,
                made.compressed as f64 / 1e6,
                made.records as f64 / seconds,
                options.end(),
            ))
        }
    }
}

fn parse(arguments: &[String]) -> Result<Command, String> {
    let mut options = Options::default();
    let mut out = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--compare" => return Ok(Command::Compare(rest.map(PathBuf::from).collect())),
            name if name.starts_with("--") => {
                let value = rest.next().ok_or_else(|| format!("{name} needs a value"))?;
                set(&mut options, name, value)?;
            }
            folder if out.is_none() => out = Some(PathBuf::from(folder)),
            other => return Err(format!("one folder is enough: {other}")),
        }
    }
    out.map(|out| Command::Make(options, out))
        .ok_or_else(|| "where to? Name a folder.".to_owned())
}

fn set(options: &mut Options, name: &str, value: &str) -> Result<(), String> {
    match name {
        "--events" => options.events = number(name, value)?,
        "--seed" => options.seed = number(name, value)?,
        "--start" => options.start = number(name, value)?,
        "--days" => options.days = number(name, value)?,
        "--accounts" => options.accounts = number(name, value)?,
        "--regions" => options.regions = number(name, value)?,
        "--median" => options.median_size = number(name, value)?,
        "--duplicates" => options.duplicates = number(name, value)?,
        "--errors" => options.errors = number(name, value)?,
        "--incidents" => options.incidents = number(name, value)?,
        _ => return Err(format!("there is no option {name}")),
    }
    Ok(())
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("{name} cannot be {value}"))
}

fn cause(error: &dyn std::error::Error) -> String {
    error
        .source()
        .map_or_else(String::new, |source| format!(": {source}"))
}
