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
