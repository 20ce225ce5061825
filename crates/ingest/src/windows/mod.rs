//! Objects too large to be held whole: unpacked as they are read, and cut between records into pieces that stand for
//! themselves, each with the brackets around it that the whole has.

mod large;
mod read;
mod scan;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Write};

use memchr::memmem;

use crate::gunzip::Fault;
use scan::{Mark, Scan};

/// Bytes of a piece, but for records that are larger, where there is memory enough.
pub(crate) const WINDOW: usize = 8 << 20;

/// Bytes of the largest record that becomes a row.
pub(crate) const RECORD: usize = 64 << 20;

/// How large pieces may be; far larger than the brackets around them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Bytes of a piece, but for records that are larger.
    pub(crate) window: usize,
    /// Bytes of the largest record that becomes a row.
    pub(crate) record: usize,
}

/// Bytes of the brackets that close a piece, at most.
const CLOSING: usize = 16;

/// An object that is read piece by piece.
pub(crate) struct Windows {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// What was given and came back, to be the buffer after this one.
    spare: Vec<u8>,
    scan: Scan,
    sizes: Sizes,
    /// Bytes at the beginning of the buffer that are ours.
    lead: usize,
    /// Where in the unpacked text the buffer begins, `lead` aside.
    base: u64,
    /// Bytes that may still be unpacked.
    left: u64,
    ended: bool,
    pub(crate) fault: Option<Fault>,
    /// What the reader failed with, other than that what is packed is damaged.
    lost: Option<io::Error>,
}

/// What comes next.
pub(crate) enum Piece {
    /// Text for the decoder. Its byte `n` stands at `n + shift` of the object's text.
    Text { text: Vec<u8>, shift: i64 },
    /// A value beyond [`RECORD`], which the sink has got and was flushed for.
    Large(Large),
    /// Such a value is broken: here a line begins or the text ends, or the rest of an object that can't be one.
    Broken { at: u64 },
}

/// A value that is too large to be held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Large {
    /// Where it begins in the object's text, in bytes.
    pub(crate) at: u64,
    pub(crate) length: u64,
    pub(crate) crc: u32,
    /// Whether it stands in an array of records, and not by itself.
    pub(crate) listed: bool,
}

/// Where what is too large to be held goes. Dropped before it is flushed, it was not needed.
pub(crate) type Sink = Box<dyn Write + Send>;

impl Windows {
    /// Reads what `stored` unpacks to, at most `limit` bytes, in pieces of about `size`.
    ///
    /// # Errors
    /// Where it can't be read.
    pub(crate) fn new(
        stored: impl Read + Send + 'static,
        limit: u64,
        size: usize,
    ) -> io::Result<Windows> {
        let sizes = Sizes {
            window: size,
            record: RECORD,
        };
        Windows::sized(stored, limit, sizes)
    }

    /// Likewise, with records of another size.
    ///
    /// # Errors
    /// As [`Windows::new`].
    pub(crate) fn sized(
        stored: impl Read + Send + 'static,
        limit: u64,
        sizes: Sizes,
    ) -> io::Result<Windows> {
        Ok(Windows {
            reader: read::unpacked(stored)?,
            buffer: Vec::new(),
            spare: Vec::new(),
            scan: Scan::default(),
            sizes,
            lead: 0,
            base: 0,
            left: limit,
            ended: false,
            fault: None,
            lost: None,
        })
    }

    /// Uses room that others have left.
    pub(crate) fn within(mut self, [buffer, spare]: [Vec<u8>; 2]) -> Windows {
        (self.buffer, self.spare) = (buffer, spare);
        self
    }

    /// The room that is not needed any more.
    pub(crate) fn take_room(&mut self) -> [Vec<u8>; 2] {
        [&mut self.buffer, &mut self.spare].map(std::mem::take)
    }

    /// Bytes unpacked and given so far.
    pub(crate) fn given(&self) -> u64 {
        self.base
    }

    /// The next piece; none at the end. What is too large goes to a sink that `sink` makes for it.
    ///
    /// # Errors
    /// Those of the sink, and those of the reader that are not about what is packed.
    pub(crate) fn next(
        &mut self,
        sink: &mut dyn FnMut() -> io::Result<Sink>,
    ) -> io::Result<Option<Piece>> {
        let Sizes { window, record } = self.sizes;
        let mut size = window;
        loop {
            self.fill(size);
            if let Some(lost) = self.lost.take() {
                return Err(lost);
            }
            if self.ended {
                return Ok((self.buffer.len() > self.lead).then(|| self.cut(self.buffer.len())));
            }
            if let Some(top) = self.scan.top {
                return Ok(Some(self.cut(top)));
            }
            if let Some(comma) = self.scan.inner {
                return Ok(Some(self.cut_inside(comma, comma.at + 1)));
            }
            // The records of an array that has ended, whatever else its object has.
            if let Some(close) = self.scan.close.filter(|close| close.at > self.lead) {
                return Ok(Some(self.cut_inside(close, close.at)));
            }
            if size < record {
                size = (size * 2).min(record);
                continue;
            }
            let body = self.buffer.get(self.lead + 1..).unwrap_or_default();
            if let Some(line) = memmem::rfind(body, b"\n{") {
                return Ok(Some(self.cut(self.lead + 1 + line)));
            }
            // What stands before the array is no record.
            if self.scan.array.is_some() && self.scan.open > self.lead + record / 2 {
                self.reroot(self.scan.open);
                continue;
            }
            if let Some(piece) = self.large(sink)? {
                return Ok(Some(piece));
            }
        }
    }

    /// Takes the text of a piece back that is done with.
    pub(crate) fn reuse(&mut self, text: Vec<u8>) {
        if text.capacity() <= 2 * self.sizes.window {
            self.spare = text;
        }
    }

    /// Gives the buffer up to `end`, behind which something else begins.
    fn cut(&mut self, end: usize) -> Piece {
        let shift = self.shift();
        self.base += (end - self.lead) as u64;
        let mut text = self.go_on(end, String::new());
        text.truncate(end);
        self.scan = Scan::default();
        Piece::Text { text, shift }
    }

    /// Gives the buffer up to a place in an array of records, closed, and goes on with that array at `from`.
    fn cut_inside(&mut self, end: Mark, from: usize) -> Piece {
        let shift = self.shift();
        self.scan.array = Some(end.array);
        let closing = self.scan.brackets().1;
        let mut text = self.reroot(from);
        text.truncate(end.at);
        text.extend_from_slice(closing.as_bytes());
        Piece::Text { text, shift }
    }

    /// What to add to a place in the buffer for its place in the object's text.
    fn shift(&self) -> i64 {
        self.base as i64 - self.lead as i64
    }

    /// Goes on at `from`, inside the array of records. Gives what the buffer was.
    fn reroot(&mut self, from: usize) -> Vec<u8> {
        let open = self.scan.brackets().0;
        self.base += from.saturating_sub(self.lead) as u64;
        let before = self.go_on(from, open);
        self.scan = self.scan.within(self.lead);
        before
    }

    /// Makes a buffer of `lead` and what stands from `from` on. Gives what it was.
    fn go_on(&mut self, from: usize, lead: String) -> Vec<u8> {
        let mut buffer = std::mem::take(&mut self.spare);
        buffer.clear();
        buffer.extend_from_slice(lead.as_bytes());
        buffer.extend_from_slice(self.buffer.get(from..).unwrap_or_default());
        self.lead = lead.len();
        std::mem::replace(&mut self.buffer, buffer)
    }
}
