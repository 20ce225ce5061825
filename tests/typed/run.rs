//! What a typed query means, worked out row by row.

use std::cmp::Ordering;

use super::datum::{Datum, arithmetic, compare, finite, logic, order, same, sort_order};
use super::tree::{Aggregate, Command, Expr, Query, Table};

/// Rows, and whether their order is one that the language gives them.
#[derive(Clone, Debug)]
pub struct Answer {
    pub table: Table,
    pub ordered: bool,
}

/// The answer to a query.
pub fn run(query: &Query) -> Answer {
    let start = Answer {
        table: query.table.clone(),
        ordered: false,
    };
    query.commands.iter().fold(start, step)
}

type Row = Vec<Datum>;

fn step(
    Answer {
        mut table,
        mut ordered,
    }: Answer,
    command: &Command,
) -> Answer {
    match command {
        Command::Filter(condition) => {
            let keeps = |row: &Row| value(condition, &table.names, row).truth() == Some(true);
            table.rows = table
                .rows
                .iter()
                .filter(|row| keeps(row))
                .cloned()
                .collect();
        }
        Command::FilterOut(condition) => {
            let keeps = |row: &Row| value(condition, &table.names, row).truth() != Some(true);
            table.rows = table
                .rows
                .iter()
                .filter(|row| keeps(row))
                .cloned()
                .collect();
        }
        Command::Add(items) => {
            let names = table.names.clone();
            for row in &mut table.rows {
                let before = row.clone();
                let mut names = names.clone();
                for (name, expr) in items {
                    put(&mut names, row, name, value(expr, &table.names, &before));
                }
            }
            for (name, _) in items {
                if !table.names.contains(name) {
                    table.names.push(name.clone());
                }
            }
        }
        Command::Fields(items) => {
            let row = |row: &Row| {
                items
                    .iter()
                    .map(|(_, expr)| value(expr, &table.names, row))
                    .collect()
            };
            table.rows = table.rows.iter().map(row).collect();
            table.names = items.iter().map(|(name, _)| name.clone()).collect();
        }
        Command::Remove(name) => {
            if let Some(place) = place(&table.names, name) {
                table.names.remove(place);
                table.rows.iter_mut().for_each(|row| _ = row.remove(place));
            }
        }
        Command::Rename(new, old) => {
            if let Some(place) = place(&table.names, old) {
                table.names[place] = new.clone();
            }
        }
        Command::Sort(keys) => {
            let names = table.names.clone();
            table.rows.sort_by(|a, b| {
                let orders = keys.iter().map(|(key, descending)| {
                    nulls_last(&value(key, &names, a), &value(key, &names, b), *descending)
                });
                orders
                    .into_iter()
                    .find(|order| order.is_ne())
                    .unwrap_or(Ordering::Equal)
            });
            ordered = true;
        }
        Command::Limit(count) => table.rows.truncate(*count),
        Command::Summarize(aggregates, by) => {
            table = summarize(&table, aggregates, by);
            ordered = false;
        }
        Command::Dedup(keys) => {
            let id = Expr::Field("id".to_owned());
            let key = |row: &Row| -> Row {
                keys.iter()
                    .map(|key| value(key, &table.names, row))
                    .collect()
            };
            let mut kept: Vec<Row> = Vec::new();
            for row in &table.rows {
                match kept.iter_mut().find(|known| alike(&key(known), &key(row))) {
                    Some(known) => {
                        let (a, b) = (
                            value(&id, &table.names, row),
                            value(&id, &table.names, known),
                        );
                        if nulls_last(&a, &b, false).is_lt() {
                            *known = row.clone();
                        }
                    }
                    None => kept.push(row.clone()),
                }
            }
            table.rows = kept;
            ordered = false;
        }
        Command::Expand(field) => {
            let place = place(&table.names, field).unwrap();
            let rows = std::mem::take(&mut table.rows);
            for row in rows {
                match &row[place] {
                    Datum::Null => {}
                    Datum::List(elements) => table.rows.extend(elements.iter().map(|element| {
                        let mut copy = row.clone();
                        copy[place] = element.clone();
                        copy
                    })),
                    _ => table.rows.push(row),
                }
            }
        }
        Command::Append(other) => {
            for name in &other.names {
                if !table.names.contains(name) {
                    table.names.push(name.clone());
                    table.rows.iter_mut().for_each(|row| row.push(Datum::Null));
                }
            }
            for row in &other.rows {
                let cell = |name: &String| {
                    place(&other.names, name).map_or(Datum::Null, |place| row[place].clone())
                };
                table.rows.push(table.names.iter().map(cell).collect());
            }
            ordered = false;
        }
        Command::Join(other, here, there, outer) => {
            let (here, there) = (
                place(&table.names, here).unwrap(),
                place(&other.names, there).unwrap(),
            );
            let rows = std::mem::take(&mut table.rows);
            for row in rows {
                let partners = other
                    .rows
                    .iter()
                    .filter(|partner| matches(&row[here], &partner[there]));
                let partners: Vec<&Row> = partners.collect();
                for partner in &partners {
                    table
                        .rows
                        .push(row.iter().chain(*partner).cloned().collect());
                }
                if partners.is_empty() && *outer {
                    let nothing = vec![Datum::Null; other.names.len()];
                    table.rows.push(row.into_iter().chain(nothing).collect());
                }
            }
            table
                .names
                .extend(other.names.iter().map(|name| format!("right.{name}")));
            ordered = false;
        }
        Command::Lookup(other, here, there) => {
            let (here, there) = (
                place(&table.names, here).unwrap(),
                place(&other.names, there).unwrap(),
            );
            for row in &mut table.rows {
                let found = other
                    .rows
                    .iter()
                    .find(|partner| matches(&row[here], &partner[there]));
                match found {
                    Some(partner) => row.extend(partner.iter().cloned()),
                    None => row.extend(vec![Datum::Null; other.names.len()]),
                }
            }
            table
                .names
                .extend(other.names.iter().map(|name| format!("lookup.{name}")));
        }
        Command::InBlock(needle, other) => {
            let keeps = |row: &Row| {
                let needle = value(needle, &table.names, row);
                other
                    .rows
                    .iter()
                    .any(|partner| matches(&needle, &partner[0]))
            };
            table.rows = table
                .rows
                .iter()
                .filter(|row| keeps(row))
                .cloned()
                .collect();
        }
    }
    Answer { table, ordered }
}

