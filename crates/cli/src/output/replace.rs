//! A file that is there whole or not at all: written beside its place, and put there when it is done.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A file on its way. Until [`Replacement::commit`] whoever reads the path sees what stood there before. Only its owner
/// can read it.
pub(crate) struct Replacement(To);

enum To {
    Place(BufWriter<NamedTempFile>, PathBuf),
    /// What is no file, such as a pipe or `/dev/null`, can't be replaced.
    Device(BufWriter<File>),
}

impl Replacement {
    /// Begins the file.
    ///
    /// # Errors
    /// Where its folder can't be written to, or the path is a folder.
    pub(crate) fn open(path: &Path) -> io::Result<Replacement> {
        // A link stays one; what it leads to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        match std::fs::metadata(&path) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => {
                let file = std::fs::OpenOptions::new().write(true).open(&path)?;
                return Ok(Replacement(To::Device(BufWriter::new(file))));
            }
            _ => {}
        }
        let file = NamedTempFile::new_in(folder(&path))?;
        Ok(Replacement(To::Place(BufWriter::new(file), path)))
    }

    /// Whether the file could be begun now: to know before the work, not after it.
    ///
    /// # Errors
    /// Those of [`Replacement::open`].
    pub(crate) fn try_out(path: &Path) -> io::Result<()> {
        match std::fs::metadata(path) {
            // To open a pipe is to wait for who reads it.
            Ok(found) if !found.is_file() && !found.is_dir() => Ok(()),
            _ => Replacement::open(path).map(drop),
        }
    }

    /// Puts the file in its place, durably.
    ///
    /// # Errors
    /// Where it can't be written to its end; what stood there before stays.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self.0 {
            To::Device(mut out) => out.flush(),
            To::Place(out, path) => {
                let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.as_file().sync_all()?;
                file.persist(&path).map_err(|error| error.error)?;
                sync(folder(&path))
            }
        }
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            To::Place(out, _) => out.write(bytes),
            To::Device(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            To::Place(out, _) => out.flush(),
            To::Device(out) => out.flush(),
        }
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A new name in a folder is durable only after this.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems can't open a folder; their file systems order such changes by themselves.
#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_stays_until_the_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("out");
        std::fs::write(&path, "old").expect("written");
        let read = || std::fs::read_to_string(&path).expect("read");
        let mut file = Replacement::open(&path).expect("begun");
        file.write_all(b"half").expect("written");
        file.flush().expect("flushed");
        assert_eq!(read(), "old");
        drop(file);
        assert_eq!(read(), "old");
        let mut file = Replacement::open(&path).expect("begun");
        file.write_all(b"new").expect("written");
        file.commit().expect("in place");
        assert_eq!(read(), "new");
        // Nothing is left beside it.
        assert_eq!(std::fs::read_dir(folder.path()).expect("read").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path)
                .expect("there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn what_can_not_be_a_file_is_known_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Replacement::try_out(folder.path()).expect_err("a folder");
        assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
        let missing = folder.path().join("no/such/folder/out");
        assert!(Replacement::try_out(&missing).is_err());
        let fine = folder.path().join("out");
        Replacement::try_out(&fine).expect("it could");
        assert!(!fine.exists());
    }
}
