//! Alerts for people: a heading for each severity, under it each rule with its table; rules without alerts in one line.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use engine::detect::{Alert, Alerts, NamedEvent, Outcome};
use engine::{OutputField, Type, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rules::rule::Severity;

use super::{alerts, figures, named};
use crate::args::Format;
use crate::escape::visible;
use crate::human;
use crate::output::{self, Look, text_field};
use crate::terminal::Paint;

/// How many alerts a table has at most: a table is laid out as a whole, so that more of a rule begin a further one.
const PIECE: usize = 10_000;

/// Writes the page, with no more than `room` alerts. Gives the remarks on its tables.
pub(super) fn write(
    outcomes: &[Outcome<'_>],
    look: &Look,
    mut room: usize,
    new: bool,
    out: &mut dyn Write,
) -> io::Result<Vec<String>> {
    let mut remarks = Remarks::default();
    let stamps = Stamps::of(outcomes, &look.timezone)?;
    let mut under = None;
    for outcome in outcomes {
        let Some(alerts) = alerts_of(outcome).filter(|alerts| !alerts.is_empty()) else {
            continue;
        };
        let severity = outcome.rule.rule.about.severity;
        if under.replace(severity) != Some(severity) {
            writeln!(out, "{}\n", heading(outcomes, severity, look.paint))?;
        }
        headline(outcome, alerts.len(), look, out)?;
        let shown = alerts.len().min(room);
        room -= shown;
        let id = &outcome.rule.rule.about.id;
        let mut all = alerts.iter().take(shown);
        loop {
            let piece: Vec<_> = all.by_ref().take(PIECE).collect::<io::Result<_>>()?;
            if piece.is_empty() {
                break;
            }
            let piece: Vec<&Alert> = piece.iter().map(AsRef::as_ref).collect();
            let (fields, rows) = table(outcome, &piece, &stamps, look.width.is_none());
            for remark in output::list(Format::Table, &fields, rows, look.clone(), out)? {
                remarks.of_table(&remark, id);
            }
        }
        if shown < alerts.len() {
            remarks.left_out.push(format!(
                "{}: {} more not shown on a terminal; --format ndjson in a pipe gives all",
                id,
                human::counted((alerts.len() - shown) as u64, "alert")
            ));
        }
        writeln!(out)?;
    }
    for line in without_alerts(outcomes, new) {
        writeln!(out, "{line}")?;
    }
    let mut lines = remarks.lines();
    if stamps.used && look.timezone != TimeZone::UTC {
        let zone = look
            .timezone
            .iana_name()
            .unwrap_or("the time zone asked for");
        lines.push(format!("times are those of {zone}"));
    }
    Ok(lines)
}

fn alerts_of<'a>(outcome: &'a Outcome<'_>) -> Option<&'a Alerts> {
    outcome.alerts.as_ref().ok()
}

/// What tables left out, each thing once with the rules whose tables they are.
#[derive(Default)]
struct Remarks {
    fields: BTreeMap<String, Vec<String>>,
    cut: Vec<String>,
    left_out: Vec<String>,
}

impl Remarks {
    fn of_table(&mut self, remark: &str, rule: &str) {
        let what = remark.split(';').next().unwrap_or(remark);
        let rules = match what.contains("did not fit") {
            true => self.fields.entry(what.to_owned()).or_default(),
            false => &mut self.cut,
        };
        // A rule may have several tables.
        if rules.last().is_none_or(|last| last != rule) {
            rules.push(rule.to_owned());
        }
    }

    fn lines(self) -> Vec<String> {
        let wide = !self.fields.is_empty() || !self.cut.is_empty();
        let mut lines = self.left_out;
        let fields = self.fields.into_iter();
        lines.extend(fields.map(|(what, rules)| format!("{what} (in {})", named(&rules))));
        if !self.cut.is_empty() {
            let rules = human::counted(self.cut.len() as u64, "rule");
            lines.push(format!("cells were cut (…) in the tables of {rules}"));
        }
        if wide {
            lines
                .push("--wide cuts nothing; --format html and ndjson give all there is".to_owned());
        }
        lines
    }
}

/// `HIGH: 12 alerts of 3 rules`
fn heading(outcomes: &[Outcome<'_>], severity: Severity, paint: Paint) -> String {
    let of = |outcome: &&Outcome<'_>| outcome.rule.rule.about.severity == severity;
    let firing = outcomes.iter().filter(of).map(figures::found);
    let counts: Vec<u64> = firing.filter(|alerts| *alerts > 0).collect();
    let text = format!(
        "{}: {} of {}",
        severity.text().to_uppercase(),
        human::counted(counts.iter().sum(), "alert"),
        human::counted(counts.len() as u64, "rule")
    );
    match severity {
        Severity::Critical | Severity::High => paint.red(&text),
        Severity::Medium => paint.yellow(&text),
        Severity::Low | Severity::Info => paint.bold(&text),
    }
}

/// The rule's name and how many alerts; under it its id and techniques, and who wrote it, which Sigma's licence asks
/// for.
fn headline(
    outcome: &Outcome<'_>,
    alerts: usize,
    look: &Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let about = &outcome.rule.rule.about;
    let width = look.width.unwrap_or(usize::MAX);
    let count = human::counted(alerts as u64, "alert");
    let name = output::fit(&visible(&about.name), width.saturating_sub(count.len() + 2));
    writeln!(out, "{}  {count}", look.paint.bold(&name))?;
    let mut parts = vec![visible(&about.id).into_owned()];
    let techniques = alerts::techniques(about).into_iter();
    parts.extend(techniques.map(|technique| visible(technique).into_owned()));
    let ids = output::fit(&parts.join("  "), width);
    writeln!(out, "{}", look.paint.dim(&ids))?;
    let mut written = Vec::new();
    if !about.authors.is_empty() {
        written.push(format!("by {}", visible(&about.authors.join(", "))));
    }
    if let Some(license) = &about.license {
        written.push(visible(license).into_owned());
    }
    if !written.is_empty() {
        // Authors are never cut: to name them is the licence's condition.
        writeln!(out, "{}", look.paint.dim(&written.join(", ")))?;
    }
    Ok(())
}

/// How times stand in tables: without the year where all are of one.
struct Stamps {
    zone: TimeZone,
    year: Option<i16>,
    used: bool,
}

impl Stamps {
    fn of(outcomes: &[Outcome<'_>], zone: &TimeZone) -> io::Result<Stamps> {
        let mut stamps = Stamps {
            zone: zone.clone(),
            year: None,
            used: false,
        };
        let mut reach: Option<(i64, i64)> = None;
        for alert in outcomes.iter().filter_map(alerts_of).flat_map(Alerts::iter) {
            let alert = alert?;
            let times = [alert.first, alert.last].into_iter().flatten();
            for time in times.filter(|_| alert.record.is_empty()) {
                let (from, to) = reach.unwrap_or((time, time));
                reach = Some((from.min(time), to.max(time)));
            }
        }
        if let Some((from, to)) = reach {
            let years = (stamps.at(from).year(), stamps.at(to).year());
            stamps.used = true;
            stamps.year = (years.0 == years.1).then_some(years.0);
        }
        Ok(stamps)
    }

    fn at(&self, nanos: i64) -> jiff::civil::DateTime {
        let instant = Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or_default();
        self.zone.to_datetime(instant)
    }

    /// The column's name.
    fn name(&self) -> String {
        self.year
            .map_or_else(|| "when".to_owned(), |year| format!("when in {year}"))
    }

    /// To the second, which is what CloudTrail's times have.
    fn text(&self, nanos: i64) -> String {
        let form = match self.year {
            Some(_) => "%m-%d %H:%M:%S",
            None => "%Y-%m-%d %H:%M:%S",
        };
        self.at(nanos).strftime(form).to_string()
    }
}

/// The alerts of one rule: for DQL the records, for others when, for how long, how much, and who did it first.
fn table(
    outcome: &Outcome<'_>,
    alerts: &[&Alert],
    stamps: &Stamps,
    wide: bool,
) -> (Vec<OutputField>, Vec<Vec<Value>>) {
    if !outcome.fields.is_empty() {
        let rows = alerts.iter().map(|alert| alert.record.clone()).collect();
        return (outcome.fields.clone(), rows);
    }
    let field = |name: &str, ty: Type| OutputField {
        name: name.to_owned(),
        ty,
    };
    let mut keys = keys(alerts);
    let mut rest = rest(alerts, keys.len());
    if !wide {
        keys.iter_mut().for_each(|(_, values)| shorten(values));
        rest.iter_mut().for_each(|(_, values)| shorten(values));
    }
    // Types say how columns are laid out: a part of a time misleads.
    let mut fields = vec![field(
        &stamps.name(),
        Type::Timestamp(engine::Precision::Nano),
    )];
    // Single events have no duration, and one is one.
    let lasting = alerts.iter().any(|alert| alert.count > 1);
    if lasting {
        fields.extend([field("for", Type::Duration), field("events", Type::Long)]);
    }
    fields.extend(keys.iter().map(|(name, _)| text_field(name)));
    fields.extend(rest.iter().map(|(name, _)| text_field(name)));
    let optional = |text: Option<String>| text.map_or(Value::Null, Value::String);
    let row = |(place, alert): (usize, &&Alert)| {
        let mut row = vec![optional(alert.first.map(|first| stamps.text(first)))];
        if lasting {
            let long = alert.first.zip(alert.last);
            let long = long.map(|(first, last)| human::span(last.saturating_sub(first)));
            row.push(Value::String(
                long.filter(|long| long != "0s").unwrap_or_default(),
            ));
            row.push(Value::Long(i64::try_from(alert.count).unwrap_or(i64::MAX)));
        }
        row.extend(
            keys.iter()
                .map(|(_, values)| optional(values[place].clone())),
        );
        row.extend(
            rest.iter()
                .map(|(_, values)| optional(values[place].clone())),
        );
        row
    };
    let rows = alerts.iter().enumerate().map(row).collect();
    (fields, rows)
}

/// A column's name, and its value for each alert.
type Texts<'a> = (&'a str, Vec<Option<String>>);

/// The fields that make alerts what they are.
fn keys<'a>(alerts: &[&'a Alert]) -> Vec<Texts<'a>> {
    let names = alerts.first().map_or(&[][..], |alert| alert.key.as_slice());
    let columns = names.iter().enumerate().map(|(place, (name, _))| {
        let value = |alert: &&Alert| Some(alert.key.get(place)?.1.as_deref()?.to_owned());
        (name.as_str(), alerts.iter().map(value).collect())
    });
    columns.collect()
}

