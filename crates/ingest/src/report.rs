//! What an ingest did: every object and every record is accounted for. No record's contents are ever in it.

use std::fmt;
use std::io;

use crate::decoded::{Aside, Decoded, Other};
use crate::flatten::Refusal;
use crate::gunzip::Fault;
use crate::source::Listing;

/// How many problems are described; the rest is counted.
const DESCRIBED: usize = 100;

/// What an ingest did.
#[derive(Debug, Default)]
pub struct Report {
    /// Objects that were found and selected.
    pub objects: Objects,
    /// Records in them. `read = written + folded + rejected`.
    pub records: Records,
    /// Bytes.
    pub bytes: Bytes,
    /// Data files written.
    pub files: u64,
    /// The versions of the table that were committed.
    pub versions: Vec<u64>,
    /// The first hundred problems, in the order of objects.
    pub problems: Vec<Problem>,
    /// How many problems there are besides.
    pub more_problems: u64,
    /// What failed after a commit stood, a checkpoint for want of space, say.
    pub troubles: Vec<lake::Error>,
}

/// Objects by what became of them. Each is counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Objects {
    /// Found, selected or not.
    pub found: u64,
    /// Left out by the selection.
    pub unselected: u64,
    /// Ingested before, and not changed since.
    pub known: u64,
    /// Read to the end; single records may have been rejected.
    pub read: u64,
    /// Broken at some place; what stands before it was read.
    pub broken: u64,
    /// Left alone: no CloudTrail log, or in a form that is not recognised.
    pub skipped: u64,
    /// Not readable, or too large.
    pub failed: u64,
}

/// Records by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Records {
    /// Found whole.
    pub read: u64,
    /// New in the lake.
    pub written: u64,
    /// In the lake already, or earlier in the same batch, with equal content.
    pub folded: u64,
    /// Not acceptable; each is a problem.
    pub rejected: u64,
    /// Of those written: with the id of another record but other content, and flagged so.
    pub conflicts: u64,
    /// Of those written: without a usable time, and hence in no day.
    pub untimed: u64,
}

/// Bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Read, as they are stored.
    pub stored: u64,
    /// Of JSON, unpacked.
    pub unpacked: u64,
    /// Of data files written.
    pub written: u64,
}

/// Something that was not as it should be, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The object.
    pub object: String,
    /// The place in its unpacked text, in bytes; none where it concerns the whole object.
    pub at: Option<u64>,
    /// What is wrong.
    pub reason: Reason,
}

/// What can be wrong with an object or a record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reason {
    /// The operating system refused.
    Unreadable(io::ErrorKind),
    /// S3 refused, or was not reached whatever was tried.
    Refused(lake::Refusal),
    /// It is neither JSON nor gzip nor Zstandard.
    NotJson,
    /// It is larger than [`Options::object_limit`](crate::Options).
    TooLarge,
    /// Its compression is damaged.
    Packed(Fault),
    /// Its JSON is malformed from here on.
    Broken(json::Problem),
    /// It holds no records.
    Other(Other),
    /// A record is malformed.
    RecordMalformed(json::Problem),
    /// A record is no object.
    RecordNoObject,
    /// A record is not UTF-8.
    RecordNotUtf8,
    /// A record is wrapped in a payload that can't be unpacked.
    RecordPayload,
    /// A record is larger than 64 MiB.
    RecordTooLarge,
    /// A value is no record, but stands where records stand.
    RecordForeign,
}

/// How an object ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Read,
    Broken,
    Skipped,
    Failed,
    /// Not yet: the next batch goes on with it.
    Partly,
}

/// The account of one object.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) end: End,
    pub(crate) records: u64,
    pub(crate) rejected: u64,
    pub(crate) stored: u64,
    pub(crate) unpacked: u64,
    pub(crate) problems: Vec<(Option<u64>, Reason)>,
    /// What was rejected.
    pub(crate) aside: Vec<Aside>,
}

impl Account {
    /// Of an object that gave nothing.
    pub(crate) fn nothing(end: End, stored: u64, reason: Reason) -> Account {
        Account {
            end,
            records: 0,
            rejected: 0,
            stored,
            unpacked: 0,
            problems: vec![(None, reason)],
            aside: Vec::new(),
        }
    }

    /// Of an object of which nothing was read yet.
    pub(crate) fn begun() -> Account {
        Account {
            end: End::Partly,
            records: 0,
            rejected: 0,
            stored: 0,
            unpacked: 0,
            problems: Vec::new(),
            aside: Vec::new(),
        }
    }

    /// Of an object that was decoded, after it was unpacked with or without a fault.
    pub(crate) fn decoded(
        decoded: Decoded,
        fault: Option<Fault>,
        stored: u64,
        unpacked: u64,
    ) -> Account {
        let mut problems: Vec<_> = decoded
            .refusals
            .iter()
            .map(|(at, refusal)| (Some(*at), refusal.into()))
            .collect();
        // JSON that breaks off where the packed text does is the same problem, and nobody asks how an object ends that
        // is left alone.
        let broken = decoded
            .broken
            .filter(|_| fault.is_none() && decoded.other.is_none());
        problems.extend(decoded.other.map(|other| (None, Reason::Other(other))));
        problems.extend(broken.map(|error| (Some(error.at as u64), Reason::Broken(error.problem))));
        problems.extend(fault.map(|fault| (Some(unpacked), Reason::Packed(fault))));
        let end = match (decoded.other, decoded.broken, fault) {
            (Some(_), ..) => End::Skipped,
            (None, None, None) => End::Read,
            _ => End::Broken,
        };
        Account {
            end,
            records: decoded.records,
            rejected: decoded.refused,
            stored,
            unpacked,
            problems,
            aside: decoded.aside,
        }
    }
}

