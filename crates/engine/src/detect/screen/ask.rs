//! What a row answers: its values by number, and the bits of what is known of them.

use std::sync::Arc;

use hashbrown::HashMap;
use lake::cloudtrail::OVER_LIMIT;
use rules::check::Value;

use super::list::List;
use super::node::{Node, all, any, not};
use super::{Feature, Screen, Seen, Source, VALUES};
use crate::detect::plan::{Columns, Given};

/// What is not worked out yet for the row at hand.
pub(super) const UNKNOWN: u32 = u32::MAX;

/// By the numbers of the values of a feature's columns.
type ByKey<T> = HashMap<Box<[u32]>, T>;

/// What one thread has found out about values.
#[derive(Debug)]
pub(in crate::detect) struct Memory {
    /// For each column, its values' numbers; 0 is none.
    numbers: Vec<HashMap<Box<str>, u32>>,
    /// For each column, its values by number.
    values: Vec<Vec<Option<Box<str>>>>,
    /// For each feature, where the bits of its columns' values begin.
    places: Vec<ByKey<u32>>,
    bits: Vec<Vec<u64>>,
    /// For each feature, the texts of its columns' values.
    texts: Vec<ByKey<Vec<Arc<str>>>>,
    /// For each name, the rules that it does not rule out.
    pub(super) lists: HashMap<u32, Arc<List>>,
    /// By what is mistyped in rows, which columns and features are not to be believed.
    oddities: HashMap<Box<str>, Arc<Odd>>,
    /// Of the row at hand: what is odd, the values' numbers, and where features' bits are, as far as they were asked for.
    row_odd: Option<Arc<Odd>>,
    row_numbers: Vec<u32>,
    pub(super) row_places: Vec<u32>,
    row_words: Seen,
    key: Vec<u32>,
}

impl Memory {
    pub(super) fn new(columns: usize, features: usize) -> Memory {
        Memory {
            numbers: vec![HashMap::new(); columns],
            values: vec![vec![None]; columns],
            places: vec![HashMap::new(); features],
            bits: vec![Vec::new(); features],
            texts: vec![HashMap::new(); features],
            lists: HashMap::new(),
            oddities: HashMap::new(),
            row_odd: None,
            row_numbers: vec![UNKNOWN; columns],
            row_places: vec![UNKNOWN; features],
            row_words: Seen::default(),
            key: Vec::new(),
        }
    }

    /// Begins with a row in which these columns are mistyped, and forgets all values where there are too many.
    pub(super) fn begin(&mut self, screen: &Screen, mistyped: Option<&str>) {
        if self.values.iter().any(|values| values.len() > VALUES)
            || self.places.iter().any(|places| places.len() > VALUES)
            || self.texts.iter().any(|texts| texts.len() > VALUES)
            || self.oddities.len() > VALUES
        {
            *self = screen.memory();
        }
        self.row_numbers.fill(UNKNOWN);
        self.row_words.forget();
        self.row_odd = mistyped.map(|names| match self.oddities.get(names) {
            Some(odd) => Arc::clone(odd),
            None => {
                let odd = Arc::new(Odd::new(screen, names));
                self.oddities.insert(names.into(), Arc::clone(&odd));
                odd
            }
        });
    }

    /// What is not to be believed of the row at hand.
    pub(super) fn odd(&self) -> Option<&Odd> {
        self.row_odd.as_deref()
    }

    /// The number of a row's value in a column.
    pub(super) fn number(&mut self, rows: &Columns<'_>, column: usize, row: usize) -> u32 {
        if self.row_numbers[column] != UNKNOWN {
            return self.row_numbers[column];
        }
        let number = match rows.text(column, row) {
            None => 0,
            Some(text) => match self.numbers[column].get(text) {
                Some(number) => *number,
                None => {
                    let number = self.values[column].len() as u32;
                    self.numbers[column].insert(text.into(), number);
                    self.values[column].push(Some(text.into()));
                    number
                }
            },
        };
        self.row_numbers[column] = number;
        number
    }
}

/// What is not to be believed where some columns are mistyped.
#[derive(Debug)]
pub(super) struct Odd {
    columns: Vec<bool>,
    features: Vec<bool>,
}

