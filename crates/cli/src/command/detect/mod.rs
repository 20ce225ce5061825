//! `trailsift detect`: rules over a lake, and their alerts.

mod alerts;
mod page;

use std::collections::BTreeMap;
use std::io::Write;

use engine::detect::Outcome;
use engine::{Engine, Error, Figures};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::tz::TimeZone;
use syntax::{Code, Severity};

use super::query::{add, scan};
use crate::args::{Detect, Format};
use crate::asked;
use crate::embedded;
use crate::exit::Exit;
use crate::human;
use crate::output::{self, Destination, Look};
use crate::runtime;
use crate::say::Voice;

pub(super) fn run(args: Detect, voice: &Voice) -> anyhow::Result<Exit> {
    let location = runtime::location(&args.lake)?.to_owned();
    let mut rules = embedded::rules(&args.rules)?;
    embedded::sort(&mut rules);
    let settings = runtime::settings(&args.resources, &args.lake);
    let voice = *voice;
    runtime::run(&settings.clone(), async move {
        let engine = Engine::open(&location, settings).await?;
        let options = asked::options(&args.time, &engine)?;
        let bar = bar(&voice, rules.len());
        let mut outcomes = Vec::with_capacity(rules.len());
        for rule in &rules {
            bar.set_message(rule.id.clone());
            outcomes.push(engine.detect(rule, &options).await);
            bar.inc(1);
        }
        bar.finish_and_clear();

        let mut destination = Destination::open(None)?;
        let look = destination.look(options.timezone.clone(), args.wide, false);
        let format = args.format.map_or_else(|| output::usual(None), Into::into);
        write(&outcomes, format, &look, &mut destination, &voice)?;
        destination.out.flush()?;
        say(&outcomes, format, engine.covered(), &voice);
        Ok(exit(&outcomes, args.exit_code))
    })
}

fn bar(voice: &Voice, rules: usize) -> ProgressBar {
    if !voice.may_animate() {
        return ProgressBar::hidden();
    }
    let bar =
        ProgressBar::with_draw_target(Some(rules as u64), ProgressDrawTarget::stderr_with_hz(10));
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos} of {len} rules · {msg}") {
        bar.set_style(style.progress_chars("━╸─"));
    }
    bar
}

fn write(
    outcomes: &[Outcome<'_>],
    format: Format,
    look: &Look,
    destination: &mut Destination,
    voice: &Voice,
) -> anyhow::Result<()> {
    let remarks = match format {
        Format::Table => page::write(outcomes, look, destination)?,
        _ => {
            let rows = alerts::rows(outcomes, format);
            output::list(
                format,
                &alerts::fields(),
                rows,
                look.clone(),
                &mut destination.out,
            )?
        }
    };
    for remark in remarks {
        voice.hint(&remark);
    }
    Ok(())
}

/// Says what is to be said besides the alerts.
fn say(outcomes: &[Outcome<'_>], format: Format, covered: Option<(i64, i64)>, voice: &Voice) {
    for outcome in outcomes {
        let rule = outcome.rule;
        let name = format!("{}, query of {}", rule.path.display(), rule.id);
        match &outcome.alerts {
            Err(Error::Query { diagnostics }) => voice.diagnostics(&name, &rule.query, diagnostics),
            Err(error) => voice.failure(&format!("the rule {} failed: {error}", rule.id)),
            Ok(_) => {}
        }
    }
    for (message, rules) in warnings(outcomes) {
        voice.warning(&format!("{message} (in {})", rules.join(", ")));
    }
    let outside = |outcome: &&Outcome<'_>| {
        outcome
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code == Code::OutsideData)
    };
    let missed = outcomes.iter().filter(outside).count();
    if let (1.., Some((first, last))) = (missed, covered) {
        let stamp = |nanos| output::instant(nanos, &TimeZone::UTC);
        voice.warning(&format!(
            "{} at times without events: the lake covers {} to {}; --now latest counts back from the newest event",
            match missed {
                1 => "1 rule looked".to_owned(),
                missed => format!("{} rules looked", human::count(missed as u64)),
            },
            stamp(first),
            stamp(last)
        ));
    }
    let given_up = outcomes
        .iter()
        .map(|outcome| outcome.figures.patterns_given_up);
    if let given_up @ 1.. = given_up.sum() {
        voice.warning(&super::query::given_up(given_up));
    }
    if format != Format::Table {
        for line in page::without_alerts(outcomes) {
            voice.hint(&line);
        }
    }
    voice.hint(&closing(outcomes));
}

/// What is odd about the rules' queries, each with the rules that it was said of: many rules make the same assumptions.
/// What concerns the lake is said once for all.
fn warnings<'a>(outcomes: &'a [Outcome<'_>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut warnings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for outcome in outcomes {
        for diagnostic in &outcome.diagnostics {
            if diagnostic.severity == Severity::Warning && diagnostic.code != Code::OutsideData {
                let rules = warnings.entry(&diagnostic.message).or_default();
                if rules.last() != Some(&outcome.rule.id.as_str()) {
                    rules.push(&outcome.rule.id);
                }
            }
        }
    }
    warnings
}

fn closing(outcomes: &[Outcome<'_>]) -> String {
    let found = |outcome: &Outcome<'_>| {
        outcome
            .alerts
            .as_ref()
            .map_or(0, |alerts| alerts.len() as u64)
    };
    let alerts: u64 = outcomes.iter().map(found).sum();
    let firing = outcomes.iter().filter(|outcome| found(outcome) > 0).count();
    let mut figures = Figures::default();
    for outcome in outcomes {
        add(&mut figures, &outcome.figures);
    }
    let mut parts = vec![format!(
        "{} from {} of {} in {}",
        human::counted(alerts, "alert"),
        human::count(firing as u64),
        human::counted(outcomes.len() as u64, "rule"),
        human::elapsed(figures.elapsed)
    )];
    parts.extend(scan(&figures));
    parts.join(" · ")
}

/// A rule that could not be run counts more than alerts do: nobody knows what it would have found.
fn exit(outcomes: &[Outcome<'_>], alerts_count: bool) -> Exit {
    let of = |outcome: &Outcome<'_>| match &outcome.alerts {
        Err(Error::Query { .. }) => Exit::Wrong,
        Err(_) => Exit::Failed,
        Ok(alerts) if alerts_count && !alerts.is_empty() => Exit::Alerts,
        Ok(_) => Exit::Fine,
    };
    outcomes.iter().map(of).max().unwrap_or(Exit::Fine)
}

#[cfg(test)]
mod tests;
