//! A lake: found or made, checked to be ours, ready for reading and committing.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deltalake_core::kernel::transaction::CommitProperties;
use deltalake_core::kernel::{self, DataType};
use deltalake_core::logstore::LogStoreRef;
use deltalake_core::operations::create::CreateBuilder;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use tokio::runtime::Handle;

use crate::cloudtrail::house;
use crate::error::{Error, Oddity};
use crate::file::File;
use crate::location::{Found, Location};
use crate::s3::S3;
use crate::schema::{delta_fields, statistics_columns};
use crate::writer::NewFile;

/// The table of events inside a lake.
const TABLE: &str = "cloudtrail";

/// Commits between two checkpoints. Opening a table reads the last checkpoint and the commits after it.
const CHECKPOINT_INTERVAL: u32 = 20;

/// The protocol versions that a table of ours has, and that its readers and writers may ask for. Above them come
/// deletion vectors and column mapping, which a scan of plain Parquet files would get wrong.
pub(crate) const READER: i32 = 1;
pub(crate) const WRITER: i32 = 2;

/// A lake that is there and is ours. Cheap to clone.
#[derive(Clone)]
pub struct Lake {
    place: Location,
    folder: PathBuf,
    store: Arc<dyn ObjectStore>,
    prefix: ObjectPath,
    log: LogStoreRef,
    remote: Option<Handle>,
    /// The table as it was found when the lake was opened, for the first snapshot to go on from.
    opened: Arc<Mutex<Option<Arc<kernel::Snapshot>>>>,
}

