//! Runs queries and detection rules over a lake, or straight over archives.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let runtime = engine::runtime(2)?;
//! let count = engine::run(&runtime, async {
//!     let engine = engine::Engine::open("lake", engine::Settings::default()).await?;
//!     let mut answer = engine.query("fetch logs | summarize count()", &Default::default()).await?;
//!     answer.rows().await
//! })??;
//! println!("{count:?}");
//! # Ok(())
//! # }
//! ```
//!
//! Reading order: [`query`] (text to rows), `session` and `table` (what a query runs on), `pruning`, `archive` (the same without a lake), `catalog` (what the
//! translator is told), [`detect`].

pub mod detect;
pub mod query;

mod archive;
mod batch;
mod catalog;
mod error;
mod explain;
mod figures;
mod groups;
mod lookup;
mod pruning;
mod runtime;
mod scan;
mod session;
mod show;
mod specialize;
mod sql;
mod table;
mod texts;
mod value;

use std::sync::Arc;

use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::prelude::SessionContext;
use lake::{Info, Lake, S3, Snapshot};

pub use archive::{Archive, Readings};
pub use batch::{Batch, BatchColumn, Doubles, Part};
pub use error::Error;
pub use explain::{Explanation, Step};
pub use figures::Figures;
pub use functions::{Precision, Type};
pub use query::{Answer, Now, QueryOptions};
pub use runtime::{run, runtime};
pub use show::Event;
pub use translator::{OutputField, Timeframe, canonical_query, parse_instant};
pub use value::{Value, json_value};

use archive::Source;
use catalog::LakeCatalog;
use table::EventTable;

/// What an engine may use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Bytes that sorts and aggregations may hold before they spill to disk; no bound where nothing is said.
    pub memory: Option<usize>,
    /// Partitions that a query is run in.
    pub threads: usize,
    /// How S3 is reached, for lakes and archives there.
    pub s3: S3,
}

impl Default for Settings {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Settings {
            memory: None,
            threads,
            s3: S3::default(),
        }
    }
}

/// An engine over one version of a lake, over archives, or over nothing: queries on `data` need no lake.
pub struct Engine {
    lake: Option<(Lake, Snapshot)>,
    /// Never beside a lake.
    archive: Option<Arc<Source>>,
    environment: Arc<RuntimeEnv>,
    store: ObjectStoreUrl,
    settings: Settings,
}

impl Engine {
    /// An engine over the lake at `location`, as it is now.
    ///
    /// # Errors
    /// [`Error::Lake`] where it can't be opened.
    pub async fn open(location: &str, settings: Settings) -> Result<Engine, Error> {
        let lake = Lake::open_with(location, &settings.s3).await?;
        Engine::over_lake(lake, settings).await
    }

    /// An engine over a lake that is open already, as it is now.
    ///
    /// # Errors
    /// [`Error::Lake`] where its log can't be read.
    pub async fn over_lake(lake: Lake, settings: Settings) -> Result<Engine, Error> {
        let snapshot = lake.snapshot().await?;
        let mut engine = Engine::without_lake(settings)?;
        engine
            .environment
            .register_object_store(engine.store.as_ref(), lake.store());
        engine.lake = Some((lake, snapshot));
        Ok(engine)
    }

    /// An engine over archives as they are: each query reads them, a pass for each `fetch` in it, and gives what it would
    /// give over a lake that they were just ingested into. Only objects are read that were delivered in the query's
    /// timeframe, or on the day after it. Half of the memory of `settings` is for reading, of which half is for the ids
    /// of events.
    ///
    /// # Errors
    /// [`Error::Archive`] where a source is not there.
    pub async fn over_archive(archive: Archive, settings: Settings) -> Result<Engine, Error> {
        let source = Source::new(archive, &settings).await?;
        let memory = settings.memory.map(|memory| memory / 2);
        let mut engine = Engine::without_lake(Settings { memory, ..settings })?;
        engine.archive = Some(Arc::new(source));
        Ok(engine)
    }

    /// Reads archives once for the times of their events, so that [`Engine::covered`] knows them; done already for a
    /// lake. Queries whose [`Now::Latest`] needs it do so by themselves.
    ///
    /// # Errors
    /// [`Error::Archive`] where they can't be listed.
    pub async fn survey(&self) -> Result<(), Error> {
        match &self.archive {
            Some(archive) => archive.survey().await,
            None => Ok(()),
        }
    }

    /// An engine without a lake.
    ///
    /// # Errors
    /// [`Error::Run`] where the system gives no place for spill files.
    pub fn without_lake(settings: Settings) -> Result<Engine, Error> {
        Ok(Engine {
            lake: None,
            archive: None,
            environment: session::environment(settings.memory)?,
            store: ObjectStoreUrl::parse("lake://")?,
            settings,
        })
    }

    /// The figures of the lake; `None` without one.
    pub fn info(&self) -> Option<Info> {
        self.lake.as_ref().map(|(_, snapshot)| snapshot.info())
    }

    /// The first and the last event of the lake, in nanoseconds since 1970-01-01 UTC; those of archives once
    /// [`Engine::survey`] has found them.
    pub fn covered(&self) -> Option<(i64, i64)> {
        if let Some(archive) = &self.archive {
            return archive.covered();
        }
        let (first, last) = self.lake.as_ref()?.1.time()?;
        Some((first.saturating_mul(1_000), last.saturating_mul(1_000)))
    }

    fn now(&self, now: Option<Now>) -> i64 {
        let clock = || i64::try_from(jiff::Timestamp::now().as_nanosecond()).unwrap_or(i64::MAX);
        match now {
            None => clock(),
            Some(Now::At(nanos)) => nanos,
            Some(Now::Latest) => match self.covered() {
                Some((_, last)) => last.saturating_add(1_000_000_000),
                None => clock(),
            },
        }
    }

    fn catalog(&self) -> LakeCatalog<'_> {
        LakeCatalog {
            engine: self,
            lake: self.lake.as_ref().map(|(lake, snapshot)| (lake, snapshot)),
            store: self.store.clone(),
        }
    }

    fn session(&self, figures: &functions::Figures) -> SessionContext {
        session::session(
            Arc::clone(&self.environment),
            self.settings.threads,
            figures,
            match &self.archive {
                Some(archive) => archive.readings(),
                None => Readings::default(),
            },
        )
    }

    fn files(&self) -> u64 {
        self.lake
            .as_ref()
            .map_or(0, |(_, snapshot)| snapshot.files.len() as u64)
    }

    fn table(&self) -> Option<Arc<EventTable>> {
        let (lake, snapshot) = self.lake.as_ref()?;
        Some(Arc::new(EventTable::new(
            self.store.clone(),
            lake.clone(),
            &catalog::held(snapshot, &snapshot.files).0,
            snapshot.files.clone(),
        )))
    }
}
