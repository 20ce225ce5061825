//! A rule with all that its reader has to know, and its alerts with their events.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use engine::Value;
use engine::detect::{Alert, NamedEvent, Outcome};
use jiff::tz::TimeZone;
use rules::rule::{About, Attack};

use super::html::text;
use super::{link, markdown};
use crate::command::detect::alerts::kind_text;
use crate::command::detect::figures::found;
use crate::human;
use crate::output;

/// How many events of an alert are drawn.
const EVENTS: usize = 10;

/// Where a rule stands in the page.
pub(super) struct Place<'a> {
    /// Its number, from 1.
    pub(super) number: usize,
    /// Whether its alerts are unfolded.
    pub(super) unfolded: bool,
    /// The time zone of instants.
    pub(super) zone: &'a TimeZone,
}

/// Writes the rule with the first `shown` of its alerts.
pub(super) fn write(
    outcome: &Outcome<'_>,
    shown: usize,
    place: &Place<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let about = &outcome.rule.rule.about;
    writeln!(
        out,
        "<section class=\"rule\" id=\"rule-{}\"><h3>{} <span class=\"count\">{}</span></h3>",
        place.number,
        text(&about.name),
        human::counted(found(outcome), "alert")
    )?;
    know(about, outcome, out)?;
    let count = found(outcome);
    if (shown as u64) < count {
        writeln!(
            out,
            "<p class=\"note\">The first {} of {} are drawn; <code>--format ndjson</code> gives all.</p>",
            human::count(shown as u64),
            human::counted(count, "alert")
        )?;
    }
    let alerts = match &outcome.alerts {
        Ok(alerts) => alerts.first(shown)?,
        Err(_) => Vec::new(),
    };
    match outcome.fields.is_empty() {
        true => alerts
            .iter()
            .try_for_each(|alert| write_alert(alert, place, out))?,
        false => records(outcome, &alerts, place, out)?,
    }
    writeln!(out, "</section>")
}

/// What there is to know of the rule, its authors and licence before all else.
fn know(about: &About, outcome: &Outcome<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut parts = vec![format!("<code>{}</code>", text(&about.id))];
    if !about.authors.is_empty() {
        parts.push(format!("by {}", text(&about.authors.join(", "))));
    }
    let optional = [
        ("licence", about.license.as_deref()),
        ("version", about.version.as_deref()),
        ("status", about.status.as_deref()),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            parts.push(format!("{name} {}", text(value)));
        }
    }
    if let Some(risk) = about.risk {
        parts.push(format!("risk {risk} of 100"));
    }
    parts.push(format!("{} rule", text(&outcome.rule.language)));
    writeln!(out, "<p class=\"about\">{}</p>", parts.join(" · "))?;
    if !about.description.trim().is_empty() {
        writeln!(out, "<p>{}</p>", text(about.description.trim()))?;
    }
    let mut list = |name: &str, items: Vec<String>| match items.is_empty() {
        true => Ok(()),
        false => writeln!(
            out,
            "<h4>{name}</h4><ul><li>{}</li></ul>",
            items.join("</li>\n<li>")
        ),
    };
    list("ATT&amp;CK", about.attack.iter().map(attack).collect())?;
    let texts = |all: &[String]| all.iter().map(|one| text(one)).collect::<Vec<_>>();
    list("False positives", texts(&about.false_positives))?;
    let references = about.references.iter();
    list(
        "References",
        references.map(|address| link(address, address)).collect(),
    )?;
    if !about.tags.is_empty() {
        let tags: Vec<String> = about
            .tags
            .iter()
            .map(|tag| format!("<span class=\"tag\">{}</span>", text(tag)))
            .collect();
        writeln!(out, "<p class=\"tags\">{}</p>", tags.join(" "))?;
    }
    if let Some(guide) = &about.guide {
        writeln!(
            out,
            "<details class=\"guide\"><summary>Guide: what to do about it</summary>\n{}</details>",
            markdown::html(guide)
        )?;
    }
    Ok(())
}

