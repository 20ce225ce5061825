//! Where a lake is: a local folder, or a prefix in S3.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore, logstore_with};
use futures::TryStreamExt;
use object_store::ObjectStore;
use object_store::aws::AmazonS3;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use url::Url;

use crate::error::{Error, Oddity};
use crate::folder;
use crate::fsync::Synced;
use crate::s3::{S3, S3Place};

/// The folders that a lake may hold: Delta tables, and the lookup tables that queries load.
const TABLES: [&str; 4] = ["cloudtrail", "lookups", "rejected", "sources"];

/// A table's folder that must not hold anything else before the table is made.
const LOG: &str = "_delta_log";

/// A place for a lake.
#[derive(Clone, Debug)]
pub(crate) enum Location {
    /// A folder of the local file system, as an absolute path.
    Folder(PathBuf),
    /// A prefix in a bucket.
    S3 {
        /// Which.
        place: S3Place,
        /// The bucket.
        store: Arc<AmazonS3>,
    },
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
    pub(crate) async fn parse(text: &str, s3: &S3) -> Result<Location, Error> {
        let path = match text.split_once("://") {
            Some(("file", _)) => {
                let url = Url::parse(text).ok();
                let path = url.and_then(|url| url.to_file_path().ok());
                path.ok_or_else(|| unsupported(text))?
            }
            Some(("s3", _)) => {
                let place = S3Place::parse(text).ok_or_else(|| unsupported(text))?;
                let store = s3.bucket(&place.bucket).await?;
                return Ok(Location::S3 { place, store });
            }
            Some(_) => return Err(unsupported(text)),
            None => PathBuf::from(text),
        };
        let absolute = std::path::absolute(&path).map_err(|error| Error::io(&path, error))?;
        Ok(Location::Folder(resolve(&absolute)?))
    }

    /// The folder of a table of the lake; of one in S3, its URL.
    pub(crate) fn table(&self, name: &str) -> PathBuf {
        match self {
            Location::Folder(folder) => folder.join(name),
            Location::S3 { place, .. } => {
                PathBuf::from(place.url(&place.prefix.clone().join(name)))
            }
        }
    }

    /// The same as a URL, and as a path in [`store`](Location::store).
    fn table_url(&self, name: &str) -> Result<(Url, ObjectPath), Error> {
        let path = self.table(name);
        // The log's library makes URLs of paths that it has listed, without escaping `%`, and reads another name back.
        let text = path.to_str().filter(|text| !has_escape(text));
        let named = match self {
            Location::Folder(_) => text
                .and_then(|text| Url::from_directory_path(text).ok())
                .and_then(|url| Some((ObjectPath::from_url_path(url.path()).ok()?, url))),
            Location::S3 { place, .. } => text.and_then(|_| {
                let mut url = Url::parse(&format!("s3://{}/", place.bucket)).ok()?;
                let path = place.prefix.clone().join(name);
                url.path_segments_mut()
                    .ok()?
                    .pop_if_empty()
                    .extend(path.as_ref().split('/'))
                    .push("");
                Some((path, url))
            }),
        };
        match named {
            Some((prefix, url)) => Ok((url, prefix)),
            None => Err(Error::Unnameable { path }),
        }
    }

    /// The store that URLs of this location are resolved in, from its root.
    pub(crate) fn store(&self) -> Arc<dyn ObjectStore> {
        match self {
            Location::Folder(_) => Arc::new(Synced::default()),
            Location::S3 { store, .. } => store.clone(),
        }
    }

    /// The log of a table, and where in `store` the table is.
    pub(crate) fn log(
        &self,
        name: &str,
        store: Arc<dyn ObjectStore>,
    ) -> Result<(LogStoreRef, ObjectPath), Error> {
        let (url, prefix) = self.table_url(name)?;
        let config = StorageConfig::default();
        let log = match self {
            Location::Folder(_) => logstore_with(store, &url, config)
                .map_err(|error| Error::log(&self.table(name), error))?,
            Location::S3 { .. } => {
                let prefixed = Arc::new(PrefixStore::new(store.clone(), prefix.clone()));
                default_logstore(prefixed, store, &url, &config)
            }
        };
        Ok((log, prefix))
    }

    /// Looks whether a table is here.
    ///
    /// # Errors
    /// [`Error::Foreign`] where the place is taken by something else.
    pub(crate) async fn look(&self, table: &str) -> Result<Found, Error> {
        match self {
            Location::Folder(folder) => self.look_on_disk(folder, table),
            Location::S3 { place, store } => look_in_s3(place, store, table).await,
        }
    }

    fn look_on_disk(&self, folder: &Path, table: &str) -> Result<Found, Error> {
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

    /// Makes the folder of a table, and what is missing above it, for the owner alone. S3 has no folders to make.
    pub(crate) fn prepare(&self, table: &str) -> Result<(), Error> {
        match self {
            Location::Folder(_) => {
                let log = self.table(table).join(LOG);
                folder::create(&log).map_err(|error| Error::io(&log, error))
            }
            Location::S3 { .. } => Ok(()),
        }
    }
}

/// What [`look`](Location::look) finds in S3.
async fn look_in_s3(place: &S3Place, store: &AmazonS3, table: &str) -> Result<Found, Error> {
    let failure = |error| Error::s3(place.to_string(), &error);
    let path = place.prefix.clone().join(table);
    // Listings are in order, and commits come before all that is not one: this reads one page.
    let mut log = store.list(Some(&path.clone().join(LOG)));
    while let Some(object) = log.try_next().await.map_err(failure)? {
        if object.location.filename().is_some_and(is_commit) {
            return Ok(Found::Table);
        }
    }
    for (folder, known) in [(&place.prefix, &TABLES[..]), (&path, &[LOG][..])] {
        let listed = store.list_with_delimiter(Some(folder));
        let listed = listed.await.map_err(failure)?;
        let objects = listed.objects.iter().map(|object| &object.location);
        let foreign_name = listed
            .common_prefixes
            .iter()
            .chain(objects)
            .filter(|path| *path != folder)
            .filter_map(|path| path.filename())
            .find(|name| !known.contains(name));
        if let Some(name) = foreign_name {
            let url = PathBuf::from(place.url(folder));
            return Err(foreign(&url, Oddity::Entry(name.to_owned())));
        }
    }
    Ok(Found::Nothing)
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

    #[tokio::test]
    async fn stores_that_are_not_built_in_are_refused_by_name() {
        for text in ["s3:///lake", "gs://bucket/lake", "file://host:80:80/"] {
            let error = Location::parse(text, &S3::default()).await.unwrap_err();
            assert!(
                matches!(&error, Error::UnsupportedLocation { location } if location == text),
                "{error}"
            );
        }
    }

    #[tokio::test]
    async fn a_path_and_its_url_are_one_location() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("my lake");
        let url = Url::from_directory_path(&path).unwrap();
        let mut tables = Vec::new();
        for text in [path.to_str().unwrap(), url.as_str()] {
            let location = Location::parse(text, &S3::default()).await.unwrap();
            tables.push(location.table("cloudtrail"));
        }
        assert_eq!(tables[0], tables[1]);
    }
}
