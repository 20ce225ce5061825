//! `trailsift rules`: what rules there are, and whether they can be run.

use std::io::Write;
use std::path::PathBuf;

use engine::detect::Rule;
use engine::{QueryOptions, Settings, Value};
use syntax::{Code, Diagnostic, Severity};

use super::check::Checker;
use crate::args::{LakeArg, Listing, Rules};
use crate::embedded;
use crate::exit::Exit;
use crate::human;
use crate::output::{self, Destination, text_field};
use crate::runtime;
use crate::say::Voice;

pub(super) fn run(args: Rules, voice: &Voice) -> anyhow::Result<Exit> {
    match args {
        Rules::List { paths, format } => list(&paths, format, voice),
        Rules::Check { paths, lake } => check(&paths, lake, voice),
    }
}

fn list(paths: &[PathBuf], format: Option<Listing>, voice: &Voice) -> anyhow::Result<Exit> {
    let mut rules = embedded::rules(paths)?;
    embedded::sort(&mut rules);
    let fields = ["severity", "id", "name", "techniques", "path"].map(text_field);
    let rows = rules.iter().map(row).collect();
    let format = format.map_or_else(|| output::usual(None), Into::into);
    let mut destination = Destination::open(None)?;
    let look = destination.look(jiff::tz::TimeZone::UTC, false, false);
    for remark in output::list(format, &fields, rows, look, &mut destination.out)? {
        voice.hint(&remark);
    }
    destination.out.flush()?;
    voice.hint(&human::counted(rules.len() as u64, "rule"));
    Ok(Exit::Fine)
}

fn row(rule: &Rule) -> Vec<Value> {
    let techniques: Vec<&str> = rule
        .attack
        .iter()
        .map(|attack| attack.technique.as_str())
        .collect();
    let path = rule.path.display().to_string();
    [
        rule.severity.text(),
        &rule.id,
        &rule.name,
        &techniques.join(" "),
        &path,
    ]
    .map(|text| Value::String(text.to_owned()))
    .into()
}

fn check(paths: &[PathBuf], lake: LakeArg, voice: &Voice) -> anyhow::Result<Exit> {
    let rules = embedded::rules(paths)?;
    let settings = Settings::default();
    let checked = runtime::run(&settings.clone(), async move {
        let checker = Checker::new(&lake, settings).await?;
        let mut checked = Vec::with_capacity(rules.len());
        for rule in rules {
            let options = QueryOptions::default();
            let mut diagnostics = checker.check(&rule.query, &options).await?;
            // Whether there are events now is no fault of the rule.
            diagnostics.retain(|diagnostic| {
                diagnostic.severity != Severity::Info && diagnostic.code != Code::OutsideData
            });
            checked.push((rule, diagnostics));
        }
        Ok(checked)
    })?;
    let mut wrong = 0;
    for (rule, diagnostics) in &checked {
        let name = format!("{}, query of {}", rule.path.display(), rule.id);
        voice.diagnostics(&name, &rule.query, diagnostics);
        wrong += u64::from(diagnostics.iter().any(Diagnostic::is_error));
    }
    let count = checked.len() as u64;
    voice.say(&match wrong {
        0 => format!("{} can be run", human::counted(count, "rule")),
        wrong => format!(
            "{} of {} can't be run",
            human::count(wrong),
            human::counted(count, "rule")
        ),
    });
    Ok(if wrong == 0 { Exit::Fine } else { Exit::Wrong })
}
