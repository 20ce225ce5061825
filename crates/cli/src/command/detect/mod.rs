//! `trailsift detect`: rules over a lake, and their alerts.

pub(super) mod alerts;
mod page;

use std::collections::BTreeMap;
use std::io::Write;

use engine::detect::{DetectOptions, Detection, Outcome};
use engine::{Engine, Error};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::tz::TimeZone;
use rules::load::Loaded;
use rules::rule::Body;
use syntax::{Code, Severity};

use super::query::scan;
use crate::args::{Detect, Format};
use crate::asked;
use crate::embedded;
use crate::exit::Exit;
use crate::human;
use crate::output::{self, Destination, Look};
use crate::runtime;
use crate::say::Voice;

/// How many refused rules are named; more are counted.
const NAMED: usize = 20;

pub(super) fn run(args: Detect, voice: &Voice) -> anyhow::Result<Exit> {
    let location = runtime::location(&args.lake)?.to_owned();
    let mut loaded = embedded::rules(&args.rules)?;
    embedded::sort(&mut loaded.rules);
    refused(&loaded, voice);
    let settings = runtime::settings(&args.resources, &args.lake);
    let voice = *voice;
    runtime::run(&settings.clone(), async move {
        let engine = Engine::open(&location, settings).await?;
        let options = DetectOptions {
            query: asked::options(&args.time, &engine)?,
            max_signals: args.max_signals,
            ..DetectOptions::default()
        };
        let bar = bar(&voice, loaded.rules.len());
        let detection = engine
            .detect(&loaded.rules, &options, &|name, done| {
                bar.set_message(name.to_owned());
                bar.set_position(done as u64);
            })
            .await?;
        bar.finish_and_clear();

        let mut destination = Destination::open(None)?;
        let look = destination.look(options.query.timezone.clone(), args.wide, false);
        let format = args.format.map_or_else(|| output::usual(None), Into::into);
        write(&detection.outcomes, format, &look, &mut destination, &voice)?;
        destination.out.flush()?;
        say(&detection, format, engine.covered(), &voice);
        Ok(match exit(&detection.outcomes, args.exit_code) {
            // What is known is known; that some rules were left out must not be missed by a script.
            Exit::Fine | Exit::Alerts if !loaded.refusals.is_empty() => Exit::Partial,
            exit => exit,
        })
    })
}

/// Says which rules can't be used, and why.
pub(super) fn refused(loaded: &Loaded, voice: &Voice) {
    for refusal in loaded.refusals.iter().take(NAMED) {
        let name = match refusal.about.id.as_str() {
            "" => String::new(),
            id => format!(" (rule {id})"),
        };
        voice.warning(&format!(
            "{}:{}:{}: {}{name}",
            refusal.path.display(),
            refusal.place.line,
            refusal.place.column,
            refusal.reason,
        ));
    }
    let more = loaded.refusals.len().saturating_sub(NAMED);
    if more > 0 {
        voice.warning(&format!(
            "{} more can't be used: `trailsift rules coverage` lists them",
            human::counted(more as u64, "rule")
        ));
    }
    if !loaded.skipped.is_empty() {
        voice.hint(&format!(
            "{} for other data than CloudTrail's not run",
            match loaded.skipped.len() {
                1 => "1 rule is".to_owned(),
                many => format!("{} rules are", human::count(many as u64)),
            }
        ));
    }
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
fn say(detection: &Detection<'_>, format: Format, covered: Option<(i64, i64)>, voice: &Voice) {
    let outcomes = &detection.outcomes;
    for outcome in outcomes {
        let rule = &outcome.rule.rule;
        let id = &rule.about.id;
        match (&outcome.alerts, &rule.body) {
            (Err(Error::Query { diagnostics }), Body::Query(query)) => {
                let name = format!("{}, query of {id}", rule.path.display());
                voice.diagnostics(&name, query, diagnostics);
            }
            (Err(error), _) => voice.failure(&format!("the rule {id} failed: {error}")),
            (Ok(_), _) => {}
        }
    }
    for line in over_time(outcomes) {
        voice.warning(&line);
    }
    if detection.untimed > 0 {
        voice.warning(&format!(
            "{} without a time, which no window sees",
            match detection.untimed {
                1 => "the lake has 1 event".to_owned(),
                many => format!("the lake has {} events", human::count(many)),
            }
        ));
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
    if let given_up @ 1.. = detection.figures.patterns_given_up {
        voice.warning(&super::query::given_up(given_up));
    }
    if format != Format::Table {
        for line in page::without_alerts(outcomes) {
            voice.hint(&line);
        }
    }
    voice.hint(&closing(detection));
}

/// What is odd about the rules' queries, each with the rules that it was said of: many rules make the same assumptions.
/// What concerns the lake is said once for all.
fn warnings<'a>(outcomes: &'a [Outcome<'_>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut warnings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for outcome in outcomes {
        for diagnostic in &outcome.diagnostics {
            if diagnostic.severity == Severity::Warning && diagnostic.code != Code::OutsideData {
                let rules = warnings.entry(&diagnostic.message).or_default();
                if rules.last() != Some(&outcome.rule.rule.about.id.as_str()) {
                    rules.push(&outcome.rule.rule.about.id);
                }
            }
        }
    }
    warnings
}

/// What runs have cut, rule by rule.
fn over_time(outcomes: &[Outcome<'_>]) -> Vec<String> {
    let mut lines = Vec::new();
    for outcome in outcomes {
        let figures = &outcome.figures.time;
        if figures.lost > 0 {
            lines.push(format!(
                "{}: its limit for each run cut {} that no later run gave; --max-signals raises it",
                outcome.rule.rule.about.id,
                human::counted(figures.lost, "alert")
            ));
        }
        if figures.crowded > 0 {
            lines.push(format!(
                "{}: {} left out, since single events have too many",
                outcome.rule.rule.about.id,
                human::counted(figures.crowded, "combination")
            ));
        }
    }
    lines
}

fn closing(detection: &Detection<'_>) -> String {
    let outcomes = &detection.outcomes;
    let found = |outcome: &Outcome<'_>| {
        outcome
            .alerts
            .as_ref()
            .map_or(0, |alerts| alerts.len() as u64)
    };
    let alerts: u64 = outcomes.iter().map(found).sum();
    let firing = outcomes.iter().filter(|outcome| found(outcome) > 0).count();
    let mut parts = vec![format!(
        "{} from {} of {} in {}",
        human::counted(alerts, "alert"),
        human::count(firing as u64),
        human::counted(outcomes.len() as u64, "rule"),
        human::elapsed(detection.figures.elapsed)
    )];
    parts.extend(scan(&detection.figures));
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
