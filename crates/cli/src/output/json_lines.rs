//! Records as JSON objects straight from their batch: no value is made of a string or a series, of which results are large.

use std::io::{self, Write};

use engine::{Batch, OutputField, Part, Value};

use super::json_text;

/// How much text is held before it is written.
const PIECE: usize = 1 << 16;

/// Writes the records of `batch`, each with what `before` and `behind` append around it.
pub(super) fn write(
    batch: &Batch,
    fields: &[OutputField],
    mut before: impl FnMut(&mut String),
    mut behind: impl FnMut(&mut String),
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = batch.columns().map_err(io::Error::other)?;
    // The opening of each member, and the last value with its text: many are the same in all records.
    let mut members: Vec<(String, Option<Said>)> = fields
        .iter()
        .enumerate()
        .map(|(place, field)| {
            let mut opening = String::new();
            json_text::separate(place, &mut opening);
            json_text::string(&field.name, &mut opening);
            opening.push(':');
            (opening, None)
        })
        .collect();
    let mut text = String::new();
    for row in 0..batch.len() {
        before(&mut text);
        text.push('{');
        for (column, (opening, said)) in columns.iter().zip(&mut members) {
            text.push_str(opening);
            match column.part(row) {
                Part::String(string) => json_text::string(string, &mut text),
                Part::Doubles(doubles) => json_text::doubles(&doubles, &mut text),
                Part::Value(value) => match said {
                    Some(said) if said.value == value => text.push_str(&said.text),
                    said => {
                        let new = json_text::json_text(&value);
                        text.push_str(&new);
                        *said = Some(Said { value, text: new });
                    }
                },
            }
        }
        text.push('}');
        behind(&mut text);
        if text.len() >= PIECE {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    out.write_all(text.as_bytes())
}

/// A value and its text.
struct Said {
    value: Value,
    text: String,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, Float64Builder, Int64Array, ListBuilder, StringViewArray, StructArray,
        TimestampNanosecondArray,
    };
    use arrow::datatypes::{DataType, Field, Schema};
    use arrow::record_batch::RecordBatch;
    use engine::Type;
    use proptest::prelude::*;

    use super::super::Output;
    use super::super::json::Json;
    use super::super::ndjson::Ndjson;
    use super::*;

    type Row = (
        Option<String>,
        Option<i64>,
        Option<Vec<Option<f64>>>,
        Option<i64>,
    );

    fn row() -> impl Strategy<Value = Row> {
        let double = prop_oneof![
            4 => Just(None),
            1 => Just(Some(0.0)),
            1 => Just(Some(-0.0)),
            1 => Just(Some(f64::NAN)),
            1 => Just(Some(f64::INFINITY)),
            2 => any::<f64>().prop_map(Some),
            2 => (-3i32..3).prop_map(|whole| Some(f64::from(whole))),
        ];
        (
            proptest::option::of(any::<String>()),
            proptest::option::of(0i64..3),
            proptest::option::of(proptest::collection::vec(double, 0..80)),
            proptest::option::of(0i64..2),
        )
    }

    fn batch(rows: &[Row]) -> Batch {
        let texts: StringViewArray = rows.iter().map(|row| row.0.as_deref()).collect();
        let longs: Int64Array = rows.iter().map(|row| row.1).collect();
        let mut lists = ListBuilder::new(Float64Builder::new());
        rows.iter()
            .for_each(|row| lists.append_option(row.2.clone()));
        let times: TimestampNanosecondArray = rows.iter().map(|row| row.3).collect();
        let times: ArrayRef = Arc::new(times.with_timezone("UTC"));
        let ends = [("start", Arc::clone(&times)), ("end", Arc::clone(&times))];
        let ends = ends.map(|(name, column)| {
            let field = Field::new(name, column.data_type().clone(), true);
            (Arc::new(field), column)
        });
        let columns: [(&str, Type, ArrayRef); 5] = [
            ("a\"b", Type::String, Arc::new(texts)),
            ("long", Type::Long, Arc::new(longs)),
            (
                "series",
                Type::Array(Box::new(Type::Double)),
                Arc::new(lists.finish()),
            ),
            ("time", Type::TIMESTAMP, times),
            (
                "timeframe",
                Type::Timeframe,
                Arc::new(StructArray::from(ends.to_vec())),
            ),
        ];
        let fields: Vec<OutputField> = columns
            .iter()
            .map(|(name, ty, _)| OutputField {
                name: (*name).to_owned(),
                ty: ty.clone(),
            })
            .collect();
        let field = |(name, _, column): &(&str, Type, ArrayRef)| {
            Field::new(*name, DataType::clone(column.data_type()), true)
        };
        let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
        let columns = columns.into_iter().map(|(.., column)| column).collect();
        let batch = RecordBatch::try_new(Arc::new(schema), columns).expect("columns of one length");
        Batch::new(batch, &fields)
    }

    proptest! {
        /// What is written of columns is what is written of their values, whatever part of a batch it is.
        #[test]
        fn columns_and_values_have_one_text(
            rows in proptest::collection::vec(row(), 0..12),
            most in 0usize..14,
        ) {
            let batch = batch(&rows).first(most);
            let fields = batch.fields().to_vec();
            type Make = fn(Vec<OutputField>) -> Box<dyn Output>;
            let outputs: [Make; 2] = [
                |fields| Box::new(Json::new(fields)),
                |fields| Box::new(Ndjson::new(fields)),
            ];
            for output in outputs {
                let (mut of_columns, mut of_values) = (Vec::new(), Vec::new());
                let mut columns = output(fields.clone());
                let mut values = output(fields.clone());
                for _ in 0..2 {
                    columns.batch(&batch, &mut of_columns).expect("written");
                    values.rows(batch.records().expect("values"), &mut of_values).expect("written");
                }
                prop_assert_eq!(
                    String::from_utf8_lossy(&of_columns),
                    String::from_utf8_lossy(&of_values)
                );
            }
        }
    }
}
