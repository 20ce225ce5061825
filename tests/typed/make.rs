//! Random queries in which every expression has the type that is wanted of it.

use super::datum::Datum;
use super::tree::{Aggregate, Command, Expr, Query, Table};
use crate::differential::dice::Dice;

/// The types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    Long,
    Double,
    Text,
    Bool,
    Time,
    Span,
    /// An array of longs.
    Longs,
    /// `record(x = long, y = text)`
    Record,
}

use Ty::{Bool, Double, Long, Longs, Record, Span, Text, Time};

const ALL: &[Ty] = &[Long, Double, Text, Bool, Time, Span, Longs, Record];

const FIELDS: &[(&str, Ty)] = &[
    ("l", Long),
    ("d", Double),
    ("s", Text),
    ("b", Bool),
    ("t", Time),
    ("u", Span),
    ("a", Longs),
    ("r", Record),
];

const WORDS: &[&str] = &[
    "", "a", "b", "ab", "A", "abba", " b ", "é", "Zürich", "a\"b", "🐕",
];

/// A random query.
pub fn query(dice: &mut Dice) -> Query {
    let mut maker = Maker {
        dice,
        scope: Vec::new(),
        fresh: 0,
    };
    maker.query()
}

struct Maker<'a> {
    dice: &'a mut Dice,
    scope: Vec<(String, Ty)>,
    fresh: usize,
}

