//! Random queries in the shape of the tutorials'.

use serde_json::Value;

use super::dice::Dice;
use super::query::{
    Aggregate, Compare, Condition, Filter, Item, Last, Operand, Part, Query, Table,
};
use super::words::{NOW, NUMBERS, PARTS, TEXTS, instant, near, place, steps};
use crate::naive::archive::Record;
use crate::naive::logic::{self, Step};
use crate::naive::time::{DAY, MINUTE, parse};

/// A random query. What it compares with is often found in `records`.
pub fn query(dice: &mut Dice, records: &[Record]) -> Query {
    let table = if dice.chance(75) {
        Table::Logs
    } else {
        Table::Cloudtrail
    };
    let mut asker = Asker {
        dice,
        table,
        records,
    };
    let last = asker.last();
    let (from, to) = asker.ends(matches!(last, Last::Series { .. }));
    let filters = *asker.dice.pick(&[0, 0, 0, 1, 1, 1, 1, 1, 2, 3]);
    let filters = (0..filters).map(|_| Filter {
        out: asker.dice.chance(30),
        condition: asker.condition(2),
    });
    Query {
        table,
        filters: filters.collect(),
        from,
        to,
        last,
    }
}

/// What a query is made of.
struct Asker<'a> {
    dice: &'a mut Dice,
    table: Table,
    records: &'a [Record],
}

/// A number as a query writes it.
fn number(text: &str) -> Operand {
    match text.parse::<i64>() {
        // The least long is out of range before its minus is applied.
        Ok(long) if long != i64::MIN => Operand::Long(long),
        _ => Operand::Double(text.parse().unwrap()),
    }
}

