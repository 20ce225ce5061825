//! Which rules an event may meet, told from columns alone.
//!
//! A rule's condition becomes a tree whose leaves are bits: whether one of the values of a field passes a check. Most
//! columns hold few different values, so that a bit is worked out once a value and then looked up; and a rule that the
//! event's name rules out is not even looked at: each name has its own list of rules. What columns can't tell is unknown,
//! and a rule is left out only where no answer to that could save it. Of what is in no column a word may still be known
//! that the record's text must have ([`super::words`]).

use std::sync::Arc;

use hashbrown::HashMap;
use rules::check::Compiled;
use rules::ecs::{self, EcsField};
use rules::{Check, Condition, Field, Test};

use super::plan::{Column, Columns, Given};
use super::words::{self, Seen, Words};

/// Beyond so many different values of a field what is known of them is forgotten, and begins anew.
const VALUES: usize = 1 << 16;

/// What is not worked out yet for the row at hand.
const UNKNOWN: u32 = u32::MAX;

/// Many conditions over columns. It may be shared between threads; each has a [`Memory`] of its own.
#[derive(Debug)]
pub(super) struct Screen {
    /// The columns that conditions look at, the event's name first if there is one.
    columns: Vec<Column>,
    features: Vec<Feature>,
    words: Words,
    rules: Vec<Node>,
}

/// What is tested: a field whose values follow from columns, and the checks of it, a bit each.
#[derive(Debug)]
struct Feature {
    source: Source,
    /// The columns that it rests on.
    columns: Vec<usize>,
    checks: Vec<Compiled>,
}

#[derive(Debug)]
enum Source {
    /// The value of the one column.
    Column,
    Ecs(EcsField),
}

/// A condition, as far as columns can tell it.
#[derive(Clone, Debug)]
enum Node {
    True,
    False,
    /// The columns can't tell.
    Unknown,
    /// It does not hold where the record's text lacks this word; otherwise nobody can tell.
    Word(usize),
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A check of a feature. With `absent` the columns can't tell where there is no value.
    Bit {
        feature: usize,
        check: usize,
        absent: bool,
    },
}

/// What one thread has found out about values.
#[derive(Debug)]
pub(super) struct Memory {
    /// For each column, its values' numbers; 0 is none.
    numbers: Vec<HashMap<Box<str>, u32>>,
    /// For each column, its values by number.
    values: Vec<Vec<Option<Box<str>>>>,
    /// For each feature, where the bits of its columns' values begin.
    places: Vec<HashMap<Box<[u32]>, u32>>,
    bits: Vec<Vec<u64>>,
    /// For each name, the rules that it does not rule out.
    lists: HashMap<u32, Arc<[(u32, Node)]>>,
    /// Of the row at hand: the values' numbers, and where features' bits are, as far as they were asked for.
    row_numbers: Vec<u32>,
    row_places: Vec<u32>,
    row_words: Seen,
    key: Vec<u32>,
}

impl Screen {
    /// A screen of these conditions, each a rule with its place in the list as its number. `declared` are the columns that
    /// all files of the scan have.
    ///
    /// # Errors
    /// What is wrong with an expression or a network of a condition, in words.
    pub(super) fn new(declared: &[Column], conditions: &[&Condition]) -> Result<Screen, String> {
        let mut making = Making {
            declared,
            columns: Vec::new(),
            features: Vec::new(),
            known: HashMap::new(),
            words: Vec::new(),
        };
        making.column(&["eventName".to_owned()]);
        let rules = conditions
            .iter()
            .map(|condition| making.node(condition))
            .collect::<Result<_, _>>()?;
        Ok(Screen {
            columns: making.columns,
            features: making.features,
            words: Words::new(&making.words)?,
            rules,
        })
    }

