//! Objects too large to be held whole: unpacked as they are read, and cut between records into pieces that stand for
//! themselves, each with the brackets around it that the whole has.

use std::io::{self, BufReader, Cursor, ErrorKind, Read, Write};

use flate2::read::MultiGzDecoder;
use libdeflater::Crc;
use memchr::{memchr3, memmem};

use crate::gunzip::{self, Fault};
use crate::remote::refusal;
use crate::unzstd;

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

/// How much is read at a time.
const STEP: usize = 256 * 1024;

/// The arrays that records come in, by what they are in the beginning of an object.
const ARRAYS: [&str; 4] = ["Records", "Events", "logEvents", "records"];

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
    /// A value beyond [`RECORD`], which the sink has got.
    Large {
        at: u64,
        length: u64,
        crc: u32,
        /// Whether it stands where records stand.
        listed: bool,
    },
}

/// Where brackets and strings stand.
#[derive(Clone, Debug, Default)]
struct Scan {
    at: usize,
    depth: usize,
    string: bool,
    root: u8,
    /// The last string directly in the root object.
    key: (usize, usize),
    /// The array of records that is open, by its name; an array that is the root has none.
    array: Option<Option<&'static str>>,
    /// Behind its bracket.
    open: usize,
    /// Behind the last value that is complete.
    top: Option<usize>,
    /// The last comma between elements of an array of records, which may have ended behind it.
    inner: Option<Mark>,
    /// Where the last array of records ended.
    close: Option<Mark>,
    /// Whether to stop, and where.
    stop: Option<Stop>,
}

/// A place in an array of records.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: usize,
    /// The array's name, as `Scan::array` has it.
    array: Option<&'static str>,
}

/// The end of a value at which to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// That of an element of the array of records.
    Element,
    /// That of the outermost value.
    Root,
}

impl Scan {
    fn run(&mut self, text: &[u8], ended: bool) {
        while let Some(&byte) = text.get(self.at) {
            if self.string {
                let Some(found) = memchr3(b'"', b'\\', b'\n', &text[self.at..]) else {
                    self.at = text.len();
                    return;
                };
                self.at += found;
                match text[self.at] {
                    b'"' => {
                        self.string = false;
                        self.key.1 = self.at;
                    }
                    b'\\' if self.at + 1 == text.len() && !ended => return,
                    b'\\' => self.at += 1,
                    _ if self.array.is_some() || self.stop.is_some() => {}
                    // No string has a line's end in it: a line is broken, and the next is a value of its own.
                    _ => match text.get(self.at + 1) {
                        None if !ended => return,
                        Some(b'{') => {
                            *self = Scan {
                                at: self.at,
                                top: Some(self.at),
                                ..Scan::default()
                            }
                        }
                        _ => {}
                    },
                }
                self.at += 1;
                continue;
            }
            match byte {
                b'"' => {
                    self.string = true;
                    if self.depth == 1 {
                        self.key.0 = self.at + 1;
                    }
                }
                b'{' | b'[' => self.enter(byte, text),
                b'}' | b']' => self.leave(),
                b',' if self.depth == self.base() => {
                    self.inner = self.mark().or(self.inner);
                }
                _ => {}
            }
            self.at += 1;
            if self.stop.and_then(|stop| self.end(stop)).is_some() {
                return;
            }
        }
    }

    fn enter(&mut self, bracket: u8, text: &[u8]) {
        let opens = match (self.depth, bracket) {
            (0, _) => {
                self.root = bracket;
                (bracket == b'[').then_some(None)
            }
            (1, b'[') if self.root == b'{' => {
                let key = text.get(self.key.0..self.key.1).unwrap_or_default();
                let name = ARRAYS.into_iter().find(|name| name.as_bytes() == key);
                name.map(Some)
            }
            _ => self.array,
        };
        if opens != self.array {
            self.array = opens;
            self.open = self.at + 1;
        }
        self.depth += 1;
    }

