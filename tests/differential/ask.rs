//! Random queries in the shape of the tutorials'.

use super::dice::Dice;
use super::query::{Aggregate, Compare, Condition, Filter, Item, Last, Operand, Part, Query, Table};
use super::words::{NUMBERS, PARTS, TEXTS, instant, near, place, steps};
use crate::naive::logic::Step;
use crate::naive::time::{DAY, MINUTE, parse};

/// A random query.
pub fn query(dice: &mut Dice) -> Query {
    let table = if dice.chance(75) { Table::Logs } else { Table::Cloudtrail };
    let (mut from, mut to) = (None, None);
    if dice.chance(60) {
        from = dice.chance(80).then(|| instant(dice));
        to = dice.chance(80).then(|| instant(dice));
    }
    let last = last(dice, table);
    if let Last::Series { .. } = last {
        from.get_or_insert_with(|| instant(dice));
        to.get_or_insert_with(|| instant(dice));
    }
    let at = |text: &Option<String>| text.as_deref().and_then(parse);
    if let (Some(start), Some(end)) = (at(&from), at(&to)) {
        if start > end {
            std::mem::swap(&mut from, &mut to);
        } else if start == end {
            to = Some("2024-05-03T08:15:00.000000001Z".to_owned());
        }
    }
    let filters = (0..dice.below(4)).map(|_| Filter {
        out: dice.chance(30),
        condition: condition(dice, table, 2),
    });
    Query {
        table,
        from,
        to,
        filters: filters.collect(),
        last,
    }
}

fn last(dice: &mut Dice, table: Table) -> Last {
    match dice.below(10) {
        0..3 => {
            let items = (0..dice.between(1, 4)).map(|_| item(dice, table)).collect();
            if dice.chance(30) { Last::Added(items) } else { Last::Fields(items) }
        }
        3..6 => {
            let by: Vec<Operand> = (0..dice.below(4)).map(|_| value(dice, table)).collect();
            let mut aggregates: Vec<Aggregate> =
                (0..dice.between(1, 3)).map(|_| aggregate(dice, table)).collect();
            if let Some(first) = by.first() && dice.chance(20) {
                aggregates.push(Aggregate::TakeAny(first.clone()));
            }
            Last::Summary { aggregates, by }
        }
        6 | 7 => {
            let keys = (0..dice.between(1, 3)).map(|_| (value(dice, table), dice.chance(40)));
            Last::Sorted {
                keys: keys.collect(),
                limit: *dice.pick(&[0, 1, 3, 10, 1_000]),
            }
        }
        _ => {
            let aggregate = match dice.below(4) {
                0 => Aggregate::CountIf(condition(dice, table, 1)),
                1 => Aggregate::Sum(measure()),
                _ => Aggregate::Count,
            };
            Last::Series {
                aggregate,
                by: (0..dice.below(3)).map(|_| value(dice, table)).collect(),
                // Few enough for buckets of that very length, over the three days that events lie in.
                minutes: *dice.pick(&[5, 10, 30, 60, 240, 720, DAY / MINUTE]),
            }
        }
    }
}

fn aggregate(dice: &mut Dice, table: Table) -> Aggregate {
    match dice.below(10) {
        0 | 1 => Aggregate::Count,
        2 | 3 => Aggregate::CountIf(condition(dice, table, 1)),
        4 | 5 => Aggregate::CountDistinct(value(dice, table)),
        6 => Aggregate::Min(value(dice, table)),
        7 => Aggregate::Max(value(dice, table)),
        8 => Aggregate::Sum(measure()),
        _ => Aggregate::Avg(measure()),
    }
}

/// A place with numbers whose sums are exact.
fn measure() -> Operand {
    Operand::Place(steps("requestParameters/size"))
}

fn item(dice: &mut Dice, table: Table) -> Item {
    match dice.below(10) {
        0..6 => Item::Value(value(dice, table)),
        // All three values of a condition are seen here, where a filter shows but two.
        _ => Item::Test(condition(dice, table, 1)),
    }
}

/// A value off the record.
fn value(dice: &mut Dice, table: Table) -> Operand {
    match dice.below(20) {
        0 => Operand::Timestamp,
        1 if table == Table::Logs => Operand::Account,
        2 if table == Table::Logs => Operand::Region,
        3 if table == Table::Logs && dice.chance(30) => Operand::Place(Vec::new()),
        _ => Operand::Place(place(dice)),
    }
}

fn literal(dice: &mut Dice) -> Operand {
    match dice.below(10) {
        0..6 => Operand::Text((*dice.pick_early(TEXTS)).to_owned()),
        6..9 => {
            let number = *dice.pick_early(NUMBERS);
            match number.parse::<i64>() {
                // Written with a minus, the least long is out of range before it is negated.
                Ok(long) if long != i64::MIN => Operand::Long(long),
                _ => Operand::Double(number.parse().unwrap()),
            }
        }
        _ => Operand::Boolean(dice.chance(50)),
    }
}

fn condition(dice: &mut Dice, table: Table, depth: usize) -> Condition {
    let inner = |dice: &mut Dice| Box::new(condition(dice, table, depth.saturating_sub(1)));
    match dice.below(if depth == 0 { 12 } else { 20 }) {
        0..4 => compare(dice, table),
        4 => timed(dice),
        5 | 6 => Condition::Part(
            *dice.pick(&[Part::Starts, Part::Ends, Part::Contains]),
            textual(dice, table),
            (*dice.pick_early(PARTS)).to_owned(),
            dice.chance(40),
        ),
        7 | 8 => {
            let count = dice.between(1, 4);
            let texts = dice.chance(60);
            let list = (0..count).map(|_| match texts {
                true => Operand::Text((*dice.pick_early(TEXTS)).to_owned()),
                false => literal(dice),
            });
            let list = list.collect();
            Condition::In(value(dice, table), list)
        }
        9 => Condition::IsNull(value(dice, table)),
        10 => Condition::IsNotNull(value(dice, table)),
        11 => Condition::Bare(Operand::Place(place(dice))),
        12 | 13 => Condition::Not(inner(dice)),
        14..17 => Condition::And(inner(dice), inner(dice)),
        17 | 18 => Condition::Or(inner(dice), inner(dice)),
        _ => Condition::Xor(inner(dice), inner(dice)),
    }
}

/// A value that may be a text.
fn textual(dice: &mut Dice, table: Table) -> Operand {
    match value(dice, table) {
        Operand::Timestamp => Operand::Place(vec![Step::Key("eventTime".to_owned())]),
        other => other,
    }
}

const COMPARES: &[Compare] = &[
    Compare::Equal,
    Compare::Equal,
    Compare::Equal,
    Compare::Unequal,
    Compare::Less,
    Compare::AtMost,
    Compare::Greater,
    Compare::AtLeast,
];

fn compare(dice: &mut Dice, table: Table) -> Condition {
    let compare = *dice.pick(COMPARES);
    let left = value(dice, table);
    let right = match dice.below(10) {
        0 => value(dice, table),
        // An instant as records write it.
        1 => Operand::Text(instant(dice)),
        _ => literal(dice),
    };
    match dice.chance(15) {
        true => Condition::Compare(compare, right, left),
        false => Condition::Compare(compare, left, right),
    }
}

/// A point in time, finer than the lake's now and then, against `timestamp`.
fn timed(dice: &mut Dice) -> Condition {
    let compare = *dice.pick(COMPARES);
    let instant = Operand::Instant(near(dice));
    match dice.chance(30) {
        true => Condition::Compare(compare, instant, Operand::Timestamp),
        false => Condition::Compare(compare, Operand::Timestamp, instant),
    }
}
