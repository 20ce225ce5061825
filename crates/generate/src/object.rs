//! One log object: its name, and its bytes.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use libdeflater::{CompressionLvl, Compressor};

use crate::clock;
use crate::{Error, Summary};

/// Writes log objects below a folder. Holds what is used again from one object to the next.
pub(crate) struct Objects<'a> {
    root: &'a Path,
    compressor: Compressor,
    packed: Vec<u8>,
    /// The folder that exists for sure, because it was just written to.
    folder: PathBuf,
    told: &'a (dyn Fn(u64) -> ControlFlow<()> + Sync),
    /// What has been written.
    pub(crate) summary: Summary,
}

/// Where an object stands.
pub(crate) struct Key<'a> {
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    /// When it was delivered, Unix seconds; the name shows the minute.
    pub(crate) delivered: i64,
    /// The sixteen letters that set it apart.
    pub(crate) suffix: &'a str,
}

impl<'a> Objects<'a> {
    /// Objects below `root`; `told` hears of the records of each, and may have it stopped.
    pub(crate) fn new(root: &'a Path, told: &'a (dyn Fn(u64) -> ControlFlow<()> + Sync)) -> Self {
        Self {
            root,
            told,
            // Level 6, gzip's own default.
            compressor: Compressor::new(CompressionLvl::default()),
            packed: Vec::new(),
            folder: PathBuf::new(),
            summary: Summary::default(),
        }
    }

    /// Writes one object: `body` is the text `{"Records":[…]}`, which holds so many records.
    pub(crate) fn write(&mut self, key: &Key, body: &str, records: u64) -> Result<(), Error> {
        let (folder, name) = key.path();
        let folder = self.root.join(folder);
        if folder != self.folder {
            fs::create_dir_all(&folder).map_err(|source| Error::Write {
                path: folder.clone(),
                source,
            })?;
            self.folder = folder;
        }
        self.packed
            .resize(self.compressor.gzip_compress_bound(body.len()), 0);
        let path = self.folder.join(name);
        let length = self
            .compressor
            .gzip_compress(body.as_bytes(), &mut self.packed)
            .map_err(|_| Error::Compress { path: path.clone() })?;
        fs::write(&path, &self.packed[..length]).map_err(|source| Error::Write { path, source })?;
        self.summary.files += 1;
        self.summary.records += records;
        self.summary.bytes += body.len() as u64;
        self.summary.compressed += length as u64;
        match (self.told)(records) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Stopped),
        }
    }
}

impl Key<'_> {
    /// Folder and file name.
    fn path(&self) -> (String, String) {
        let Self {
            account,
            region,
            delivered,
            suffix,
        } = self;
        let mut folder = format!("AWSLogs/{account}/CloudTrail/{region}/");
        clock::day(*delivered, &mut folder);
        let mut name = format!("{account}_CloudTrail_{region}_");
        clock::stamp(*delivered, &mut name);
        name.push_str(&format!("_{suffix}.json.gz"));
        (folder, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_deliveries() {
        let key = Key {
            account: "111122223333",
            region: "eu-west-1",
            delivered: 1_732_729_408,
            suffix: "Ab12Cd34Ef56Gh78",
        };
        let (folder, name) = key.path();
        assert_eq!(
            folder,
            "AWSLogs/111122223333/CloudTrail/eu-west-1/2024/11/27"
        );
        assert_eq!(
            name,
            "111122223333_CloudTrail_eu-west-1_20241127T1743Z_Ab12Cd34Ef56Gh78.json.gz"
        );
    }
}
