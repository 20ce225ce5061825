//! A scan of archives as it runs: one thread has batches read, while the partitions of the plan take the last one in parts,
//! whichever asks first.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::datatypes::SchemaRef;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use futures::{StreamExt, future, stream};
use ingest::archive::{Archive, Events};
use ingest::{Options, Progress};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::{JoinHandle, spawn_blocking};

use super::Readings;

/// The most text of the records of a part, so that few large ones do not make it larger than many small ones.
const PART: usize = 16 << 20;

/// What is to be read.
pub(super) struct Scan {
    pub(super) archive: Archive,
    /// The columns to look for; none for all.
    pub(super) columns: Option<SchemaRef>,
    /// The columns to give, by their places in the schema of events.
    pub(super) projection: Vec<usize>,
    pub(super) options: Options,
    pub(super) ids: Option<usize>,
    pub(super) progress: Arc<dyn Progress>,
    pub(super) readings: Option<Arc<Readings>>,
}

/// What the partitions of a plan share.
struct Shared {
    scan: Scan,
    partitions: usize,
    /// The passes that some partitions have not joined yet. A plan may be run more than once.
    passes: Mutex<HashMap<usize, (Arc<Pass>, usize)>>,
}

/// One of the partitions of a plan.
struct Partition {
    shared: Arc<Shared>,
    schema: SchemaRef,
    /// How often it was run.
    runs: AtomicUsize,
}

/// One pass over the objects. It ends early where nobody holds it any more.
struct Pass {
    state: tokio::sync::Mutex<State>,
    projection: Vec<usize>,
}

struct State {
    /// The events at hand, and the first that nobody has taken.
    current: Option<(Arc<Events>, usize)>,
    next: Receiver<Events>,
    reading: Option<JoinHandle<Result<(), Arc<ingest::Error>>>>,
}

/// The partitions of a scan that gives `schema`.
pub(super) fn partitions(
    scan: Scan,
    schema: &SchemaRef,
    partitions: usize,
) -> Vec<Arc<dyn PartitionStream>> {
    let partitions = partitions.max(1);
    let shared = Arc::new(Shared {
        scan,
        partitions,
        passes: Mutex::default(),
    });
    let partition = |_| {
        Arc::new(Partition {
            shared: Arc::clone(&shared),
            schema: Arc::clone(schema),
            runs: AtomicUsize::new(0),
        }) as Arc<dyn PartitionStream>
    };
    (0..partitions).map(partition).collect()
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Partition")
    }
}

impl PartitionStream for Partition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, context: Arc<TaskContext>) -> SendableRecordBatchStream {
        let rows = context.session_config().batch_size();
        let run = self.runs.fetch_add(1, Relaxed);
        let parts = match self.shared.pass(run) {
            Err(error) => stream::once(future::ready(Err(failed(error)))).boxed(),
            Ok(pass) => stream::try_unfold(pass, move |pass| async move {
                let Some((events, range)) = pass.next(rows).await? else {
                    return Ok(None);
                };
                let batch = events.columns(range, &pass.projection)?;
                Ok(Some((batch, pass)))
            })
            .boxed(),
        };
        let schema = Arc::clone(&self.schema);
        Box::pin(RecordBatchStreamAdapter::new(schema, parts))
    }
}

impl Shared {
    /// The pass of the `run`-th run of the plan, which the first partition begins.
    fn pass(&self, run: usize) -> Result<Arc<Pass>, Arc<ingest::Error>> {
        let mut passes = self.passes.lock().unwrap_or_else(PoisonError::into_inner);
        let (pass, left) = match passes.remove(&run) {
            Some(begun) => begun,
            None => (Arc::new(Pass::begin(&self.scan)?), self.partitions),
        };
        if left > 1 {
            passes.insert(run, (Arc::clone(&pass), left - 1));
        }
        Ok(pass)
    }
}

impl Pass {
    fn begin(scan: &Scan) -> Result<Pass, Arc<ingest::Error>> {
        let columns = scan.columns.clone();
        let keeps = move |column: &lake::Column| {
            let asked = columns.as_ref();
            asked.is_none_or(|asked| asked.index_of(&column.name).is_ok())
        };
        let progress = Arc::clone(&scan.progress);
        // All scans of a query may be on their way at once.
        let scans = scan
            .readings
            .as_ref()
            .map_or(1, |readings| readings.scans());
        let options = Options {
            memory: scan.options.memory / scans,
            ..scan.options.clone()
        };
        let ids = scan.ids.map(|ids| ids / scans);
        let reader = scan.archive.read(keeps, options, ids, progress);
        let mut reader = reader.map_err(Arc::new)?;
        if let Some(readings) = &scan.readings {
            readings.read(reader.report());
        }
        let (sender, next) = channel(1);
        let handle = Handle::current();
        let reading = spawn_blocking(move || {
            // A batch is read when there is room for it, and no longer than somebody waits.
            while let Ok(room) = handle.block_on(sender.reserve()) {
                match reader.next_events().map_err(Arc::new)? {
                    Some(events) => room.send(events),
                    None => break,
                }
            }
            Ok(())
        });
        let state = State {
            current: None,
            next,
            reading: Some(reading),
        };
        Ok(Pass {
            state: tokio::sync::Mutex::new(state),
            projection: scan.projection.clone(),
        })
    }

    /// The next part, at most so many rows; `None` behind the last.
    async fn next(&self, rows: usize) -> Result<Option<(Arc<Events>, Range<usize>)>> {
        let mut state = self.state.lock().await;
        loop {
            if let Some((events, first)) = &mut state.current
                && *first < events.len()
            {
                let part = events.part(*first, rows, PART);
                *first = part.end;
                return Ok(Some((Arc::clone(events), part)));
            }
            state.current = None;
            match state.next.recv().await {
                Some(events) => state.current = Some((Arc::new(events), 0)),
                None => {
                    // That nothing more comes is not yet to say that all has come.
                    if let Some(reading) = &mut state.reading {
                        let ended = reading.await;
                        state.reading = None;
                        let ended =
                            ended.map_err(|error| DataFusionError::External(Box::new(error)))?;
                        ended.map_err(failed)?;
                    }
                    return Ok(None);
                }
            }
        }
    }
}

fn failed(error: Arc<ingest::Error>) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
