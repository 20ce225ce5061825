//! `csv`: RFC 4180 with a header. Text that a spreadsheet would take for a formula is defused.

use std::borrow::Cow;
use std::io::{self, Write};

use engine::{OutputField, Value};

use super::{Closing, Look, Output, json_text};
use crate::escape::visible;

/// Comma-separated values.
pub(super) struct Csv {
    fields: Vec<OutputField>,
    headed: bool,
    /// Whether what would steer a terminal is made visible.
    visible: bool,
}

impl Csv {
    pub(super) fn new(fields: Vec<OutputField>, look: &Look) -> Csv {
        Csv {
            fields,
            headed: false,
            visible: look.terminal,
        }
    }

    fn head<W: Write>(&mut self, writer: &mut csv::Writer<W>) -> Result<(), csv::Error> {
        if !self.headed {
            self.headed = true;
            writer.write_record(
                self.fields
                    .iter()
                    .map(|field| self.shown(&defused(&field.name))),
            )?;
        }
        Ok(())
    }

    fn shown(&self, cell: &str) -> String {
        match self.visible {
            true => visible(cell).into_owned(),
            false => cell.to_owned(),
        }
    }
}

impl Output for Csv {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = writer(out);
        self.head(&mut writer)?;
        for row in rows {
            writer.write_record(row.iter().map(|value| self.shown(&cell(value))))?;
        }
        writer.flush()
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        let mut writer = writer(out);
        self.head(&mut writer)?;
        writer.flush()
    }
}

fn writer<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out)
}

/// Null is an empty cell; what is no text is written as in JSON, without quotes.
fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => defused(text),
        Value::Timestamp(_) | Value::Duration(_) => {
            let quoted = json_text(value);
            Cow::Owned(defused(quoted.trim_matches('"')).into_owned())
        }
        _ => Cow::Owned(json_text(value)),
    }
}

/// Spreadsheets run a cell that begins with one of these; an apostrophe before it makes it text (OWASP, "CSV Injection").
fn defused(text: &str) -> Cow<'_, str> {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use engine::Type;

    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_are_not() {
        let table = [
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("a=1", "a=1"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(cell(&Value::String(text.into())), expected);
        }
        assert_eq!(cell(&Value::Long(-1)), "-1");
        assert_eq!(cell(&Value::Double(-1.5)), "-1.5");
        // A duration is no number to a spreadsheet: its minus would begin a formula.
        assert_eq!(cell(&Value::Duration(-60_000_000_000)), "'-PT1M");
    }

    #[test]
    fn quotes_where_rfc_4180_wants_them() {
        let field = |name: &str, ty| OutputField {
            name: name.into(),
            ty,
        };
        let fields = vec![field("a", Type::String), field("=b", Type::Long)];
        let mut csv = Csv::new(fields, &Look::plain(None));
        let mut out = Vec::new();
        let text = |text: &str| Value::String(text.into());
        let rows = vec![
            vec![text("x,y"), Value::Long(7)],
            vec![text("say \"hi\"\nagain"), Value::Null],
        ];
        csv.rows(rows, &mut out).expect("written");
        csv.rows(
            vec![vec![
                Value::Array(vec![Value::Long(1), text("z")]),
                Value::Long(0),
            ]],
            &mut out,
        )
        .expect("written");
        assert_eq!(
            String::from_utf8_lossy(&out),
            "a,'=b\r\n\"x,y\",7\r\n\"say \"\"hi\"\"\nagain\",\r\n\"[1,\"\"z\"\"]\",0\r\n"
        );
    }

    #[test]
    fn on_a_terminal_nothing_steers_it() {
        let field = OutputField {
            name: "a".into(),
            ty: Type::String,
        };
        let look = Look {
            terminal: true,
            ..Look::plain(None)
        };
        let mut csv = Csv::new(vec![field], &look);
        let mut out = Vec::new();
        let rows = vec![vec![Value::String("\u{1b}[2J\nx".into())]];
        csv.rows(rows, &mut out).expect("written");
        assert_eq!(String::from_utf8_lossy(&out), "a\r\n<U+001B>[2J\\nx\r\n");
    }

    #[test]
    fn a_result_without_records_has_its_header() {
        let fields = [OutputField {
            name: "n".into(),
            ty: Type::Long,
        }];
        let (format, look) = (crate::args::Format::Csv, Look::plain(None));
        let mut out = Vec::new();
        super::super::list(format, &fields, Vec::new(), look, &mut out).expect("written");
        assert_eq!(out, b"n\r\n");
    }
}
