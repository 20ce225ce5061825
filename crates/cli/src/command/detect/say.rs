//! What is said to a person besides the alerts.

use std::collections::BTreeMap;

use engine::Error;
use engine::detect::Outcome;
use jiff::tz::TimeZone;
use rules::load::Loaded;
use rules::rule::Body;
use syntax::{Code, Severity};

use super::report::Report;
use super::{NAMED, figures, named, page};
use crate::args::{Detect, Format};
use crate::human;
use crate::output::{self, Look};
use crate::say::Voice;
use crate::terminal::{self, Paint};

/// Says which rules can't be used, and why.
pub(in crate::command) fn refused(loaded: &Loaded, voice: &Voice) {
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

/// Says what is to be said besides the alerts.
///
/// # Errors
/// Those of writing into memory.
pub(super) fn all(
    report: &Report<'_>,
    args: &Detect,
    format: Option<Format>,
    voice: &Voice,
) -> anyhow::Result<()> {
    let detection = report.detection;
    let outcomes = &detection.outcomes;
    for outcome in outcomes {
        let rule = &outcome.rule.rule;
        let id = &rule.about.id;
        match (&outcome.alerts, &rule.body) {
            (Err(Error::Query { diagnostics }), Body::Query(query)) => {
                let name = format!("{}, query of {id}", rule.path.display());
                voice.diagnostics(&name, &query.text, diagnostics);
            }
            (Err(error), _) => voice.failure(&format!("the rule {id} failed: {error}")),
            (Ok(_), _) => {}
        }
    }
    let over_time = figures::over_time(outcomes);
    for line in &over_time.warnings {
        voice.warning(line);
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
        voice.warning(&format!("{message} (in {})", named(&rules)));
    }
    let outside = |outcome: &&Outcome<'_>| {
        outcome
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code == Code::OutsideData)
    };
    let missed = outcomes.iter().filter(outside).count();
    if let (1.., Some((first, last))) = (missed, report.covered) {
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
        voice.warning(&crate::command::query::given_up(given_up));
    }
    for line in &over_time.hints {
        voice.hint(line);
    }
    // The table and the report have it themselves.
    if !matches!(format, None | Some(Format::Table)) {
        for line in page::without_alerts(outcomes, report.known.is_some()) {
            voice.hint(&line);
        }
    }
    if args.figures && !voice.is_quiet() {
        let look = Look {
            timezone: TimeZone::UTC,
            width: None,
            paint: Paint::stderr(),
            terminal: terminal::stderr_is_terminal(),
        };
        voice.say(&figures::table(outcomes, look)?);
    }
    voice.hint(&figures::closing(detection, report.known));
    Ok(())
}

/// What is odd about the rules' queries, each with the rules that it was said of: many rules make the same assumptions.
/// What concerns the lake is said once for all.
pub(super) fn warnings<'a>(outcomes: &'a [Outcome<'_>]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut warnings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for outcome in outcomes {
        for diagnostic in &outcome.diagnostics {
            // What a rule does not see is for its author to know, and for whoever relies on it.
            let told = match diagnostic.code {
                Code::OutsideData => false,
                Code::OverLimit => true,
                _ => diagnostic.severity == Severity::Warning,
            };
            if told {
                let rules = warnings.entry(&diagnostic.message).or_default();
                if rules.last() != Some(&outcome.rule.rule.about.id.as_str()) {
                    rules.push(&outcome.rule.rule.about.id);
                }
            }
        }
    }
    warnings
}
