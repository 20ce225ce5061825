//! `ndjson`: a JSON object a line, each written as soon as its record is known.

use std::io::{self, Write};

use engine::{Batch, OutputField, Value};

use super::{Closing, Output, json_lines, json_text};

/// An object a line.
pub(super) struct Ndjson {
    fields: Vec<OutputField>,
}

impl Ndjson {
    pub(super) fn new(fields: Vec<OutputField>) -> Ndjson {
        Ndjson { fields }
    }
}

impl Output for Ndjson {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        let mut line = String::new();
        for row in rows {
            line.clear();
            let names = self.fields.iter().map(|field| field.name.as_str());
            json_text::record(names.zip(&row), &mut line);
            line.push('\n');
            out.write_all(line.as_bytes())?;
        }
        out.flush()
    }

    fn batch(&mut self, batch: &Batch, out: &mut dyn Write) -> io::Result<()> {
        json_lines::write(batch, &self.fields, |_| {}, |line| line.push('\n'), out)?;
        out.flush()
    }

    fn end(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
