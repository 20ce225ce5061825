//! Values that are too large to be held: passed by, and given to whoever keeps them.

use std::io;

use libdeflater::Crc;
use memchr::memmem;

use super::scan::Stop;
use super::{Large, Piece, Sink, Windows};

/// How such a value ends.
#[derive(Clone, Copy)]
enum End {
    /// Here.
    Value(usize),
    /// Records are in it: their array begins here.
    Array(usize),
    /// It is broken: a line begins here that is a value of its own.
    Line(usize),
}

impl Windows {
    /// Passes a value that is too large, wherever it ends. None where it is no piece: it has an array of records, which is
    /// gone on with, or stands behind one in its object.
    pub(super) fn large(
        &mut self,
        sink: &mut dyn FnMut() -> io::Result<Sink>,
    ) -> io::Result<Option<Piece>> {
        let listed = self.scan.array.is_some();
        // Behind the brackets that stand for an array is what is left of its object.
        let rest = !listed && self.lead > 0;
        let start = if listed { self.scan.open } else { self.lead };
        let at = self.base + (start - self.lead) as u64;
        let mut out = match rest {
            true => None,
            false => Some(sink()?),
        };
        // Of the rest nothing is looked at, but where it begins and ends as it can't.
        let mut sound = !rest || is_rest(&self.buffer[start..]);
        let (mut crc, mut length) = (Crc::new(), 0);
        let outer = self.scan.clone();
        let stop = if listed { Stop::Element } else { Stop::Root };
        self.base = at;
        self.forget(start);
        self.lead = 0;
        self.scan.stop_at(stop);
        // The lines at hand have been looked at.
        let mut lines = false;
        let end = loop {
            let end = self.end(stop, lines);
            let upto = match end {
                Some(End::Value(at) | End::Array(at) | End::Line(at)) => at,
                None => self.scan.passed(&self.buffer, self.ended),
            };
            let part = &self.buffer[..upto];
            crc.update(part);
            length += part.len() as u64;
            if let Some(out) = &mut out {
                out.write_all(part)?;
            }
            if let Some(end) = end {
                let closed = part.ends_with(b"}") || matches!(end, End::Array(_));
                sound &= !rest || closed;
                break Some(end);
            }
            self.base += upto as u64;
            self.forget(upto);
            if self.ended {
                self.base += self.buffer.len() as u64;
                self.buffer.clear();
                break None;
            }
            // What the scan could not pass may be as large as a piece.
            self.fill(self.sizes.window.max(self.buffer.len() + 1));
            if let Some(lost) = self.lost.take() {
                return Err(lost);
            }
            lines = !listed;
        };
        match end {
            Some(End::Value(end)) if listed => {
                let comma = self.scan.inner.is_some();
                self.scan.reopen(&outer);
                self.reroot(end + usize::from(comma));
            }
            Some(End::Array(end)) => _ = self.reroot(end),
            Some(End::Value(end) | End::Line(end)) => _ = self.cut(end),
            None => {}
        }
        self.buffer.shrink_to(self.sizes.window);
        let open = !listed && matches!(end, Some(End::Line(_)) | None);
        Ok(match end {
            _ if !sound => Some(Piece::Broken { at }),
            _ if open => Some(Piece::Broken { at: self.base }),
            Some(End::Array(_)) => None,
            _ if rest => None,
            _ => {
                if let Some(mut out) = out {
                    out.flush()?;
                }
                let crc = crc.sum();
                Some(Piece::Large(Large {
                    at,
                    length,
                    crc,
                    listed,
                }))
            }
        })
    }

    /// Where the value ends that is passed, if that is at hand.
    fn end(&self, stop: Stop, lines: bool) -> Option<End> {
        let end = self.scan.end(stop).map(|at| match self.scan.top {
            None if stop == Stop::Root => End::Array(at),
            _ => End::Value(at),
        });
        let line = lines.then(|| memmem::find(&self.buffer, b"\n{")).flatten();
        match (line, end) {
            (Some(line), Some(End::Value(at) | End::Array(at))) if line >= at => end,
            (Some(line), _) => Some(End::Line(line)),
            _ => end,
        }
    }

    fn forget(&mut self, bytes: usize) {
        self.buffer.drain(..bytes);
        self.scan.forget(bytes);
    }
}

/// Whether this stands behind an array's elements in an object that has more members.
fn is_rest(text: &[u8]) -> bool {
    let mut behind = text.iter().filter(|byte| !byte.is_ascii_whitespace());
    behind.next() == Some(&b']') && behind.next() == Some(&b',')
}
