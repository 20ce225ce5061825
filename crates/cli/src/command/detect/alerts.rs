//! Alerts for programs: the rule beside what it found. Its description and its guide, which may be pages, are left to the
//! report: they would be repeated with each alert.

use std::io;

use engine::detect::{Alert, Alerts, NamedEvent, Outcome};
use engine::{OutputField, Type, Value};
use rules::rule::{About, Attack};
use rules::run::Kind;

use crate::args::Format;
use crate::output::{json_text, text_field};

/// What an alert holds.
pub(in crate::command) fn fields() -> Vec<OutputField> {
    let field = |name: &str, ty: Type| OutputField {
        name: name.to_owned(),
        ty,
    };
    let mut fields: Vec<OutputField> = ["id", "rule", "name", "severity"].map(text_field).into();
    fields.push(field("risk", Type::Long));
    fields.extend(["version", "license"].map(text_field));
    fields.extend(
        ["authors", "tags", "references", "false_positives", "attack"]
            .map(|name| field(name, Type::Dynamic)),
    );
    fields.push(text_field("kind"));
    fields.extend(["run", "first", "last"].map(|name| field(name, TIME)));
    fields.push(field("window", Type::Timeframe));
    fields.extend(["count", "suppressed", "distinct"].map(|name| field(name, Type::Long)));
    fields.push(field("value", Type::Double));
    fields.extend(["key", "events", "record"].map(|name| field(name, Type::Dynamic)));
    fields
}

const TIME: Type = Type::Timestamp(engine::Precision::Nano);

/// The alerts of all rules, those of the first rule first. In CSV a cell holds the techniques' ids alone, and what is a
/// list or a record as JSON text. An error is one of reading what memory could not hold.
pub(in crate::command) fn rows<'a>(
    outcomes: &'a [Outcome<'_>],
    format: Format,
) -> impl Iterator<Item = io::Result<Vec<Value>>> + 'a {
    let alerts = outcomes.iter().flat_map(|outcome| {
        let alerts = outcome.alerts.iter().flat_map(Alerts::iter);
        alerts.map(move |alert| (outcome, alert))
    });
    alerts.map(move |(outcome, alert)| {
        let mut row = row(outcome, alert?.as_ref());
        if format == Format::Csv {
            for value in &mut row {
                if matches!(value, Value::Array(_) | Value::Record(_)) {
                    *value = Value::String(json_text(value));
                }
            }
        }
        Ok(row)
    })
}

fn row(outcome: &Outcome<'_>, alert: &Alert) -> Vec<Value> {
    let about = &outcome.rule.rule.about;
    let long = |number: u64| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
    let time = |nanos: Option<i64>| nanos.map_or(Value::Null, Value::Timestamp);
    let names = outcome.fields.iter().map(|field| field.name.clone());
    vec![
        text(&alert.id),
        text(&about.id),
        text(&about.name),
        text(about.severity.text()),
        about
            .risk
            .map_or(Value::Null, |risk| Value::Long(i64::from(risk))),
        optional(about.version.as_deref()),
        optional(about.license.as_deref()),
        texts(&about.authors),
        texts(&about.tags),
        texts(&about.references),
        texts(&about.false_positives),
        Value::Array(about.attack.iter().map(attack).collect()),
        alert.kind.map_or(Value::Null, |kind| text(kind_text(kind))),
        time(alert.run),
        time(alert.first),
        time(alert.last),
        alert
            .window
            .map_or(Value::Null, |(from, to)| Value::Timeframe(from, to)),
        long(alert.count),
        long(alert.suppressed),
        alert.distinct.map_or(Value::Null, long),
        alert.value.map_or(Value::Null, Value::Double),
        Value::Record(
            alert
                .key
                .iter()
                .map(|(name, value)| (name.clone(), optional(value.as_deref())))
                .collect(),
        ),
        Value::Array(alert.events.iter().map(|found| event(found)).collect()),
        match outcome.fields.is_empty() {
            true => Value::Null,
            false => Value::Record(names.zip(alert.record.iter().cloned()).collect()),
        },
    ]
}

/// What kind of alert it is, in a word.
pub(super) fn kind_text(kind: Kind) -> &'static str {
    match kind {
        Kind::Event => "event",
        Kind::Threshold => "threshold",
        Kind::NewTerms => "new_terms",
        Kind::Correlation => "correlation",
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn optional(value: Option<&str>) -> Value {
    value.map_or(Value::Null, text)
}

fn texts(all: &[String]) -> Value {
    Value::Array(all.iter().map(|one| text(one)).collect())
}

fn attack(attack: &Attack) -> Value {
    let members = [
        ("tactic", Some(attack.tactic.as_str())),
        ("technique", attack.technique.as_deref()),
        ("name", attack.name.as_deref()),
    ];
    Value::Record(
        members
            .map(|(key, value)| (key.to_owned(), optional(value)))
            .into(),
    )
}

fn event(event: &NamedEvent) -> Value {
    let texts = [
        ("event_id", &event.id),
        ("account", &event.account),
        ("service", &event.service),
        ("action", &event.action),
        ("region", &event.region),
        ("error", &event.error),
        ("address", &event.address),
        ("agent", &event.agent),
        ("identity", &event.identity),
        ("principal", &event.principal),
        ("access_key", &event.access_key),
        ("source", &event.source),
    ];
    let mut members = vec![("time".to_owned(), Value::Timestamp(event.time))];
    members.extend(texts.map(|(key, value)| (key.to_owned(), optional(value.as_deref()))));
    members.push(("source_index".to_owned(), Value::Long(event.index)));
    Value::Record(members)
}

/// The ids of a rule's techniques.
pub(super) fn techniques(about: &About) -> Vec<&str> {
    let attacks = about.attack.iter();
    attacks
        .filter_map(|attack| attack.technique.as_deref())
        .collect()
}
