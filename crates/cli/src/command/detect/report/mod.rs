//! Alerts for a browser: one HTML file that needs nothing else and runs nothing.
//!
//! Texts of events and rules are others': whatever is not a constant here goes through `html`, and the page's policy lets
//! a browser load nothing and run nothing even if that failed. What is drawn has limits, and the page says where one cut.
//!
//! Reading order: this file, `html` (escaping), `markdown` (guides), `timeline`, `rule` (a rule and its alerts), `people`.

mod html;
mod markdown;
mod people;
mod rule;
#[cfg(test)]
mod tests;
mod timeline;

use std::borrow::Cow;
use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::QueryOptions;
use engine::detect::{Alert, Alerts, Detection, Outcome};
use rules::exceptions::Applied;
use rules::load::Loaded;
use rules::rule::Severity;
use sha2::{Digest, Sha256};

use super::figures::found;
use crate::human;
use crate::output;

use html::{attribute, text};

/// What the report is of.
pub(super) struct Report<'a> {
    /// Where the lake is.
    pub(super) lake: &'a str,
    /// The timeframe and the time zone.
    pub(super) options: &'a QueryOptions,
    /// What `now()` was, nanoseconds.
    pub(super) now: i64,
    /// The times of the lake's oldest and newest event.
    pub(super) covered: Option<(i64, i64)>,
    /// What was found.
    pub(super) detection: &'a Detection<'a>,
    /// The rules, and those that can't be used.
    pub(super) loaded: &'a Loaded,
    /// What was left out on purpose.
    pub(super) exceptions: &'a Applied,
    /// How many alerts were given before and are left out, where somebody keeps count.
    pub(super) known: Option<u64>,
    /// When it is written, nanoseconds.
    pub(super) written: i64,
}

const STYLE: &str = include_str!("style.css");

/// The severities, the worst first.
const SEVERITIES: [Severity; 5] = [
    Severity::Critical,
    Severity::High,
    Severity::Medium,
    Severity::Low,
    Severity::Info,
];

/// How many alerts are drawn of a rule, and of all rules together; a few of each rule are drawn in any case.
const ALERTS_OF_RULE: usize = 200;
const ALERTS: usize = 1_500;
const ALERTS_AT_LEAST: usize = 5;

/// Up to so many alerts, their events are unfolded.
const UNFOLDED: usize = 40;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let outcomes = &report.detection.outcomes;
    head(out)?;
    writeln!(out, "<header><h1>CloudTrail alerts</h1>")?;
    summary(report, out)?;
    writeln!(out, "</header>\n<main>")?;
    timeline::write(report, out)?;
    let total: u64 = outcomes.iter().map(found).sum();
    let mut room = ALERTS;
    let mut number = 0;
    for severity in SEVERITIES {
        let of: Vec<&Outcome<'_>> = outcomes
            .iter()
            .filter(|outcome| outcome.rule.rule.about.severity == severity && found(outcome) > 0)
            .collect();
        if of.is_empty() {
            continue;
        }
        let count: u64 = of.iter().map(|outcome| found(outcome)).sum();
        let name = severity.text();
        writeln!(
            out,
            "<section id=\"{name}\"><h2><span class=\"badge {name}\">{name}</span> {} of {}</h2>",
            human::counted(count, "alert"),
            human::counted(of.len() as u64, "rule")
        )?;
        for outcome in of {
            number += 1;
            let shown = (found(outcome) as usize)
                .min(ALERTS_OF_RULE)
                .min(room.max(ALERTS_AT_LEAST));
            room = room.saturating_sub(shown);
            rule::write(
                outcome,
                shown,
                &rule::Place {
                    number,
                    unfolded: total <= UNFOLDED as u64,
                    zone: &report.options.timezone,
                },
                out,
            )?;
        }
        writeln!(out, "</section>")?;
    }
    people::write(outcomes, &report.options.timezone, out)?;
    rest(report, out)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

/// All alerts with their rules' severities.
fn alerts<'a>(
    outcomes: &'a [Outcome<'_>],
) -> impl Iterator<Item = io::Result<(Severity, Cow<'a, Alert>)>> {
    outcomes.iter().flat_map(|outcome| {
        let severity = outcome.rule.rule.about.severity;
        let alerts = outcome.alerts.iter().flat_map(Alerts::iter);
        alerts.map(move |alert| Ok((severity, alert?)))
    })
}

/// The page's head. Its policy allows the one style sheet, by its hash, and nothing else.
fn head(out: &mut dyn Write) -> io::Result<()> {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>CloudTrail alerts</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n"
    )
}

