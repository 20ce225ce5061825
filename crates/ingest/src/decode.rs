//! Bytes to records: finds the records in an object's text, whatever stands around them, and gets on after bad ones.
//!
//! Records that stand in the text as they are become rows at once. Those that are wrapped as text or as payloads are
//! unwrapped into a text of their own, which the caller appends and decodes in turn.

use json::{Cursor, Problem, Text};
use memchr::memmem;

use crate::block::Rows;
use crate::container::{Container, container};
use crate::decoded::{Decoded, Other};
use crate::flatten::{Flattener, Refusal, Source, unescaped};
use crate::payload::payload;

/// The key of the array that holds the records of a CloudTrail log.
const RECORDS: &str = "Records";

/// Three bytes that some editors put before UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How deep a record may be wrapped, in texts as in objects. Payloads hold messages, which hold records.
const WRAPPINGS: usize = 4;

/// Where the first element of `Records` shows whether it is a record. CloudTrail begins with `eventVersion`.
const GLANCE: usize = 400;

/// How many bytes of a text are looked through in vain for the ends of bad values. A hostile one could begin millions of
/// them and end none.
const VAIN: usize = 16 << 20;

/// Makes rows of the records in `text[start..]`, which is one object's text. Of wrapped records, at most `limit` bytes
/// are unwrapped.
///
/// Tolerated: a byte order mark, white space, other members beside `Records` and several arrays of that name (what
/// stands in an archive shall not be hidden by a second one), several values one after the other, lines that are broken
/// between lines that are not.
pub(crate) fn decode(
    text: &mut Vec<u8>,
    start: usize,
    limit: usize,
    flattener: &mut Flattener,
    rows: &mut Rows,
) -> Decoded {
    let mut decoded = decode_piece(text, start, limit, flattener, rows, 0);
    decoded.finish();
    decoded
}

/// Likewise for a piece of an object before which `records` came. What its values that are no records count as shows in
/// the [parts](crate::decoded::Parts) together.
pub(crate) fn decode_piece(
    text: &mut Vec<u8>,
    start: usize,
    limit: usize,
    flattener: &mut Flattener,
    rows: &mut Rows,
    records: u64,
) -> Decoded {
    let mut decoded = Decoded::after(records);
    let wrapped = walk(text, start, None, limit, flattener, rows, &mut decoded);
    if decoded.records - records == decoded.refused {
        text.truncate(start);
    }
    let mut layers = wrapped;
    let mut left = limit;
    for _ in 1..WRAPPINGS {
        let mut next = Vec::new();
        for Wrapped { at, bytes } in std::mem::take(&mut layers) {
            let begin = text.len();
            left = left.saturating_sub(bytes.len());
            text.extend_from_slice(&bytes);
            let taken = decoded.records - decoded.refused;
            next.extend(walk(
                text,
                begin,
                Some(at),
                left,
                flattener,
                rows,
                &mut decoded,
            ));
            if decoded.records - decoded.refused == taken {
                text.truncate(begin);
            }
        }
        layers = next;
    }
    // What is wrapped deeper than anybody wraps is nothing that was meant.
    for Wrapped { at, bytes } in layers {
        decoded.foreign(at, &bytes, 0..bytes.len());
    }
    decoded
}

/// A text that records were wrapped as.
struct Wrapped {
    /// Where it stands, in bytes from the start of the object's text.
    at: u64,
    bytes: Vec<u8>,
}

/// Makes rows of the records that stand in `text[start..]` as they are, and gives those that are wrapped. Where that
/// text was unwrapped itself, it stands at `at` of the object's.
fn walk(
    text: &[u8],
    start: usize,
    at: Option<u64>,
    limit: usize,
    flattener: &mut Flattener,
    rows: &mut Rows,
    decoded: &mut Decoded,
) -> Vec<Wrapped> {
    let object = text.get(start..).unwrap_or_default();
    let begin = match object.starts_with(BYTE_ORDER_MARK) {
        true => start + BYTE_ORDER_MARK.len(),
        false => start,
    };
    let mut decoder = Decoder {
        source: Source {
            text,
            checked: std::str::from_utf8(object).is_ok(),
        },
        start,
        at,
        left: limit,
        flattener,
        rows,
        decoded,
        wrapped: Vec::new(),
        around: 0,
        open: None,
        vain: 0,
        line: 0,
        resume: None,
    };
    let mut cursor = Cursor::starting(text, begin);
    while let Err(error) = decoder.values(&mut cursor) {
        let line = next_line(text, decoder.resume.unwrap_or(error.at));
        match at {
            // What was unwrapped is one record, or should be.
            Some(at) => {
                let end = line.unwrap_or(text.len());
                let range = decoder.resume.unwrap_or(error.at)..end;
                let refusal = Refusal::Json(error);
                decoder.decoded.refuse(at, refusal, text, range);
                decoder.decoded.records += 1;
            }
            None => {
                decoder.decoded.broken.get_or_insert(json::Error {
                    at: error.at - start,
                    ..error
                });
            }
        }
        match line {
            Some(line) => cursor = Cursor::starting(text, line),
            None => break,
        }
    }
    decoder.wrapped
}

