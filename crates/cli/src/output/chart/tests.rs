//! Charts of any series, held against what they must keep to: width, height, and every value drawn.

use engine::Type;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::super::list;
use super::*;
use crate::args::Format;

fn drawn(rows: Vec<Vec<Value>>, width: usize) -> (String, Vec<String>) {
    let array = Type::Array(Box::new(Type::Double));
    let field = |name: &str, ty: &Type| OutputField {
        name: name.to_owned(),
        ty: ty.clone(),
    };
    let fields = [
        field("timeframe", &Type::Timeframe),
        field("interval", &Type::Duration),
        field("g", &Type::String),
        field("n", &array),
    ];
    assert!(is_series(&fields));
    let mut out = Vec::new();
    let look = Look::plain(Some(width));
    let remarks = list(Format::Chart, &fields, rows, look, &mut out).expect("written");
    (String::from_utf8(out).expect("text"), remarks)
}

const HOUR: i64 = 3_600_000_000_000;

fn row(group: &str, points: &[Option<f64>]) -> Vec<Value> {
    let number = |point: &Option<f64>| point.map_or(Value::Null, Value::Double);
    vec![
        Value::Timeframe(0, points.len() as i64 * HOUR),
        Value::Duration(HOUR),
        Value::String(group.to_owned()),
        Value::Array(points.iter().map(number).collect()),
    ]
}

/// Four hours that rise to 8, with a gap, in 30 columns: 27 of them are for the line.
#[test]
fn a_line_between_axes() {
    let (page, remarks) = drawn(
        vec![row("x\u{1b}", &[Some(0.0), Some(8.0), None, Some(4.0)])],
        30,
    );
    let lines: Vec<&str> = page.lines().collect();
    assert_eq!(lines.len(), HEIGHT + 3);
    // Steps of 2 from 0 to 8, at the ends and between.
    let labels: Vec<(usize, &str)> = lines
        .iter()
        .enumerate()
        .filter_map(|(row, line)| Some((row, line.split_once(" ┤")?.0)))
        .collect();
    assert_eq!(labels, [(0, "8"), (4, "6"), (8, "4"), (12, "2"), (15, "0")]);
    // The peak is at three eighths of the way, the point behind the gap at seven eighths, halfway up.
    let last = |line: &str| line.chars().count() - 1;
    assert_eq!(last(lines[0]), 3 + 27 * 3 / 8, "{page}");
    assert_eq!(last(lines[8]), 3 + 27 * 7 / 8, "{page}");
    assert!(lines[8].ends_with(['⠁', '⠈']), "{page}");
    assert_eq!(
        lines[HEIGHT].chars().filter(|found| *found == '┴').count(),
        2
    );
    assert_eq!(lines[HEIGHT + 1].trim(), "01-01 00:00  02:00");
    assert_eq!(lines[HEIGHT + 2], "━ x<U+001B>");
    assert!(remarks.is_empty());
}

#[test]
fn many_lines_are_told_apart() {
    let rows = (0..13)
        .map(|place| row(&format!("s{place}"), &[Some(f64::from(place)); 3]))
        .collect();
    let (page, remarks) = drawn(rows, 60);
    assert!(
        page.contains("a s12\n") && page.contains("j s3\n"),
        "{page}"
    );
    assert!(!page.contains("s2\n"));
    assert!(remarks[0].contains("3 are left out"), "{remarks:?}");
}

#[test]
fn ticks_are_round() {
    let labels = |ticks: Ticks| -> Vec<String> {
        ticks.labels.into_iter().map(|(_, label)| label).collect()
    };
    assert_eq!(
        labels(value_ticks(0.0, 1_900.0)),
        ["0", "500", "1k", "1.5k", "2k"]
    );
    assert_eq!(
        labels(value_ticks(-1.0, 1.0)),
        ["-1", "-0.5", "0", "0.5", "1"]
    );
    assert_eq!(labels(value_ticks(0.0, 0.0)), ["0", "0.5"]);
    let vienna = TimeZone::get("Europe/Vienna").expect("a zone");
    // From 23:30 on New Year's Eve in Vienna, half a day.
    let start = 1_704_061_800_000_000_000;
    let ticks = time_ticks(start, start + 12 * HOUR, 60, &vienna);
    assert_eq!(labels(ticks), ["01-01 00:00", "03:00", "06:00", "09:00"]);
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(
        series in prop::collection::vec(
            prop::collection::vec(prop::option::of(any::<f64>().prop_filter("finite", |n| n.is_finite())), 0..40),
            0..13,
        ),
        label in "\\PC{0,60}",
        width in 30usize..120,
    ) {
        let rows = series.iter().map(|points| row(&label, points)).collect();
        let (page, _) = drawn(rows, width);
        for line in page.lines() {
            prop_assert!(line.width() <= width, "{line:?}");
        }
    }
}
