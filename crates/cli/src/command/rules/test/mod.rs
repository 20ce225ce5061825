//! `trailsift rules test`: whether rules make of some events the alerts that they are to make.

mod compare;
mod report;
mod run;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use engine::Settings;
use rules::load::Loaded;
use tokio::task::JoinSet;

use crate::args::TestFormat;
use crate::command::{detect, print};
use crate::embedded;
use crate::exit::{Exit, Mistake};
use crate::human;
use crate::runtime;
use crate::say::Voice;

use run::Tested;

pub(super) fn test(paths: &[PathBuf], format: TestFormat, voice: &Voice) -> anyhow::Result<Exit> {
    let began = Instant::now();
    let loaded = embedded::rules(paths)?;
    detect::refused(&loaded, voice);
    let errors = super::warnings(&loaded, voice, |found| found.is_error());
    let without = loaded
        .rules
        .iter()
        .filter(|rule| rule.tests.is_empty())
        .count();
    if without == loaded.rules.len() && errors == 0 {
        return Err(Mistake::error(
            "no rule here has a test: write some under `tests:` in a rule of ours, or in NAME.test.yaml beside any other",
        ));
    }
    let sound = errors == 0 && loaded.refusals.is_empty();
    let tested = runtime::run(&Settings::default(), run_all(loaded))?;
    match format {
        TestFormat::Table => print(&report::page(&tested))?,
        TestFormat::Json => print(&report::json(&tested))?,
        TestFormat::Junit => print(&report::junit(&tested))?,
    }
    if without > 0 {
        let verb = if without == 1 { "has" } else { "have" };
        voice.hint(&format!(
            "{} {verb} no tests",
            human::counted(without as u64, "rule")
        ));
    }
    voice.say(&report::summary(&tested, began.elapsed()));
    let passed = tested.iter().all(|tested| tested.wrong.is_empty());
    Ok(if passed && sound {
        Exit::Fine
    } else {
        Exit::Wrong
    })
}

/// Runs the tests of all rules, as many at once as there are cores, each over a lake of its own. They come back in the
/// order of the rules.
async fn run_all(loaded: Loaded) -> anyhow::Result<Vec<Tested>> {
    let mut waiting = Vec::new();
    for (place, rule) in loaded.rules.iter().enumerate() {
        if rule.tests.is_empty() {
            continue;
        }
        let rules: Arc<[_]> = run::with_what_it_rests_on(&loaded.rules, place).into();
        let tests = rule.tests.iter().cloned();
        waiting.extend(tests.map(|test| (Arc::clone(&rules), test)));
    }
    let mut tested: Vec<Option<Tested>> = waiting.iter().map(|_| None).collect();
    let mut waiting = waiting.into_iter().enumerate();
    let mut running = JoinSet::new();
    let empty = Arc::new(run::Empty::new().await?);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    loop {
        while running.len() < threads
            && let Some((place, (rules, test))) = waiting.next()
        {
            let empty = Arc::clone(&empty);
            running.spawn(async move { (place, run::run(&rules, test, &empty).await) });
        }
        let Some(ended) = running.join_next().await else {
            break;
        };
        let (place, outcome) = ended?;
        tested[place] = Some(outcome?);
    }
    Ok(tested.into_iter().flatten().collect())
}