    /// The columns to read, in the order in which rows are given.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What a thread needs to ask.
    pub(super) fn memory(&self) -> Memory {
        Memory {
            numbers: vec![HashMap::new(); self.columns.len()],
            values: vec![vec![None]; self.columns.len()],
            places: vec![HashMap::new(); self.features.len()],
            bits: vec![Vec::new(); self.features.len()],
            lists: HashMap::new(),
            row_numbers: vec![UNKNOWN; self.columns.len()],
            row_places: vec![UNKNOWN; self.features.len()],
            row_words: Seen::default(),
            key: Vec::new(),
        }
    }

    /// Whether there is a rule that the row may meet.
    pub(super) fn any(&self, memory: &mut Memory, rows: &Columns<'_>, row: usize) -> bool {
        if rows.odd(row) {
            return true;
        }
        let list = self.begin(memory, rows, row);
        let mut asked = Asked {
            screen: self,
            memory,
            rows,
            row,
            content: None,
        };
        list.iter().any(|(_, node)| asked.may(node))
    }

    /// Puts the numbers of the rules that the row, whose record has this text, may meet into `out`.
    pub(super) fn candidates(
        &self,
        memory: &mut Memory,
        rows: &Columns<'_>,
        (row, content): (usize, &str),
        out: &mut Vec<u32>,
    ) {
        out.clear();
        if rows.odd(row) {
            out.extend(0..self.rules.len() as u32);
            return;
        }
        let list = self.begin(memory, rows, row);
        let mut asked = Asked {
            screen: self,
            memory,
            rows,
            row,
            content: Some(content),
        };
        let may = list.iter().filter(|(_, node)| asked.may(node));
        out.extend(may.map(|(rule, _)| *rule));
    }

    /// Begins with a row, and gives the rules that its name leaves.
    fn begin(&self, memory: &mut Memory, rows: &Columns<'_>, row: usize) -> Arc<[(u32, Node)]> {
        if memory.values.iter().any(|values| values.len() > VALUES)
            || memory.places.iter().any(|places| places.len() > VALUES)
        {
            *memory = self.memory();
        }
        memory.row_numbers.fill(UNKNOWN);
        memory.row_words.forget();
        // Files that another program wrote may lack all columns.
        let name = match self.columns.is_empty() {
            true => 0,
            false => memory.number(rows, 0, row),
        };
        if let Some(list) = memory.lists.get(&name) {
            if !list.is_empty() {
                memory.row_places.fill(UNKNOWN);
            }
            return Arc::clone(list);
        }
        memory.row_places.fill(UNKNOWN);
        let list: Vec<(u32, Node)> = (0_u32..)
            .zip(&self.rules)
            .filter_map(|(rule, node)| {
                let mut asked = Asked {
                    screen: self,
                    memory,
                    rows,
                    row,
                    content: None,
                };
                match asked.settle(node) {
                    Node::False => None,
                    node => Some((rule, node)),
                }
            })
            .collect();
        let list: Arc<[_]> = list.into();
        memory.lists.insert(name, Arc::clone(&list));
        list
    }
}

impl Memory {
    /// The number of a row's value in a column.
    fn number(&mut self, rows: &Columns<'_>, column: usize, row: usize) -> u32 {
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

/// A row under question.
struct Asked<'a, 'r> {
    screen: &'a Screen,
    memory: &'a mut Memory,
    rows: &'a Columns<'r>,
    row: usize,
    /// The record's text, once it is read.
    content: Option<&'a str>,
}

impl Asked<'_, '_> {
    /// Whether the condition may hold.
    fn may(&mut self, node: &Node) -> bool {
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
            } => self.bit(*feature, *check) || (*absent && self.is_absent(*feature)),
        }
    }

    /// Whether the condition may not hold.
    fn may_fail(&mut self, node: &Node) -> bool {
        match node {
            Node::True => false,
            Node::False | Node::Unknown | Node::Word(_) => true,
            Node::All(parts) => parts.iter().any(|part| self.may_fail(part)),
            Node::Any(parts) => parts.iter().all(|part| self.may_fail(part)),
            Node::Not(part) => self.may(part),
            Node::Bit { feature, check, .. } => !self.bit(*feature, *check),
        }
    }

