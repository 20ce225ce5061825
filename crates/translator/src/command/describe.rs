//! `describe dataObject`: the fields that are known of it, with their types.

use std::borrow::Cow;

use functions::document::Form;
use functions::{Type, Typed, Value};
use syntax::dql::ast::Command;

use super::fetch;
use super::table::{self, Table};
use crate::arguments::Takes;
use crate::catalog::{EventColumn, Events, Timeframe};
use crate::context::{Context, Stage};
use crate::events;
use crate::scope::Field;

pub(super) fn describe(ctx: &mut Context, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["dataObject", "sourceId"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let table = fetch::table(ctx, command, &given)?;
    let events = fetch::events(ctx, command, table, Timeframe::default())?;
    let scope = events::scope(ctx, table, &events, 1);
    let mut rows = Table::with([Cow::Borrowed("field"), Cow::Borrowed("data_types")]);
    for field in scope.fields() {
        let types = types(field, &events).into_iter().map(Value::string);
        rows.push(vec![
            (Cow::Borrowed("field"), Value::string(field.name.clone())),
            (Cow::Borrowed("data_types"), Value::Array(types.collect())),
        ]);
    }
    table::stage(ctx, rows, command.span)
}

/// The names of the types that values of a field have.
pub(super) fn types(field: &Field, events: &Events) -> Vec<&'static str> {
    match (&field.value, field.value.ty()) {
        (Typed::Place(_), Type::Dynamic) => {
            let of_key = |path: &[String]| path.first() == Some(&field.name);
            let listed = |column: &&EventColumn| column.listed && of_key(&column.path);
            let columns = || events.columns.iter().filter(listed);
            if columns().any(|column| column.path.len() > 1) {
                return vec!["record"];
            }
            columns()
                .flat_map(|column| match column.form {
                    Form::Text | Form::Timestamp => vec!["string"],
                    Form::Boolean => vec!["boolean"],
                    Form::Long => vec!["long"],
                    // Its columns hold objects and arrays alike.
                    Form::Json => vec!["record", "array"],
                })
                .collect()
        }
        (_, ty) => vec![ty.api_name()],
    }
}
