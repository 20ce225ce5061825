//! Changes of the table: all of one, or nothing, and only onto the very snapshot that it was checked against. New files,
//! files in the place of others, another schema.

use std::collections::HashSet;

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::{
    CommitBuilder, CommitProperties, TableReference, TransactionError,
};
use deltalake_core::kernel::{Action, Add};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::state::DeltaTableState;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::cloudtrail::house;
use crate::error::needs_features;
use crate::{Error, File, Lake, NewFile, Snapshot, entry, step};

/// The key of the batch id in a commit's information.
const BATCH: &str = "batch";

/// The key of the caller's figures in a commit's information.
const INFO: &str = "trailsift";

/// How often a commit is tried while the log says "conflict" and yet shows no other commit, as object stores do when
/// two requests cross.
const ATTEMPTS: usize = 3;

/// A commit that stands.
#[derive(Debug)]
pub struct Committed {
    /// The version that holds the new files.
    pub version: u64,
    /// The table after it; later than `version` where others have committed meanwhile.
    pub snapshot: Snapshot,
    /// What failed after the commit stood, a checkpoint for want of space, say. The files are in the table.
    pub trouble: Option<Error>,
}

/// A commit that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another writer came first. Nothing was committed: check against [`Snapshot::added_since`], commit onto this.
    #[error("another writer has committed to the lake meanwhile")]
    Stale {
        /// The table as it is now.
        snapshot: Box<Snapshot>,
    },
    /// A file that was to be replaced is not in the table any more: somebody else has replaced it. Nothing was
    /// committed.
    #[error("the file {path} is not in the table any more")]
    Gone {
        /// The file, relative to the table.
        path: String,
    },
    /// The commit failed, and is not in the table.
    #[error(transparent)]
    Failed(#[from] Error),
    /// The commit failed, and the log can't be read to see whether it stands nevertheless.
    #[error(
        "it is not known whether batch {batch} was committed: {source}; run the same command again, what is there is not doubled"
    )]
    Unknown {
        /// The batch id that was to be committed.
        batch: Uuid,
        /// Why the log can't be read.
        source: Error,
    },
}

/// How a failed commit turned out on a second look.
enum Outcome {
    Stands(u64),
    Overtaken,
    Nothing,
}