/// What the first event of each alert was, but for what one of its keys says already.
fn rest(alerts: &[&Alert], keys: usize) -> Vec<Texts<'static>> {
    let of = |part: fn(&NamedEvent) -> &Option<Arc<str>>| -> Vec<Option<String>> {
        let first = |alert: &&Alert| {
            let event = alert.events.first()?;
            part(event).as_deref().map(str::to_owned)
        };
        alerts.iter().map(first).collect()
    };
    let mut columns = vec![
        ("action", of(|event| &event.action)),
        ("principal", of(|event| &event.principal)),
        ("address", of(|event| &event.address)),
        ("region", of(|event| &event.region)),
    ];
    columns.retain(|(_, values)| {
        let said = |key: usize| {
            alerts.iter().zip(values).all(|(alert, value)| {
                let key = alert.key.get(key).and_then(|(_, key)| key.as_deref());
                key.is_some() && key == value.as_deref()
            })
        };
        !(0..keys).any(said)
    });
    columns
}

/// Leaves of ARNs what tells them apart: the account where there are several, and the name. Other texts stay.
fn shorten(names: &mut [Option<String>]) {
    let account = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    let arns = names.iter().flatten();
    let accounts: BTreeSet<_> = arns
        .filter(|name| name.starts_with("arn:"))
        .map(|name| account(name))
        .collect();
    let parts = if accounts.len() > 1 { 5 } else { 6 };
    for name in names.iter_mut().flatten() {
        if name.starts_with("arn:")
            && let Some(end) = name.splitn(parts, ':').nth(parts - 1)
        {
            *name = format!("…{end}");
        }
    }
}

/// The rules that found nothing, and those that could not be run; nothing where there are none.
pub(super) fn without_alerts(outcomes: &[Outcome<'_>], new: bool) -> Vec<String> {
    let names = |wanted: fn(&Outcome<'_>) -> bool| -> Vec<String> {
        outcomes
            .iter()
            .filter(|outcome| wanted(outcome))
            .map(|outcome| visible(&outcome.rule.rule.about.id).into_owned())
            .collect()
    };
    let nothing = names(
        |outcome| matches!(&outcome.alerts, Ok(alerts) if alerts.is_empty() && !outcome.silent),
    );
    let failed = names(|outcome| outcome.alerts.is_err());
    let mut lines = Vec::new();
    if !nothing.is_empty() {
        let new = if new { "new " } else { "" };
        lines.push(format!("no {new}alerts from: {}", named(&nothing)));
    }
    if !failed.is_empty() {
        lines.push(format!("could not be run: {}", failed.join(", ")));
    }
    lines
}