/// Where the next line begins that is a value of its own, as in files of one value a line; a value that goes over
/// several lines has its parts indented.
fn next_line(text: &[u8], from: usize) -> Option<usize> {
    let found = memmem::find(text.get(from..)?, b"\n{")?;
    Some(from + found + 1)
}

struct Decoder<'a> {
    source: Source<'a>,
    start: usize,
    at: Option<u64>,
    /// Bytes that may still be unwrapped.
    left: usize,
    flattener: &'a mut Flattener,
    rows: &'a mut Rows,
    decoded: &'a mut Decoded,
    wrapped: Vec<Wrapped>,
    /// How many objects stand around the value at hand that are looked into.
    around: usize,
    /// Where the last bad value without an end begins.
    open: Option<usize>,
    /// Bytes that were looked through in vain for the ends of such values, and once that is enough where the line at hand
    /// ends.
    vain: usize,
    line: usize,
    /// Where the value at hand begins, while nothing of it was taken in.
    resume: Option<usize>,
}

impl Decoder<'_> {
    /// A place in the text, in bytes from the start of the object's text.
    fn place(&self, at: usize) -> u64 {
        self.at.unwrap_or((at - self.start) as u64)
    }

    /// Counts and keeps the value between `start` and the cursor, which can't be a row.
    fn refuse(&mut self, start: usize, cursor: &Cursor<'_>, refusal: Refusal) {
        let (at, range) = (self.place(start), start..cursor.at());
        self.decoded.refuse(at, refusal, self.source.text, range);
        self.decoded.records += 1;
    }

    /// Likewise for a value that is no record.
    fn foreign(&mut self, start: usize, cursor: &Cursor<'_>) {
        let (at, range) = (self.place(start), start..cursor.at());
        self.decoded.foreign(at, self.source.text, range);
    }

    /// Passes all values.
    fn values(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        while cursor.peek().is_some() {
            self.resume = Some(cursor.at());
            self.value(cursor)?;
            cursor.space();
        }
        Ok(())
    }

    /// Passes a value, taking in the records that it holds.
    fn value(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        match cursor.peek() {
            Some(b'{') => self.object(cursor),
            Some(b'[') => {
                self.resume = None;
                let mut more = cursor.first_element()?;
                // Nothing is a list of no records as well as of anything else.
                self.decoded.found |= !more;
                while more {
                    let before = cursor.clone();
                    if let Err(error) = self.value(cursor) {
                        self.pass_broken(cursor, before, error)?;
                    }
                    more = cursor.next_element()?;
                }
                Ok(())
            }
            _ => {
                let start = cursor.at();
                cursor.skip()?;
                self.foreign(start, cursor);
                Ok(())
            }
        }
    }

    fn object(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        let before = cursor.clone();
        let start = cursor.at();
        // What nearly all objects are: a log that begins with its records.
        let mut ahead = cursor.clone();
        let first = ahead.first_member()?;
        let is_log = first.is_some_and(|name| unescaped(self.source, name) == RECORDS)
            && ahead.peek() == Some(b'[');
        let found = match is_log {
            true => Container::Log,
            false => container(self.source, cursor)?,
        };
        self.decoded.found |= !matches!(
            found,
            Container::Digest | Container::Control | Container::Foreign
        );
        match found {
            Container::Log => {
                *cursor = before;
                self.log(cursor)
            }
            Container::Record => {
                *cursor = before;
                self.record(cursor)
            }
            Container::Around(value) | Container::Many(value) if self.around < WRAPPINGS => {
                self.around += 1;
                let passed = self.value(&mut Cursor::starting(self.source.text, value));
                self.around -= 1;
                passed
            }
            Container::Messages(array) => {
                self.messages(&mut Cursor::starting(self.source.text, array))
            }
            Container::Text(text) => {
                let bytes = unescaped(self.source, text).into_owned().into_bytes();
                self.unwrap(text, bytes);
                Ok(())
            }
            Container::Payload(text) => {
                match payload(&unescaped(self.source, text), self.left) {
                    Ok(bytes) => self.unwrap(text, bytes),
                    Err(_) => self.refuse(start, cursor, Refusal::Payload),
                }
                Ok(())
            }
            Container::Digest => {
                self.decoded.hint.get_or_insert(Other::Digest);
                Ok(())
            }
            Container::Control => {
                self.decoded.hint.get_or_insert(Other::Control);
                Ok(())
            }
            // To look at what is in it is to walk over it once more: nobody shall have that done five hundred times.
            Container::Around(_) | Container::Many(_) | Container::Foreign => {
                self.foreign(start, cursor);
                Ok(())
            }
        }
    }

    /// Keeps a text that records are wrapped as for later.
    fn unwrap(&mut self, text: Text, bytes: Vec<u8>) {
        let at = self.place(text.start);
        if bytes.len() > self.left {
            self.decoded
                .refuse(at, Refusal::Payload, &bytes, 0..bytes.len());
            self.decoded.records += 1;
            return;
        }
        self.left -= bytes.len();
        self.wrapped.push(Wrapped { at, bytes });
    }

    /// Passes the events of a message of CloudWatch Logs, each with a record as its text.
    fn messages(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        let mut more = cursor.first_element()?;
        while more {
            let start = cursor.at();
            match cursor.peek() {
                Some(b'{') => match container(self.source, cursor)? {
                    Container::Text(text) => {
                        let bytes = unescaped(self.source, text).into_owned().into_bytes();
                        self.unwrap(text, bytes);
                    }
                    _ => self.foreign(start, cursor),
                },
                _ => {
                    cursor.skip()?;
                    self.foreign(start, cursor);
                }
            }
            more = cursor.next_element()?;
        }
        Ok(())
    }

    /// Passes a log, taking in the records that it holds.
    fn log(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        self.decoded.found = true;
        self.resume = None;
        let mut member = cursor.first_member()?;
        while let Some(name) = member {
            let key = unescaped(self.source, name);
            if key == RECORDS && cursor.peek() == Some(b'[') {
                self.records(cursor)?;
            } else {
                cursor.skip()?;
            }
            member = cursor.next_member()?;
        }
        Ok(())
    }

    /// Passes an array of records. The notifications of other services come in arrays of the same name.
    fn records(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        let mut more = cursor.first_element()?;
        let glance = self.source.text.get(cursor.at()..).unwrap_or_default();
        let glance = glance.get(..GLANCE).unwrap_or(glance);
        let others = memmem::find(glance, b"\"aws:").is_some()
            && container(self.source, &mut cursor.clone())
                .is_ok_and(|found| found != Container::Record);
        while more {
            if others {
                self.value(cursor)?;
            } else {
                self.record(cursor)?;
            }
            more = cursor.next_element()?;
        }
        Ok(())
    }

    fn record(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        let before = cursor.clone();
        let index = u32::try_from(self.decoded.records).unwrap_or(u32::MAX);
        let taken = self.flattener.record(self.source, cursor, index, self.rows);
        match taken {
            Ok(()) => self.decoded.records += 1,
            Err(Refusal::Json(error)) => self.pass_broken(cursor, before, error)?,
            Err(refusal) => self.refuse(before.at(), cursor, refusal),
        }
        Ok(())
    }

    /// A bad record must not take those behind it along. Where it has no end, the object breaks off in it.
    fn pass_broken<'t>(
        &mut self,
        cursor: &mut Cursor<'t>,
        before: Cursor<'t>,
        error: json::Error,
    ) -> Result<(), json::Error> {
        let start = before.at();
        *cursor = before;
        // What stands around a value without an end has none either.
        let open = self.open.is_some_and(|at| at > start);
        if open || error.problem == Problem::End {
            return Err(error);
        }
        if cursor.skip_balanced(self.limit(start)).is_err() {
            self.vain += cursor.at() - start;
            self.open = Some(start);
            return Err(error);
        }
        self.refuse(start, cursor, Refusal::Json(error));
        Ok(())
    }

    /// Up to where the end of a bad value is looked for that begins at `start`.
    fn limit(&mut self, start: usize) -> usize {
        if self.vain < VAIN {
            return self.source.text.len();
        }
        if start >= self.line {
            self.line = next_line(self.source.text, start).unwrap_or(self.source.text.len());
        }
        self.line
    }
}