/// A place with numbers whose sums are exact.
fn measure() -> Operand {
    Operand::Place(steps("requestParameters/size"))
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

impl Asker<'_> {
    /// The timeframe: none, one end, or both; wide as often as narrow. A series needs both.
    fn ends(&mut self, both: bool) -> (Option<String>, Option<String>) {
        let (mut from, mut to) = (None, None);
        if both || self.dice.chance(50) {
            from = (both || self.dice.chance(80)).then(|| self.end("2024-04-30T22:00:00Z"));
            to = (both || self.dice.chance(80)).then(|| self.end("2024-05-03T08:15:00.000000001Z"));
        }
        let at = |text: &Option<String>| text.as_deref().and_then(parse);
        if let (Some(start), Some(end)) = (at(&from), at(&to)) {
            if start > end {
                std::mem::swap(&mut from, &mut to);
            } else if start == end {
                to = Some(NOW.to_owned());
            }
        }
        (from, to)
    }

    fn end(&mut self, wide: &str) -> String {
        match self.dice.chance(65) {
            true => wide.to_owned(),
            false => instant(self.dice),
        }
    }

    fn last(&mut self) -> Last {
        match self.dice.below(11) {
            10 => {
                let inner = [vec![]].into_iter();
                let rest = [
                    "arn",
                    "x",
                    "0",
                    "-1/type",
                    "sessionContext/attributes",
                    "bucketName",
                ];
                let more = (0..2).map(|_| steps(*self.dice.pick(&rest)));
                let inner = inner.chain(more).collect();
                Last::Nested {
                    base: self.value(),
                    inner,
                    grouped: self.dice.chance(50),
                }
            }
            0..3 => {
                let items = (0..self.dice.between(1, 4)).map(|_| self.item()).collect();
                if self.dice.chance(30) {
                    Last::Added(items)
                } else {
                    Last::Fields(items)
                }
            }
            3..6 => {
                let by: Vec<Operand> = (0..self.dice.below(4)).map(|_| self.value()).collect();
                let mut aggregates: Vec<Aggregate> = (0..self.dice.between(1, 3))
                    .map(|_| self.aggregate())
                    .collect();
                if let Some(first) = by.first()
                    && self.dice.chance(20)
                {
                    aggregates.push(Aggregate::TakeAny(first.clone()));
                }
                Last::Summary { aggregates, by }
            }
            6 | 7 => {
                let keys =
                    (0..self.dice.between(1, 3)).map(|_| (self.value(), self.dice.chance(40)));
                Last::Sorted {
                    keys: keys.collect(),
                    limit: *self.dice.pick(&[0, 1, 3, 10, 10, 1_000, 1_000]),
                }
            }
            _ => {
                let aggregate = match self.dice.below(4) {
                    0 => Aggregate::CountIf(self.condition(1)),
                    1 => Aggregate::Sum(measure()),
                    _ => Aggregate::Count,
                };
                Last::Series {
                    aggregate,
                    by: (0..self.dice.below(3)).map(|_| self.value()).collect(),
                    // Few enough for buckets of that very length, over the three days that events lie in.
                    minutes: *self.dice.pick(&[5, 10, 30, 60, 240, 720, DAY / MINUTE]),
                }
            }
        }
    }

    fn aggregate(&mut self) -> Aggregate {
        match self.dice.below(10) {
            0 | 1 => Aggregate::Count,
            2 | 3 => Aggregate::CountIf(self.condition(1)),
            4 | 5 => Aggregate::CountDistinct(self.value()),
            6 => Aggregate::Min(self.value()),
            7 => Aggregate::Max(self.value()),
            8 => Aggregate::Sum(measure()),
            _ => Aggregate::Avg(measure()),
        }
    }

    fn item(&mut self) -> Item {
        match self.dice.below(10) {
            0..6 => Item::Value(self.value()),
            // All three values of a condition are seen here, where a filter shows but two.
            _ => match self.condition(1) {
                // By itself a place is its value, whatever its type.
                Condition::Bare(operand) => Item::Value(operand),
                condition => Item::Test(condition),
            },
        }
    }

    /// A value off the record, or one made of such.
    fn value(&mut self) -> Operand {
        match self.dice.below(30) {
            0 => Operand::Lower(Box::new(self.textual())),
            1 => {
                let condition = Box::new(self.atom());
                let then = Box::new(self.plain());
                let other = self.dice.chance(70).then(|| Box::new(self.plain()));
                Operand::If(condition, then, other)
            }
            2 => Operand::Coalesce((0..self.dice.between(1, 3)).map(|_| self.plain()).collect()),
            3 => Operand::Bin(*self.dice.pick(&[1, 15, 60, 1_440])),
            _ => self.field(),
        }
    }

    /// A value that is no point in time, which could not stand beside others.
    fn plain(&mut self) -> Operand {
        match self.dice.below(10) {
            0 => self.text(),
            1 => number(*self.dice.pick(NUMBERS)),
            _ => Operand::Place(place(self.dice)),
        }
    }

    /// A value as the record has it.
    fn field(&mut self) -> Operand {
        match self.dice.below(20) {
            0 => Operand::Timestamp,
            4 if self.table == Table::Logs && self.dice.chance(30) => Operand::Content,
            1 if self.table == Table::Logs => Operand::Account,
            2 if self.table == Table::Logs => Operand::Region,
            3 if self.table == Table::Logs && self.dice.chance(30) => Operand::Place(Vec::new()),
            _ => Operand::Place(place(self.dice)),
        }
    }

    /// Something to compare a value with: often what some record holds there.
    fn literal(&mut self, beside: &Operand) -> Operand {
        if self.dice.chance(60)
            && let Some(found) = self.found(beside)
        {
            return found;
        }
        match self.dice.below(10) {
            0..6 => self.text(),
            6..9 => number(*self.dice.pick(NUMBERS)),
            _ => Operand::Boolean(self.dice.chance(50)),
        }
    }

    fn text(&mut self) -> Operand {
        Operand::Text((*self.dice.pick_early(TEXTS)).to_owned())
    }

    /// The scalar that some record holds at a place; none if it holds none.
    fn found(&mut self, operand: &Operand) -> Option<Operand> {
        let Operand::Place(steps) = operand else {
            return None;
        };
        if self.records.is_empty() {
            return None;
        }
        let record = self.dice.pick(self.records);
        match logic::at(&record.json, steps)? {
            Value::Bool(boolean) => Some(Operand::Boolean(*boolean)),
            Value::Number(found) => Some(number(&found.to_string())),
            Value::String(text) => Some(Operand::Text(text.clone())),
            // `in` looks into arrays.
            Value::Array(items) => Some(Operand::Text(items.first()?.as_str()?.to_owned())),
            _ => None,
        }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        let simple = depth == 0 || self.dice.chance(50);
        if simple {
            return self.atom();
        }
        let mut inner = || Box::new(self.condition(depth - 1));
        let (a, b) = (inner(), inner());
        match self.dice.below(8) {
            0 | 1 => Condition::Not(a),
            2 | 3 => Condition::And(a, b),
            4..7 => Condition::Or(a, b),
            _ => Condition::Xor(a, b),
        }
    }

    fn atom(&mut self) -> Condition {
        match self.dice.below(12) {
            0..4 => self.compare(),
            4 => self.timed(),
            5 | 6 => {
                let operand = self.textual();
                let part = *self.dice.pick(&[Part::Starts, Part::Ends, Part::Contains]);
                let wanted = *self.dice.pick_early(PARTS);
                Condition::Part(part, operand, wanted.to_owned(), self.dice.chance(40))
            }
            7 | 8 => {
                let needle = self.value();
                let texts = self.dice.chance(60);
                let list = (0..self.dice.between(1, 4)).map(|_| match texts {
                    true => match self.found(&needle) {
                        Some(text @ Operand::Text(_)) => text,
                        _ => self.text(),
                    },
                    false => self.literal(&needle),
                });
                let list = list.collect();
                Condition::In(needle, list)
            }
            9 => Condition::IsNull(self.value()),
            10 => Condition::IsNotNull(self.value()),
            _ => Condition::Bare(Operand::Place(place(self.dice))),
        }
    }

    /// A value that may be a text.
    fn textual(&mut self) -> Operand {
        match self.field() {
            Operand::Timestamp => Operand::Place(vec![Step::Key("eventTime".to_owned())]),
            other => other,
        }
    }

    fn compare(&mut self) -> Condition {
        let compare = *self.dice.pick(COMPARES);
        let left = self.value();
        let right = match self.dice.below(10) {
            0 => self.value(),
            // An instant as records write it.
            1 => Operand::Text(instant(self.dice)),
            _ => self.literal(&left),
        };
        match self.dice.chance(15) {
            true => Condition::Compare(compare, right, left),
            false => Condition::Compare(compare, left, right),
        }
    }

    /// A point in time, finer than the lake's now and then, against `timestamp`.
    fn timed(&mut self) -> Condition {
        let compare = *self.dice.pick(COMPARES);
        let instant = Operand::Instant(near(self.dice));
        match self.dice.chance(30) {
            true => Condition::Compare(compare, instant, Operand::Timestamp),
            false => Condition::Compare(compare, Operand::Timestamp, instant),
        }
    }
}
