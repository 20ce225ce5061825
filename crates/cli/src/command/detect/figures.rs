//! What is said of a detection besides its alerts: what limits and windows left out, what rules cost, and the closing
//! line.

use engine::detect::{Detection, Outcome};
use engine::{OutputField, Type, Value};
use rules::rule::Body;
use rules::run::Figures;

use super::named;
use crate::args::Format;
use crate::human;
use crate::output::{self, Look, text_field};

/// What a reader of the alerts should know, and what may be worth knowing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Remarks {
    pub(super) warnings: Vec<String>,
    pub(super) hints: Vec<String>,
}

/// What became of matches over time, each kind once for all rules.
pub(super) fn over_time(outcomes: &[Outcome<'_>]) -> Remarks {
    let each = of_time(outcomes);
    let total = |figure: fn(&Figures) -> u64| {
        let with: Vec<_> = each.iter().filter(|(_, time)| figure(time) > 0).collect();
        let sum: u64 = with.iter().map(|(_, time)| figure(time)).sum();
        let names: Vec<&str> = with.iter().map(|(id, _)| *id).collect();
        (sum > 0).then(|| (sum, named(&names)))
    };
    let mut remarks = Remarks::default();
    if let Some((sum, rules)) = total(|time| time.lost) {
        remarks.warnings.push(format!(
            "{} left out: a run of a rule gives no more than its limit, and no later run saw them; --max-signals raises \
             the limit (in {rules})",
            were(sum, "alert")
        ));
    }
    if let Some((sum, rules)) = total(|time| time.crowded) {
        remarks.warnings.push(format!(
            "{} left out, since single events have too many values (in {rules})",
            were(sum, "combination")
        ));
    }
    if let Some((sum, rules)) = total(|time| time.unseen) {
        remarks.warnings.push(format!(
            "{} seen by no run: the rule looks back less far than from one run to the next (in {rules})",
            were(sum, "matching event")
        ));
    }
    if let Some((sum, rules)) = total(|time| time.delayed) {
        remarks.hints.push(format!(
            "{} given by a later run than the first that could have, for its limit (in {rules})",
            were(sum, "alert")
        ));
    }
    if let Some((sum, rules)) = total(|time| time.warming) {
        remarks.hints.push(format!(
            "{} not taken for new: the events begin within the time that the rule calls history (in {rules})",
            were(sum, "combination")
        ));
    }
    remarks
}

fn were(number: u64, thing: &str) -> String {
    let verb = if number == 1 { "was" } else { "were" };
    format!("{} {verb}", human::counted(number, thing))
}

/// The figures of each rule with a timeline. All correlations run as one, and share theirs.
fn of_time<'a>(outcomes: &'a [Outcome<'_>]) -> Vec<(&'a str, &'a Figures)> {
    let mut correlations = 0;
    let each = outcomes.iter().filter_map(|outcome| {
        let rule = &outcome.rule.rule;
        if let Body::Correlation(_) = rule.body {
            correlations += 1;
            return (correlations == 1).then_some(("correlations", &outcome.figures.time));
        }
        Some((rule.about.id.as_str(), &outcome.figures.time))
    });
    each.collect()
}

/// What each rule matched, gave and cost, as a table.
///
/// # Errors
/// Those of the table's.
pub(super) fn table(outcomes: &[Outcome<'_>], look: Look) -> std::io::Result<String> {
    let field = |name: &str| OutputField {
        name: name.to_owned(),
        ty: Type::Long,
    };
    let fields = [
        text_field("rule"),
        field("matched"),
        field("alerts"),
        text_field("time"),
    ];
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let row = |outcome: &Outcome<'_>| {
        let text = |text: &str| Value::String(text.to_owned());
        vec![
            text(&outcome.rule.rule.about.id),
            match outcome.rule.rule.body {
                Body::Correlation(_) => text("its rules'"),
                _ => long(outcome.figures.matched),
            },
            match &outcome.alerts {
                Ok(_) if outcome.silent => text("for others"),
                Ok(alerts) => long(alerts.len() as u64),
                Err(_) => text("failed"),
            },
            text(&human::elapsed(outcome.figures.elapsed)),
        ]
    };
    let mut out = Vec::new();
    let rows = outcomes.iter().map(row);
    output::list(Format::Table, &fields, rows, look, &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// What was found, and what it cost. `known` are the alerts that were given before, where somebody keeps count.
pub(super) fn closing(detection: &Detection<'_>, known: Option<u64>) -> String {
    let outcomes = &detection.outcomes;
    let alerts: u64 = outcomes.iter().map(found).sum();
    let firing = outcomes.iter().filter(|outcome| found(outcome) > 0).count();
    let thing = match known {
        Some(_) => "new alert",
        None => "alert",
    };
    let mut parts = vec![format!(
        "{} from {} of {} in {}",
        human::counted(alerts, thing),
        human::count(firing as u64),
        human::counted(outcomes.len() as u64, "rule"),
        human::elapsed(detection.figures.elapsed)
    )];
    parts.extend(known.map(|known| format!("{} known before", human::count(known))));
    parts.extend(super::super::query::scan(&detection.figures));
    parts.join(" · ")
}

/// How many alerts a rule gave.
pub(super) fn found(outcome: &Outcome<'_>) -> u64 {
    outcome
        .alerts
        .as_ref()
        .map_or(0, |alerts| alerts.len() as u64)
}
