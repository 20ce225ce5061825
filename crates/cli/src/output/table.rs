//! `table`: aligned columns for people, cut to the terminal's width where there is one.
//!
//! The first thousand records settle the widths; further ones, which only pipes and files get, are written as they come.
//! Null is a dim `null`, numbers stand at the right, instants share one precision, series are drawn.

use std::io::{self, Write};

use engine::{OutputField, Type, Value};
use unicode_width::UnicodeWidthStr;

use super::cell::{self, Cell};
use super::columns::{GAP, Want, widths};
use super::{Closing, Look, Output, TERMINAL_RECORDS, time};
use crate::escape::visible;
use crate::human;

/// What columns of text can be cut down to: their names, but these at least and at most.
const LEAST: usize = 10;
const LEAST_FOR_NAME: usize = 20;

/// Up to this width, numbers and instants are whole or not there at all: a part of them misleads.
const WHOLE: usize = 35;

/// How many fields that did not fit are named.
const NAMED: usize = 5;

/// A table.
pub(super) struct Table {
    fields: Vec<OutputField>,
    look: Look,
    waiting: Vec<Vec<Value>>,
    columns: Option<Vec<Column>>,
    cut: u64,
}

/// A column whose width is settled.
#[derive(Debug)]
struct Column {
    width: usize,
    digits: u8,
}

impl Table {
    pub(super) fn new(fields: Vec<OutputField>, look: Look) -> Table {
        Table {
            fields,
            look,
            waiting: Vec::new(),
            columns: None,
            cut: 0,
        }
    }

    /// Settles the widths and writes what has waited for that.
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let rows = std::mem::take(&mut self.waiting);
        let digits: Vec<u8> = (0..self.fields.len())
            .map(|place| digits(&rows, place))
            .collect();
        let mut wants = Vec::with_capacity(self.fields.len());
        for ((place, field), digits) in self.fields.iter().enumerate().zip(&digits) {
            let cells = rows.iter().filter_map(|row| row.get(place));
            let cell = |value| Cell::of(value, &field.ty, &self.look.timezone, *digits).width();
            let name = visible(&field.name).width();
            let whole = cells.map(cell).max().unwrap_or(0).max(name);
            let stiff = matches!(field.ty, Type::Timestamp(_) | Type::Timeframe)
                || time::is_number(&field.ty);
            let least = if stiff && whole <= WHOLE {
                whole
            } else {
                name.clamp(LEAST, LEAST_FOR_NAME)
            };
            wants.push(Want { whole, least });
        }
        let columns: Vec<Column> = widths(&wants, self.look.width)
            .into_iter()
            .zip(digits)
            .map(|(width, digits)| Column { width, digits })
            .collect();
        self.header(&columns, out)?;
        for row in &rows {
            self.cut += self.row(&columns, row, out)?;
        }
        self.columns = Some(columns);
        Ok(())
    }

    fn header(&self, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
        let paint = self.look.paint;
        let (mut names, mut rule) = (Line::default(), Line::default());
        for (field, column) in self.fields.iter().zip(columns) {
            let (name, _) = cell::fit(&visible(&field.name), column.width);
            names.put(
                &name,
                &paint.bold(&name),
                column.width,
                time::is_number(&field.ty),
            );
            let dashes = "─".repeat(column.width);
            rule.put(&dashes, &paint.dim(&dashes), column.width, false);
        }
        writeln!(out, "{}\n{}", names.text, rule.text)
    }

    /// Writes a record, and says how many of its cells were cut.
    fn row(&self, columns: &[Column], row: &[Value], out: &mut dyn Write) -> io::Result<u64> {
        let mut line = Line::default();
        let mut cuts = 0;
        for ((field, column), value) in self.fields.iter().zip(columns).zip(row) {
            let cell = Cell::of(value, &field.ty, &self.look.timezone, column.digits);
            let room = self.look.width.map_or(usize::MAX, |_| column.width);
            let (text, cut) = cell.fit(room);
            cuts += u64::from(cut);
            let painted = match cell {
                Cell::Null => self.look.paint.dim(&text),
                _ => text.clone(),
            };
            line.put(&text, &painted, column.width, time::is_number(&field.ty));
        }
        writeln!(out, "{}", line.text)?;
        Ok(cuts)
    }
}

impl Output for Table {
    fn rows(&mut self, rows: Vec<Vec<Value>>, out: &mut dyn Write) -> io::Result<()> {
        match self.columns.take() {
            None => {
                self.waiting.extend(rows);
                if self.waiting.len() >= TERMINAL_RECORDS {
                    self.begin(out)?;
                }
            }
            Some(columns) => {
                for row in &rows {
                    self.cut += self.row(&columns, row, out)?;
                }
                self.columns = Some(columns);
            }
        }
        Ok(())
    }