impl Report {
    /// The report of a listing of which nothing was read yet.
    pub(crate) fn listed(listing: &Listing) -> Report {
        let mut report = Report::default();
        report.objects.unselected = listing.unselected;
        report.objects.found =
            listing.unselected + listing.objects.len() as u64 + listing.problems.len() as u64;
        for problem in &listing.problems {
            report.objects.failed += 1;
            report.describe(&problem.object, problem.at, problem.reason);
        }
        report
    }

    /// What a listing said, and nothing of what came of it: for a further pass over the same objects.
    pub(crate) fn again(&self) -> Report {
        Report {
            objects: self.objects,
            problems: self.problems.clone(),
            more_problems: self.more_problems,
            ..Report::default()
        }
    }

    /// Enters an object.
    pub(crate) fn enter(&mut self, object: &str, account: Account) {
        match account.end {
            End::Read => self.objects.read += 1,
            End::Broken => self.objects.broken += 1,
            End::Skipped => self.objects.skipped += 1,
            End::Failed => self.objects.failed += 1,
            End::Partly => {}
        }
        self.records.read += account.records;
        self.records.rejected += account.rejected;
        self.bytes.stored += account.stored;
        self.bytes.unpacked += account.unpacked;
        let described = account
            .problems
            .iter()
            .filter(|(_, reason)| reason.is_of_record())
            .count() as u64;
        self.more_problems += account.rejected.saturating_sub(described);
        for (at, reason) in account.problems {
            self.describe(object, at, reason);
        }
    }

    pub(crate) fn describe(&mut self, object: &str, at: Option<u64>, reason: Reason) {
        if self.problems.len() == DESCRIBED {
            self.more_problems += 1;
            return;
        }
        self.problems.push(Problem {
            object: object.to_owned(),
            at,
            reason,
        });
    }

    /// Whether something of the input was rejected, left alone or unreadable.
    pub fn is_partial(&self) -> bool {
        !self.problems.is_empty()
    }
}

impl Reason {
    fn is_of_record(self) -> bool {
        matches!(
            self,
            Reason::RecordMalformed(_)
                | Reason::RecordNoObject
                | Reason::RecordNotUtf8
                | Reason::RecordPayload
                | Reason::RecordTooLarge
                | Reason::RecordForeign
        )
    }
}

impl From<&Refusal> for Reason {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Json(error) => Reason::RecordMalformed(error.problem),
            Refusal::NoObject => Reason::RecordNoObject,
            Refusal::NotUtf8 => Reason::RecordNotUtf8,
            Refusal::Payload => Reason::RecordPayload,
            Refusal::TooLarge => Reason::RecordTooLarge,
            Refusal::Foreign => Reason::RecordForeign,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.object, self.reason)?;
        match self.at {
            Some(at) => write!(f, " (byte {at})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Unreadable(kind) => write!(f, "it can't be read: {kind}"),
            Reason::Refused(refusal) => write!(f, "{refusal}"),
            Reason::NotJson => write!(f, "it is neither JSON nor packed JSON, left alone"),
            Reason::TooLarge => write!(f, "it is too large, left out"),
            Reason::Packed(Fault::Truncated) => {
                write!(f, "the packed data break off, what stands before was read")
            }
            Reason::Packed(Fault::Corrupt) => {
                write!(
                    f,
                    "the packed data are damaged, what stands before was read"
                )
            }
            Reason::Packed(Fault::Trailing) => write!(f, "something follows the packed data"),
            Reason::Packed(Fault::TooLarge) => write!(f, "it unpacks to too much, left out"),
            Reason::Broken(problem) => write!(
                f,
                "the JSON breaks off, what stands before was read: {problem}"
            ),
            Reason::Other(Other::Digest) => write!(f, "it is a digest, left alone"),
            Reason::Other(Other::Foreign) => write!(f, "it is no CloudTrail log, left alone"),
            Reason::Other(Other::Control) => {
                write!(f, "it is a control message of CloudWatch Logs, left alone")
            }
            Reason::RecordMalformed(problem) => write!(f, "a record is rejected: {problem}"),
            Reason::RecordNoObject => write!(f, "a record is rejected: it is no object"),
            Reason::RecordNotUtf8 => write!(f, "a record is rejected: it is not UTF-8"),
            Reason::RecordPayload => write!(
                f,
                "a payload is rejected: it is no Base64, or what is packed in it is damaged or too large"
            ),
            Reason::RecordTooLarge => write!(f, "a record is rejected: it is larger than 64 MiB"),
            Reason::RecordForeign => write!(f, "a value is left alone: it is no CloudTrail record"),
        }
    }
}
