//! Finding values in a document that is checked as a whole on the way.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use crate::{Cursor, Error};

/// One step of a path into a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The member of an object, by its name without escapes.
    Key(&'a str),
    /// The element of an array: from 0, or from the end for negative ones, -1 the last.
    Index(i64),
}

/// Checks that `document` is one JSON value, with nothing but white space around it.
///
/// # Errors
/// The first thing that is not JSON.
pub fn validate(document: &str) -> Result<(), Error> {
    let mut cursor = Cursor::new(document.as_bytes());
    cursor.skip()?;
    cursor.finish()
}

/// The text of the value at `path`, as it stands in `document`. None if the path leads nowhere: no such member or
/// element, or a step into a value that has none. `document` must be one JSON value, white space around it aside, and
/// all of it is checked.
///
/// # Errors
/// The first thing that is not JSON, wherever it stands.
pub fn get<'a>(document: &'a str, path: &[Step<'_>]) -> Result<Option<&'a str>, Error> {
    let mut cursor = Cursor::new(document.as_bytes());
    let found = find(document, &mut cursor, path)?;
    cursor.finish()?;
    Ok(found)
}

/// What [`get`] finds in a document that is known to be valid JSON; in one that is not, nothing or some part of it.
///
/// It can't stop at the first member with the right name, since the last counts. But where a name of the path occurs
/// nowhere in the document, which is common, a plain search tells so many times faster than the walk would.
pub fn get_trusted<'a>(document: &'a str, path: &[Step<'_>]) -> Option<&'a str> {
    let mut keys = path.iter().filter_map(|step| match step {
        Step::Key(key) => Some(*key),
        Step::Index(_) => None,
    });
    // With a backslash somewhere the name may be written in escapes.
    if memchr(b'\\', document.as_bytes()).is_none() && !keys.all(|key| is_quoted_in(key, document))
    {
        return None;
    }
    get(document, path).ok().flatten()
}

/// A member of an object: its name, escapes undone, and its value as it stands in the text.
pub type Member<'a> = (Cow<'a, str>, &'a str);

/// The members of an object with their values as they stand in the text, white space around them aside. Of several
/// with one name the last counts, at the place of the first. None if `raw` is valid but no object.
///
/// # Errors
/// The first thing that is not JSON.
pub fn members(raw: &str) -> Result<Option<Vec<Member<'_>>>, Error> {
    let mut cursor = Cursor::new(raw.as_bytes());
    if cursor.peek() != Some(b'{') {
        return validate(raw).map(|()| None);
    }
    let mut members: Vec<Member<'_>> = Vec::new();
    let mut member = cursor.first_member()?;
    while let Some(name) = member {
        let name = name.value(raw);
        let start = cursor.at();
        cursor.skip()?;
        members.push((name, &raw[start..cursor.at()]));
        member = cursor.next_member()?;
    }
    cursor.finish()?;
    let order = distinct(&members, |(name, _)| name.as_ref());
    if order.len() < members.len() {
        members = order
            .into_iter()
            .map(|(first, last)| (members[first].0.clone(), members[last].1))
            .collect();
    }
    Ok(Some(members))
}

/// The elements of an array as they stand in the text, white space around them aside. None if `raw` is valid but no
/// array.
///
/// # Errors
/// The first thing that is not JSON.
pub fn elements(raw: &str) -> Result<Option<Vec<&str>>, Error> {
    let mut cursor = Cursor::new(raw.as_bytes());
    if cursor.peek() != Some(b'[') {
        return validate(raw).map(|()| None);
    }
    let mut elements = Vec::new();
    let mut more = cursor.first_element()?;
    while more {
        let start = cursor.at();
        cursor.skip()?;
        elements.push(&raw[start..cursor.at()]);
        more = cursor.next_element()?;
    }
    cursor.finish()?;
    Ok(Some(elements))
}

/// Where the JSON object ends that begins at byte `at` of `text`. None if none begins there, if it breaks off or is
/// malformed, or if it is longer than `limit` bytes. What follows it is not looked at.
pub fn object_end(text: &str, at: usize, limit: usize) -> Option<usize> {
    match text.as_bytes().get(at) {
        Some(b'{') => value_end(text, at, limit),
        _ => None,
    }
}

/// Where the JSON value of any type ends that begins at byte `at` of `text`, as [`object_end`]. A number ends where
/// its grammar ends.
pub fn value_end(text: &str, at: usize, limit: usize) -> Option<usize> {
    // One byte more than allowed, for a number that the cut would make shorter than it is.
    let cut = at.saturating_add(limit).saturating_add(1).min(text.len());
    let mut cursor = Cursor::starting(&text.as_bytes()[..cut], at);
    if cursor.at() != at || cursor.skip().is_err() {
        return None;
    }
    Some(cursor.at()).filter(|end| end - at <= limit)
}

/// For each distinct key its first and last position, in order of the first.
pub(crate) fn distinct<T>(items: &[T], key: impl Fn(&T) -> &str) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|&position| (key(&items[position]), position));
    let mut distinct: Vec<_> = order
        .chunk_by(|&a, &b| key(&items[a]) == key(&items[b]))
        .filter_map(|same| Some((*same.first()?, *same.last()?)))
        .collect();
    distinct.sort_unstable();
    distinct
}

/// Whether `key` stands somewhere in `document` between double quotes.
fn is_quoted_in(key: &str, document: &str) -> bool {
    let bytes = document.as_bytes();
    memmem::find_iter(bytes, key).any(|at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        before == Some(&b'"') && bytes.get(at + key.len()) == Some(&b'"')
    })
}

/// Passes the value under the cursor and gives what is at `path` in it. The recursion ends with the path or at the
/// depth limit.
fn find<'a>(
    document: &'a str,
    cursor: &mut Cursor<'_>,
    path: &[Step<'_>],
) -> Result<Option<&'a str>, Error> {
    match (path.split_first(), cursor.peek()) {
        (None, _) => {
            let start = cursor.at();
            cursor.skip()?;
            Ok(Some(&document[start..cursor.at()]))
        }
        (Some((Step::Key(key), rest)), Some(b'{')) => {
            let mut found = None;
            let mut member = cursor.first_member()?;
            while let Some(name) = member {
                if name.is(document, key) {
                    found = find(document, cursor, rest)?;
                } else {
                    cursor.skip()?;
                }
                member = cursor.next_member()?;
            }
            Ok(found)
        }
        (Some((Step::Index(index), rest)), Some(b'[')) => {
            let wanted = match usize::try_from(*index) {
                Ok(index) => Some(index),
                Err(_) => {
                    let length = count(cursor.clone())?;
                    usize::try_from(index.unsigned_abs())
                        .ok()
                        .and_then(|back| length.checked_sub(back))
                }
            };
            let mut found = None;
            let mut position = 0;
            let mut more = cursor.first_element()?;
            while more {
                if Some(position) == wanted {
                    found = find(document, cursor, rest)?;
                } else {
                    cursor.skip()?;
                }
                position += 1;
                more = cursor.next_element()?;
            }
            Ok(found)
        }
        _ => {
            cursor.skip()?;
            Ok(None)
        }
    }
}

/// How many elements the array under the cursor has.
fn count(mut cursor: Cursor<'_>) -> Result<usize, Error> {
    let mut count = 0;
    let mut more = cursor.first_element()?;
    while more {
        cursor.skip()?;
        count += 1;
        more = cursor.next_element()?;
    }
    Ok(count)
}
