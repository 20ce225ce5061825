//! The fields that events have: those of a Dynatrace log record, or the keys of the CloudTrail record itself, with the
//! columns that hold parts of it.

use std::sync::Arc;

use datafusion::logical_expr::{Expr as PlanExpr, cast};
use functions::document::{Columns, Document, Form, Held, Place};
use functions::{Precision, Step, Type, Typed, Value};
use syntax::{Code, Diagnostic, Span};

use crate::catalog::{EventColumn, Events};
use crate::context::Context;
use crate::scope::{Field, Scope};

/// What every record of `fetch logs` has as its `aws.service`.
const SERVICE: &str = "cloudtrail";

/// The fields of the data object `table` over the events.
pub(crate) fn scope(ctx: &Context, table: &str, events: &Events, ratio: i64) -> Scope {
    let record = record(ctx, events);
    let mut scope = match table {
        "logs" => logs(record, events),
        _ => cloudtrail(record, events),
    };
    scope.put(Field {
        name: "dt.system.bucket".to_owned(),
        value: Typed::known(crate::column(&events.house.bucket), Type::String),
        hidden: true,
        values: Some(events.buckets.clone()),
    });
    scope.put(Field {
        name: "dt.system.sampling_ratio".to_owned(),
        value: Typed::constant(&Value::Long(ratio), &Type::Long),
        hidden: true,
        values: None,
    });
    scope
}

/// What a sample is told by: the event's id, or its time where it has none.
pub(crate) fn id(events: &Events) -> Typed {
    let time = cast(crate::column(&events.house.time), Type::String.arrow());
    let is_id = |column: &&EventColumn| {
        column.path.len() == 1 && column.path[0] == "eventID" && column.form == Form::Text
    };
    let id = match events.columns.iter().find(is_id) {
        Some(column) => functions::first_present(vec![crate::column(&column.name), time]),
        None => crate::column(&events.house.content),
    };
    Typed::known(id, Type::String)
}

/// The warning that no event has a value, with the few values that there are.
pub(crate) fn none_has(span: Span, message: String, values: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::warning(Code::NoSuchBucket, span, message);
    let known: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    match known.as_slice() {
        [] => diagnostic,
        [only] => diagnostic.help(format!("there is only {only}")),
        known => diagnostic.help(format!("there are {}", known.join(", "))),
    }
}

/// The CloudTrail record behind every event.
fn record(ctx: &Context, events: &Events) -> Arc<Document> {
    let text = crate::column(&events.house.content);
    let columns: Option<Arc<dyn Columns>> = ctx.options.eliminate.then(|| {
        let columns = EventColumns {
            columns: events.columns.clone(),
            mistyped: crate::column(&events.house.mistyped),
        };
        Arc::new(columns) as Arc<dyn Columns>
    });
    Arc::new(Document {
        text,
        language: functions::Language::Json,
        columns,
        present: None,
    })
}

/// The document that `parse content, "JSON:…"` gives: null for records over the JSON limit.
fn within_limit(record: &Document, events: &Events) -> Arc<Document> {
    if events.over_limit == 0 {
        return Arc::new(record.clone());
    }
    let mistyped = crate::column(&events.house.mistyped);
    let over = mistyped
        .clone()
        .like(Typed::string_literal(&format!("{}%", events.house.over_limit)).expr());
    let present = mistyped.is_null().or(!over);
    Arc::new(Document {
        text: functions::when_present(&present, record.text.clone()),
        language: functions::Language::Json,
        columns: record.columns.clone(),
        present: Some(present),
    })
}

fn logs(record: Arc<Document>, events: &Events) -> Scope {
    let house = &events.house;
    let text = |name: &str| Typed::known(crate::column(name), Type::String);
    let parsed = match &record.columns {
        Some(_) => within_limit(&record, events),
        // With elimination off the text is parsed as any text would be.
        None => functions::json_object(record.text.clone(), house.json_limit),
    };
    let mut scope = Scope::closed();
    let time = Typed::known(
        crate::column(&house.time),
        Type::Timestamp(Precision::Micro),
    );
    scope.set("timestamp", time);
    scope.set(
        "content",
        Typed::Text {
            text: record.text.clone(),
            parsed,
        },
    );
    scope.put(Field {
        name: "aws.service".to_owned(),
        value: Typed::string_literal(SERVICE),
        hidden: false,
        values: Some(vec![SERVICE.to_owned()]),
    });
    scope.set("aws.account.id", text(&house.account));
    scope.set("aws.region", text(&house.region));
    scope.set("log.source", text(&house.source));
    scope
}

fn cloudtrail(record: Arc<Document>, events: &Events) -> Scope {
    let mut scope = Scope::open(Arc::clone(&record));
    let time = Typed::known(
        crate::column(&events.house.time),
        Type::Timestamp(Precision::Micro),
    );
    scope.set("timestamp", time);
    for key in events
        .columns
        .iter()
        .filter(|column| column.listed)
        .filter_map(|column| column.path.first())
    {
        let path = vec![Step::Key(key.clone())];
        if scope.get(key).is_none() {
            scope.set(
                key,
                Typed::Place(Place {
                    document: Arc::clone(&record),
                    path,
                }),
            );
        }
    }
    scope
}

/// The columns of the table, as parts of its records.
#[derive(Debug)]
struct EventColumns {
    columns: Vec<EventColumn>,
    mistyped: PlanExpr,
}

impl Columns for EventColumns {
    fn held(&self, path: &[Step]) -> Option<Held> {
        let same = |column: &&EventColumn| {
            column.path.len() == path.len()
                && column.path.iter().zip(path).all(|(key, step)| match step {
                    Step::Key(step) => key == step,
                    Step::Index(_) => false,
                })
        };
        self.columns.iter().find(same).map(|column| Held {
            column: crate::column(&column.name),
            form: column.form,
            irregular: (column.mistyped > 0 && column.form != Form::Json).then(|| {
                // Names are listed; one that is part of another's only sends a record to its text in vain.
                let name = functions::like_literal(&column.name);
                let listed = Typed::string_literal(&format!("%{name}%")).expr();
                // Not `IS TRUE`: DataFusion's plans disagree on whether that can be null, and refuse to run where it is
                // computed below an aggregation.
                let mistyped = self.mistyped.clone();
                mistyped.clone().is_not_null().and(mistyped.like(listed))
            }),
        })
    }
}