impl Maker<'_> {
    fn query(&mut self) -> Query {
        let table = self.table(3, 9);
        self.scope = table
            .names
            .iter()
            .map(|name| (name.clone(), ty_of(name)))
            .collect();
        let mut commands = Vec::new();
        for _ in 0..self.dice.between(1, 5) {
            commands.push(self.command());
            if matches!(commands.last(), Some(Command::Sort(_))) && self.dice.chance(40) {
                commands.push(Command::Limit(self.dice.below(6)));
            }
        }
        Query { table, commands }
    }

    /// Rows with an `id` that tells them apart, and fields of every type.
    fn table(&mut self, least: usize, most: usize) -> Table {
        let mut names = vec!["id".to_owned()];
        names.extend(FIELDS.iter().map(|(name, _)| (*name).to_owned()));
        let rows = (0..self.dice.between(least, most)).map(|row| {
            let mut cells = vec![Datum::Long(row as i64)];
            for (_, ty) in FIELDS {
                let null = self.dice.chance(15);
                cells.push(if null { Datum::Null } else { self.datum(*ty) });
            }
            cells
        });
        Table {
            rows: rows.collect(),
            names,
        }
    }

    /// Rows to look things up in: a key that is not always there, and two values.
    fn side(&mut self, ty: Ty) -> Table {
        let rows = (0..self.dice.between(1, 4)).map(|place| {
            let null = self.dice.chance(10);
            let key = if null { Datum::Null } else { self.datum(ty) };
            vec![key, Datum::Long(place as i64), self.datum(Text)]
        });
        Table {
            rows: rows.collect(),
            names: ["k", "v", "w"].map(str::to_owned).to_vec(),
        }
    }

    fn datum(&mut self, ty: Ty) -> Datum {
        const SECOND: i64 = 1_000_000_000;
        match ty {
            Long => Datum::Long(match self.dice.below(12) {
                0 => i64::MAX,
                1 => i64::MIN + 1,
                2 => 9_007_199_254_740_993,
                _ => self.dice.below(12) as i64 - 4,
            }),
            Double => Datum::Double(match self.dice.below(12) {
                0 => 9_007_199_254_740_992.0,
                1 => 1e300,
                _ => (self.dice.below(24) as f64 - 8.0) / 4.0 + 0.0,
            }),
            Text => Datum::Text((*self.dice.pick_early(WORDS)).to_owned()),
            Bool => Datum::Bool(self.dice.chance(50)),
            // Some days around the leap day of 2024.
            Time => {
                let seconds = 1_709_164_800 + self.dice.below(400_000) as i64;
                let nanos = if self.dice.chance(30) { 123_456_789 } else { 0 };
                Datum::Time(seconds * SECOND + nanos)
            }
            Span => Datum::Span((self.dice.below(40) as i64 - 10) * 450 * SECOND),
            Longs => {
                let elements = (0..self.dice.below(4)).map(|_| match self.dice.chance(10) {
                    true => Datum::Null,
                    false => Datum::Long(self.dice.below(6) as i64),
                });
                Datum::List(elements.collect())
            }
            Record => {
                let x = Datum::Long(self.dice.below(5) as i64);
                let y = self.datum(Text);
                Datum::Record(vec![("x".to_owned(), x), ("y".to_owned(), y)])
            }
        }
    }

    fn command(&mut self) -> Command {
        match self.dice.below(24) {
            0..6 => Command::Filter(self.expr(Bool, 2)),
            6 => Command::FilterOut(self.expr(Bool, 2)),
            7..11 => {
                let items = self.items(2);
                for (name, ty, _) in &items {
                    match self.scope.iter_mut().find(|(known, _)| known == name) {
                        Some((_, known)) => *known = *ty,
                        None => self.scope.push((name.clone(), *ty)),
                    }
                }
                Command::Add(pairs(items))
            }
            11 | 12 => {
                let mut items = self.items(4);
                if self.has("id") {
                    items.insert(0, ("id".to_owned(), Long, Expr::Field("id".to_owned())));
                }
                self.scope = items
                    .iter()
                    .map(|(name, ty, _)| (name.clone(), *ty))
                    .collect();
                Command::Fields(pairs(items))
            }
            13 => match self.some_field() {
                Some((name, _)) => {
                    self.scope.retain(|(known, _)| *known != name);
                    Command::Remove(name)
                }
                None => Command::Filter(self.expr(Bool, 1)),
            },
            14 => match self.some_field() {
                Some((old, _)) => {
                    let new = self.name();
                    for (known, _) in &mut self.scope {
                        if *known == old {
                            known.clone_from(&new);
                        }
                    }
                    Command::Rename(new, old)
                }
                None => Command::Filter(self.expr(Bool, 1)),
            },
            15 | 16 => self.sort(),
            17..20 => self.summarize(),
            20 => {
                if !self.has("id") {
                    return self.sort();
                }
                let keys = (0..self.dice.between(1, 2)).map(|_| {
                    let ty = *self.dice.pick(ALL);
                    self.expr(ty, 1)
                });
                Command::Dedup(keys.collect())
            }
            21 => match self.field_of(Longs) {
                // What was an array is one of its longs from here on.
                Some(name) => {
                    for (known, ty) in &mut self.scope {
                        if *known == name {
                            *ty = Long;
                        }
                    }
                    // One row becomes several, and `id` tells them apart no more.
                    self.scope.retain(|(known, _)| known != "id");
                    Command::Expand(name)
                }
                None => Command::Filter(self.expr(Bool, 1)),
            },
            22 => {
                let table = self.table(1, 3);
                // A name that has another type here than there makes a field of both types.
                for (name, ty) in FIELDS.iter().map(|(name, ty)| ((*name).to_owned(), *ty)) {
                    match self.scope.iter().position(|(known, _)| *known == name) {
                        Some(place) if self.scope[place].1 != ty => {
                            self.scope.remove(place);
                        }
                        Some(_) => {}
                        None => self.scope.push((name, ty)),
                    }
                }
                self.scope.retain(|(known, _)| known != "id");
                Command::Append(table)
            }
            _ => self.partner(),
        }
    }

    /// A command that looks into other rows.
    fn partner(&mut self) -> Command {
        let ty = *self.dice.pick(&[Long, Text, Double, Time]);
        let Some(field) = self.field_of(ty) else {
            return Command::Filter(self.expr(Bool, 1));
        };
        let side = self.side(ty);
        let key = "k".to_owned();
        match self.dice.below(3) {
            0 => Command::InBlock(Expr::Field(field), side),
            1 if !self
                .scope
                .iter()
                .any(|(name, _)| name.starts_with("lookup.")) =>
            {
                self.scope.push(("lookup.v".to_owned(), Long));
                self.scope.push(("lookup.w".to_owned(), Text));
                Command::Lookup(side, field, key)
            }
            _ if !self
                .scope
                .iter()
                .any(|(name, _)| name.starts_with("right.")) =>
            {
                self.scope.push(("right.v".to_owned(), Long));
                self.scope.push(("right.w".to_owned(), Text));
                self.scope.retain(|(known, _)| known != "id");
                Command::Join(side, field, key, self.dice.chance(50))
            }
            _ => Command::InBlock(Expr::Field(field), side),
        }
    }

    fn sort(&mut self) -> Command {
        let mut keys: Vec<(Expr, bool)> = (0..self.dice.between(0, 2))
            .map(|_| {
                let ty = *self
                    .dice
                    .pick(&[Long, Double, Text, Bool, Time, Span, Longs]);
                (self.expr(ty, 1), self.dice.chance(40))
            })
            .collect();
        if !self.has("id") {
            // Without a last word on the order it is not known, and the limit behind it would take any rows.
            return Command::Filter(self.expr(Bool, 1));
        }
        keys.push((Expr::Field("id".to_owned()), self.dice.chance(30)));
        Command::Sort(keys)
    }

    fn summarize(&mut self) -> Command {
        let by: Vec<(String, Ty, Expr)> = (0..self.dice.below(3))
            .map(|_| {
                let ty = *self.dice.pick(&[Long, Text, Bool, Time, Double, Longs]);
                (self.name(), ty, self.expr(ty, 1))
            })
            .collect();
        let mut scope: Vec<(String, Ty)> =
            by.iter().map(|(name, ty, _)| (name.clone(), *ty)).collect();
        let aggregates: Vec<Aggregate> = (0..self.dice.between(1, 3))
            .map(|_| {
                let name = self.name();
                let (function, of, ty) = match self.dice.below(6) {
                    0 => ("count", None, Long),
                    1 => ("countIf", Some(self.expr(Bool, 2)), Long),
                    2 => {
                        let ty = *self.dice.pick(ALL);
                        ("countDistinctExact", Some(self.expr(ty, 1)), Long)
                    }
                    3 => {
                        let ty = *self.dice.pick(&[Long, Double]);
                        let function = if self.dice.chance(50) { "sum" } else { "avg" };
                        (function, Some(self.small(ty)), Double)
                    }
                    _ => {
                        let ty = *self.dice.pick(&[Long, Double, Text, Bool, Time, Span]);
                        let function = if self.dice.chance(50) { "min" } else { "max" };
                        (function, Some(self.expr(ty, 1)), ty)
                    }
                };
                scope.push((name.clone(), ty));
                Aggregate { name, function, of }
            })
            .collect();
        self.scope = scope;
        Command::Summarize(aggregates, pairs(by))
    }

    /// A number that is small, so that sums do not depend on their order.
    fn small(&mut self, ty: Ty) -> Expr {
        let number = self.boxed(ty, 1);
        let bound = |op, bound| {
            let bound = Box::new(Expr::Literal(Datum::Long(bound)));
            Box::new(Expr::Binary(op, number.clone(), bound))
        };
        let both = Expr::Binary("and", bound("<", 1000), bound(">", -1000));
        Expr::Call("if", vec![both, *number.clone()], Vec::new())
    }

    fn items(&mut self, most: usize) -> Vec<(String, Ty, Expr)> {
        (0..self.dice.between(1, most))
            .map(|_| {
                let ty = *self.dice.pick(ALL);
                (self.name(), ty, self.expr(ty, 3))
            })
            .collect()
    }

    fn name(&mut self) -> String {
        self.fresh += 1;
        format!("n{}", self.fresh)
    }

    fn has(&self, name: &str) -> bool {
        self.scope.iter().any(|(known, _)| known == name)
    }

    /// A field other than `id`.
    fn some_field(&mut self) -> Option<(String, Ty)> {
        let fields: Vec<(String, Ty)> = self
            .scope
            .iter()
            .filter(|(name, _)| name != "id")
            .cloned()
            .collect();
        (fields.len() > 1).then(|| self.dice.pick(&fields).clone())
    }

    fn field_of(&mut self, ty: Ty) -> Option<String> {
        let fields: Vec<String> = self
            .scope
            .iter()
            .filter(|(name, known)| *known == ty && name != "id")
            .map(|(name, _)| name.clone())
            .collect();
        (!fields.is_empty()).then(|| self.dice.pick(&fields).clone())
    }

    /// A field or a literal.
    fn leaf(&mut self, ty: Ty) -> Expr {
        let field = if self.dice.chance(80) {
            self.field_of(ty)
        } else {
            None
        };
        match field {
            Some(field) => Expr::Field(field),
            None => Expr::Literal(self.datum(ty)),
        }
    }

    fn boxed(&mut self, ty: Ty, depth: usize) -> Box<Expr> {
        Box::new(self.expr(ty, depth))
    }

    /// An expression of a type, at most so deep.
    fn expr(&mut self, ty: Ty, depth: usize) -> Expr {
        if depth == 0 || (ty != Bool && self.dice.chance(30)) {
            return self.leaf(ty);
        }
        let below = depth - 1;
        // What every type has.
        if self.dice.chance(12) {
            return match self.dice.below(3) {
                0 => Expr::Call(
                    "coalesce",
                    vec![self.expr(ty, below), self.expr(ty, below)],
                    vec![],
                ),
                1 => Expr::Call(
                    "if",
                    vec![self.expr(Bool, below), self.expr(ty, below)],
                    vec![],
                ),
                _ => {
                    let values = vec![self.expr(Bool, below), self.expr(ty, below)];
                    Expr::Call("if", values, vec![("else", self.expr(ty, below))])
                }
            };
        }
        let call = |name, values| Expr::Call(name, values, Vec::new());
        match ty {
            Bool => self.condition(below),
            Long => match self.dice.below(12) {
                0..4 => {
                    let op = *self.dice.pick(&["+", "-", "*", "/", "%"]);
                    Expr::Binary(op, self.boxed(Long, below), self.boxed(Long, below))
                }
                4 => Expr::Negate(self.boxed(Long, below)),
                5 => call("stringLength", vec![self.expr(Text, below)]),
                6 => call("arraySize", vec![self.expr(Longs, below)]),
                7 => {
                    let name = *self.dice.pick(&["getHour", "unixSecondsFromTimestamp"]);
                    call(name, vec![self.expr(Time, below)])
                }
                8 => call("toLong", vec![self.expr(Double, below)]),
                9 => {
                    let name = *self.dice.pick(&["bitwiseAnd", "bitwiseXor"]);
                    call(name, vec![self.expr(Long, below), self.expr(Long, below)])
                }
                10 => {
                    let index = self.dice.below(5) as i64 - 2;
                    let array = self.leaf(Longs);
                    Expr::Index(Box::new(array), index)
                }
                _ => Expr::Key(Box::new(self.leaf(Record)), "x"),
            },
            Double => match self.dice.below(5) {
                0 => call("toDouble", vec![self.expr(Long, below)]),
                1 => call("abs", vec![self.expr(Double, below)]),
                2 => Expr::Negate(self.boxed(Double, below)),
                _ => {
                    let op = *self.dice.pick(&["+", "-", "*", "/", "%"]);
                    let (long, double) = (self.boxed(Long, below), self.boxed(Double, below));
                    match self.dice.chance(50) {
                        true => Expr::Binary(op, long, double),
                        false => Expr::Binary(op, double, long),
                    }
                }
            },
            Text => match self.dice.below(5) {
                0 => {
                    let name = *self.dice.pick(&["lower", "upper", "trim"]);
                    call(name, vec![self.expr(Text, below)])
                }
                1 | 2 => call(
                    "concat",
                    vec![self.expr(Text, below), self.expr(Text, below)],
                ),
                3 => call("toString", vec![self.expr(Long, below)]),
                _ => Expr::Key(Box::new(self.leaf(Record)), "y"),
            },
            Time => match self.dice.below(4) {
                0 => Expr::Binary("+", self.boxed(Time, below), self.boxed(Span, below)),
                1 => Expr::Binary("-", self.boxed(Time, below), self.boxed(Span, below)),
                2 => {
                    let unit = if self.dice.chance(50) { "h" } else { "d" };
                    Expr::Align(self.boxed(Time, below), unit)
                }
                _ => {
                    let hour = Expr::Literal(Datum::Span(3_600_000_000_000));
                    call("bin", vec![self.expr(Time, below), hour])
                }
            },
            Span => match self.dice.below(4) {
                0 => Expr::Binary("-", self.boxed(Time, below), self.boxed(Time, below)),
                1 => Expr::Negate(self.boxed(Span, below)),
                2 => Expr::Binary("*", self.boxed(Span, below), self.boxed(Long, below)),
                _ => {
                    let op = *self.dice.pick(&["+", "-", "%"]);
                    Expr::Binary(op, self.boxed(Span, below), self.boxed(Span, below))
                }
            },
            Longs => match self.dice.below(3) {
                0 => {
                    let op = *self.dice.pick(&["+", "-", "*", "%"]);
                    let (array, other) = (self.boxed(Longs, below), Box::new(self.leaf(Long)));
                    Expr::Each("iCollectArray", array, op, other)
                }
                _ => {
                    let name = *self
                        .dice
                        .pick(&["arrayReverse", "arraySort", "arrayRemoveNulls"]);
                    call(name, vec![self.expr(Longs, below)])
                }
            },
            Record => Expr::Record(vec![
                ("x", self.expr(Long, below)),
                ("y", self.expr(Text, below)),
            ]),
        }
    }

    fn condition(&mut self, depth: usize) -> Expr {
        match self.dice.below(16) {
            0..6 => {
                let op = *self.dice.pick(&["==", "!=", "<", "<=", ">", ">="]);
                let ty = *self.dice.pick(&[Long, Long, Double, Text, Time, Span]);
                let left = self.boxed(ty, depth);
                // Longs and doubles compare with each other.
                let other = match ty {
                    Long | Double if self.dice.chance(30) => *self.dice.pick(&[Long, Double]),
                    ty => ty,
                };
                Expr::Binary(op, left, self.boxed(other, depth))
            }
            6 => {
                let op = *self.dice.pick(&["==", "!="]);
                let ty = *self.dice.pick(&[Bool, Longs, Record]);
                Expr::Binary(op, self.boxed(ty, depth), self.boxed(ty, depth))
            }
            7 | 8 => {
                let name = *self.dice.pick(&["contains", "startsWith", "endsWith"]);
                let part = Expr::Literal(Datum::Text(
                    (*self.dice.pick(&["a", "b", "A", "é", "ab"])).to_owned(),
                ));
                let options = match self.dice.chance(30) {
                    true => vec![("caseSensitive", Expr::Literal(Datum::Bool(false)))],
                    false => Vec::new(),
                };
                Expr::Call(name, vec![self.expr(Text, depth), part], options)
            }
            9 => {
                let ty = *self.dice.pick(&[Long, Text, Double]);
                let needle = self.boxed(ty, depth);
                let haystack = (0..self.dice.between(1, 3))
                    .map(|_| self.leaf(ty))
                    .collect();
                Expr::In(needle, haystack)
            }
            10 => {
                let ty = *self.dice.pick(ALL);
                let name = *self.dice.pick(&["isNull", "isNotNull"]);
                Expr::Call(name, vec![self.expr(ty, depth)], Vec::new())
            }
            11 => {
                let name = *self.dice.pick(&["isTrueOrNull", "isFalseOrNull"]);
                Expr::Call(name, vec![self.expr(Bool, depth.min(1))], Vec::new())
            }
            12 => {
                let op = *self.dice.pick(&["==", ">", "<"]);
                let (array, other) = (self.boxed(Longs, depth), Box::new(self.leaf(Long)));
                Expr::Each("iAny", array, op, other)
            }
            13 => Expr::Not(self.boxed(Bool, depth)),
            _ => {
                let op = *self.dice.pick(&["and", "or", "or", "xor"]);
                Expr::Binary(op, self.boxed(Bool, depth), self.boxed(Bool, depth))
            }
        }
    }
}

fn pairs(items: Vec<(String, Ty, Expr)>) -> Vec<(String, Expr)> {
    items
        .into_iter()
        .map(|(name, _, expr)| (name, expr))
        .collect()
}

fn ty_of(name: &str) -> Ty {
    FIELDS
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(Long, |(_, ty)| *ty)
}