fn summary(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let outcomes = &report.detection.outcomes;
    let zone = &report.options.timezone;
    let stamp = |nanos: i64| text(&output::instant(nanos, zone));
    let time = &report.options.timeframe;
    let frame = match (time.from, time.to) {
        (None, None) => "all events of the lake".to_owned(),
        (from, to) => format!(
            "{} to {}",
            from.map_or_else(|| "the beginning".to_owned(), stamp),
            to.map_or_else(|| "the end".to_owned(), stamp)
        ),
    };
    let total: u64 = outcomes.iter().map(found).sum();
    writeln!(out, "<p class=\"chips\">")?;
    for severity in SEVERITIES {
        let of = outcomes
            .iter()
            .filter(|outcome| outcome.rule.rule.about.severity == severity);
        let count: u64 = of.map(found).sum();
        let name = severity.text();
        if count > 0 {
            writeln!(
                out,
                "<a class=\"badge {name}\" href=\"#{name}\">{} {name}</a>",
                human::count(count)
            )?;
        }
    }
    let new = if report.known.is_some() { "new " } else { "" };
    if total == 0 {
        writeln!(out, "<strong>No {new}alerts.</strong>")?;
    }
    writeln!(out, "</p>\n<dl>")?;
    let mut row = |name: &str, value: &str| writeln!(out, "<dt>{name}</dt><dd>{value}</dd>");
    row("Timeframe", &frame)?;
    row("Lake", &format!("<code>{}</code>", text(report.lake)))?;
    if let Some((first, last)) = report.covered {
        row(
            "Lake covers",
            &format!("{} to {}", stamp(first), stamp(last)),
        )?;
    }
    let second = |nanos: i64| stamp(nanos.saturating_sub(nanos.rem_euclid(1_000_000_000)));
    row("Now was", &second(report.now))?;
    let mut alerts = human::counted(total, &format!("{new}alert"));
    if let Some(known) = report.known {
        alerts.push_str(&format!(
            "; {} known before and left out",
            human::count(known)
        ));
    }
    row("Alerts", &alerts)?;
    let silent = outcomes.iter().filter(|outcome| outcome.silent).count();
    let failed = outcomes
        .iter()
        .filter(|outcome| outcome.alerts.is_err())
        .count();
    let firing = outcomes.iter().filter(|outcome| found(outcome) > 0).count();
    let mut rules = vec![
        format!("{} run", human::count((outcomes.len() - failed) as u64)),
        format!("{} with {new}alerts", human::count(firing as u64)),
    ];
    for (count, what) in [
        (silent, "only for correlations"),
        (failed, "failed"),
        (report.loaded.refusals.len(), "refused"),
        (report.loaded.skipped.len(), "for other data"),
    ] {
        if count > 0 {
            rules.push(format!("{} {what}", human::count(count as u64)));
        }
    }
    row("Rules", &rules.join(", "))?;
    let figures = &report.detection.figures;
    row(
        "Read",
        &format!(
            "{} and {} in {}",
            human::counted(figures.rows_scanned, "row"),
            human::counted(report.detection.parsed, "whole record"),
            human::elapsed(figures.elapsed)
        ),
    )?;
    if report.detection.untimed > 0 {
        let events = human::counted(report.detection.untimed, "event");
        row("Without a time", &format!("{events}, which no window sees"))?;
    }
    row(
        "Written",
        &format!(
            "{} by trailsift {}",
            second(report.written),
            env!("CARGO_PKG_VERSION")
        ),
    )?;
    writeln!(out, "</dl>")
}

/// What gave no alerts: rules that found nothing, that failed, that were refused, and what was left out on purpose.
fn rest(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let outcomes = &report.detection.outcomes;
    let mut list = |title: &str, items: Vec<String>| {
        if items.is_empty() {
            return Ok(());
        }
        let items: Vec<String> = items
            .iter()
            .map(|item| format!("<li>{item}</li>"))
            .collect();
        writeln!(
            out,
            "<section><h2>{title}</h2>\n<ul class=\"plain\">{}</ul></section>",
            items.join("\n")
        )
    };
    let line = |outcome: &Outcome<'_>| {
        let about = &outcome.rule.rule.about;
        let mut line = format!("{} <code>{}</code>", text(&about.name), text(&about.id));
        if !about.authors.is_empty() {
            line.push_str(&format!(" by {}", text(&about.authors.join(", "))));
        }
        line
    };
    let of = |wanted: &dyn Fn(&Outcome<'_>) -> bool| -> Vec<String> {
        outcomes
            .iter()
            .filter(|outcome| wanted(outcome))
            .map(line)
            .collect()
    };
    let failures = outcomes.iter().filter_map(|outcome| {
        let error = outcome.alerts.as_ref().err()?;
        Some(format!("{}: {}", line(outcome), text(&error.to_string())))
    });
    list("Rules that failed", failures.collect())?;
    let refusals = report.loaded.refusals.iter().map(|refusal| {
        format!(
            "<code>{}:{}:{}</code> {}",
            text(&refusal.path.display().to_string()),
            refusal.place.line,
            refusal.place.column,
            text(&refusal.reason)
        )
    });
    list("Rules that were refused", refusals.collect())?;
    let new = if report.known.is_some() { "new " } else { "" };
    list(
        &format!("Rules without {new}alerts"),
        of(&|outcome| found(outcome) == 0 && outcome.alerts.is_ok() && !outcome.silent),
    )?;
    list(
        "Rules that only feed correlations",
        of(&|outcome| outcome.silent),
    )?;
    let exceptions = report.exceptions.used.iter().map(|one| {
        let mut line = format!("{}: <code>{}</code>", one.subject.key(), text(&one.value));
        if let Some(reason) = &one.reason {
            line.push_str(&format!(", {}", text(reason)));
        }
        if let Some(until) = one.until {
            line.push_str(&format!(", until {until}"));
        }
        if !one.rules.is_empty() {
            line.push_str(&format!(", for {}", text(&one.rules.join(", "))));
        }
        line
    });
    list(
        "Exceptions: events that were left out",
        exceptions.collect(),
    )?;
    let whole = report.exceptions.not_narrowed.iter();
    list(
        "Rules that exceptions do not narrow",
        whole
            .map(|id| format!("<code>{}</code>", text(id)))
            .collect(),
    )
}

/// A link where the address is one of the web's, else its text.
fn link(address: &str, shown: &str) -> String {
    match html::is_web(address) {
        true => format!(
            "<a href=\"{}\" rel=\"noopener noreferrer\">{}</a>",
            attribute(address),
            text(shown)
        ),
        false => text(shown),
    }
}