impl Lake {
    /// Commits `files` onto `base`, under the id `batch`, which no other commit may have. `info` goes into the commit's
    /// information for people to read; logs are cleaned up in time, so nothing may depend on it.
    ///
    /// This is a compare-and-swap: it succeeds only if the table still is at `base`'s version.
    ///
    /// # Errors
    /// [`CommitError`], which tells a lost race from a failure.
    pub async fn commit(
        &self,
        base: &Snapshot,
        batch: Uuid,
        files: Vec<NewFile>,
        info: Map<String, Value>,
    ) -> Result<Committed, CommitError> {
        let actions = files
            .iter()
            .map(|NewFile(file)| Action::Add(entry::add(file)))
            .collect();
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: Some(vec![house::EVENT_DATE.to_owned()]),
            predicate: None,
        };
        self.swap(base, batch, actions, operation, info).await
    }

    /// Commits `new` in the place of `old`, onto `base`. The two must hold the same events, which is for the caller to
    /// see to; the log then says that no data changed. `target` is the size that was aimed at.
    ///
    /// This is a compare-and-swap as [`commit`](Lake::commit) is. The log's library lets two compactions of the same
    /// files both succeed, which would double every row: so that no file of `old` may be missing in `base`.
    ///
    /// # Errors
    /// [`CommitError`]; [`CommitError::Gone`] where a file of `old` is not in `base`.
    pub async fn replace(
        &self,
        base: &Snapshot,
        batch: Uuid,
        old: &[File],
        new: Vec<NewFile>,
        target: u64,
        info: Map<String, Value>,
    ) -> Result<Committed, CommitError> {
        let live: HashSet<&str> = base.files.iter().map(|file| file.path.as_str()).collect();
        if let Some(gone) = old.iter().find(|file| !live.contains(file.path.as_str())) {
            let path = gone.path.clone();
            return Err(CommitError::Gone { path });
        }
        let removes = old.iter().map(|file| Action::Remove(entry::remove(file)));
        let adds = new.iter().map(|NewFile(file)| {
            Action::Add(Add {
                data_change: false,
                ..entry::add(file)
            })
        });
        let actions = removes.chain(adds).collect();
        let operation = DeltaOperation::Optimize {
            predicate: None,
            target_size: i64::try_from(target).unwrap_or(i64::MAX),
        };
        self.swap(base, batch, actions, operation, info).await
    }

    /// Commits `actions` onto `base`, or finds out why not.
    pub(crate) async fn swap(
        &self,
        base: &Snapshot,
        batch: Uuid,
        actions: Vec<Action>,
        operation: DeltaOperation,
        info: Map<String, Value>,
    ) -> Result<Committed, CommitError> {
        let unknown = |source| CommitError::Unknown { batch, source };
        let mut attempts = 1;
        loop {
            step::next("events commit");
            let attempt = self.attempt(base, batch, actions.clone(), operation.clone(), &info);
            let error = match attempt.await {
                Ok((version, state)) => {
                    let snapshot = self.snapshot_of(state).await;
                    return Ok(Committed {
                        version,
                        snapshot: snapshot.map_err(unknown)?,
                        trouble: None,
                    });
                }
                Err(error) => error,
            };
            // An error does not mean that nothing happened: the log alone knows.
            let snapshot = self.snapshot().await.map_err(unknown)?;
            match self
                .outcome(base, &snapshot, batch)
                .await
                .map_err(unknown)?
            {
                Outcome::Stands(version) => {
                    return Ok(Committed {
                        version,
                        snapshot,
                        trouble: (!is_conflict(&error)).then(|| Error::log(self.folder(), error)),
                    });
                }
                Outcome::Overtaken => {
                    return Err(CommitError::Stale {
                        snapshot: Box::new(snapshot),
                    });
                }
                Outcome::Nothing if is_conflict(&error) && attempts < ATTEMPTS => attempts += 1,
                Outcome::Nothing => {
                    return Err(CommitError::Failed(self.failure(base, error).await));
                }
            }
        }
    }

    async fn attempt(
        &self,
        base: &Snapshot,
        batch: Uuid,
        actions: Vec<Action>,
        operation: DeltaOperation,
        info: &Map<String, Value>,
    ) -> Result<(u64, DeltaTableState), DeltaTableError> {
        let properties = CommitProperties::default()
            .with_max_retries(0)
            .with_cleanup_expired_logs(Some(false))
            .with_metadata([
                (BATCH.to_owned(), Value::from(batch.to_string())),
                (INFO.to_owned(), Value::Object(info.clone())),
            ]);
        let table: &dyn TableReference = base.state(self).await?;
        // `from`, for a builder made by `default` never writes a checkpoint.
        let commit = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(table), self.log().clone(), operation)
            .await?;
        Ok((commit.version, commit.snapshot))
    }

    /// Whether our commit is among those after `base`.
    async fn outcome(
        &self,
        base: &Snapshot,
        now: &Snapshot,
        batch: Uuid,
    ) -> Result<Outcome, Error> {
        for version in base.version + 1..=now.version {
            if self.batch_of(version).await? == Some(batch) {
                return Ok(Outcome::Stands(version));
            }
        }
        match now.version > base.version {
            true => Ok(Outcome::Overtaken),
            false => Ok(Outcome::Nothing),
        }
    }

    /// The batch id of a commit, if it has one and its JSON is still there.
    async fn batch_of(&self, version: u64) -> Result<Option<Uuid>, Error> {
        let info = self.commit_info(version).await?;
        Ok(info.and_then(|info| info.get(BATCH)?.as_str()?.parse().ok()))
    }

    /// The caller's figures in a commit, if it has any and its JSON is still there.
    pub(crate) async fn information(&self, version: u64) -> Result<Option<Value>, Error> {
        let info = self.commit_info(version).await?;
        Ok(info.and_then(|mut info| Some(info.get_mut(INFO)?.take())))
    }

    async fn commit_info(&self, version: u64) -> Result<Option<Value>, Error> {
        let failure = |error| Error::log(self.folder(), error);
        let Some(bytes) = self
            .log()
            .read_commit_entry(version)
            .await
            .map_err(failure)?
        else {
            return Ok(None);
        };
        // Line by line, for other engines may have put actions beside it that this version does not know.
        let mut lines = bytes.split(|byte| *byte == b'\n');
        Ok(lines.find_map(|line| {
            let mut action: Value = serde_json::from_slice(line).ok()?;
            Some(action.get_mut("commitInfo")?.take())
        }))
    }

    async fn failure(&self, base: &Snapshot, error: DeltaTableError) -> Error {
        let state = match needs_features(&error) {
            true => base.state(self).await,
            false => Err(error),
        };
        let protocol = match state {
            Ok(state) => state.protocol(),
            Err(error) => return Error::log(self.folder(), error),
        };
        Error::Upgraded {
            path: self.folder().to_owned(),
            reader: protocol.min_reader_version(),
            writer: protocol.min_writer_version(),
        }
    }
}

/// Whether the log refused because the version that was to be written exists.
pub(crate) fn is_conflict(error: &DeltaTableError) -> bool {
    matches!(
        error,
        DeltaTableError::VersionAlreadyExists(_)
            | DeltaTableError::Transaction {
                source: TransactionError::MaxCommitAttempts(_)
                    | TransactionError::VersionAlreadyExists(_)
                    | TransactionError::CommitConflict(_)
            }
    )
}
