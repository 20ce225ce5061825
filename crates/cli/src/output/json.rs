//! `json`: one array of objects, an object a line.

use std::io::{self, Write};

use engine::{Batch, OutputField, Value};

use super::{Closing, Output, json_lines, json_text};

/// One array.
pub(super) struct Json {
    fields: Vec<OutputField>,
    written: bool,
}

impl Json {
    pub(super) fn new(fields: Vec<OutputField>) -> Json {
        Json {
            fields,
            written: false,
        }
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

    fn batch(&mut self, batch: &Batch, out: &mut dyn Write) -> io::Result<()> {
        let written = &mut self.written;
        let before = |line: &mut String| {
            line.push_str(if *written { ",\n" } else { "[" });
            *written = true;
        };
        json_lines::write(batch, &self.fields, before, |_| {}, out)
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.written { b"]\n" } else { b"[]\n" })
    }
}

#[cfg(test)]
mod tests {
    use engine::Type;

    use super::super::{Look, list};
    use super::*;
    use crate::args::Format;

    fn written(format: Format, numbers: &[i64]) -> String {
        let fields = [OutputField {
            name: "a.b".into(),
            ty: Type::Long,
        }];
        let rows = numbers.iter().map(|n| vec![Value::Long(*n)]);
        let look = Look::plain(None);
        let mut out = Vec::new();
        list(format, &fields, rows, look, &mut out).expect("written");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn one_array_whatever_comes() {
        assert_eq!(written(Format::Json, &[]), "[]\n");
        assert_eq!(written(Format::Json, &[1]), "[{\"a.b\":1}]\n");
        assert_eq!(
            written(Format::Json, &[1, 2]),
            "[{\"a.b\":1},\n{\"a.b\":2}]\n"
        );
    }

    #[test]
    fn an_object_a_line() {
        assert_eq!(written(Format::Ndjson, &[]), "");
        assert_eq!(
            written(Format::Ndjson, &[1, 2]),
            "{\"a.b\":1}\n{\"a.b\":2}\n"
        );
    }
}