impl Odd {
    fn new(screen: &Screen, mistyped: &str) -> Odd {
        let all = mistyped.starts_with(OVER_LIMIT);
        let names: Vec<&str> = mistyped.split(',').collect();
        let columns: Vec<bool> = screen
            .columns
            .iter()
            .map(|column| all || names.contains(&column.name.as_str()))
            .collect();
        let features = screen.features.iter();
        let rests = |feature: &Feature| feature.columns.iter().any(|column| columns[*column]);
        Odd {
            features: features.map(rests).collect(),
            columns,
        }
    }

    pub(super) fn column(&self, column: usize) -> bool {
        self.columns.get(column).copied().unwrap_or(true)
    }

    fn feature(&self, feature: usize) -> bool {
        self.features.get(feature).copied().unwrap_or(true)
    }
}

/// A row under question.
pub(super) struct Asked<'a, 'r> {
    screen: &'a Screen,
    memory: &'a mut Memory,
    rows: &'a Columns<'r>,
    row: usize,
    /// The record's text, once it is read.
    content: Option<&'a str>,
}

impl<'a, 'r> Asked<'a, 'r> {
    /// The row with which `memory` has begun.
    pub(super) fn new(
        screen: &'a Screen,
        memory: &'a mut Memory,
        rows: &'a Columns<'r>,
        row: usize,
        content: Option<&'a str>,
    ) -> Asked<'a, 'r> {
        Asked {
            screen,
            memory,
            rows,
            row,
            content,
        }
    }

    /// Whether some column of the row is not to be believed.
    pub(super) fn is_odd(&self) -> bool {
        self.memory.row_odd.is_some()
    }

    /// Whether the columns of all these features are to be believed.
    pub(super) fn all_told(&self, features: &[usize]) -> bool {
        !features.iter().any(|feature| self.is_doubtful(*feature))
    }

    /// Whether one of these checks of a feature, as bits, may pass.
    pub(super) fn may_pass(&mut self, feature: usize, checks: &[u64]) -> bool {
        if self.is_doubtful(feature) {
            return true;
        }
        let place = self.bits_of(feature) as usize;
        let bits = self.memory.bits[feature].get(place..).unwrap_or_default();
        bits.iter()
            .zip(checks)
            .any(|(bits, checks)| bits & checks != 0)
    }

    /// Where the bits of a feature are, worked out if nobody has asked yet.
    fn bits_of(&mut self, feature: usize) -> u32 {
        match self.memory.row_places[feature] {
            UNKNOWN => self.place(feature),
            place => place,
        }
    }

    fn is_doubtful(&self, feature: usize) -> bool {
        let odd = self.memory.odd();
        odd.is_some_and(|odd| odd.feature(feature))
    }

    /// Whether the condition may hold.
    pub(super) fn may(&mut self, node: &Node) -> bool {
        match node {
            Node::True | Node::Unknown => true,
            Node::False => false,
            Node::All(parts) => parts.iter().all(|part| self.may(part)),
            Node::Any(parts) => parts.iter().any(|part| self.may(part)),
            Node::Not(part) => self.may_fail(part),
            Node::Word(word) => self.content.is_none_or(|content| {
                let seen = &mut self.memory.row_words;
                self.screen.words.may_have(content, *word, seen)
            }),
            Node::Bit {
                feature,
                check,
                absent,
            } => {
                self.is_doubtful(*feature)
                    || self.bit(*feature, *check)
                    || (*absent && self.is_absent(*feature))
            }
        }
    }

    /// Whether the condition may not hold.
    pub(super) fn may_fail(&mut self, node: &Node) -> bool {
        match node {
            Node::True => false,
            Node::False | Node::Unknown | Node::Word(_) => true,
            Node::All(parts) => parts.iter().any(|part| self.may_fail(part)),
            Node::Any(parts) => parts.iter().all(|part| self.may_fail(part)),
            Node::Not(part) => self.may(part),
            Node::Bit { feature, check, .. } => {
                self.is_doubtful(*feature) || !self.bit(*feature, *check)
            }
        }
    }

