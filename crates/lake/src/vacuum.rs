//! What no snapshot of the last days needs, found and removed: replaced files, what killed writers left, old entries of
//! the log. Nothing else in a lake ever deletes what once was committed.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use deltalake_core::kernel::Action;
use deltalake_core::logstore::LogStoreRef;
use deltalake_core::protocol::checkpoints::{cleanup_expired_logs_for, create_checkpoint};
use deltalake_core::table::config::TablePropertiesExt;
use deltalake_core::table::state::DeltaTableState;
use deltalake_core::{DeltaTable, DeltaTableError};
use futures::TryStreamExt;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectMeta, ObjectStoreExt};

use crate::{Error, Lake, entry};

/// The tables of a lake that are kept in order: that of the events, and the ledger of ingested objects.
const TABLES: [&str; 2] = ["cloudtrail", "sources"];

/// The shortest time that files are kept without consent: longer than any query or batch of an ingest takes.
pub const SHORTEST_KEEP: Duration = Duration::from_secs(24 * 60 * 60);

/// What to keep.
#[derive(Clone, Copy, Debug)]
pub struct VacuumOptions {
    /// How long files stay after they were replaced, or after they were written and not committed.
    pub keep: Duration,
    /// Whether less than [`SHORTEST_KEEP`] is meant.
    pub force: bool,
    /// Whether it is only told what would be removed.
    pub dry_run: bool,
}

/// What a vacuum found in one table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vacuumed {
    /// The table's folder in the lake.
    pub table: &'static str,
    /// The files that were removed, or would be, by path.
    pub removed: Vec<Leftover>,
    /// How many files no snapshot of now needs, but an older one may, or somebody who is writing; and their bytes.
    pub kept: (u64, u64),
    /// Files that are nothing of a table's, which are left alone.
    pub strangers: Vec<String>,
    /// The version that a checkpoint was written of, so that opening the table reads no commits before it.
    pub checkpoint: Option<u64>,
    /// How many entries of the log were removed because a later checkpoint holds what they say.
    pub log_entries: u64,
}

/// A file that nobody needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// Its path, relative to the table.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Whether it was part of the table once; or else never committed.
    pub replaced: bool,
}

impl Lake {
    /// Removes from the lake's tables what no snapshot of the time to keep needs. Folders beside the tables, such as
    /// lookups, are not looked into. Safe beside ingests, compactions and queries that take less than that time.
    ///
    /// # Errors
    /// [`Error::Keep`] for a time below [`SHORTEST_KEEP`] without consent; [`Error::Log`] or [`Error::NoPermission`]
    /// where the log can't be read or something can't be removed.
    pub async fn vacuum(&self, options: &VacuumOptions) -> Result<Vec<Vacuumed>, Error> {
        if options.keep < SHORTEST_KEEP && !options.force {
            return Err(Error::Keep);
        }
        let mut done = Vec::new();
        for name in TABLES {
            let log = match name {
                "cloudtrail" => self.log().clone(),
                name => match self.beside(name).await? {
                    Some(log) => log,
                    None => continue,
                },
            };
            let events = (name != TABLES[0]).then(|| self.log().clone());
            let table = Table { name, log, events };
            let vacuumed = table.vacuum(options).await;
            done.push(
                vacuumed.map_err(|error| Error::log(&self.folder().with_file_name(name), error))?,
            );
        }
        Ok(done)
    }

    /// The log of another table of the lake, if it has one.
    async fn beside(&self, name: &str) -> Result<Option<LogStoreRef>, Error> {
        let folder = self.folder().with_file_name(name);
        let failure = |error| Error::log(&folder, error);
        let log = Lake::at(self.place(), name)?.log().clone();
        let there = log.is_delta_table_location().await.map_err(failure)?;
        Ok(there.then_some(log))
    }
}

struct Table {
    name: &'static str,
    log: LogStoreRef,
    /// The log of the events, whose commits name files of the ledger before its own log does.
    events: Option<LogStoreRef>,
}

impl Table {
    async fn vacuum(&self, options: &VacuumOptions) -> Result<Vacuumed, DeltaTableError> {
        let store = self.log.object_store(None);
        // The listing comes first: what is committed after it is in the snapshot.
        let listed: Vec<ObjectMeta> = store.list(None).try_collect().await?;
        let state = DeltaTableState::try_new(self.log.as_ref(), None).await?;
        let keep = i64::try_from(options.keep.as_millis()).unwrap_or(i64::MAX);
        let before = entry::now().saturating_sub(keep);

        let live = self.live(&state).await?;
        let replaced = self.replaced(&state, before, &listed).await?;
        let mut found = Vacuumed {
            table: self.name,
            ..Vacuumed::default()
        };
        for object in &listed {
            let path = object.location.as_ref();
            if live.contains(path) || path.starts_with("_delta_log/") {
                continue;
            }
            if !is_data(path) {
                found.strangers.push(path.to_owned());
                continue;
            }
            let since = replaced.get(path).copied();
            // A file that is in no entry of the log was never committed, or was replaced so long ago that it is forgotten.
            if since.unwrap_or_else(|| object.last_modified.timestamp_millis()) > before {
                found.kept.0 += 1;
                found.kept.1 += object.size;
                continue;
            }
            found.removed.push(Leftover {
                path: path.to_owned(),
                size: object.size,
                replaced: since.is_some(),
            });
        }
        self.spare(&mut found).await?;
        found.removed.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        if !options.dry_run {
            for leftover in &found.removed {
                match store.delete(&ObjectPath::parse(&leftover.path)?).await {
                    // Another vacuum was quicker.
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => (),
                    Err(error) => return Err(error.into()),
                }
            }
            self.tidy(&state, before, &listed, &mut found).await?;
        }
        Ok(found)
    }

