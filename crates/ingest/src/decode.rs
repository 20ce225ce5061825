//! Bytes to records: finds the records in an object's text, whatever stands around them, and gets on after bad ones.

use json::{Cursor, Problem};

use crate::block::Rows;
use crate::flatten::{Flattener, Refusal, Source, unescaped};

/// The key of the array that holds the records of a CloudTrail log.
const RECORDS: &str = "Records";

/// Three bytes that some editors put before UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many refusals of one object are described; a hostile one could hold millions.
const REFUSALS: usize = 20;

/// What an object turned out to hold.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    /// Records seen, taken in or not.
    pub(crate) records: u64,
    /// Records that were not taken in.
    pub(crate) refused: u64,
    /// The first of them: where they begin, in bytes from the start of the text, and why.
    pub(crate) refusals: Vec<(u64, Refusal)>,
    /// Where and how the JSON breaks off, if it does.
    pub(crate) broken: Option<json::Error>,
    /// What it is, if it holds no `Records`.
    pub(crate) other: Option<Other>,
}

/// Objects that hold no array `Records`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A digest, which vouches for logs and holds no events.
    Digest,
    /// JSON that has nothing to do with CloudTrail, as far as can be seen.
    Foreign,
    /// A bare array.
    Array,
    /// A single record.
    Record,
    /// Several values one after the other.
    Lines,
}

/// Makes rows of the records in `text[start..]`, which is one object's text.
///
/// Tolerated: a byte order mark, white space, other members beside `Records` and several arrays of that name (what
/// stands in an archive shall not be hidden by a second one), several logs one after the other.
pub(crate) fn decode(
    text: &[u8],
    start: usize,
    flattener: &mut Flattener,
    rows: &mut Rows,
) -> Decoded {
    let object = text.get(start..).unwrap_or_default();
    let source = Source {
        text,
        checked: std::str::from_utf8(object).is_ok(),
    };
    let begin = match object.starts_with(BYTE_ORDER_MARK) {
        true => start + BYTE_ORDER_MARK.len(),
        false => start,
    };
    let mut decoder = Decoder {
        source,
        start,
        flattener,
        rows,
        decoded: Decoded::default(),
        logs: 0,
        values: 0,
        hint: None,
    };
    let broken = decoder.values(Cursor::starting(text, begin)).err();
    let mut decoded = decoder.decoded;
    decoded.broken = broken.map(|error| json::Error {
        at: error.at - start,
        ..error
    });
    if decoder.logs == 0 && (decoded.broken.is_none() || decoder.hint.is_some()) {
        decoded.other = Some(match decoder.values {
            0 | 1 => decoder.hint.unwrap_or(Other::Foreign),
            _ => Other::Lines,
        });
    }
    decoded
}

struct Decoder<'a> {
    source: Source<'a>,
    start: usize,
    flattener: &'a mut Flattener,
    rows: &'a mut Rows,
    decoded: Decoded,
    /// Arrays `Records` so far.
    logs: usize,
    /// Values at the top so far.
    values: usize,
    /// What the first value at the top looks like, if it holds no `Records`.
    hint: Option<Other>,
}

impl Decoder<'_> {
    /// Passes all values at the top.
    fn values(&mut self, mut cursor: Cursor<'_>) -> Result<(), json::Error> {
        while cursor.peek().is_some() {
            let hint = match cursor.peek() {
                Some(b'{') => self.log(&mut cursor)?,
                Some(b'[') => {
                    // Known before its end: it is not read on where it is none of ours.
                    self.hint = self.hint.or(Some(Other::Array));
                    cursor.skip()?;
                    None
                }
                _ => {
                    cursor.skip()?;
                    None
                }
            };
            self.hint = self.hint.or(hint);
            self.values += 1;
            cursor.space();
        }
        Ok(())
    }

    /// Passes an object at the top, taking in the records that it holds.
    fn log(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<Other>, json::Error> {
        let mut hint = None;
        let mut member = cursor.first_member()?;
        while let Some(name) = member {
            let key = unescaped(self.source, name);
            if key == RECORDS && cursor.peek() == Some(b'[') {
                self.logs += 1;
                self.records(cursor)?;
            } else {
                cursor.skip()?;
            }
            hint = hint.or(match key.as_ref() {
                "digestStartTime" => Some(Other::Digest),
                "eventVersion" | "eventTime" | "eventSource" | "eventName" => Some(Other::Record),
                _ => None,
            });
            member = cursor.next_member()?;
        }
        Ok(hint)
    }

    /// Passes an array of records.
    fn records(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        let mut more = cursor.first_element()?;
        while more {
            self.record(cursor)?;
            more = cursor.next_element()?;
        }
        Ok(())
    }

    fn record(&mut self, cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
        let before = cursor.clone();
        let index = u32::try_from(self.decoded.records).unwrap_or(u32::MAX);
        let Err(refusal) = self.flattener.record(self.source, cursor, index, self.rows) else {
            self.decoded.records += 1;
            return Ok(());
        };
        if let Refusal::Json(error) = refusal {
            // A bad record must not take those behind it along. Where it has no end, the object breaks off in it.
            *cursor = before.clone();
            if error.problem == Problem::End || cursor.skip_balanced().is_err() {
                return Err(error);
            }
        }
        self.decoded.records += 1;
        let at = (before.at() - self.start) as u64;
        self.decoded.refused += 1;
        if self.decoded.refusals.len() < REFUSALS {
            self.decoded.refusals.push((at, refusal));
        }
        Ok(())
    }
}
