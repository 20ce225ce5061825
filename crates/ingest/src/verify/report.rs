//! What a verification found. It adds up, and no record's contents are in it.

use crate::report::{Objects, Problem};

/// How many findings are described; the rest is counted.
const DESCRIBED: usize = 100;

/// What a verification found.
#[derive(Debug, Default)]
pub struct Verification {
    /// The version of the lake's table that the sources were compared with.
    pub version: u64,
    /// Objects in the sources by what became of them now.
    pub objects: Objects,
    /// Their records.
    pub records: Compared,
    /// Bytes of records that the lake holds as they stand in the sources.
    pub bytes: u64,
    /// Columns of rows, recomputed from the records' text.
    pub columns: Columns,
    /// Rows of the lake that hold no record of these sources.
    pub others: u64,
    /// The first hundred of what is missing or different, in the order of objects where it is known.
    pub findings: Vec<Finding>,
    /// How many findings there are besides.
    pub more_findings: u64,
    /// The first hundred objects that could not be read whole, and values that are no records.
    pub problems: Vec<Problem>,
    /// How many of these there are besides.
    pub more_problems: u64,
}

/// Records by what the lake has of them. `read = found + folded + set_aside + missing`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Records in the sources.
    pub read: u64,
    /// With a row of their own, whose `content` is theirs byte for byte.
    pub found: u64,
    /// Of the same event as another record's row, and equal to it as JSON.
    pub folded: u64,
    /// Not acceptable as rows; their bytes lie beside the table.
    pub set_aside: u64,
    /// Nowhere.
    pub missing: u64,
}

/// Comparisons of columns. `made = equal + different`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Rows whose columns were recomputed.
    pub rows: u64,
    /// Comparisons.
    pub made: u64,
    /// Those where the column holds what the text says.
    pub equal: u64,
    /// Those where it does not.
    pub different: u64,
}

/// A record that is missing, or a column that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The object.
    pub object: String,
    /// The record's place in it, from 0; for a record that could not become a row, where it begins in the unpacked
    /// text, in bytes.
    pub place: Place,
    /// What is wrong.
    pub what: What,
}

/// Where in an object a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The record's place among the records, from 0.
    Index(u64),
    /// Its first byte.
    Byte(u64),
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The lake does not have the record.
    Missing,
    /// The record could not become a row, and is not set aside either.
    NotSetAside,
    /// A column of the record's row holds something else than the record says.
    Different {
        /// The column.
        column: String,
    },
}

impl Verification {
    /// Whether anything is missing or different, or could not be compared because an object can't be read.
    pub fn is_sound(&self) -> bool {
        self.records.missing == 0 && self.columns.different == 0 && self.objects.failed == 0
    }

    pub(crate) fn find(&mut self, finding: Finding) {
        match self.findings.len() < DESCRIBED {
            true => self.findings.push(finding),
            false => self.more_findings += 1,
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, ", self.object)?;
        match self.place {
            Place::Index(index) => write!(f, "record {index}: ")?,
            Place::Byte(at) => write!(f, "byte {at}: ")?,
        }
        match &self.what {
            What::Missing => write!(f, "the lake does not have it"),
            What::NotSetAside => write!(f, "it can't be a row, and is not set aside either"),
            What::Different { column } => write!(f, "column {column} differs from the record"),
        }
    }
}