    /// The paths of the files that are in the table now.
    async fn live(&self, state: &DeltaTableState) -> Result<HashSet<String>, DeltaTableError> {
        let views = state.snapshot().file_views(self.log.as_ref(), None);
        views
            .map_ok(|view| view.path().into_owned())
            .try_collect()
            .await
    }

    /// The files that were removed from the table, each with when that was.
    async fn replaced(
        &self,
        state: &DeltaTableState,
        before: i64,
        listed: &[ObjectMeta],
    ) -> Result<HashMap<String, i64>, DeltaTableError> {
        let tombstones = state.all_tombstones(self.log.as_ref());
        let mut replaced: HashMap<String, i64> = tombstones
            .map_ok(|tombstone| {
                let when = tombstone.deletion_timestamp().unwrap_or(i64::MAX);
                (tombstone.path().into_owned(), when)
            })
            .try_collect()
            .await?;
        // The log's own memory of removed files ends after a week or what the table says. The commits remember longer.
        let store = self.log.object_store(None);
        for object in listed.iter().filter(|object| is_commit(object)) {
            if object.last_modified.timestamp_millis() < before {
                continue;
            }
            let text = match store.get(&object.location).await {
                Ok(commit) => commit.bytes().await?,
                Err(object_store::Error::NotFound { .. }) => continue,
                Err(error) => return Err(error.into()),
            };
            for line in text.split(|byte| *byte == b'\n') {
                if let Ok(Action::Remove(remove)) = serde_json::from_slice(line) {
                    let when = remove.deletion_timestamp.unwrap_or(i64::MAX);
                    replaced.entry(remove.path).or_insert(when);
                }
            }
        }
        Ok(replaced)
    }

    /// Keeps what the log of the events still names: a batch whose process ended between its two commits has its rows of
    /// the ledger in a file that only the commit of its events knows of, until the next ingest adds it.
    async fn spare(&self, found: &mut Vacuumed) -> Result<(), DeltaTableError> {
        let Some(events) = &self.events else {
            return Ok(());
        };
        let store = events.object_store(None);
        let listed: Vec<ObjectMeta> = store.list(Some(events.log_path())).try_collect().await?;
        for commit in listed.iter().filter(|object| is_commit(object)) {
            if found.removed.iter().all(|leftover| leftover.replaced) {
                return Ok(());
            }
            let text = store.get(&commit.location).await?.bytes().await?;
            let text = String::from_utf8_lossy(&text);
            found.removed.retain(|leftover| {
                let spared = !leftover.replaced && text.contains(&leftover.path);
                if spared {
                    found.kept.0 += 1;
                    found.kept.1 += leftover.size;
                }
                !spared
            });
        }
        Ok(())
    }

    /// Writes a checkpoint, and removes those entries of the log that it makes superfluous and that are older than both
    /// the time to keep and the table's own (30 days where it says nothing).
    async fn tidy(
        &self,
        state: &DeltaTableState,
        before: i64,
        listed: &[ObjectMeta],
        found: &mut Vacuumed,
    ) -> Result<(), DeltaTableError> {
        let version = state.version();
        let name = format!("_delta_log/{version:020}.checkpoint");
        if !listed
            .iter()
            .any(|object| object.location.as_ref().starts_with(&name))
        {
            let mut table = DeltaTable::new(self.log.clone());
            table.load_version(version).await?;
            create_checkpoint(&table, None).await?;
            found.checkpoint = Some(version);
        }
        let retention = state.table_config().log_retention_duration().as_millis();
        let retention = i64::try_from(retention).unwrap_or(i64::MAX);
        let before = before.min(entry::now().saturating_sub(retention));
        let removed = cleanup_expired_logs_for(version, self.log.as_ref(), before, None).await?;
        found.log_entries = removed as u64;
        Ok(())
    }
}

/// Whether a path is that of a data file, or of one that is being written: in the table's folder or in partitions of it.
fn is_data(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or_default();
    let named =
        name.ends_with(".parquet") || (name.starts_with('.') && name.ends_with(".parquet.tmp"));
    named && parts.all(|part| part.contains('='))
}

fn is_commit(object: &ObjectMeta) -> bool {
    let name = object.location.as_ref().strip_prefix("_delta_log/");
    let version = name.and_then(|name| name.strip_suffix(".json"));
    version.is_some_and(|version| {
        version.len() == 20 && version.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::is_data;

    #[test]
    fn data_files_are_known_by_name_and_place() {
        for path in [
            "event_date=2024-01-02/6d0e.parquet",
            "event_date=__HIVE_DEFAULT_PARTITION__/.6d0e.parquet.tmp",
            "a=1/b=2/part-0.snappy.parquet",
            "part-0.parquet",
        ] {
            assert!(is_data(path), "{path}");
        }
        for path in [
            "notes.txt",
            "event_date=2024-01-02/notes.txt",
            "event_date=2024-01-02/6d0e.parquet.tmp",
            "my folder/copy.parquet",
            "_index/a.parquet",
            "_change_data/a=1/a.parquet",
        ] {
            assert!(!is_data(path), "{path}");
        }
    }
}
