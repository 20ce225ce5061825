//! Record to row: one walk over its JSON that checks the syntax and finds the columns' values at the same time.

use std::borrow::Cow;

use json::{Cursor, Text};
use lake::cloudtrail::{JSON_LIMIT, OVER_LIMIT};
use lake::{Column, Kind};

use crate::block::Rows;
use crate::time::{self, Instant};
use crate::trie::{Node, Trie, Walk};

/// Finds the columns of records. Each worker has its own.
pub(crate) struct Flattener {
    trie: Trie,
    names: Vec<String>,
    /// Of each column whether its texts repeat.
    repeats: Vec<bool>,
    /// The columns of this record whose value has another form.
    mistyped: Vec<usize>,
}

/// Why a record can't be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is not valid JSON.
    Json(json::Error),
    /// It is valid, but no object.
    NoObject,
    /// Its bytes are not UTF-8.
    NotUtf8,
    /// It is wrapped in a payload that can't be unpacked.
    Payload,
    /// It is larger than any row may be.
    TooLarge,
    /// It is no record, but stands where records stand.
    Foreign,
}

impl Refusal {
    /// Whether it is the same fault, wherever it stands.
    pub(crate) fn is_like(self, other: Refusal) -> bool {
        match (self, other) {
            (Refusal::Json(a), Refusal::Json(b)) => a.problem == b.problem,
            (a, b) => a == b,
        }
    }
}

impl From<json::Error> for Refusal {
    fn from(error: json::Error) -> Self {
        Refusal::Json(error)
    }
}

/// The text that records are read from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    /// All of it.
    pub(crate) text: &'a [u8],
    /// Whether it is known to be UTF-8.
    pub(crate) checked: bool,
}

impl Flattener {
    pub(crate) fn new(columns: &[Column]) -> Flattener {
        Flattener {
            trie: Trie::new(columns),
            names: columns.iter().map(|column| column.name.clone()).collect(),
            repeats: columns.iter().map(Column::repeats).collect(),
            mistyped: Vec::new(),
        }
    }

    /// Passes the record under the cursor, and makes a row of it. If it is refused there is no row, and for
    /// [`Refusal::Json`] the cursor may be anywhere.
    pub(crate) fn record(
        &mut self,
        source: Source<'_>,
        cursor: &mut Cursor<'_>,
        index: u32,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        let result = self.fill(source, cursor, index, rows);
        if result.is_err() {
            rows.abandon();
        }
        result
    }

    fn fill(
        &mut self,
        source: Source<'_>,
        cursor: &mut Cursor<'_>,
        index: u32,
        rows: &mut Rows,
    ) -> Result<(), Refusal> {
        self.mistyped.clear();
        let start = cursor.at();
        if cursor.peek() != Some(b'{') {
            cursor.skip()?;
            return Err(Refusal::NoObject);
        }
        self.object(source, cursor, 0, rows)?;
        let length = cursor.at() - start;
        if !source.checked && std::str::from_utf8(&source.text[start..cursor.at()]).is_err() {
            return Err(Refusal::NotUtf8);
        }
        let mistyped = self.mistyped_names(length);
        rows.finish(start, length, index, mistyped.as_deref());
        Ok(())
    }

    /// Passes an object at a node of the tree. The recursion ends with the tree.
    fn object(
        &mut self,
        source: Source<'_>,
        cursor: &mut Cursor<'_>,
        node: Node,
        rows: &mut Rows,
    ) -> Result<(), json::Error> {
        let mut walk = Walk::default();
        let mut member = cursor.first_member()?;
        while let Some(name) = member {
            let step = match name.escaped {
                false => self
                    .trie
                    .step(node, &mut walk, &source.text[name.start..name.end]),
                true => self
                    .trie
                    .step(node, &mut walk, unescaped(source, name).as_bytes()),
            };
            match step {
                None => cursor.skip()?,
                Some(step) => {
                    // The last of several members with one name counts, with all that is in it.
                    if step.again {
                        self.forget(step.node, rows);
                    }
                    self.value(source, cursor, step.node, rows)?;
                }
            }
            member = cursor.next_member()?;
        }
        Ok(())
    }

    /// Passes a value at a node of the tree.
    fn value(
        &mut self,
        source: Source<'_>,
        cursor: &mut Cursor<'_>,
        node: Node,
        rows: &mut Rows,
    ) -> Result<(), json::Error> {
        let start = cursor.at();
        let mut string = None;
        match cursor.peek() {
            Some(b'"') => string = Some(cursor.string()?),
            Some(b'{') if self.trie.leads_on(node) => self.object(source, cursor, node, rows)?,
            Some(b'[') if self.trie.leads_on(node) => {
                cursor.skip()?;
                // What its elements hold at the columns' places is in no column, and rules look for it there.
                let own = self.trie.column(node).map(|(column, _)| column);
                let below = self.trie.below(node).iter().copied();
                self.mistyped
                    .extend(below.filter(|column| Some(*column) != own));
            }
            _ => cursor.skip()?,
        }
        let Some((column, kind)) = self.trie.column(node) else {
            return Ok(());
        };
        let raw = &source.text[start..cursor.at()];
        match (kind, string) {
            _ if raw == b"null" => (),
            (Kind::Json, _) => rows.set_text(column, start, raw.len()),
            (Kind::Text, Some(text)) if text.escaped => {
                rows.set_unescaped(column, unescaped(source, text))
            }
            (Kind::Text, Some(text)) if self.repeats[column] => {
                rows.set_shared(column, text.start, &source.text[text.start..text.end]);
            }
            (Kind::Text, Some(text)) => rows.set_text(column, text.start, text.end - text.start),
            (Kind::Timestamp, Some(text)) => {
                match time::parse(unescaped(source, text).as_bytes()) {
                    Instant::Exact(micros) => rows.set_long(column, micros),
                    Instant::Other(micros) => {
                        rows.set_long(column, micros);
                        self.mistyped.push(column);
                    }
                    Instant::Absurd => self.mistyped.push(column),
                }
            }
            (Kind::Boolean, None) if raw == b"true" => rows.set_boolean(column, true),
            (Kind::Boolean, None) if raw == b"false" => rows.set_boolean(column, false),
            (Kind::Long, None) => match std::str::from_utf8(raw).ok().and_then(json::as_long) {
                Some(value) => rows.set_long(column, value),
                None => self.mistyped.push(column),
            },
            _ => self.mistyped.push(column),
        }
        Ok(())
    }

    /// Takes back what an earlier member with the same name gave.
    fn forget(&mut self, node: Node, rows: &mut Rows) {
        let below = self.trie.below(node);
        for &column in below {
            rows.clear(column);
        }
        self.mistyped.retain(|column| !below.contains(column));
    }

    /// What stands in `mistyped` for a record of this many bytes.
    fn mistyped_names(&mut self, length: usize) -> Option<String> {
        self.mistyped.sort_unstable();
        let over = (length > JSON_LIMIT).then_some(OVER_LIMIT);
        let names = self
            .mistyped
            .iter()
            .map(|&column| self.names[column].as_str());
        let names: Vec<&str> = over.into_iter().chain(names).collect();
        (!names.is_empty()).then(|| names.join(","))
    }
}

/// The value of a string. Where its bytes are not UTF-8 the record is refused in the end, whatever is read here.
pub(crate) fn unescaped<'a>(source: Source<'a>, text: Text) -> Cow<'a, str> {
    match std::str::from_utf8(&source.text[text.start..text.end]) {
        Ok(body) if text.escaped => json::unescape(body),
        Ok(body) => Cow::Borrowed(body),
        Err(_) => Cow::Borrowed(""),
    }
}