/// Whether two keys of a join meet: null meets nothing.
fn matches(a: &Datum, b: &Datum) -> bool {
    !a.is_null() && !b.is_null() && same(a, b)
}

fn alike(a: &Row, b: &Row) -> bool {
    a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn nulls_last(a: &Datum, b: &Datum, descending: bool) -> Ordering {
    match (a.is_null(), b.is_null()) {
        (false, false) if descending => sort_order(b, a),
        (false, false) => sort_order(a, b),
        (a, b) => a.cmp(&b),
    }
}

fn place(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|known| known == name)
}

fn put(names: &mut Vec<String>, row: &mut Row, name: &str, datum: Datum) {
    match place(names, name) {
        Some(place) => row[place] = datum,
        None => {
            names.push(name.to_owned());
            row.push(datum);
        }
    }
}

fn summarize(table: &Table, aggregates: &[Aggregate], by: &[(String, Expr)]) -> Table {
    let mut groups: Vec<(Row, Vec<&Row>)> = Vec::new();
    for row in &table.rows {
        let key: Row = by
            .iter()
            .map(|(_, expr)| value(expr, &table.names, row))
            .collect();
        match groups.iter_mut().find(|(known, _)| alike(known, &key)) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    if by.is_empty() && groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    let names = by
        .iter()
        .map(|(name, _)| name)
        .chain(aggregates.iter().map(|a| &a.name));
    let row = |(mut key, rows): (Row, Vec<&Row>)| {
        key.extend(
            aggregates
                .iter()
                .map(|one| aggregate(one, &table.names, &rows)),
        );
        key
    };
    Table {
        names: names.cloned().collect(),
        rows: groups.into_iter().map(row).collect(),
    }
}

fn aggregate(aggregate: &Aggregate, names: &[String], rows: &[&Row]) -> Datum {
    let count = |count: usize| Datum::Long(count as i64);
    let Some(of) = &aggregate.of else {
        return count(rows.len());
    };
    let all: Vec<Datum> = rows.iter().map(|row| value(of, names, row)).collect();
    let values: Vec<&Datum> = all.iter().filter(|value| !value.is_null()).collect();
    match aggregate.function {
        "countIf" => count(
            values
                .iter()
                .filter(|value| value.truth() == Some(true))
                .count(),
        ),
        "countDistinctExact" => {
            let mut distinct: Vec<&Datum> = Vec::new();
            for value in values {
                if !distinct.iter().any(|known| same(known, value)) {
                    distinct.push(value);
                }
            }
            count(distinct.len())
        }
        "sum" | "avg" => {
            let numbers: Vec<f64> = values.iter().filter_map(|value| value.number()).collect();
            let sum: f64 = numbers.iter().sum();
            match (numbers.is_empty(), aggregate.function) {
                (true, _) => Datum::Null,
                (false, "sum") => finite(sum),
                (false, _) => finite(sum / numbers.len() as f64),
            }
        }
        name => {
            let wanted = if name == "min" {
                Ordering::Less
            } else {
                Ordering::Greater
            };
            let best = values.into_iter().reduce(|best, value| {
                if sort_order(value, best) == wanted {
                    value
                } else {
                    best
                }
            });
            best.map_or(Datum::Null, Clone::clone)
        }
    }
}

/// The value of an expression for a row.
fn value(expr: &Expr, names: &[String], row: &Row) -> Datum {
    let of = |expr: &Expr| value(expr, names, row);
    match expr {
        Expr::Field(name) => place(names, name).map_or(Datum::Null, |place| row[place].clone()),
        Expr::Literal(datum) => datum.clone(),
        Expr::Binary(op @ ("and" | "or" | "xor"), a, b) => logic(op, &of(a), &of(b)),
        Expr::Binary(op @ ("+" | "-" | "*" | "/" | "%"), a, b) => arithmetic(op, &of(a), &of(b)),
        Expr::Binary(op, a, b) => compare(op, &of(a), &of(b)),
        Expr::Not(inner) => of(inner)
            .truth()
            .map_or(Datum::Null, |truth| Datum::Bool(!truth)),
        Expr::Negate(inner) => match of(inner) {
            Datum::Long(long) => long.checked_neg().map_or(Datum::Null, Datum::Long),
            Datum::Double(double) => finite(-double),
            Datum::Span(nanos) => nanos.checked_neg().map_or(Datum::Null, Datum::Span),
            _ => Datum::Null,
        },
        Expr::Index(inner, index) => match of(inner) {
            Datum::List(elements) => {
                let place = if *index < 0 {
                    elements.len() as i64 + index
                } else {
                    *index
                };
                let element = usize::try_from(place)
                    .ok()
                    .and_then(|place| elements.get(place));
                element.cloned().unwrap_or(Datum::Null)
            }
            _ => Datum::Null,
        },
        Expr::Key(inner, key) => match of(inner) {
            Datum::Record(members) => members
                .into_iter()
                .find(|(name, _)| name == key)
                .map_or(Datum::Null, |(_, value)| value),
            _ => Datum::Null,
        },
        Expr::Align(inner, unit) => match of(inner) {
            Datum::Time(nanos) => {
                let length = if *unit == "h" { HOUR } else { 24 * HOUR };
                Datum::Time(nanos - nanos.rem_euclid(length))
            }
            _ => Datum::Null,
        },
        Expr::In(needle, haystack) => match of(needle) {
            Datum::Null => Datum::Null,
            needle => Datum::Bool(haystack.iter().any(|item| matches(&needle, &of(item)))),
        },
        Expr::Record(members) => Datum::Record(
            members
                .iter()
                .map(|(key, value)| ((*key).to_owned(), of(value)))
                .collect(),
        ),
        Expr::Each(name, array, op, other) => each(name, &of(array), op, &of(other)),
        Expr::Call(name, values, options) => {
            let values: Row = values.iter().map(of).collect();
            let option = |wanted: &str| {
                options
                    .iter()
                    .find(|(name, _)| *name == wanted)
                    .map(|(_, value)| of(value))
            };
            call(name, &values, option)
        }
    }
}

const HOUR: i64 = 3_600_000_000_000;

fn each(name: &str, array: &Datum, op: &str, other: &Datum) -> Datum {
    let Datum::List(elements) = array else {
        return Datum::Null;
    };
    if name == "iCollectArray" {
        return Datum::List(
            elements
                .iter()
                .map(|element| arithmetic(op, element, other))
                .collect(),
        );
    }
    let truths: Vec<Option<bool>> = elements
        .iter()
        .map(|element| compare(op, element, other).truth())
        .collect();
    match (
        truths.contains(&Some(true)),
        truths.iter().all(Option::is_none),
    ) {
        (true, _) => Datum::Bool(true),
        (false, true) if !truths.is_empty() => Datum::Null,
        _ => Datum::Bool(false),
    }
}

fn call(name: &str, values: &[Datum], option: impl Fn(&str) -> Option<Datum>) -> Datum {
    let text = |place: usize| match values.get(place) {
        Some(Datum::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let part = |test: fn(&str, &str) -> bool| {
        let any_case = option("caseSensitive") == Some(Datum::Bool(false));
        match (text(0), text(1)) {
            (Some(text), Some(part)) if any_case => {
                Datum::Bool(test(&text.to_lowercase(), &part.to_lowercase()))
            }
            (Some(text), Some(part)) => Datum::Bool(test(text, part)),
            _ => Datum::Null,
        }
    };
    let result = match (name, values) {
        ("isNull", [value]) => return Datum::Bool(value.is_null()),
        ("isNotNull", [value]) => return Datum::Bool(!value.is_null()),
        ("isTrueOrNull", [value]) => return Datum::Bool(value.truth() != Some(false)),
        ("isFalseOrNull", [value]) => return Datum::Bool(value.truth() != Some(true)),
        ("coalesce", values) => values.iter().find(|value| !value.is_null()).cloned(),
        ("if", [condition, then]) => match condition.truth() {
            Some(true) => Some(then.clone()),
            _ => option("else"),
        },
        ("contains", _) => return part(|text, part| text.contains(part)),
        ("startsWith", _) => return part(|text, part| text.starts_with(part)),
        ("endsWith", _) => return part(|text, part| text.ends_with(part)),
        ("lower", _) => text(0).map(|text| Datum::Text(text.to_lowercase())),
        ("upper", _) => text(0).map(|text| Datum::Text(text.to_uppercase())),
        ("trim", _) => text(0).map(|text| Datum::Text(text.trim().to_owned())),
        ("stringLength", _) => text(0).map(|text| Datum::Long(text.encode_utf16().count() as i64)),
        ("concat", _) => text(0)
            .zip(text(1))
            .map(|(a, b)| Datum::Text(format!("{a}{b}"))),
        ("toString", [Datum::Long(long)]) => Some(Datum::Text(long.to_string())),
        ("toDouble", [Datum::Long(long)]) => Some(Datum::Double(*long as f64)),
        ("toLong", [Datum::Double(double)]) => {
            let whole = double.trunc();
            // 2^63 is the first double beyond all longs.
            let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole);
            fits.then_some(Datum::Long(whole as i64))
        }
        ("abs", [Datum::Double(double)]) => Some(finite(double.abs())),
        ("arraySize", [Datum::List(elements)]) => Some(Datum::Long(elements.len() as i64)),
        ("arrayReverse", [Datum::List(elements)]) => {
            Some(Datum::List(elements.iter().rev().cloned().collect()))
        }
        ("arrayRemoveNulls", [Datum::List(elements)]) => Some(Datum::List(
            elements
                .iter()
                .filter(|element| !element.is_null())
                .cloned()
                .collect(),
        )),
        ("arraySort", [Datum::List(elements)]) => {
            let mut sorted = elements.clone();
            sorted.sort_by(sort_order);
            Some(Datum::List(sorted))
        }
        ("bitwiseAnd", [Datum::Long(a), Datum::Long(b)]) => Some(Datum::Long(a & b)),
        ("bitwiseXor", [Datum::Long(a), Datum::Long(b)]) => Some(Datum::Long(a ^ b)),
        ("getHour", [Datum::Time(nanos)]) => {
            Some(Datum::Long(nanos.div_euclid(HOUR).rem_euclid(24)))
        }
        ("unixSecondsFromTimestamp", [Datum::Time(nanos)]) => {
            Some(Datum::Long(nanos.div_euclid(1_000_000_000)))
        }
        ("bin", [Datum::Time(nanos), Datum::Span(length)]) => {
            Some(Datum::Time(nanos - nanos.rem_euclid(*length)))
        }
        ("bin", [Datum::Long(long), Datum::Long(length)]) => {
            long.checked_sub(long.rem_euclid(*length)).map(Datum::Long)
        }
        _ => None,
    };
    result.unwrap_or(Datum::Null)
}

/// Whether two answers are one, up to the rounding of doubles, and up to the order of rows that have none.
pub fn agree(expected: &Answer, found: &Table) -> bool {
    let (mut rows, mut others) = (expected.table.rows.clone(), found.rows.clone());
    if !expected.ordered {
        let by_all = |a: &Row, b: &Row| {
            let orders = a.iter().zip(b).map(|(a, b)| sort_order(a, b));
            orders
                .into_iter()
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        rows.sort_by(by_all);
        others.sort_by(by_all);
    }
    expected.table.names == found.names
        && rows.len() == others.len()
        && rows
            .iter()
            .zip(&others)
            .all(|(a, b)| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b)))
}

/// Equal and of one type; doubles up to rounding.
fn near(a: &Datum, b: &Datum) -> bool {
    match (a, b) {
        (Datum::Double(a), Datum::Double(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        (Datum::List(a), Datum::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
        }
        (Datum::Record(a), Datum::Record(b)) => {
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|((key, a), (other, b))| key == other && near(a, b))
        }
        (Datum::Null, Datum::Null) => true,
        _ => {
            std::mem::discriminant(a) == std::mem::discriminant(b)
                && (order(a, b) == Some(Ordering::Equal) || same(a, b))
        }
    }
}
