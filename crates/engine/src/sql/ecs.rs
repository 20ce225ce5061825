//! The events as the documents that Elastic's integration makes of them: the table `ecs`, a column for each field of
//! `docs/ecs.md`, beside them `content`.
//!
//! Nothing is made beforehand: a field that copies a place of the record is that column, any other is worked out of the
//! record's text, and only if a statement names it. A field with several values is a JSON array.

use std::sync::Arc;

use arrow::array::{Array, AsArray, StringViewBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, cast,
    col, ident, lit, try_cast, when,
};
use datafusion::prelude::DataFrame;
use functions::document::Form;
use rules::ecs::{self, EcsField, FIELDS, REMOVED, Record, Type};
use translator::Events;

/// The table's name.
pub(super) const TABLE: &str = "ecs";

/// Whether a statement may name the table; planning its columns costs more than most statements do.
pub(super) fn is_asked(statement: &str) -> bool {
    statement.to_ascii_lowercase().contains(TABLE)
}

/// The documents of the events of `frame`, whose columns `events` tells of.
pub(super) fn documents(frame: DataFrame, events: &Events) -> Result<DataFrame> {
    let text = Arc::new(ScalarUDF::from(Text::default()));
    let mut columns = Vec::new();
    for definition in FIELDS {
        if let Some(field) = ecs::find(definition.name) {
            let value = value(&field, events, &text)?;
            columns.push(typed(&field, value).alias(definition.name));
        }
    }
    columns.push(col(&events.house.content));
    frame.select(columns)
}

/// The field's text.
fn value(field: &EcsField, events: &Events, text: &Arc<ScalarUDF>) -> Result<Expr> {
    let house = &events.house;
    if let Some(constant) = field.constant() {
        return Ok(lit(ScalarValue::Utf8View(Some(constant.to_owned()))));
    }
    let from_record = text.call(vec![lit(field.name()), ident(&house.content)]);
    let column = field.as_path().and_then(|path| {
        let keys: Vec<&str> = path.split('.').collect();
        let same = events.columns.iter().find(|column| column.path == keys);
        same.filter(|column| matches!(column.form, Form::Text | Form::Boolean))
    });
    let Some(column) = column else {
        return Ok(from_record);
    };
    let held = cast(ident(&column.name), DataType::Utf8View);
    let removed = REMOVED
        .iter()
        .map(|text| lit(ScalarValue::Utf8View(Some((*text).to_owned()))));
    let kept = when(
        held.clone().in_list(removed.collect(), false),
        lit(ScalarValue::Utf8View(None)),
    )
    .otherwise(held)?;
    if column.mistyped == 0 {
        return Ok(kept);
    }
    when(ident(&house.mistyped).is_null(), kept).otherwise(from_record)
}

/// The text in the field's type. Addresses, times and places stay texts, for they may be odd.
fn typed(field: &EcsField, text: Expr) -> Expr {
    match field.kind() {
        Type::Long => try_cast(text, DataType::Int64),
        Type::Boolean => try_cast(text, DataType::Boolean),
        Type::Keyword | Type::Ip | Type::Date | Type::Flattened | Type::GeoPoint => text,
    }
}

/// The text of a field, by its name, of the record with this text.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Text {
    signature: Signature,
}

impl Default for Text {
    fn default() -> Self {
        let types = vec![DataType::Utf8, DataType::Utf8View];
        Text {
            signature: Signature::exact(types, Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for Text {
    fn name(&self) -> &str {
        "ecs_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            ColumnarValue::Scalar(ScalarValue::Utf8(Some(name))),
            records,
        ] = args.args.as_slice()
        else {
            return exec_err!("ecs_text takes the name of a field and a record");
        };
        let Some(field) = ecs::find(name) else {
            return exec_err!("documents have no field `{name}`");
        };
        let records = records.to_array(args.number_rows)?;
        let records = records.as_string_view();
        let mut texts = StringViewBuilder::with_capacity(records.len());
        for record in records {
            texts.append_option(
                record.and_then(|record| joined(&field.values(&Record::new(record)))),
            );
        }
        Ok(ColumnarValue::Array(Arc::new(texts.finish())))
    }
}

fn joined(values: &[String]) -> Option<String> {
    match values {
        [] => None,
        [one] => Some(one.clone()),
        several => {
            let mut out = String::from("[");
            for (place, value) in several.iter().enumerate() {
                out.push_str(if place > 0 { "," } else { "" });
                json::write_string(value, &mut out);
            }
            out.push(']');
            Some(out)
        }
    }
}
