//! What columns rule out, what they are certain of, and what they leave in doubt.

use arrow::array::{ArrayRef, BooleanArray, StringViewArray};
use rules::{Check, Test};

use super::*;

fn column(path: &str) -> Column {
    Column {
        path: vec![path.to_owned()],
        name: path.to_owned(),
        boolean: path == "readOnly",
    }
}

fn test(path: &str, text: &str) -> Condition {
    Condition::Test(Test {
        field: Field::Path(vec![path.to_owned()]),
        check: Check::Text {
            text: text.to_owned(),
            cased: true,
        },
    })
}

/// A name, whether it only read, and what is mistyped.
type Row<'a> = (Option<&'a str>, Option<bool>, Option<&'a str>);

/// The rules that each row may meet.
fn may(declared: &[Column], conditions: &[Condition], rows: &[Row<'_>]) -> Vec<Vec<u32>> {
    let all = found(declared, conditions, rows, (&[], Seeks::All)).into_iter();
    all.map(|found| found.iter().map(|candidate| candidate.number).collect())
        .collect()
}

fn found(
    declared: &[Column],
    conditions: &[Condition],
    rows: &[Row<'_>],
    (fields, seeks): (&[Field], Seeks),
) -> Vec<Vec<Candidate>> {
    let sought: Vec<Sought<'_>> = (0..)
        .zip(conditions)
        .map(|(number, condition)| Sought {
            number,
            condition,
            fields,
            told: told(declared, condition, fields),
        })
        .collect();
    let screen = Screen::new(declared, &sought, seeks).expect("sound conditions");
    let text = |texts: Vec<Option<&str>>| Arc::new(StringViewArray::from(texts)) as ArrayRef;
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in screen.columns() {
        arrays.push(match column.boolean {
            true => {
                let values = rows.iter().map(|row| row.1);
                Arc::new(values.collect::<BooleanArray>())
            }
            false => text(rows.iter().map(|row| row.0).collect()),
        });
    }
    arrays.push(text(rows.iter().map(|row| row.2).collect()));
    let columns = Columns::new(screen.columns(), &arrays).expect("the columns");
    let mut memory = screen.memory();
    let mut all = Vec::new();
    for row in 0..rows.len() {
        let mut found = Vec::new();
        screen.candidates(&mut memory, &columns, (row, Some("{}")), &mut found);
        // Before the record is read nobody knows its words; all else is the same.
        assert!(found.is_empty() || screen.any(&mut memory, &columns, (row, None)));
        found.sort_by_key(|candidate| candidate.number);
        all.push(found);
    }
    all
}

#[test]
fn columns_rule_out_and_never_more() {
    let read = test("readOnly", "true");
    let conditions = [
        test("eventName", "A"),
        Condition::All(vec![test("eventName", "B"), read.clone()]),
        Condition::Not(Box::new(test("eventName", "A"))),
        Condition::All(vec![test("eventName", "A"), test("elsewhere", "x")]),
        Condition::Not(Box::new(test("elsewhere", "some word"))),
    ];
    let rows = [
        (Some("A"), Some(true), None),
        (Some("B"), Some(true), None),
        (Some("B"), Some(false), None),
        (None, None, None),
        (Some("A"), None, Some("eventName")),
    ];
    assert_eq!(
        may(
            &[column("eventName"), column("readOnly")],
            &conditions,
            &rows
        ),
        [
            vec![0, 3, 4],
            vec![1, 2, 4],
            vec![2, 4],
            vec![2, 4],
            // Nothing is believed of the name; whether it only read is told.
            vec![0, 2, 3, 4]
        ]
    );
    // Without columns nothing is known, but that the record, which is empty, lacks the word `true`.
    assert_eq!(may(&[], &conditions, &rows[..1]), [vec![0, 2, 3, 4]]);
}

#[test]
fn the_key_of_a_missing_value_may_be_there() {
    let key = |check| {
        Condition::Test(Test {
            field: Field::Path(vec!["eventName".to_owned()]),
            check,
        })
    };
    let rows = [(None, None, None), (Some("A"), None, None)];
    assert_eq!(
        may(
            &[column("eventName")],
            &[key(Check::Key), key(Check::Present)],
            &rows
        ),
        [vec![0], vec![0, 1]]
    );
}

#[test]
fn what_is_known_of_many_values_is_forgotten_and_found_again() {
    let names: Vec<String> = (0..VALUES + 10)
        .map(|number| format!("n{number}"))
        .collect();
    let mut rows: Vec<_> = names
        .iter()
        .map(|name| (Some(name.as_str()), None, None))
        .collect();
    rows.push((Some("n7"), None, None));
    let found = may(&[column("eventName")], &[test("eventName", "n7")], &rows);
    let hits: Vec<usize> = (0..rows.len())
        .filter(|row| !found[*row].is_empty())
        .collect();
    assert_eq!(hits, [7, rows.len() - 1]);
}

#[test]
fn what_columns_tell_wholly_is_certain() {
    let conditions = [
        test("eventName", "A"),
        Condition::Any(vec![test("eventName", "A"), test("elsewhere", "x")]),
        Condition::Not(Box::new(test("readOnly", "true"))),
        // A key may be there where the column has nothing.
        Condition::Test(Test {
            field: Field::Path(vec!["eventName".to_owned()]),
            check: Check::Key,
        }),
    ];
    let declared = [column("eventName"), column("readOnly")];
    let rows = [
        (Some("A"), Some(false), None),
        (Some("A"), None, Some("readOnly")),
        (Some("A"), None, Some("*,eventName")),
    ];
    let certain = |field: &str, seeks: Seeks| -> Vec<Vec<(u32, bool)>> {
        let fields = [Field::Path(vec![field.to_owned()])];
        let found = found(&declared, &conditions, &rows, (&fields, seeks)).into_iter();
        let each = |found: Candidate| (found.number, found.certain.is_some());
        found
            .map(|found| found.into_iter().map(each).collect())
            .collect()
    };
    let (yes, no) = (true, false);
    let doubtful = vec![(0, no), (1, no), (2, no), (3, no)];
    assert_eq!(
        certain("eventName", Seeks::All),
        [
            vec![(0, yes), (1, no), (2, yes), (3, no)],
            // Only what rests on the mistyped column is in doubt.
            vec![(0, yes), (1, no), (2, no), (3, no)],
            doubtful.clone()
        ]
    );
    assert_eq!(
        certain("eventName", Seeks::Certain),
        [vec![(0, yes), (2, yes)], vec![(0, yes)], vec![]]
    );
    assert_eq!(
        certain("eventName", Seeks::Doubtful),
        [
            vec![(1, no), (3, no)],
            vec![(1, no), (2, no), (3, no)],
            doubtful.clone()
        ]
    );
    // A match's fields may be what is in doubt, or what only the record has.
    assert_eq!(certain("readOnly", Seeks::All)[1], doubtful);
    assert_eq!(
        certain("elsewhere", Seeks::All),
        [doubtful.clone(), doubtful.clone(), doubtful]
    );
}
