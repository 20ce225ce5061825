//! Where a lake is: a local folder now. An object store becomes another variant, and the compiler names the places
//! that have to learn of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use url::Url;

use crate::error::{Error, Oddity};
use crate::folder;
use crate::fsync::Synced;

/// The folders that a lake may hold: Delta tables, and the lookup tables that queries load.
const TABLES: [&str; 4] = ["cloudtrail", "lookups", "rejected", "sources"];

/// A table's folder that must not hold anything else before the table is made.
const LOG: &str = "_delta_log";

/// A place for a lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A folder of the local file system, as an absolute path.
    Folder(PathBuf),
}

/// What is at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing, or the beginnings of a lake that was never finished.
    Nothing,
    /// A table with a log.
    Table,
}

impl Location {
    /// Reads what was typed: a path, or a URL.
    pub(crate) fn parse(text: &str) -> Result<Location, Error> {
        let path = match text.split_once("://") {
            Some(("file", _)) => {
                let url = Url::parse(text).ok();
                let path = url.and_then(|url| url.to_file_path().ok());
                path.ok_or_else(|| unsupported(text))?
            }
            Some(_) => return Err(unsupported(text)),
            None => PathBuf::from(text),
        };
        let absolute = std::path::absolute(&path).map_err(|error| Error::io(&path, error))?;
        Ok(Location::Folder(resolve(&absolute)?))
    }

    /// The folder of a table of the lake.
    pub(crate) fn table(&self, name: &str) -> PathBuf {
        let Location::Folder(folder) = self;
        folder.join(name)
    }

    /// The same as a URL.
    pub(crate) fn table_url(&self, name: &str) -> Result<Url, Error> {
        let path = self.table(name);
        // The log's library makes URLs of paths that it has listed, without escaping `%`, and reads another name back.
        let text = path.to_str().filter(|text| !has_escape(text));
        match text.and_then(|text| Url::from_directory_path(text).ok()) {
            Some(url) => Ok(url),
            None => Err(Error::Unnameable { path }),
        }
    }

    /// The store that URLs of this location are resolved in, from its root.
    pub(crate) fn store(&self) -> Arc<dyn ObjectStore> {
        let Location::Folder(_) = self;
        Arc::new(Synced::default())
    }

    /// Looks whether a table is here.
    ///
    /// # Errors
    /// [`Error::Foreign`] where the place is taken by something else.
    pub(crate) fn look(&self, table: &str) -> Result<Found, Error> {
        let Location::Folder(folder) = self;
        let entries = match names(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(foreign(folder, Oddity::File));
            }
            Err(error) => return Err(Error::io(folder, error)),
        };
        let path = self.table(table);
        if has_commits(&path.join(LOG))? {
            return Ok(Found::Table);
        }
        if let Some(name) = entries.into_iter().find(|name| !TABLES.contains(&&**name)) {
            return Err(foreign(folder, Oddity::Entry(name)));
        }
        match names(&path) {
            Ok(entries) => match entries.into_iter().find(|name| name != LOG) {
                Some(name) => Err(foreign(&path, Oddity::Entry(name))),
                None => Ok(Found::Nothing),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Found::Nothing),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                Err(foreign(&path, Oddity::File))
            }
            Err(error) => Err(Error::io(&path, error)),
        }
    }

    /// Makes the folder of a table, and what is missing above it, for the owner alone.
    pub(crate) fn prepare(&self, table: &str) -> Result<(), Error> {
        let log = self.table(table).join(LOG);
        folder::create(&log).map_err(|error| Error::io(&log, error))
    }
}

/// The path without symbolic links, as far as it exists: two names of one lake then are one lake.
fn resolve(path: &Path) -> Result<PathBuf, Error> {
    match fs::canonicalize(path) {
        Ok(path) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match (path.parent(), path.file_name()) {
                (Some(parent), Some(name)) => Ok(resolve(parent)?.join(name)),
                _ => Ok(path.to_owned()),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(foreign(path, Oddity::File))
        }
        Err(error) => Err(Error::io(path, error)),
    }
}

/// Whether a URL would read some of `text` as an escaped byte.
fn has_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .windows(3)
        .any(|three| three[0] == b'%' && three[1..].iter().all(u8::is_ascii_hexdigit))
}

/// Whether a log has a commit or a checkpoint: a name that begins with a version.
fn has_commits(log: &Path) -> Result<bool, Error> {
    let names = match names(log) {
        Ok(names) => names,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(false);
        }
        Err(error) => return Err(Error::io(log, error)),
    };
    Ok(names.iter().any(|name| is_commit(name)))
}

/// Whether a file of the log is a commit or a checkpoint, and not one that is still being written.
fn is_commit(name: &str) -> bool {
    let (version, rest) = name.split_at_checked(20).unwrap_or((name, ""));
    let known = rest == ".json" || (rest.starts_with(".checkpoint.") && rest.ends_with(".parquet"));
    known && version.bytes().all(|byte| byte.is_ascii_digit())
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

fn unsupported(location: &str) -> Error {
    Error::UnsupportedLocation {
        location: location.to_owned(),
    }
}

fn foreign(path: &Path, found: Oddity) -> Error {
    Error::Foreign {
        path: path.to_owned(),
        found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_commits_make_a_log() {
        assert!(is_commit("00000000000000000000.json"));
        assert!(is_commit("00000000000000000010.checkpoint.parquet"));
        assert!(is_commit(
            "00000000000000000010.checkpoint.0000000001.0000000002.parquet"
        ));
        for name in [
            "_last_checkpoint",
            "00000000000000000000.json#123",
            "0.json",
            "ä".repeat(15).as_str(),
        ] {
            assert!(!is_commit(name), "{name}");
        }
    }

    #[test]
    fn stores_that_are_not_built_in_are_refused_by_name() {
        for text in ["s3://bucket/lake", "gs://bucket/lake", "file://host:80:80/"] {
            let error = Location::parse(text).unwrap_err();
            assert!(
                matches!(&error, Error::UnsupportedLocation { location } if location == text),
                "{error}"
            );
        }
    }

    #[test]
    fn a_path_and_its_url_are_one_location() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my lake");
        let url = Url::from_directory_path(&path).unwrap();
        assert_eq!(
            Location::parse(path.to_str().unwrap()).unwrap(),
            Location::parse(url.as_str()).unwrap()
        );
    }
}
