//! `trailsift rules check`: what is wrong or odd about rules.

use std::path::PathBuf;

use engine::{QueryOptions, Settings};
use rules::rule::Body;
use syntax::{Code, Diagnostic, Severity};

use crate::args::{LakeArg, Summary};
use crate::command::check::Checker;
use crate::command::detect;
use crate::embedded;
use crate::exit::Exit;
use crate::human;
use crate::runtime;
use crate::say::Voice;

pub(super) fn check(
    paths: &[PathBuf],
    lake: LakeArg,
    _format: Summary,
    voice: &Voice,
) -> anyhow::Result<Exit> {
    let loaded = embedded::rules(paths)?;
    detect::refused(&loaded, voice);
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
