//! Rows into the ledger: durable first, named by the commit of the events, then committed themselves.

use std::collections::HashMap;

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties, TableReference};
use deltalake_core::kernel::{Action, Add, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use deltalake_core::table::state::DeltaTableState;
use object_store::{ObjectStoreExt, PutMode, PutOptions};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Entry, NewEntries, Sources, encode};
use crate::commit::is_conflict;
use crate::{Error, Lake, instant, step};

/// The application whose version says up to where in the events' log the ledger is complete.
pub(super) const EVENTS: &str = "cloudtrail";

/// The key under which a commit of events names its rows of the ledger.
const NAMED: &str = "sources";

/// How often other writers may come first.
const ATTEMPTS: usize = 50;

impl Sources {
    /// Makes the rows of a batch durable, in no commit yet. Give [`NewEntries`] to [`name_in`](NewEntries::name_in)
    /// for the commit of the batch's events, and to [`append`](Sources::append) after it.
    ///
    /// # Errors
    /// [`Error::Log`] and its kin where the file can't be written.
    pub async fn write(&self, batch: Uuid, entries: &[Entry]) -> Result<NewEntries, Error> {
        let bytes = encode::encode(entries, batch, instant::now_micros())?;
        let size = bytes.len() as u64;
        let new = NewEntries {
            path: format!("{batch}-{}.parquet", Uuid::new_v4()),
            size,
            stats: encode::stats(entries),
        };
        let path = self.table.table_prefix().clone().join(new.path.as_str());
        step::next("ledger file");
        let put = self
            .table
            .store()
            .put_opts(&path, bytes.into(), PutOptions::from(PutMode::Create))
            .await;
        put.map_err(|error| self.failure(error.into()))?;
        Ok(new)
    }

    /// Takes back rows that will not be committed. What can't be removed goes with the next vacuum.
    pub async fn discard(&self, new: &NewEntries) {
        let path = self.table.table_prefix().clone().join(new.path.as_str());
        let _ = self.table.store().delete(&path).await;
    }

    /// Adds the rows of a batch, whose events stand in version `committed`, if it brought any.
    ///
    /// # Errors
    /// [`Error::Log`] and its kin where the table can't be written. Where the events are committed nothing is lost:
    /// the next [`open`](Sources::open) adds the rows.
    pub async fn append(&mut self, new: &NewEntries, committed: Option<u64>) -> Result<(), Error> {
        if let Some(committed) = committed {
            self.pass(committed);
        }
        step::next("ledger commit");
        self.commit(std::slice::from_ref(new)).await?;
        step::next("batch end");
        Ok(())
    }

    /// Notes that a commit of events names no rows.
    pub fn pass(&mut self, committed: u64) {
        if committed == self.accounted + 1 {
            self.accounted += 1;
        }
    }

    pub(super) async fn commit(&mut self, new: &[NewEntries]) -> Result<(), Error> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.attempt(new).await {
                Ok(state) => {
                    self.state = state;
                    return Ok(());
                }
                Err(error) => error,
            };
            // An error does not mean that nothing happened, and another process may have repaired this very batch.
            self.reload().await?;
            let here = self.paths().await?;
            if new.iter().all(|new| here.contains(&new.path)) {
                return Ok(());
            }
            // Rows are a set: whoever came first, they are added onto it.
            if !is_conflict(&error) || attempts == ATTEMPTS {
                return Err(self.failure(error));
            }
        }
    }

    async fn attempt(&self, new: &[NewEntries]) -> Result<DeltaTableState, DeltaTableError> {
        let accounted = i64::try_from(self.accounted).unwrap_or(i64::MAX);
        let properties = CommitProperties::default()
            .with_max_retries(0)
            .with_cleanup_expired_logs(Some(false))
            .with_application_transaction(Transaction::new(EVENTS, accounted));
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: None,
            predicate: None,
        };
        let actions = new.iter().map(|new| {
            Action::Add(Add {
                path: new.path.clone(),
                partition_values: HashMap::new(),
                size: i64::try_from(new.size).unwrap_or(i64::MAX),
                modification_time: instant::now_micros() / 1_000,
                data_change: true,
                stats: Some(new.stats.clone()),
                ..Add::default()
            })
        });
        let table: &dyn TableReference = &self.state;
        let commit = CommitBuilder::from(properties)
            .with_actions(actions.collect())
            .build(Some(table), self.table.log().clone(), operation)
            .await?;
        Ok(commit.snapshot)
    }
}

impl NewEntries {
    /// Names the rows in the information of the commit of their events.
    pub fn name_in(&self, info: &mut Map<String, Value>) {
        info.insert(NAMED.to_owned(), self.to_json());
    }
}

impl Lake {
    /// The rows of the ledger that a commit of events names, if it is there, and one of ours.
    pub(super) async fn named_entries(&self, version: u64) -> Result<Option<NewEntries>, Error> {
        let info = self.information(version).await?;
        Ok(info.and_then(|info| NewEntries::of_json(info.get(NAMED)?)))
    }
}