    /// The condition with what rests on the event's name alone put in.
    fn settle(&mut self, node: &Node) -> Node {
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
        let place = match self.memory.row_places[feature] {
            UNKNOWN => self.place(feature),
            place => place,
        };
        let word = self.memory.bits[feature]
            .get(place as usize + check / 64)
            .copied()
            .unwrap_or_default();
        word >> (check % 64) & 1 == 1
    }

    /// Where the bits of the row's values of a feature are.
    fn place(&mut self, number: usize) -> u32 {
        let feature = &self.screen.features[number];
        let mut key = std::mem::take(&mut self.memory.key);
        key.clear();
        for column in &feature.columns {
            key.push(self.memory.number(self.rows, *column, self.row));
        }
        let place = match self.memory.places[number].get(key.as_slice()) {
            Some(place) => *place,
            None => {
                let words = self.work_out(feature, &key);
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

    /// The bits of a feature where its columns have the values with these numbers.
    fn work_out(&self, feature: &Feature, key: &[u32]) -> Vec<u64> {
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
        let mut words = vec![0; feature.checks.len().div_ceil(64)];
        let mut mark = |value: &rules::check::Value<'_>| {
            for (check, compiled) in feature.checks.iter().enumerate() {
                if compiled.passes(value) {
                    words[check / 64] |= 1 << (check % 64);
                }
            }
        };
        match &feature.source {
            Source::Column => {
                if let Some(value) = given.value(0) {
                    mark(&value);
                }
            }
            Source::Ecs(field) => {
                for text in field.values(&given) {
                    mark(&rules::check::Value::String(text.into()));
                }
            }
        }
        words
    }
}

/// A screen in the making.
struct Making<'a> {
    declared: &'a [Column],
    columns: Vec<Column>,
    features: Vec<Feature>,
    /// Checks by field and how they are written.
    known: HashMap<(Field, String), (usize, usize)>,
    words: Vec<String>,
}

impl Making<'_> {
    fn node(&mut self, condition: &Condition) -> Result<Node, String> {
        Ok(match condition {
            Condition::All(parts) => {
                let parts: Vec<Node> = self.nodes(parts)?;
                all(parts.into_iter())
            }
            Condition::Any(parts) => {
                let parts: Vec<Node> = self.nodes(parts)?;
                any(parts.into_iter())
            }
            Condition::Not(part) => not(self.node(part)?),
            Condition::Test(test) => self.test(test)?,
        })
    }

    fn nodes(&mut self, parts: &[Condition]) -> Result<Vec<Node>, String> {
        parts.iter().map(|part| self.node(part)).collect()
    }

    fn test(&mut self, test: &Test) -> Result<Node, String> {
        if matches!(test.check, Check::Other(..)) {
            return Ok(Node::Unknown);
        }
        if let Field::Ecs(name) = &test.field {
            match ecs::find(name) {
                None => return Ok(Node::False),
                Some(field) if let Some(constant) = field.constant() => {
                    let passes = Compiled::new(&test.check)?
                        .passes(&rules::check::Value::String(constant.into()));
                    return Ok(if passes { Node::True } else { Node::False });
                }
                Some(_) => {}
            }
        }
        let key = (test.field.clone(), format!("{:?}", test.check));
        let (feature, check) = match self.known.get(&key) {
            Some(known) => *known,
            None => {
                let Some(feature) = self.feature(&test.field) else {
                    // Said here as well, where columns have no part in it.
                    Compiled::new(&test.check)?;
                    return Ok(self.word(test));
                };
                let checks = &mut self.features[feature].checks;
                checks.push(Compiled::new(&test.check)?);
                let place = (feature, checks.len() - 1);
                self.known.insert(key, place);
                place
            }
        };
        Ok(Node::Bit {
            feature,
            check,
            // A column has nothing where the record has null, and where it has no such key.
            absent: matches!(test.check, Check::Key),
        })
    }

