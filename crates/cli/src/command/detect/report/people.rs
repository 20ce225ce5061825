//! Who is in the alerts' events: for each principal what it did, from where, with what, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::Arc;

use engine::detect::{NamedEvent, Outcome};
use jiff::tz::TimeZone;
use rules::rule::Severity;

use super::alerts;
use super::html::text;
use crate::human;
use crate::output;

/// How many principals are drawn, and how many values of each kind.
const PEOPLE: usize = 100;
const VALUES: usize = 8;

/// Of how many events the section tells: it holds them.
const EVENTS: usize = 50_000;

/// A principal, by name and kind of identity.
type Who = (Option<Arc<str>>, Option<Arc<str>>);

/// Where an event's record is, and its id.
type Where = (Option<Arc<str>>, i64, Option<Arc<str>>);

#[derive(Default)]
struct Person {
    worst: Severity,
    alerts: u64,
    /// The events, each once: several alerts may name the same.
    events: BTreeMap<Where, Arc<NamedEvent>>,
}

/// Writes the section; nothing where no alert names an event.
pub(super) fn write(
    outcomes: &[Outcome<'_>],
    zone: &TimeZone,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (people, left_out) = gather(outcomes)?;
    if people.is_empty() {
        return Ok(());
    }
    let count = people.len();
    writeln!(
        out,
        "<section id=\"principals\"><h2>{}</h2>\n<p class=\"note\">Of the events that alerts name, at most 100 an alert.</p>",
        human::counted(count as u64, "principal")
    )?;
    if count > PEOPLE {
        writeln!(
            out,
            "<p class=\"note\">The first {PEOPLE} are drawn, by severity and number of alerts.</p>"
        )?;
    }
    if left_out > 0 {
        writeln!(
            out,
            "<p class=\"note\">{} more are not among them: the section holds the first {} events.</p>",
            human::counted(left_out, "event"),
            human::count(EVENTS as u64)
        )?;
    }
    let heads = [
        "Who",
        "Alerts and events",
        "Actions",
        "Services and regions",
        "Addresses and access keys",
        "Agents",
    ];
    let heads: Vec<String> = heads
        .iter()
        .map(|name| format!("<th>{name}</th>"))
        .collect();
    writeln!(
        out,
        "<div class=\"wide\"><table><thead><tr>{}</tr></thead><tbody>",
        heads.join("")
    )?;
    for ((name, kind), person) in people.iter().take(PEOPLE) {
        let events: Vec<&NamedEvent> = person.events.values().map(AsRef::as_ref).collect();
        let stamp = |nanos: Option<i64>| {
            nanos.map_or_else(String::new, |nanos| text(&output::instant(nanos, zone)))
        };
        let refused = events.iter().filter(|event| event.error.is_some()).count() as u64;
        let mut number = human::counted(events.len() as u64, "event");
        if refused > 0 {
            number.push_str(&format!(", {} with an error", human::count(refused)));
        }
        let cells = [
            format!(
                "{}{}",
                name.as_deref()
                    .map_or_else(|| "<em>no principal</em>".to_owned(), text),
                kind.as_deref().map_or_else(String::new, |kind| format!(
                    "<div class=\"sub\">{}</div>",
                    text(kind)
                ))
            ),
            format!(
                "<span class=\"badge {0}\">{0}</span> {1}<div>{number}</div><div class=\"sub\">{2}<br>{3}</div>",
                person.worst.text(),
                human::counted(person.alerts, "alert"),
                stamp(events.iter().map(|event| event.time).min()),
                stamp(events.iter().map(|event| event.time).max())
            ),
            values(&events, |event| &event.action),
            both(
                &values(&events, |event| &event.service),
                &values(&events, |event| &event.region),
            ),
            both(
                &values(&events, |event| &event.address),
                &values(&events, |event| &event.access_key),
            ),
            values(&events, |event| &event.agent),
        ];
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| format!("<td>{cell}</td>"))
            .collect();
        writeln!(out, "<tr>{}</tr>", cells.join(""))?;
    }
    writeln!(out, "</tbody></table></div></section>")
}

/// The principals, those with the worst and the most alerts first, and how many events had no room.
fn gather(outcomes: &[Outcome<'_>]) -> io::Result<(Vec<(Who, Person)>, u64)> {
    let mut people: BTreeMap<Who, Person> = BTreeMap::new();
    let (mut held, mut left_out) = (0, 0);
    for alert in alerts(outcomes) {
        let (severity, alert) = alert?;
        let mut named: BTreeSet<Who> = BTreeSet::new();
        for event in &alert.events {
            let who = (event.principal.clone(), event.identity.clone());
            let place = (event.source.clone(), event.index, event.id.clone());
            let known = people.get(&who);
            if known.is_none_or(|person| !person.events.contains_key(&place)) {
                if held >= EVENTS {
                    left_out += 1;
                    continue;
                }
                held += 1;
            }
            let person = people.entry(who.clone()).or_insert_with(|| Person {
                worst: Severity::Info,
                ..Person::default()
            });
            person.events.insert(place, Arc::clone(event));
            if named.insert(who) {
                person.alerts += 1;
                person.worst = person.worst.max(severity);
            }
        }
    }
    let mut people: Vec<_> = people.into_iter().collect();
    people.sort_by_cached_key(|(who, person)| {
        (
            std::cmp::Reverse((person.worst, person.alerts, person.events.len())),
            who.clone(),
        )
    });
    Ok((people, left_out))
}

/// Two lists in one cell.
fn both(first: &str, second: &str) -> String {
    format!("{first}<div class=\"sub\">{second}</div>")
}

/// The commonest values, each with how often where that is more than once.
fn values(events: &[&NamedEvent], part: fn(&NamedEvent) -> &Option<Arc<str>>) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for value in events.iter().filter_map(|event| part(event).as_deref()) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(value, count)| (std::cmp::Reverse(*count), *value));
    let mut lines: Vec<String> = counts
        .iter()
        .take(VALUES)
        .map(|(value, count)| match count {
            1 => text(value),
            count => format!(
                "{} <span class=\"count\">×{}</span>",
                text(value),
                human::count(*count)
            ),
        })
        .collect();
    if let more @ 1.. = counts.len().saturating_sub(VALUES) {
        lines.push(format!(
            "<span class=\"cut\">… {} more</span>",
            human::count(more as u64)
        ));
    }
    lines.join("<br>")
}