fn attack(attack: &Attack) -> String {
    let tactic = text(&attack.tactic);
    let Some(technique) = &attack.technique else {
        return tactic;
    };
    let shown = match &attack.name {
        Some(name) => format!("{technique} {name}"),
        None => technique.clone(),
    };
    let shown = match is_technique(technique) {
        true => {
            let path = technique.replace('.', "/");
            link(
                &format!("https://attack.mitre.org/techniques/{path}/"),
                &shown,
            )
        }
        false => text(&shown),
    };
    match tactic.is_empty() {
        true => shown,
        false => format!("{tactic}: {shown}"),
    }
}

/// Such as `T1555` and `T1555.006`.
fn is_technique(id: &str) -> bool {
    let digits = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    id.strip_prefix('T')
        .is_some_and(|rest| match rest.split_once('.') {
            Some((technique, sub)) => digits(technique, 4) && digits(sub, 3),
            None => digits(rest, 4),
        })
}

fn write_alert(alert: &Alert, place: &Place<'_>, out: &mut dyn Write) -> io::Result<()> {
    let stamp = |nanos: i64| text(&output::instant(nanos, place.zone));
    let mut head = Vec::new();
    if let Some(first) = alert.first {
        head.push(format!("<time>{}</time>", stamp(first)));
    }
    if let (Some(first), Some(last)) = (alert.first, alert.last)
        && last > first
    {
        head.push(format!("for {}", human::span(last.saturating_sub(first))));
    }
    if alert.count != 1 {
        head.push(human::counted(alert.count, "event"));
    }
    let first = alert.events.first();
    let part = |part: fn(&NamedEvent) -> &Option<Arc<str>>| {
        first.and_then(|event| part(event).as_deref()).map(text)
    };
    head.extend(part(|event| &event.action));
    head.extend(part(|event| &event.principal).map(|who| format!("<code>{who}</code>")));
    head.extend(part(|event| &event.address));
    let open = if place.unfolded { " open" } else { "" };
    writeln!(
        out,
        "<details class=\"alert\"{open}><summary>{}</summary>",
        head.join(" · ")
    )?;
    let mut facts = vec![("Alert", format!("<code>{}</code>", text(&alert.id)))];
    if let Some(kind) = alert.kind {
        facts.push(("Kind", kind_text(kind).replace('_', " ")));
    }
    let keys: Vec<String> = alert
        .key
        .iter()
        .map(|(name, value)| {
            let value = value
                .as_deref()
                .map_or_else(|| "<em>none</em>".to_owned(), text);
            format!("<code>{}</code> = {value}", text(name))
        })
        .collect();
    if !keys.is_empty() {
        facts.push(("Key", keys.join(", ")));
    }
    if let Some((from, to)) = alert.window {
        facts.push(("Window", format!("{} to {}", stamp(from), stamp(to))));
    }
    if let Some(distinct) = alert.distinct {
        facts.push(("Different values", human::count(distinct)));
    }
    if let Some(value) = alert.value {
        facts.push(("Value", format!("{value}")));
    }
    if alert.suppressed > 0 {
        let more = human::counted(alert.suppressed, "further alert");
        facts.push(("Suppressed", format!("{more} joined to this one")));
    }
    let facts: Vec<String> = facts
        .into_iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>"))
        .collect();
    writeln!(out, "<dl>{}</dl>", facts.join(""))?;
    events(alert, place.zone, out)?;
    writeln!(out, "</details>")
}

/// The columns of events: what is looked at together stands together.
const COLUMNS: [&str; 5] = ["Time", "Action", "Principal", "Address", "Event"];

