//! A large object that is read piece by piece: its account, and what of it goes to files of its own.

use std::io;

use lake::Lake;
use libdeflater::Crc;

use crate::decoded::{Aside, Decoded, Parts};
use crate::flatten::Refusal;
use crate::report::{Account, End, Reason};
use crate::source::Object;
use crate::windows::{Large, Piece, Sink, Windows};

/// How many problems of one large object are described.
const DESCRIBED: usize = 100;

/// Bytes of values that are no records that are held until a record is found. More of them go to a file.
const HELD: usize = 4 << 20;

/// A large object that is read piece by piece, in several batches where it takes them.
pub(crate) struct Begun {
    pub(crate) ordinal: usize,
    pub(crate) windows: Windows,
    pub(crate) parts: Parts,
    /// How many problems were described.
    described: usize,
    /// The file of the large value at hand, by the name that nobody reads.
    staged: String,
    /// Files whose values may turn out to stand among records: by that name, and by the one they get then.
    waiting: Vec<(String, String)>,
    /// Values that may turn out so, too, and are more than are held.
    spill: Option<Spill>,
}

/// Values that are no records, one after the other in a file.
struct Spill {
    staged: String,
    out: Sink,
    /// Where the first begins in the object's text.
    at: u64,
    index: u64,
    count: u64,
    length: u64,
    crc: Crc,
}

impl Begun {
    pub(crate) fn new(ordinal: usize, windows: Windows) -> Begun {
        Begun {
            ordinal,
            windows,
            parts: Parts::default(),
            described: 0,
            staged: String::new(),
            waiting: Vec::new(),
            spill: None,
        }
    }

    /// The next piece; none at the end. What is too large goes to a file of the lake, or without one nowhere.
    ///
    /// # Errors
    /// As [`Windows::next`].
    pub(crate) fn next(&mut self, lake: Option<&Lake>) -> io::Result<Option<Piece>> {
        let staged = &mut self.staged;
        self.windows.next(&mut || {
            let (name, sink) = begin(lake)?;
            *staged = name;
            Ok(sink)
        })
    }

    /// Enters what a piece held.
    ///
    /// # Errors
    /// Where what is set aside can't be written.
    pub(crate) fn enter(
        &mut self,
        decoded: Decoded,
        shift: i64,
        object: &Object,
        lake: Option<&Lake>,
        account: &mut Account,
    ) -> io::Result<()> {
        let decoded = self.parts.enter(decoded, shift);
        self.count(decoded, object, lake, account)
    }

    /// Enters a value that is too large to be held, which is in a file.
    ///
    /// # Errors
    /// As [`Begun::enter`].
    pub(crate) fn enter_large(
        &mut self,
        large: Large,
        object: &Object,
        lake: Option<&Lake>,
        account: &mut Account,
    ) -> io::Result<()> {
        let file = name(object, large.at, large.length, large.crc);
        let staged = std::mem::take(&mut self.staged);
        self.waiting.push((staged, file.clone()));
        let decoded = self.parts.enter_large(large.at, file, large.listed);
        self.count(decoded, object, lake, account)
    }

    /// Decides what the object was.
    ///
    /// # Errors
    /// Where what is not needed can't be removed.
    pub(crate) fn end(&mut self, lake: Option<&Lake>, account: &mut Account) -> io::Result<()> {
        let (broken, fault) = (self.parts.broken, self.windows.fault);
        let other = self.parts.other();
        account.end = match (other, broken, fault) {
            (Some(_), ..) => End::Skipped,
            (None, None, None) => End::Read,
            _ => End::Broken,
        };
        let other = other.map(|other| (None, Reason::Other(other)));
        // As of objects that are held whole.
        let broken = broken.filter(|_| other.is_none() && fault.is_none());
        let broken = broken.map(|error| (Some(error.at as u64), Reason::Broken(error.problem)));
        let at = Some(self.windows.given());
        let fault = fault.map(|fault| (at, Reason::Packed(fault)));
        account
            .problems
            .extend([other, broken, fault].into_iter().flatten());
        self.discard(lake)
    }

    /// Removes the files that are not needed.
    ///
    /// # Errors
    /// Where that fails.
    pub(crate) fn discard(&mut self, lake: Option<&Lake>) -> io::Result<()> {
        self.spill = None;
        for (staged, _) in self.waiting.drain(..) {
            if let Some(lake) = lake {
                lake.discard_rejected(&staged)?;
            }
        }
        Ok(())
    }

    fn count(
        &mut self,
        mut decoded: Decoded,
        object: &Object,
        lake: Option<&Lake>,
        account: &mut Account,
    ) -> io::Result<()> {
        if self.parts.is_found() {
            decoded.aside.extend(self.land(object, lake)?);
        } else {
            self.spill(lake)?;
        }
        let mut part = Account::decoded(decoded, None, 0, 0);
        account.records += part.records;
        account.rejected += part.rejected;
        account.aside.append(&mut part.aside);
        let room = DESCRIBED.saturating_sub(self.described);
        part.problems.truncate(room);
        self.described += part.problems.len();
        account.problems.append(&mut part.problems);
        Ok(())
    }

    /// Gives the files their names, now that there are records. Gives what is in the one that nobody knows of yet.
    fn land(&mut self, object: &Object, lake: Option<&Lake>) -> io::Result<Option<Aside>> {
        let spilled = self.spill.take().map(|mut spill| {
            spill.out.flush()?;
            let file = name(object, spill.at, spill.length, spill.crc.sum());
            self.waiting.push((spill.staged, file.clone()));
            io::Result::Ok(Aside {
                at: spill.at,
                index: spill.index,
                count: spill.count,
                refusal: Refusal::Foreign,
                bytes: Vec::new(),
                file: Some(file),
            })
        });
        for (staged, name) in self.waiting.drain(..) {
            if let Some(lake) = lake {
                lake.land_rejected(&staged, &name)?;
            }
        }
        spilled.transpose()
    }

    /// Writes values that may stand among records to a file where they are many.
    fn spill(&mut self, lake: Option<&Lake>) -> io::Result<()> {
        for aside in self.parts.take_more_than(HELD) {
            let spill = match &mut self.spill {
                Some(spill) => spill,
                none => {
                    let (staged, out) = begin(lake)?;
                    none.insert(Spill {
                        staged,
                        out,
                        at: aside.at,
                        index: aside.index,
                        count: 0,
                        length: 0,
                        crc: Crc::new(),
                    })
                }
            };
            spill.count += aside.count;
            for part in [&aside.bytes[..], b"\n"] {
                spill.out.write_all(part)?;
                spill.crc.update(part);
                spill.length += part.len() as u64;
            }
        }
        Ok(())
    }
}

/// Begins a file for what is too large to be held, and gives the name that nobody reads.
fn begin(lake: Option<&Lake>) -> io::Result<(String, Sink)> {
    let staged = format!(".{}.tmp", uuid::Uuid::new_v4());
    let sink: Sink = match lake {
        Some(lake) => Box::new(lake.rejected_file(&staged)?),
        None => Box::new(io::sink()),
    };
    Ok((staged, sink))
}

/// What a file of such values is called: the same each time that the object is read.
fn name(object: &Object, at: u64, length: u64, crc: u32) -> String {
    let mut name = Crc::new();
    name.update(object.name.as_bytes());
    format!("{:08x}-{at}-{length}-{crc:08x}.bytes.zst", name.sum())
}
