//! `record`: one field a line, what is inside of records and arrays indented below; a blank line between records.
//! Nothing is cut.

use std::io::{self, Write};

use engine::{OutputField, Type, Value};
use unicode_width::UnicodeWidthStr;

use super::cell::{self, Cell};
use super::{Closing, Look, Output};
use crate::escape::visible;

/// How far what is inside stands to the right.
const INDENT: usize = 2;

/// Records, a field a line.
pub(super) struct Records {
    fields: Vec<OutputField>,
    look: Look,
    written: bool,
}

impl Records {
    pub(super) fn new(fields: Vec<OutputField>, look: Look) -> Records {
        Records {
            fields,
            look,
            written: false,
        }
    }

    fn members(&self, members: &[(&str, &Type, &Value)], depth: usize, out: &mut String) {
        let names: Vec<_> = members.iter().map(|(name, ..)| visible(name)).collect();
        let flat = names
            .iter()
            .zip(members)
            .filter(|(_, (_, ty, value))| !self.is_nested(value, ty));
        let width = flat.map(|(name, _)| name.width()).max().unwrap_or(0);
        for (name, (_, ty, value)) in names.iter().zip(members) {
            out.extend(std::iter::repeat_n(' ', depth * INDENT));
            out.push_str(&self.look.paint.bold(name));
            if self.is_nested(value, ty) {
                out.push('\n');
                self.inside(value, depth + 1, out);
                continue;
            }
            out.extend(std::iter::repeat_n(' ', width - name.width() + INDENT));
            self.flat(value, ty, out);
        }
    }

    fn inside(&self, value: &Value, depth: usize, out: &mut String) {
        match value {
            Value::Record(members) => {
                let members: Vec<_> = members
                    .iter()
                    .map(|(key, value)| (key.as_str(), &Type::Dynamic, value))
                    .collect();
                self.members(&members, depth, out);
            }
            Value::Array(elements) => {
                let keys: Vec<String> = (0..elements.len())
                    .map(|place| format!("[{place}]"))
                    .collect();
                let members: Vec<_> = keys
                    .iter()
                    .zip(elements)
                    .map(|(key, value)| (key.as_str(), &Type::Dynamic, value))
                    .collect();
                self.members(&members, depth, out);
            }
            _ => {}
        }
    }

    fn flat(&self, value: &Value, ty: &Type, out: &mut String) {
        let cell = Cell::of(value, ty, &self.look.timezone, 0);
        let (text, _) = cell.fit(usize::MAX);
        match cell {
            Cell::Null => out.push_str(&self.look.paint.dim(&text)),
            Cell::Text(_) => out.push_str(&text),
            // Here is room for the numbers, too.
            Cell::Series(_) => {
                out.push_str(&text);
                out.push_str("  ");
                out.push_str(&cell::text(value, &self.look.timezone, 0));
            }
        }
        out.push('\n');
    }

    fn is_nested(&self, value: &Value, ty: &Type) -> bool {
        match value {
            Value::Record(members) => !members.is_empty(),
            Value::Array(elements) => {
                let series = matches!(Cell::of(value, ty, &self.look.timezone, 0), Cell::Series(_));
                !series && !elements.is_empty()
            }
            _ => false,
        }
    }
}

impl Output for Records {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        let mut text = String::new();
        for row in rows {
            text.clear();
            if self.written {
                text.push('\n');
            }
            self.written = true;
            let members: Vec<_> = self
                .fields
                .iter()
                .zip(&row)
                .map(|(field, value)| (field.name.as_str(), &field.ty, value))
                .collect();
            self.members(&members, 0, &mut text);
            out.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    fn end(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_indented() {
        let field = |name: &str, ty| OutputField {
            name: name.to_owned(),
            ty,
        };
        let fields = [
            field("timestamp", Type::TIMESTAMP),
            field("event", Type::Dynamic),
            field("n", Type::Array(Box::new(Type::Long))),
        ];
        let text = |text: &str| Value::String(text.to_owned());
        let event = Value::Record(vec![
            (
                "userIdentity".into(),
                Value::Record(vec![
                    ("type".into(), text("Root")),
                    ("a\u{1b}".into(), Value::Null),
                ]),
            ),
            (
                "ids".into(),
                Value::Array(vec![Value::Long(1), Value::Record(vec![])]),
            ),
            ("name".into(), text("x\ny")),
        ]);
        let series = Value::Array(vec![Value::Long(0), Value::Long(7)]);
        let rows = vec![
            vec![Value::Timestamp(0), event, series],
            vec![Value::Null, Value::Record(vec![]), Value::Null],
        ];
        let look = Look::plain(Some(10));
        let mut out = Vec::new();
        super::super::list(crate::args::Format::Record, &fields, rows, look, &mut out)
            .expect("written");
        let expected = r"timestamp  1970-01-01T00:00:00Z
event
  userIdentity
    type       Root
    a<U+001B>  null
  ids
    [0]  1
    [1]  {}
  name  x\ny
n          ▁█ 7  [0,7]

timestamp  null
event      {}
n          null
";
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }
}