    /// The test by a word that the record's text must have.
    fn word(&mut self, test: &Test) -> Node {
        let word = match test.field {
            // Values of documents may be made, and stand nowhere in the record.
            Field::Ecs(_) => None,
            Field::Path(_) | Field::Anywhere => words::of(&test.check),
        };
        let Some(word) = word else {
            return Node::Unknown;
        };
        let known = self.words.iter().position(|known| known == word);
        Node::Word(known.unwrap_or_else(|| {
            self.words.push(word.to_owned());
            self.words.len() - 1
        }))
    }

    /// The feature of a field; none where columns don't tell its values.
    fn feature(&mut self, field: &Field) -> Option<usize> {
        let (source, columns) = match field {
            Field::Anywhere => return None,
            Field::Path(path) => (Source::Column, vec![self.column(path)?]),
            Field::Ecs(name) => {
                let field = ecs::find(name).filter(|field| !field.needs_geo())?;
                let columns = field.reads().iter().map(|path| {
                    let keys: Vec<String> = path.split('.').map(str::to_owned).collect();
                    self.column(&keys)
                });
                let columns = columns.collect::<Option<Vec<usize>>>()?;
                (Source::Ecs(field), columns)
            }
        };
        let same = |known: &Feature| {
            known.columns == columns
                && match (&known.source, &source) {
                    (Source::Column, Source::Column) => true,
                    (Source::Ecs(a), Source::Ecs(b)) => a.name() == b.name(),
                    _ => false,
                }
        };
        if let Some(place) = self.features.iter().position(same) {
            return Some(place);
        }
        self.features.push(Feature {
            source,
            columns,
            checks: Vec::new(),
        });
        Some(self.features.len() - 1)
    }

    /// The place of the column that holds just the value at a path.
    fn column(&mut self, path: &[String]) -> Option<usize> {
        if let Some(place) = self.columns.iter().position(|known| known.path == path) {
            return Some(place);
        }
        let column = self.declared.iter().find(|column| column.path == path)?;
        self.columns.push(column.clone());
        Some(self.columns.len() - 1)
    }
}

fn all(parts: impl Iterator<Item = Node>) -> Node {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Node::True => {}
            Node::False => return Node::False,
            Node::All(parts) => kept.extend(parts),
            part => kept.push(part),
        }
    }
    match kept.len() {
        0 => Node::True,
        1 => kept.remove(0),
        _ => Node::All(kept),
    }
}

fn any(parts: impl Iterator<Item = Node>) -> Node {
    let mut kept = Vec::new();
    for part in parts {
        match part {
            Node::False => {}
            Node::True => return Node::True,
            Node::Any(parts) => kept.extend(parts),
            part => kept.push(part),
        }
    }
    match kept.len() {
        0 => Node::False,
        1 => kept.remove(0),
        _ => Node::Any(kept),
    }
}

fn not(part: Node) -> Node {
    match part {
        Node::True => Node::False,
        Node::False => Node::True,
        Node::Unknown => Node::Unknown,
        Node::Not(part) => *part,
        part => Node::Not(Box::new(part)),
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, BooleanArray, StringViewArray};

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

    /// The rules that each row may meet. A row is a name, whether it only read, and what is mistyped.
    fn may(
        declared: &[Column],
        conditions: &[Condition],
        rows: &[(Option<&str>, Option<bool>, Option<&str>)],
    ) -> Vec<Vec<u32>> {
        let conditions: Vec<&Condition> = conditions.iter().collect();
        let screen = Screen::new(declared, &conditions).expect("sound conditions");
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
            screen.candidates(&mut memory, &columns, (row, "{}"), &mut found);
            // Before the record is read nobody knows its words; all else is the same.
            assert!(found.is_empty() || screen.any(&mut memory, &columns, row));
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
        let all: Vec<u32> = (0..5).collect();
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
                all.clone()
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
}
