//! A random archive: its objects on disk, the lake made of it, and the records that it holds as the naive evaluator
//! reads them.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::dice::Dice;
use super::record::{self, Node};
use crate::check::ingest_with;
use crate::naive::archive::{JSON_LIMIT, Record, fold};

/// An object of the archive.
#[derive(Clone, Debug)]
pub struct Object {
    /// The account in its path; none for one that lies outside AWS's folders.
    pub account: Option<&'static str>,
    /// Whether it is packed.
    pub packed: bool,
    /// Whether it comes with the second of two ingests.
    pub late: bool,
    /// Its records, as they stand there.
    pub records: Vec<String>,
}

/// An archive, and how it is ingested.
#[derive(Clone, Debug)]
pub struct Archive {
    /// In the order of delivery.
    pub objects: Vec<Object>,
    /// The most rows of a row group.
    pub row_group_rows: usize,
    /// Bytes of memory: little of it makes several batches.
    pub memory: usize,
}

impl Archive {
    /// A random archive.
    pub fn random(dice: &mut Dice) -> Archive {
        let two = dice.chance(40);
        let mut nodes: Vec<Node> = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        let mut objects = Vec::new();
        for place in 0..dice.between(2, 6) {
            let records = (0..dice.below(20))
                .map(|_| one(dice, &mut nodes, &mut texts))
                .collect();
            objects.push(Object {
                // Objects outside AWS's folders have no day, and are read before the others.
                account: (place > 0).then(|| *dice.pick(&["111111111111", "333333333333"])),
                packed: dice.chance(50),
                late: two && place > 2,
                records,
            });
        }
        Archive {
            objects,
            row_group_rows: *dice.pick(&[2, 5, 17, 1_000]),
            memory: *dice.pick(&[8 << 10, 64 << 10, 64 << 20]),
        }
    }

    /// The records of the archive, repeats folded, as the naive evaluator reads them.
    pub fn records(&self) -> Vec<Record> {
        let mut delivered = Vec::new();
        for late in [false, true] {
            for object in self.objects.iter().filter(|object| object.late == late) {
                for text in &object.records {
                    let account = object.account.map(str::to_owned);
                    delivered.push(crate::naive::archive::record(text, account).unwrap());
                }
            }
        }
        fold(delivered)
    }

    /// Writes the objects below `folder` and ingests them into a lake there; gives the lake's place.
    pub fn lake(&self, folder: &Path) -> PathBuf {
        let lake = folder.join("lake");
        let options = ingest::Options {
            row_group_rows: self.row_group_rows,
            memory: self.memory,
            ..ingest::Options::default()
        };
        for late in [false, true] {
            let archive = folder.join(if late { "late" } else { "early" });
            for (place, object) in self.objects.iter().enumerate() {
                if object.late == late {
                    put(&archive, place, object);
                }
            }
            if archive.exists() {
                let report = ingest_with(&lake, &archive, options.clone());
                assert_eq!(report.records.rejected, 0, "{:?}", report.problems);
            }
        }
        lake
    }
}

impl fmt::Display for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rows, memory) = (self.row_group_rows, self.memory);
        write!(f, "{rows} rows a row group, {memory} bytes of memory")?;
        for object in self
            .objects
            .iter()
            .filter(|object| !object.records.is_empty())
        {
            let ingest = if object.late { "second" } else { "first" };
            let account = object.account.unwrap_or("no account");
            write!(f, "\nan object of the {ingest} ingest, {account}:")?;
            for record in &object.records {
                let shown = record.get(..2_000).unwrap_or(record);
                write!(f, "\n  {shown} ({} bytes)", record.len())?;
            }
        }
        Ok(())
    }
}

/// A record: mostly a new one, now and then one seen before, or one around the JSON limit.
fn one(dice: &mut Dice, nodes: &mut Vec<Node>, texts: &mut Vec<String>) -> String {
    let text = match dice.below(100) {
        0..4 if !texts.is_empty() => return dice.pick(texts).clone(),
        4..9 if !nodes.is_empty() => {
            let seen = dice.pick(nodes).clone();
            let seen = record::reordered(dice, &seen);
            return record::written(dice, &seen);
        }
        9 | 10 => {
            let length = JSON_LIMIT + *dice.pick(&[0, 1, 20_000]) - *dice.pick(&[0, 1]);
            let node = record::record(dice, texts.len());
            padded(record::written(dice, &node), length)
        }
        _ => {
            let node = record::record(dice, texts.len());
            let text = record::written(dice, &node);
            nodes.push(node);
            text
        }
    };
    texts.push(text.clone());
    text
}

/// The record with one member more, so that it has `length` bytes.
fn padded(mut text: String, length: usize) -> String {
    text.truncate(text.len() - 1);
    let comma = if text.trim_end().ends_with('{') {
        ""
    } else {
        ","
    };
    let before = format!("{comma}\"padding\":\"");
    let missing = length.saturating_sub(text.len() + before.len() + 2);
    text + &before + &"x".repeat(missing) + "\"}"
}

/// Writes one object. The minutes in the names keep the order of the archive.
fn put(archive: &Path, place: usize, object: &Object) {
    let ending = if object.packed { "json.gz" } else { "json" };
    let path = match object.account {
        None => archive.join(format!("loose-{place:02}.{ending}")),
        Some(account) => archive
            .join(format!("AWSLogs/{account}/CloudTrail/us-east-1/2024/05/02"))
            .join(format!(
                "{account}_CloudTrail_us-east-1_20240502T00{place:02}Z_AbCdEfGh.{ending}"
            )),
    };
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = format!("{{\"Records\":[{}]}}", object.records.join(", "));
    if object.packed {
        let mut encoder = GzEncoder::new(fs::File::create(path).unwrap(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
    } else {
        fs::write(path, text).unwrap();
    }
}
