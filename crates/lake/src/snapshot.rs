//! The table at one version: its data files, and sums over them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use deltalake_core::DeltaTableError;
use deltalake_core::kernel;
use deltalake_core::kernel::LogicalFileView;
use deltalake_core::table::state::DeltaTableState;
use futures::TryStreamExt;
use futures::stream::BoxStream;
use tokio::sync::OnceCell;

use crate::facts::join_spans;
use crate::file::{File, Reach};
use crate::{Error, Lake, Layout, entry};

/// The table at one version. It does not change when the table does.
#[derive(Clone)]
pub struct Snapshot {
    /// The version of the Delta table.
    pub version: u64,
    /// Its data files, by path, which puts days in order.
    pub files: Vec<File>,
    /// What files that are written now hold.
    pub layout: Arc<Layout>,
    /// What a commit starts from: all entries with their statistics taken apart, which readers don't need.
    state: OnceCell<DeltaTableState>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("version", &self.version)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

impl Lake {
    /// The table as it is now.
    ///
    /// # Errors
    /// [`Error::Log`] or [`Error::NoPermission`] where the log can't be read.
    pub async fn snapshot(&self) -> Result<Snapshot, Error> {
        let opened = self.opened().take();
        let table = match opened {
            Some(opened) => opened.update(self.log().engine(None), None).await,
            None => self.table().await,
        };
        let table = table.map_err(|error| Error::log(self.folder(), error))?;
        let views = table.file_views(self.log().as_ref(), None);
        self.described(
            table.version(),
            Layout::of(&table.schema()),
            views,
            OnceCell::new(),
        )
        .await
    }

    /// The table's newest version, without its files.
    pub(crate) async fn table(&self) -> Result<Arc<kernel::Snapshot>, DeltaTableError> {
        let table = kernel::Snapshot::try_new(self.log().as_ref(), None).await;
        table.map(Arc::new)
    }

    /// The table as a commit left it.
    pub(crate) async fn snapshot_of(&self, state: DeltaTableState) -> Result<Snapshot, Error> {
        let (version, layout) = (state.version(), Layout::of(&state.schema()));
        let loaded = OnceCell::new_with(Some(state.clone()));
        let views = state.snapshot().file_views(self.log().as_ref(), None);
        self.described(version, layout, views, loaded).await
    }

    async fn described(
        &self,
        version: u64,
        layout: Arc<Layout>,
        views: BoxStream<'_, Result<LogicalFileView, DeltaTableError>>,
        state: OnceCell<DeltaTableState>,
    ) -> Result<Snapshot, Error> {
        // The views give tags in no other way.
        #[allow(deprecated)]
        let files = views.map_ok(|view| entry::file(&view.add_action()));
        let files: Result<Vec<File>, DeltaTableError> = files.try_collect().await;
        let mut files = files.map_err(|error| Error::log(self.folder(), error))?;
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(Snapshot {
            version,
            files,
            layout,
            state,
        })
    }
}

impl Snapshot {
    /// All events.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The bytes of all data files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// The least and the greatest `event_time` of all, in microseconds since 1970-01-01 UTC; `None` where no event
    /// has one.
    pub fn time(&self) -> Option<(i64, i64)> {
        self.files
            .iter()
            .fold(None, |span, file| join_spans(span, file.time))
    }

    /// The rows in which a column's value has another form in the record, by column.
    pub fn mistyped(&self) -> BTreeMap<&str, u64> {
        let mut sums = BTreeMap::new();
        for (column, rows) in self.files.iter().flat_map(|file| &file.mistyped) {
            *sums.entry(column.as_str()).or_default() += rows;
        }
        sums
    }

    /// The files that may hold rows within `reach`.
    pub fn meeting<'a>(&'a self, reach: &'a Reach) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(|file| file.meets(reach))
    }

    /// The files that `old` does not have: what others committed since. A compaction's results are among them.
    pub fn added_since(&self, old: &Snapshot) -> Vec<&File> {
        let known: HashSet<&str> = old.files.iter().map(|file| file.path.as_str()).collect();
        let new = |file: &&File| !known.contains(file.path.as_str());
        self.files.iter().filter(new).collect()
    }

    /// What a commit onto this version of `lake`'s table starts from.
    pub(crate) async fn state(&self, lake: &Lake) -> Result<&DeltaTableState, DeltaTableError> {
        let load = || DeltaTableState::try_new(lake.log().as_ref(), Some(self.version));
        self.state.get_or_try_init(load).await
    }
}