    fn leave(&mut self) {
        if self.depth == self.base()
            && let Some(close) = self.mark()
        {
            self.array = None;
            self.close = Some(close);
        }
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.top = Some(self.at + 1);
            self.inner = None;
        }
    }

    /// The place at hand, where an array of records is open.
    fn mark(&self) -> Option<Mark> {
        let (at, array) = (self.at, self.array?);
        Some(Mark { at, array })
    }

    /// Where the value ends that is passed.
    fn end(&self, stop: Stop) -> Option<usize> {
        match stop {
            Stop::Element => self.inner.or(self.close).map(|mark| mark.at),
            Stop::Root => self.top,
        }
    }

    /// The depth of the elements.
    fn base(&self) -> usize {
        if self.root == b'[' { 1 } else { 2 }
    }

    /// What stands before the elements of the array in a text of its own, and behind them.
    fn brackets(&self) -> (String, &'static str) {
        match self.array.flatten() {
            Some(name) => (format!("{{\"{name}\":["), "]}"),
            None => ("[".to_owned(), "]"),
        }
    }

    /// The scan of a text that begins with these brackets.
    fn within(&self, open: usize) -> Scan {
        Scan {
            at: open,
            depth: self.base(),
            root: self.root,
            array: self.array,
            open,
            ..Scan::default()
        }
    }
}

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
        let mut reader: Box<dyn Read + Send> = Box::new(BufReader::with_capacity(STEP, stored));
        // Firehose packs once more what CloudWatch Logs has packed.
        for _ in 0..2 {
            let mut head = Vec::new();
            let read = reader.by_ref().take(4).read_to_end(&mut head);
            let read = match read {
                Err(error) if is_lost(&error) => return Err(error),
                read => read,
            };
            let (gzip, zstd) = (
                head.starts_with(&gunzip::MAGIC),
                head.starts_with(&unzstd::MAGIC),
            );
            let chained = Cursor::new(head).chain(reader);
            reader = match (gzip, zstd) {
                (true, _) => Box::new(MultiGzDecoder::new(BufReader::with_capacity(STEP, chained))),
                (_, true) => Box::new(zstd::stream::read::Decoder::new(chained)?),
                _ => Box::new(chained),
            };
            if read.is_err() || !gzip && !zstd {
                break;
            }
        }
        Ok(Windows {
            reader,
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

    /// The next piece; none at the end. What is too large goes to a sink that `sink` makes for it, unless it stands
    /// where no records stand.
    ///
    /// # Errors
    /// Those of the sink, and those of the reader that are not about what is packed.
    pub(crate) fn next(
        &mut self,
        sink: &mut dyn FnMut() -> io::Result<Box<dyn Write>>,
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
            return self.large(sink).map(Some);
        }
    }

    /// Reads until the buffer has `size` bytes or there are no more.
    fn fill(&mut self, size: usize) {
        // What grows by doubling is moved, and leaves holes behind.
        let room = size.saturating_sub(self.buffer.len());
        if !self.ended && self.buffer.capacity() - self.buffer.len() < room {
            self.buffer.reserve_exact(room + CLOSING);
        }
        while !self.ended && self.buffer.len() < size {
            let before = self.buffer.len();
            let room = (self.left + 1).min((size - before).min(STEP) as u64) as usize;
            self.buffer.resize(before + room, 0);
            let read = self.reader.read(&mut self.buffer[before..]);
            let count = *read.as_ref().unwrap_or(&0);
            let taken = count.min(self.left as usize);
            self.buffer.truncate(before + taken);
            self.left -= taken as u64;
            match read {
                Ok(0) => self.ended = true,
                Ok(count) if count > taken => self.fail(Fault::TooLarge),
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    self.fail(Fault::Truncated);
                }
                Err(error) if is_lost(&error) => {
                    self.lost = Some(error);
                    self.ended = true;
                }
                Err(_) => self.fail(Fault::Corrupt),
            }
        }
        self.scan.run(&self.buffer, self.ended);
    }

    fn fail(&mut self, fault: Fault) {
        self.fault = Some(fault);
        self.ended = true;
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

    /// Passes a value that is too large, wherever it ends.
    fn large(&mut self, sink: &mut dyn FnMut() -> io::Result<Box<dyn Write>>) -> io::Result<Piece> {
        let listed = self.scan.array.is_some();
        let start = if listed { self.scan.open } else { self.lead };
        let at = self.base + (start - self.lead) as u64;
        let mut out = match listed {
            true => Some(sink()?),
            false => None,
        };
        let (mut crc, mut length) = (Crc::new(), 0);
        let outer = self.scan.clone();
        self.base = at;
        self.buffer.drain(..start);
        self.lead = 0;
        self.scan.at -= start;
        self.scan.close = None;
        let stop = if listed { Stop::Element } else { Stop::Root };
        self.scan.stop = Some(stop);
        loop {
            let end = self.scan.end(stop);
            let upto = end.unwrap_or(self.scan.at.min(self.buffer.len()));
            let part = &self.buffer[..upto];
            crc.update(part);
            length += part.len() as u64;
            if let Some(out) = &mut out {
                out.write_all(part)?;
            }
            if let Some(end) = end {
                if listed && self.scan.inner.is_some() {
                    self.scan.array = outer.array;
                    self.reroot(end + 1);
                } else if listed {
                    self.scan.array = outer.array;
                    self.scan.root = outer.root;
                    self.reroot(end);
                } else {
                    self.cut(end);
                }
                break;
            }
            self.base += upto as u64;
            self.buffer.drain(..upto);
            self.scan.at -= upto;
            if self.ended {
                self.base += self.buffer.len() as u64;
                self.buffer.clear();
                break;
            }
            // What the scan could not pass may be as large as a piece.
            self.fill(self.sizes.window.max(self.buffer.len() + 1));
            if let Some(lost) = self.lost.take() {
                return Err(lost);
            }
        }
        self.buffer.shrink_to(self.sizes.window);
        if let Some(mut out) = out {
            out.flush()?;
        }
        Ok(Piece::Large {
            at,
            length,
            crc: crc.sum(),
            listed,
        })
    }
}