    /// The condition with what rests on the event's name alone put in.
    pub(super) fn settle(&mut self, node: &Node) -> Node {
        match node {
            Node::Bit {
                feature,
                check,
                absent,
            } if self.screen.features[*feature].columns == [0] => {
                match self.bit(*feature, *check) {
                    true => Node::True,
                    false if *absent && self.is_absent(*feature) => Node::Unknown,
                    false => Node::False,
                }
            }
            Node::All(parts) => all(parts.iter().map(|part| self.settle(part))),
            Node::Any(parts) => any(parts.iter().map(|part| self.settle(part))),
            Node::Not(part) => not(self.settle(part)),
            node => node.clone(),
        }
    }

    fn is_absent(&mut self, feature: usize) -> bool {
        let screen = self.screen;
        let columns = &screen.features[feature].columns;
        columns
            .iter()
            .all(|column| self.memory.number(self.rows, *column, self.row) == 0)
    }

    fn bit(&mut self, feature: usize, check: usize) -> bool {
        let place = self.bits_of(feature);
        let word = self.memory.bits[feature]
            .get(place as usize + check / 64)
            .copied()
            .unwrap_or_default();
        word >> (check % 64) & 1 == 1
    }

    /// The numbers of the values of a feature's columns.
    fn key(&mut self, feature: &Feature) -> Vec<u32> {
        let mut key = std::mem::take(&mut self.memory.key);
        key.clear();
        for column in &feature.columns {
            key.push(self.memory.number(self.rows, *column, self.row));
        }
        key
    }

    /// Where the bits of the row's values of a feature are.
    fn place(&mut self, number: usize) -> u32 {
        let feature = &self.screen.features[number];
        let key = self.key(feature);
        let place = match self.memory.places[number].get(key.as_slice()) {
            Some(place) => *place,
            None => {
                let mut words = vec![0; feature.checks.len().div_ceil(64)];
                self.visit(feature, &key, |value| {
                    for (check, compiled) in feature.checks.iter().enumerate() {
                        if compiled.passes(value) {
                            words[check / 64] |= 1 << (check % 64);
                        }
                    }
                });
                let place = self.memory.bits[number].len() as u32;
                self.memory.bits[number].extend(words);
                self.memory.places[number].insert(key.as_slice().into(), place);
                place
            }
        };
        self.memory.key = key;
        self.memory.row_places[number] = place;
        place
    }

    /// The texts of the row's values of a feature, each once, in the order in which they come first.
    pub(super) fn texts(&mut self, number: usize) -> Vec<Arc<str>> {
        let feature = &self.screen.features[number];
        let key = self.key(feature);
        let texts = match self.memory.texts[number].get(key.as_slice()) {
            Some(texts) => texts.clone(),
            None => {
                let mut texts: Vec<Arc<str>> = Vec::new();
                self.visit(feature, &key, |value| note(value, &mut texts));
                self.memory.texts[number].insert(key.as_slice().into(), texts.clone());
                texts
            }
        };
        self.memory.key = key;
        texts
    }

    /// The values of a feature where its columns have the values with these numbers.
    fn visit(&self, feature: &Feature, key: &[u32], mut visit: impl FnMut(&Value<'_>)) {
        let given = Given {
            columns: &self.screen.columns,
            places: &feature.columns,
            values: feature
                .columns
                .iter()
                .zip(key)
                .map(|(column, number)| {
                    let values = &self.memory.values[*column];
                    values.get(*number as usize).and_then(Option::as_deref)
                })
                .collect(),
        };
        match &feature.source {
            Source::Column => {
                if let Some(value) = given.value(0) {
                    visit(&value);
                }
            }
            Source::Ecs(field) => {
                for text in field.values(&given) {
                    visit(&Value::String(text.into()));
                }
            }
        }
    }
}

/// Adds the text of a value to the texts of a field's values, each of which stands there once, in the order in which they
/// come first.
pub(in crate::detect) fn note(value: &Value<'_>, texts: &mut Vec<Arc<str>>) {
    let text = match value {
        Value::String(text) => &**text,
        Value::Number(text) => text,
        Value::Boolean(true) => "true",
        Value::Boolean(false) => "false",
        // An array gives its elements besides; an object is no value to group by.
        Value::Json(_) | Value::Null => return,
    };
    if !texts.iter().any(|known| **known == *text) {
        texts.push(text.into());
    }
}
