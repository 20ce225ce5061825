//! The ledger's table: made beside the events, opened, and brought up to the events' log.

use std::collections::HashSet;

use deltalake_core::kernel::transaction::CommitProperties;
use deltalake_core::operations::create::CreateBuilder;
use deltalake_core::table::state::DeltaTableState;
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectStoreExt;

use super::encode::delta_fields;
use super::{NewEntries, commit};
use crate::error::{Error, Oddity};
use crate::location::Found;
use crate::{Lake, Snapshot};

/// The table's name.
const TABLE: &str = "sources";

/// Commits of the events that are read at once.
const READS: usize = 16;

/// The ledger of a lake, open for reading and adding.
#[derive(Clone, Debug)]
pub struct Sources {
    pub(super) table: Lake,
    pub(super) state: DeltaTableState,
    /// The rows of all commits of the events up to this version are in the ledger.
    pub(super) accounted: u64,
}

impl Sources {
    /// Opens the ledger of `lake`, or makes it. `now` is the table of events; the rows of its commits that are missing
    /// here, because a process ended between the two commits, are added.
    ///
    /// # Errors
    /// [`Error::Foreign`] or [`Error::Upgraded`] where another table stands in its place; [`Error::Log`],
    /// [`Error::NoPermission`], [`Error::Full`] or [`Error::ReadOnly`] where it can't be read or written.
    pub async fn open(lake: &Lake, now: &Snapshot) -> Result<Sources, Error> {
        let place = lake.place();
        let table = Lake::at(place, TABLE)?;
        if place.look(TABLE).await? == Found::Nothing {
            place.prepare(TABLE)?;
            let made = make(&table).await;
            if let Err(error) = made
                && place.look(TABLE).await? == Found::Nothing
            {
                return Err(error);
            }
        }
        let state = load(&table).await?;
        check(&table, &state)?;
        let mut sources = Sources {
            table,
            state,
            accounted: 0,
        };
        sources.accounted = sources.noted().await?;
        sources.repair(lake, now).await?;
        Ok(sources)
    }

    /// The version of the ledger's table that this is. One more than before means that only [`append`](Sources::append)
    /// has written.
    pub fn version(&self) -> u64 {
        self.state.version()
    }

    /// Up to which version of the events the table says that it has all rows.
    pub(super) async fn noted(&self) -> Result<u64, Error> {
        let noted = self
            .state
            .snapshot()
            .transaction_version(self.table.log().as_ref(), commit::EVENTS)
            .await;
        let noted = noted.map_err(|error| self.failure(error))?;
        Ok(noted
            .and_then(|version| u64::try_from(version).ok())
            .unwrap_or_default())
    }

    /// Adds the rows that commits of the events name and that are not here.
    async fn repair(&mut self, lake: &Lake, now: &Snapshot) -> Result<(), Error> {
        let named: Vec<Option<NewEntries>> =
            futures::stream::iter(self.accounted + 1..now.version + 1)
                .map(|version| lake.named_entries(version))
                .buffered(READS)
                .try_collect()
                .await?;
        let here = self.paths().await?;
        let mut missing = Vec::new();
        for new in named.into_iter().flatten() {
            // A vacuum takes files that no commit names; what stood in them is read again.
            if !here.contains(&new.path) && self.is_on_disk(&new).await {
                missing.push(new);
            }
        }
        self.accounted = self.accounted.max(now.version);
        if missing.is_empty() {
            return Ok(());
        }
        self.commit(&missing).await
    }

    async fn is_on_disk(&self, new: &NewEntries) -> bool {
        let path = self.table.table_prefix().clone().join(new.path.as_str());
        let found = self.table.store().head(&path).await;
        found.is_ok_and(|meta| meta.size == new.size)
    }

    /// The files of the table.
    pub(super) async fn paths(&self) -> Result<HashSet<String>, Error> {
        let views = self
            .state
            .snapshot()
            .file_views(self.table.log().as_ref(), None);
        let paths = views.map_ok(|view| view.path().to_string());
        paths
            .try_collect()
            .await
            .map_err(|error| self.failure(error))
    }

    pub(super) async fn reload(&mut self) -> Result<(), Error> {
        self.state = load(&self.table).await?;
        self.accounted = self.accounted.max(self.noted().await?);
        Ok(())
    }

    pub(super) fn failure(&self, error: deltalake_core::DeltaTableError) -> Error {
        Error::log(self.table.folder(), error)
    }
}

async fn load(table: &Lake) -> Result<DeltaTableState, Error> {
    let state = DeltaTableState::try_new(table.log(), None).await;
    state.map_err(|error| Error::log(table.folder(), error))
}

async fn make(table: &Lake) -> Result<(), Error> {
    let made = CreateBuilder::new()
        .with_log_store(table.log().clone())
        .with_table_name(TABLE)
        .with_comment("the objects that were ingested into the lake beside it, kept by trailsift")
        .with_columns(delta_fields())
        .with_configuration([
            ("delta.checkpointInterval", Some("20")),
            ("delta.dataSkippingStatsColumns", Some("delivered,source")),
        ])
        .with_commit_properties(CommitProperties::default().with_max_retries(0))
        .await;
    made.map(drop)
        .map_err(|error| Error::log(table.folder(), error))
}

/// Whether the table is the ledger, in a form that this version can read and write.
fn check(table: &Lake, state: &DeltaTableState) -> Result<(), Error> {
    let protocol = state.protocol();
    let (reader, writer) = (protocol.min_reader_version(), protocol.min_writer_version());
    let path = table.folder().to_owned();
    if reader > crate::lake::READER || writer > crate::lake::WRITER {
        return Err(Error::Upgraded {
            path,
            reader,
            writer,
        });
    }
    let schema = state.schema();
    for field in delta_fields() {
        if schema.field(field.name()).map(|there| there.data_type()) != Some(field.data_type()) {
            let found = Oddity::Column(field.name().clone());
            return Err(Error::Foreign { path, found });
        }
    }
    Ok(())
}
