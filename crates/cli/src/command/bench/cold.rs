//! How cold runs are made cold: the system is asked to forget the lake's files.

use std::io::ErrorKind::{NotFound, PermissionDenied};
use std::path::{Path, PathBuf};

use anyhow::Context;
use lake::Lake;

/// What a cold run begins with, besides an engine that was just opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cold {
    /// None of the files in this folder, those of the events' table, is in the system's memory.
    Files(PathBuf),
    /// Nothing else: the lake is in S3.
    Remote,
    /// There are no cold runs: this system can't be asked to forget files.
    Unknown,
}

impl Cold {
    /// How runs over this lake are made cold.
    pub(super) fn of(lake: &Lake) -> Cold {
        match lake.remote() {
            Some(_) => Cold::Remote,
            None if CAN_FORGET => Cold::Files(lake.folder().to_owned()),
            None => Cold::Unknown,
        }
    }

    /// What a reader is told.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Cold::Files(_) => {
                "cold: no file of the lake in the system's memory, the lake opened anew"
            }
            Cold::Remote => "cold: the lake opened anew",
            Cold::Unknown => "cold: not measured, this system can't be asked to forget files",
        }
    }

    /// Has the system forget what it must.
    ///
    /// # Errors
    /// Where a file of the lake can't be opened.
    pub(super) fn prepare(&self) -> anyhow::Result<()> {
        match self {
            Cold::Files(folder) => forget(folder),
            Cold::Remote | Cold::Unknown => Ok(()),
        }
    }
}

const CAN_FORGET: bool = cfg!(any(target_os = "linux", target_os = "freebsd"));

/// Only what is on disk can be forgotten: files of a lake are, for they are synced before a commit names them.
fn forget(folder: &Path) -> anyhow::Result<()> {
    let unreadable = || format!("{} can't be read", folder.display());
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        let (path, kind) = (entry.path(), entry.file_type().with_context(unreadable)?);
        if kind.is_dir() {
            forget(&path)?;
        } else if kind.is_file() {
            match forget_file(&path) {
                // Somebody removes files from the lake meanwhile; and what we may not read, no query reads.
                Err(error) if matches!(error.kind(), NotFound | PermissionDenied) => {}
                forgotten => forgotten.with_context(|| {
                    format!("the system can't be asked to forget {}", path.display())
                })?,
            }
        }
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn forget_file(path: &Path) -> std::io::Result<()> {
    let file = std::fs::File::open(path)?;
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?;
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
fn forget_file(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stay_as_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("day")).expect("made");
        let path = folder.path().join("day/file");
        std::fs::write(&path, "content").expect("written");
        let cold = Cold::Files(folder.path().to_owned());
        cold.prepare().expect("forgotten");
        assert_eq!(std::fs::read_to_string(&path).expect("read"), "content");
        let gone = Cold::Files(folder.path().join("gone"));
        assert!(gone.prepare().is_err());
    }
}