/// Whether the object could not be read, rather than unpacked.
fn is_lost(error: &io::Error) -> bool {
    error.raw_os_error().is_some() || refusal(error).is_some()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("unpoisoned").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The pieces of a text, and what went to the sink.
    fn pieces(text: &[u8]) -> (Vec<Piece>, Vec<u8>) {
        let mut windows =
            Windows::new(Cursor::new(text.to_vec()), u64::MAX / 2, WINDOW).expect("read");
        let sink = Sink::default();
        let mut pieces = Vec::new();
        while let Some(piece) = windows
            .next(&mut || Ok(Box::new(sink.clone())))
            .expect("cut")
        {
            pieces.push(piece);
        }
        assert_eq!(windows.fault, None);
        let sunk = sink.0.lock().expect("unpoisoned").clone();
        (pieces, sunk)
    }

    /// All elements of the pieces, each a valid text that holds the array, with where they stand in the whole.
    fn elements(pieces: &[Piece], whole: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        for piece in pieces {
            let Piece::Text { text, shift } = piece else {
                continue;
            };
            assert!(text.len() <= RECORD + STEP);
            let text = std::str::from_utf8(text).expect("UTF-8");
            let mut from = 0;
            let mut values = serde_json::Deserializer::from_str(text).into_iter();
            for value in values.by_ref() {
                let value: serde_json::Value = value.expect("a piece is valid");
                let list = value.get("Records").cloned().unwrap_or(value);
                for element in list.as_array().cloned().unwrap_or_else(|| vec![list]) {
                    let id = element["id"].as_str().expect("an id").to_owned();
                    let quoted = format!("{{\"id\":\"{id}\"");
                    let found = text[from..].find(&quoted).expect("it is there") + from;
                    from = found + 1;
                    let place = (found as i64 + shift) as usize;
                    assert!(whole[place..].starts_with(quoted.as_bytes()));
                    all.push(id);
                }
            }
        }
        all
    }

    fn many(count: usize) -> Vec<String> {
        let fill = "x\\\"]}, {[".repeat(100);
        let one = |id| format!("{{\"id\":\"{id}\",\"a\":[1,{{\"b\":\"{fill}\"}}]}}");
        (0..count).map(one).collect()
    }

    #[test]
    fn every_record_is_in_one_piece() {
        let records = many(15_000);
        let ids: Vec<String> = (0..15_000).map(|id| id.to_string()).collect();
        for whole in [
            format!(
                "{{\"a\":[1,2],\"Records\":[{}],\"b\":{{}}}}",
                records.join(",")
            ),
            format!(" [{}] ", records.join(" ,\n")),
            records.join("\n"),
            records.join(""),
        ] {
            let (pieces, sunk) = pieces(whole.as_bytes());
            assert!(pieces.len() > 1 && sunk.is_empty());
            assert_eq!(elements(&pieces, whole.as_bytes()), ids);
        }
    }

    #[test]
    fn a_record_that_is_too_large_goes_past() {
        let records = many(3);
        let large = format!("{{\"id\":\"large\",\"a\":[\"{}\"]}}", "y,".repeat(RECORD));
        for (before, behind) in [("{\"Records\":[", "]}"), ("[", "]")] {
            for order in [
                vec![&records[0], &large, &records[1], &records[2]],
                vec![&large, &records[0], &records[1], &records[2]],
                vec![&records[0], &records[1], &records[2], &large],
            ] {
                let texts: Vec<&str> = order.iter().map(|text| text.as_str()).collect();
                let whole = format!("{before}{}{behind}", texts.join(","));
                let (pieces, sunk) = pieces(whole.as_bytes());
                assert_eq!(elements(&pieces, whole.as_bytes()), ["0", "1", "2"]);
                assert!(sunk == large.as_bytes());
                let found = pieces.iter().find_map(|piece| match piece {
                    Piece::Large { at, length, .. } => Some((*at as usize, *length as usize)),
                    Piece::Text { .. } => None,
                });
                assert_eq!(found, whole.find(&large).map(|at| (at, large.len())));
            }
        }
    }
}