impl fmt::Debug for Lake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lake")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Lake {
    /// [`open_with`](Lake::open_with) for lakes that are on disk, or in S3 without more ado.
    pub async fn open(location: &str) -> Result<Lake, Error> {
        Lake::open_with(location, &S3::default()).await
    }

    /// Opens the lake at `location`, a path, a `file://` or an `s3://` URL, for reading. Needs a tokio runtime, as all
    /// that touches the log or S3 does; for one in S3 it must go on as long as the lake is used.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Foreign`], [`Error::NoPermission`], [`Error::UnsupportedLocation`],
    /// [`Error::S3`], [`Error::Upgraded`] where its readers need more than this version has; [`Error::Log`] where the log is broken.
    pub async fn open_with(location: &str, s3: &S3) -> Result<Lake, Error> {
        Lake::existing(location, s3, None).await
    }

    async fn existing(location: &str, s3: &S3, writer: Option<i32>) -> Result<Lake, Error> {
        let place = Location::parse(location, s3).await?;
        match place.look(TABLE).await? {
            Found::Table => Lake::at(&place, TABLE)?.checked(writer).await,
            Found::Nothing => Err(Error::Missing {
                location: location.to_owned(),
            }),
        }
    }

    /// Opens the lake at `location` for writing, which must be there.
    ///
    /// # Errors
    /// As [`open`](Lake::open); [`Error::Upgraded`] where its writers need more than this version has.
    pub async fn open_existing_with(location: &str, s3: &S3) -> Result<Lake, Error> {
        Lake::existing(location, s3, Some(WRITER)).await
    }

    /// [`open_existing_with`](Lake::open_existing_with) for lakes that are on disk, or in S3 without more ado.
    pub async fn open_existing(location: &str) -> Result<Lake, Error> {
        Lake::open_existing_with(location, &S3::default()).await
    }

    /// [`open_or_create_with`](Lake::open_or_create_with) for lakes that are on disk, or in S3 without more ado.
    pub async fn open_or_create(location: &str) -> Result<Lake, Error> {
        Lake::open_or_create_with(location, &S3::default()).await
    }

    /// Opens the lake at `location` for writing, or makes one where there is nothing or an empty folder. What is made
    /// is readable by its owner alone. Two processes may do so at once.
    ///
    /// # Errors
    /// As [`open_with`](Lake::open_with), without [`Error::Missing`]; [`Error::Upgraded`] where its writers need more
    /// than this version has; [`Error::Unconditional`] where the store can't keep two writers apart.
    pub async fn open_or_create_with(location: &str, s3: &S3) -> Result<Lake, Error> {
        let place = Location::parse(location, s3).await?;
        let lake = Lake::at(&place, TABLE)?;
        if place.look(TABLE).await? == Found::Nothing {
            place.prepare(TABLE)?;
            let made = lake.make().await;
            // Another process may have been quicker: what counts is that the table is there now.
            if let Err(error) = made
                && place.look(TABLE).await? == Found::Nothing
            {
                return Err(error);
            }
            lake.probe().await?;
        }
        lake.checked(Some(WRITER)).await
    }

    /// Whether the store refuses to make what is there: without that, two writers would overwrite each other's commits.
    /// Asked with the first commit and its own bytes, so that nothing is lost where it does not.
    async fn probe(&self) -> Result<(), Error> {
        if self.remote.is_none() {
            return Ok(());
        }
        let failure = |error| Error::s3(self.folder.display().to_string(), &error);
        let first = self.prefix.clone().join("_delta_log");
        let first = first.join("00000000000000000000.json");
        let commit = self.store.get(&first).await.map_err(failure)?;
        let commit = commit.bytes().await.map_err(failure)?;
        let again = PutOptions::from(PutMode::Create);
        match self.store.put_opts(&first, commit.into(), again).await {
            Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(failure(error)),
            Ok(_) => Err(Error::Unconditional {
                path: self.folder.clone(),
            }),
        }
    }

    /// A table of the lake at `place`, unchecked.
    pub(crate) fn at(place: &Location, table: &str) -> Result<Lake, Error> {
        let folder = place.table(table);
        let store = place.store();
        let (log, prefix) = place.log(table, store.clone())?;
        let remote = matches!(place, Location::S3 { .. }).then(Handle::current);
        Ok(Lake {
            place: place.clone(),
            folder,
            store,
            prefix,
            log,
            remote,
            opened: Arc::default(),
        })
    }

    async fn make(&self) -> Result<(), Error> {
        let indexed: Vec<String> = statistics_columns()
            .map(|(_, column)| column.name)
            .collect();
        let made = CreateBuilder::new()
            .with_log_store(self.log.clone())
            .with_table_name(TABLE)
            .with_comment("AWS CloudTrail events, one row each, kept by trailsift")
            .with_columns(delta_fields())
            .with_partition_columns([house::EVENT_DATE])
            .with_configuration([
                (
                    "delta.checkpointInterval",
                    Some(CHECKPOINT_INTERVAL.to_string()),
                ),
                ("delta.dataSkippingStatsColumns", Some(indexed.join(","))),
            ])
            .with_commit_properties(CommitProperties::default().with_max_retries(0))
            .await;
        made.map(drop)
            .map_err(|error| Error::log(&self.folder, error))
    }

    /// The lake, if its table is one of ours that this version can read, and write where `writer` is given.
    async fn checked(self, writer: Option<i32>) -> Result<Lake, Error> {
        let snapshot = self.table().await;
        let snapshot = snapshot.map_err(|error| Error::log(&self.folder, error))?;
        let protocol = snapshot.protocol();
        let (reads, writes) = (protocol.min_reader_version(), protocol.min_writer_version());
        if reads > READER || writer.is_some_and(|writer| writes > writer) {
            return Err(Error::Upgraded {
                path: self.folder,
                reader: reads,
                writer: writes,
            });
        }
        let foreign = |found| Error::Foreign {
            path: self.folder.clone(),
            found,
        };
        if snapshot.metadata().partition_columns() != [house::EVENT_DATE] {
            return Err(foreign(Oddity::Partitions));
        }
        let schema = snapshot.schema();
        for field in delta_fields() {
            let there: Option<&DataType> =
                schema.field(field.name()).map(|field| field.data_type());
            if there != Some(field.data_type()) {
                return Err(foreign(Oddity::Column(field.name().clone())));
            }
        }
        *self.opened() = Some(snapshot);
        Ok(self)
    }

    pub(crate) fn opened(&self) -> MutexGuard<'_, Option<Arc<kernel::Snapshot>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store that holds the lake. Paths in it begin at its root: see [`table_prefix`](Lake::table_prefix).
    pub fn store(&self) -> Arc<dyn ObjectStore> {
        self.store.clone()
    }

    /// Where in [`store`](Lake::store) the table of events is.
    pub fn table_prefix(&self) -> &ObjectPath {
        &self.prefix
    }

    /// Where in [`store`](Lake::store) a data file is.
    pub fn object_path(&self, file: &File) -> ObjectPath {
        self.path_of(&file.path)
    }

    pub(crate) fn path_of(&self, path: &str) -> ObjectPath {
        let parts = path.split('/');
        parts.fold(self.prefix.clone(), |path, part| path.join(part))
    }

    /// The folder of the table of events; in S3, its URL.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What waits for the store on threads that may block; `None` for a lake on disk, whose files are opened as such.
    pub fn remote(&self) -> Option<&Handle> {
        self.remote.as_ref()
    }

    /// Removes data files that will not be committed. Nobody reads them; what can't be removed goes with the next vacuum.
    pub fn discard(&self, files: &[NewFile]) {
        for file in files.iter().map(NewFile::file) {
            match &self.remote {
                None => _ = fs::remove_file(self.folder.join(&file.path)),
                Some(handle) => {
                    let (store, path) = (self.store.clone(), self.object_path(file));
                    handle.spawn(async move { store.delete(&path).await });
                }
            }
        }
    }

    /// The table of events as other engines name it: the absolute path of its folder, or its URL.
    pub fn table_location(&self) -> String {
        self.folder.display().to_string()
    }

    /// Where all of the lake is.
    pub(crate) fn place(&self) -> &Location {
        &self.place
    }

    pub(crate) fn log(&self) -> &LogStoreRef {
        &self.log
    }
}
