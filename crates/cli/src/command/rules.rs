//! `trailsift rules`: what rules there are, and whether they can be run.

use std::io::Write;
use std::path::PathBuf;

use engine::{QueryOptions, Settings, Value};
use rules::load::LoadedRule;
use rules::rule::Body;
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
    let mut loaded = embedded::rules(paths)?;
    embedded::sort(&mut loaded.rules);
    super::detect::refused(&loaded, voice);
    let rules = loaded.rules;
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

fn row(rule: &LoadedRule) -> Vec<Value> {
    let about = &rule.rule.about;
    let attacks = about.attack.iter();
    let techniques: Vec<&str> = attacks
        .filter_map(|attack| attack.technique.as_deref())
        .collect();
    let path = rule.rule.path.display().to_string();
    [
        about.severity.text(),
        &about.id,
        &about.name,
        &techniques.join(" "),
        &path,
    ]
    .map(|text| Value::String(text.to_owned()))
    .into()
}

fn check(paths: &[PathBuf], lake: LakeArg, voice: &Voice) -> anyhow::Result<Exit> {
    let loaded = embedded::rules(paths)?;
    super::detect::refused(&loaded, voice);
    let refused = loaded.refusals.len() as u64;
    let settings = Settings::default();
    let checked = runtime::run(&settings.clone(), async move {
        let checker = Checker::new(&lake, settings).await?;
        let mut checked = Vec::with_capacity(loaded.rules.len());
        for loaded in loaded.rules {
            let mut diagnostics = Vec::new();
            if let Body::Query(query) = &loaded.rule.body {
                let options = QueryOptions::default();
                diagnostics = checker.check(query, &options).await?;
                // Whether there are events now is no fault of the rule.
                diagnostics.retain(|diagnostic| {
                    diagnostic.severity != Severity::Info && diagnostic.code != Code::OutsideData
                });
            }
            checked.push((loaded, diagnostics));
        }
        Ok(checked)
    })?;
    let mut wrong = refused;
    for (loaded, diagnostics) in &checked {
        let rule = &loaded.rule;
        if let Body::Query(query) = &rule.body {
            let name = format!("{}, query of {}", rule.path.display(), rule.about.id);
            voice.diagnostics(&name, query, diagnostics);
        }
        wrong += u64::from(diagnostics.iter().any(Diagnostic::is_error));
    }
    let count = checked.len() as u64 + refused;
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
