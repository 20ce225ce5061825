//! The bytes of a large object: unpacked as they come, until a piece is full.

use std::io::{self, BufReader, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

use super::{CLOSING, Windows};
use crate::gunzip::{self, Fault};
use crate::remote::refusal;
use crate::unzstd;

/// How much is read at a time.
pub(super) const STEP: usize = 256 * 1024;

/// Reads what `stored` unpacks to.
///
/// # Errors
/// Where it can't be read.
pub(super) fn unpacked(stored: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
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
    Ok(reader)
}

impl Windows {
    /// Reads until the buffer has `size` bytes or there are no more.
    pub(super) fn fill(&mut self, size: usize) {
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
}

/// Whether the object could not be read, rather than unpacked.
fn is_lost(error: &io::Error) -> bool {
    error.raw_os_error().is_some() || refusal(error).is_some()
}