    fn end(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        if self.columns.is_none() {
            self.begin(out)?;
        }
        Ok(())
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let shown = self.columns.as_ref().map_or(0, Vec::len);
        if let Some(left_out @ [_, ..]) = self.fields.get(shown..) {
            let names = left_out
                .iter()
                .take(NAMED)
                .map(|field| format!("`{}`", field.name));
            let mut names = names.collect::<Vec<_>>().join(", ");
            if left_out.len() > NAMED {
                names.push_str(", …");
            }
            remarks.push(format!(
                "{} did not fit: {names}; --wide or --format record shows all",
                human::counted(left_out.len() as u64, "field"),
            ));
        }
        if self.cut > 0 {
            remarks.push(format!(
                "{} cut (…); --wide or --format record shows all",
                match self.cut {
                    1 => "1 cell was".to_owned(),
                    cut => format!("{} cells were", human::count(cut)),
                }
            ));
        }
        remarks
    }
}

/// The digits of a second that the instants of a column share.
fn digits(rows: &[Vec<Value>], place: usize) -> u8 {
    let instants = rows.iter().filter_map(|row| match row.get(place) {
        Some(Value::Timestamp(nanos)) => Some(time::digits(*nanos)),
        _ => None,
    });
    instants.max().unwrap_or(0)
}

/// A line on its way. Blanks are written before the next cell, so that none stand at its end.
#[derive(Debug, Default)]
struct Line {
    text: String,
    blanks: usize,
}

impl Line {
    /// Appends `painted`, which shows `plain`, in a column of `width`.
    fn put(&mut self, plain: &str, painted: &str, width: usize, right: bool) {
        let rest = width.saturating_sub(plain.width());
        let (before, after) = if right { (rest, 0) } else { (0, rest) };
        if !plain.is_empty() {
            self.text
                .extend(std::iter::repeat_n(' ', self.blanks + before));
            self.text.push_str(painted);
            self.blanks = after + GAP;
        } else {
            self.blanks += rest + GAP;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(
        fields: &[(&str, Type)],
        rows: Vec<Vec<Value>>,
        width: Option<usize>,
    ) -> (String, Vec<String>) {
        let fields: Vec<OutputField> = fields
            .iter()
            .map(|(name, ty)| OutputField {
                name: (*name).to_owned(),
                ty: ty.clone(),
            })
            .collect();
        let look = Look::plain(width);
        let mut out = Vec::new();
        let format = crate::args::Format::Table;
        let remarks = super::super::list(format, &fields, rows, look, &mut out).expect("written");
        (String::from_utf8(out).expect("text"), remarks)
    }

    fn text(text: &str) -> Value {
        Value::String(text.to_owned())
    }

    #[test]
    fn columns_are_aligned() {
        let rows = vec![
            vec![text("ConsoleLogin"), Value::Long(3), Value::Timestamp(0)],
            vec![Value::Null, Value::Long(1_200), Value::Timestamp(5_000_000)],
            vec![text("日本"), Value::Null, Value::Null],
        ];
        let fields = [
            ("name", Type::String),
            ("n", Type::Long),
            ("at", Type::TIMESTAMP),
        ];
        let (shown, remarks) = table(&fields, rows, None);
        let expected = "\
name             n  at
────────────  ────  ────────────────────────
ConsoleLogin     3  1970-01-01T00:00:00.000Z
null          1200  1970-01-01T00:00:00.005Z
日本          null  null
";
        assert_eq!(shown, expected);
        assert!(remarks.is_empty(), "{remarks:?}");
    }

    #[test]
    fn cells_are_cut_to_the_width() {
        let rows = vec![vec![
            text("a long text without an end"),
            Value::Long(1),
            text("short"),
        ]];
        let fields = [
            ("text", Type::String),
            ("n", Type::Long),
            ("other", Type::String),
        ];
        let (shown, remarks) = table(&fields, rows, Some(20));
        assert_eq!(
            shown,
            "text        n  other\n──────────  ─  ─────\na long te…  1  short\n"
        );
        assert_eq!(
            remarks,
            ["1 cell was cut (…); --wide or --format record shows all"]
        );
    }

    #[test]
    fn fields_that_do_not_fit_are_named() {
        let rows = vec![vec![
            text("0123456789ab"),
            text("0123456789ab"),
            text("0123456789ab"),
        ]];
        let fields = [
            ("a", Type::String),
            ("b", Type::String),
            ("c", Type::String),
        ];
        let (shown, remarks) = table(&fields, rows, Some(24));
        assert_eq!(
            shown,
            "a            b\n───────────  ───────────\n0123…6789ab  0123…6789ab\n"
        );
        assert_eq!(
            remarks,
            [
                "1 field did not fit: `c`; --wide or --format record shows all",
                "2 cells were cut (…); --wide or --format record shows all"
            ]
        );
    }

    #[test]
    fn names_are_kept_longer_than_values() {
        let rows = vec![vec![text(&"x".repeat(50)), text(&"y".repeat(50))]];
        let fields = [("sourceIPAddress", Type::String), ("b", Type::String)];
        let (shown, _) = table(&fields, rows, Some(27));
        assert_eq!(shown.lines().next(), Some("sourceIPAddress  b"));
    }

    #[test]
    fn no_records_but_fields() {
        let (shown, _) = table(&[("a", Type::String)], Vec::new(), Some(80));
        assert_eq!(shown, "a\n─\n");
    }
}
