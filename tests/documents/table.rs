//! Rows as a table of Markdown, in which every value shows its type: texts stand in quotes, doubles have a point,
//! timestamps nine digits, durations are ISO-8601.

use engine::Value;

use crate::naive::time;

/// The table of rows, its columns as wide as what is in them.
pub fn table(fields: &[String], rows: &[Vec<Value>]) -> String {
    let mut lines: Vec<Vec<String>> = vec![fields.iter().map(|name| cell(name)).collect()];
    for row in rows {
        lines.push(row.iter().map(|value| cell(&text(value))).collect());
    }
    let widths: Vec<usize> = (0..fields.len())
        .map(|column| {
            let wide = |line: &Vec<String>| line[column].chars().count();
            lines.iter().map(wide).max().unwrap_or_default()
        })
        .collect();
    let mut out = String::new();
    for (number, line) in lines.iter().enumerate() {
        let padded: Vec<String> = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!(" {cell:<width$} "))
            .collect();
        out += &format!("|{}|\n", padded.join("|"));
        if number == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
            out += &format!("|{}|\n", rules.join("|"));
        }
    }
    out
}

/// Whether two tables say the same, however wide their columns are.
pub fn same(a: &str, b: &str) -> bool {
    let lines = |table: &str| -> Vec<Vec<String>> {
        let lines = table.lines().filter(|line| !line.trim().is_empty());
        lines
            .enumerate()
            .filter(|(number, _)| *number != 1)
            .map(|(_, line)| cells(line))
            .collect()
    };
    lines(a) == lines(b)
}

/// The cells of a line, without the blanks around them.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut escaped = false;
    for character in line.trim().chars() {
        match (character, cells.last_mut()) {
            ('|', _) if !escaped => cells.push(String::new()),
            (character, Some(cell)) => cell.push(character),
            (_, None) => {}
        }
        escaped = character == '\\' && !escaped;
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A text that may stand between two `|`.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Long(value) => value.to_string(),
        Value::Double(value) => format!("{value:?}"),
        Value::String(value) => serde_json::Value::from(value.as_str()).to_string(),
        Value::Timestamp(nanos) => time::text(i128::from(*nanos)),
        Value::Duration(nanos) => duration(*nanos),
        Value::Timeframe(start, end) => {
            let (start, end) = (time::text(i128::from(*start)), time::text(i128::from(*end)));
            format!("{start}/{end}")
        }
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(text).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Record(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", serde_json::Value::from(key.as_str()), text(value))
                })
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        // Told from a text by having no quotes.
        Value::Shown(_, shown) => match shown.as_ref() {
            Value::String(text) => text.clone(),
            shown => text(shown),
        },
    }
}

/// A duration in hours, minutes and seconds: `PT26H3M0.5S`.
fn duration(nanos: i64) -> String {
    let (sign, nanos) = (if nanos < 0 { "-" } else { "" }, nanos.unsigned_abs());
    let (seconds, fraction) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut out = format!("{sign}PT");
    if hours > 0 {
        out += &format!("{hours}H");
    }
    if minutes > 0 {
        out += &format!("{minutes}M");
    }
    if fraction > 0 {
        out += format!("{seconds}.{fraction:09}").trim_end_matches('0');
        out.push('S');
    } else if seconds > 0 || nanos == 0 {
        out += &format!("{seconds}S");
    }
    out
}

#[test]
fn values_show_their_types() {
    let table = [
        (Value::Null, "null"),
        (Value::Long(2), "2"),
        (Value::Double(2.0), "2.0"),
        (Value::String("2\n\"".to_owned()), r#""2\n\"""#),
        (
            Value::Timestamp(1_500_000_000),
            "1970-01-01T00:00:01.500000000Z",
        ),
        (Value::Duration(0), "PT0S"),
        (Value::Duration(93_780_500_000_000), "PT26H3M0.5S"),
        (Value::Duration(-60_000_000_000), "-PT1M"),
        (Value::Array(vec![Value::Null, Value::Long(1)]), "[null, 1]"),
    ];
    for (value, expected) in table {
        assert_eq!(text(&value), expected);
    }
}

#[test]
fn tables_are_compared_by_their_cells() {
    let rows = vec![vec![Value::String("a|b".to_owned()), Value::Long(1)]];
    let made = table(&["x".to_owned(), "y".to_owned()], &rows);
    assert_eq!(made, "| x      | y |\n|--------|---|\n| \"a\\|b\" | 1 |\n");
    assert!(same(&made, "|x|y|\n|-|-|\n|\"a\\|b\"|1|"));
    assert!(!same(&made, "|x|y|\n|-|-|\n|\"a\\|b\"|\"1\"|"));
    assert!(!same(&made, "|x|y|\n|-|-|"));
}
