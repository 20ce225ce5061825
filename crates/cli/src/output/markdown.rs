//! `markdown`: a table as GitHub draws it.

use std::io::{self, Write};

use engine::{OutputField, Value};

use super::{Closing, Look, Output, cell};

/// A table, a line a record.
pub(super) struct Markdown {
    fields: Vec<OutputField>,
    look: Look,
    begun: bool,
}

impl Markdown {
    pub(super) fn new(fields: Vec<OutputField>, look: Look) -> Markdown {
        Markdown {
            fields,
            look,
            begun: false,
        }
    }

    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let names = self
            .fields
            .iter()
            .map(|field| guarded(&crate::escape::visible(&field.name)));
        line(names, out)?;
        line(self.fields.iter().map(|_| "---".to_owned()), out)
    }
}

impl Output for Markdown {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)?;
        for row in &rows {
            let cells = row.iter().map(|value| match value {
                Value::Null => String::new(),
                value => guarded(&cell::text(value, &self.look.timezone, 0)),
            });
            line(cells, out)?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        self.begin(out)
    }
}

fn line(cells: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::from("|");
    for cell in cells {
        text.push_str(&format!(" {cell} |"));
    }
    text.push('\n');
    out.write_all(text.as_bytes())
}

/// A text that stays in its cell and is shown as it is: event text must not make links, images or HTML.
fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_punctuation()
            && !matches!(
                character,
                '.' | ',' | ':' | '/' | '-' | '=' | '@' | ';' | '?' | '%'
            )
        {
            guarded.push('\\');
        }
        guarded.push(character);
    }
    guarded
}

#[cfg(test)]
mod tests {
    use engine::Type;

    use super::super::list;
    use super::*;
    use crate::args::Format;

    #[test]
    fn a_table() {
        let fields = [("a|b", Type::String), ("n", Type::Long)].map(|(name, ty)| OutputField {
            name: name.to_owned(),
            ty,
        });
        let rows = vec![
            vec![Value::String("x|y\n<b>[l](u)".into()), Value::Long(-1)],
            vec![Value::Null, Value::Null],
        ];
        let mut out = Vec::new();
        list(Format::Markdown, &fields, rows, Look::plain(None), &mut out).expect("written");
        let expected =
            "| a\\|b | n |\n| --- | --- |\n| x\\|y\\\\n\\<b\\>\\[l\\]\\(u\\) | -1 |\n|  |  |\n";
        assert_eq!(String::from_utf8(out).expect("text"), expected);
    }
}