fn events(alert: &Alert, zone: &TimeZone, out: &mut dyn Write) -> io::Result<()> {
    if alert.events.is_empty() {
        return Ok(());
    }
    let heads = COLUMNS.map(|name| format!("<th>{name}</th>"));
    writeln!(
        out,
        "<div class=\"wide\"><table><thead><tr>{}</tr></thead><tbody>",
        heads.join("")
    )?;
    for event in alert.events.iter().take(EVENTS) {
        let of = |value: &Option<Arc<str>>| value.as_deref().map(text);
        let first = |value: &Option<Arc<str>>| of(value).unwrap_or_default();
        let sub = |name: &str, value: &Option<Arc<str>>| {
            of(value).map_or_else(String::new, |value| {
                format!("<div class=\"sub\">{name}{value}</div>")
            })
        };
        let cells = [
            text(&output::instant(event.time, zone))
                + &sub("", &event.region)
                + &sub("account ", &event.account),
            first(&event.action) + &sub("", &event.service) + &sub("error ", &event.error),
            first(&event.principal) + &sub("", &event.identity) + &sub("key ", &event.access_key),
            first(&event.address) + &sub("", &event.agent),
            format!("<code>{}</code>", first(&event.id))
                + &sub("", &event.source)
                + &format!("<div class=\"sub\">record {}</div>", event.index),
        ];
        let cells = cells.map(|cell| format!("<td>{cell}</td>"));
        writeln!(out, "<tr>{}</tr>", cells.join(""))?;
    }
    writeln!(out, "</tbody></table></div>")?;
    let named = alert.events.len() as u64;
    let more = alert.count.max(named) - named.min(EVENTS as u64);
    if more > 0 {
        writeln!(
            out,
            "<p class=\"note\">{} not drawn.</p>",
            human::counted(more, "further event")
        )?;
    }
    Ok(())
}

/// The records of a rule in DQL, each an alert.
fn records(
    outcome: &Outcome<'_>,
    alerts: &[Cow<'_, Alert>],
    place: &Place<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let fields = outcome.fields.iter();
    let heads: Vec<String> = fields
        .map(|field| format!("<th>{}</th>", text(&field.name)))
        .collect();
    writeln!(
        out,
        "<div class=\"wide\"><table><thead><tr>{}<th>Alert</th></tr></thead><tbody>",
        heads.join("")
    )?;
    for alert in alerts {
        let cells: Vec<String> = alert
            .record
            .iter()
            .zip(&outcome.fields)
            .map(|(value, field)| {
                let shown = match value {
                    Value::Null => String::new(),
                    Value::String(value) => text(value),
                    value => text(&output::one_line(value, &field.ty, place.zone)),
                };
                format!("<td>{shown}</td>")
            })
            .collect();
        writeln!(
            out,
            "<tr>{}<td><code>{}</code></td></tr>",
            cells.join(""),
            text(&alert.id)
        )?;
        if !alert.events.is_empty() {
            let open = if place.unfolded { " open" } else { "" };
            writeln!(
                out,
                "<tr><td colspan=\"{}\"><details{open}><summary>{}</summary>",
                outcome.fields.len() + 1,
                match alert.events.len() {
                    1 => "the event".to_owned(),
                    many => format!("{}, the oldest first", human::counted(many as u64, "event")),
                }
            )?;
            events(alert, place.zone, out)?;
            writeln!(out, "</details></td></tr>")?;
        }
    }
    writeln!(out, "</tbody></table></div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn techniques_are_linked_and_nothing_else() {
        let of = |technique: &str, name: Option<&str>| {
            attack(&Attack {
                tactic: "Impact".into(),
                technique: Some(technique.into()),
                name: name.map(str::to_owned),
            })
        };
        assert_eq!(
            of("T1555.006", Some("Stores")),
            "Impact: <a href=\"https://attack.mitre.org/techniques/T1555/006/\" rel=\"noopener noreferrer\">T1555.006 \
             Stores</a>"
        );
        for technique in ["T15", "T1555.06", "T1555/../x", "x", "T１５５５"] {
            assert!(!of(technique, None).contains("href"), "{technique}");
        }
    }
}
