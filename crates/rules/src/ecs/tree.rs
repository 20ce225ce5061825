//! The values of a record after the removal of what is empty.

use json::{Cursor, Error};

use super::{REMOVED, Source};

/// A value that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    /// A string.
    Text(String),
    /// A number or `true` or `false`, as it is written.
    Plain(String),
    /// An array; not empty.
    Array(Vec<Tree>),
    /// An object; not empty.
    Object {
        /// The members, in order.
        members: Vec<(String, Tree)>,
        /// How many members it had before the removal.
        parsed: usize,
    },
}

impl Tree {
    /// The value of a member; none for what is no object.
    pub(super) fn get(&self, key: &str) -> Option<&Tree> {
        match self {
            Tree::Object { members, .. } => {
                let found = members.iter().find(|(name, _)| name == key);
                found.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The text of a value that is neither object nor array.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Tree::Text(text) | Tree::Plain(text) => Some(text),
            _ => None,
        }
    }

    /// Appends the texts of the value or, in an array, of its elements. An object has none.
    pub(super) fn texts(&self, out: &mut Vec<String>) {
        match self {
            Tree::Array(elements) => elements.iter().for_each(|element| element.texts(out)),
            _ => out.extend(self.text().map(str::to_owned)),
        }
    }
}

/// The value at a path, cleaned; none where nothing is left of it.
pub(super) fn tree(source: &dyn Source, path: &str) -> Option<Tree> {
    let keys: Vec<&str> = path.split('.').collect();
    let raw = source.raw(&keys)?;
    read(&raw)
}

/// The texts at a path.
pub(super) fn texts(source: &dyn Source, path: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(tree) = tree(source, path) {
        tree.texts(&mut out);
    }
    out
}

/// The first text at a path.
pub(super) fn text(source: &dyn Source, path: &str) -> Option<String> {
    texts(source, path).into_iter().next()
}

/// A JSON text, cleaned; none where nothing is left of it, and for what is no JSON.
pub(super) fn read(raw: &str) -> Option<Tree> {
    let mut cursor = Cursor::new(raw.as_bytes());
    let tree = value(raw, &mut cursor).ok()?;
    cursor.finish().ok()?;
    tree
}

/// Passes the value under the cursor. The recursion ends at the scanner's depth limit.
fn value(raw: &str, cursor: &mut Cursor<'_>) -> Result<Option<Tree>, Error> {
    Ok(match cursor.peek() {
        Some(b'{') => object(raw, cursor)?,
        Some(b'[') => {
            let mut elements = Vec::new();
            let mut more = cursor.first_element()?;
            while more {
                elements.extend(value(raw, cursor)?);
                more = cursor.next_element()?;
            }
            (!elements.is_empty()).then_some(Tree::Array(elements))
        }
        Some(b'"') => {
            let text = cursor.string()?.value(raw);
            let removed = REMOVED.contains(&text.as_ref());
            (!removed).then(|| Tree::Text(text.into_owned()))
        }
        _ => {
            let start = cursor.at();
            cursor.skip()?;
            let plain = &raw[start..cursor.at()];
            (plain != "null").then(|| Tree::Plain(plain.to_owned()))
        }
    })
}

/// An object. Of several members with one name the last counts, at the place of the first.
fn object(raw: &str, cursor: &mut Cursor<'_>) -> Result<Option<Tree>, Error> {
    let mut all: Vec<(String, Option<Tree>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut member = cursor.first_member()?;
    while let Some(name) = member {
        let name = name.value(raw).into_owned();
        let value = value(raw, cursor)?;
        let place = *places.entry(name.clone()).or_insert(all.len());
        match all.get_mut(place) {
            Some(known) => known.1 = value,
            None => all.push((name, value)),
        }
        member = cursor.next_member()?;
    }
    let parsed = all.len();
    let members: Vec<(String, Tree)> = all
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect();
    Ok((!members.is_empty()).then_some(Tree::Object { members, parsed }))
}
