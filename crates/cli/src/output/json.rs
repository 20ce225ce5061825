//! `json`: one array of objects, an object a line.

use std::io::{self, Write};

use engine::{OutputField, Value};

use super::{Closing, Output, json_text};

/// One array.
pub(super) struct Json {
    fields: Vec<OutputField>,
    written: bool,
}

impl Json {
    pub(super) fn new(fields: Vec<OutputField>) -> Json {
        Json { fields, written: false }
    }
}

impl Output for Json {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        let mut line = String::new();
        for row in rows {
            line.clear();
            line.push_str(if self.written { ",\n" } else { "[" });
            self.written = true;
            let names = self.fields.iter().map(|field| field.name.as_str());
            json_text::record(names.zip(&row), &mut line);
            out.write_all(line.as_bytes())?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.written { b"]\n" } else { b"[]\n" })
    }
}
