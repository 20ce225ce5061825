//! Footers of data files, with the columns that a scan needs. A file has ninety; what stock readers do for each of them, at
//! each of a query's files, is most of what a small question costs.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use datafusion::common::Result;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetMetaData, ParquetFileReaderFactory,
};
use datafusion::execution::cache::cache_manager::{CachedFileMetadataEntry, FileMetadataCache};
use datafusion::physical_plan::metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder};
use futures::future::BoxFuture;
use futures::{FutureExt, TryFutureExt};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::ParquetError;
use parquet::file::metadata::{
    FileMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataBuilder, ParquetMetaDataOptions,
    ParquetMetaDataReader, ParquetStatisticsPolicy, RowGroupMetaData,
};
use parquet::schema::types::{SchemaDescPtr, SchemaDescriptor, Type};

type Fallible<T> = parquet::errors::Result<T>;

/// What is read of a file's end at once where each read takes a request: mostly its footer, whole.
const TAIL: u64 = 128 << 10;

/// The bytes behind a footer: its length and Parquet's mark.
const MARK: usize = 8;

/// Where a file is in the local file system, an extension of the scan's file: it is read there, with no thread in between.
#[derive(Debug)]
pub(crate) struct Local(pub(crate) PathBuf);

/// A footer that was read already, an extension of the scan's file.
pub(super) struct Footer(pub(super) Arc<ParquetMetaData>);

/// Makes readers for one scan.
pub(super) struct Readers {
    store: Arc<dyn ObjectStore>,
    cache: Arc<FileMetadataCache>,
    columns: Arc<Columns>,
}

/// The columns that a scan needs.
struct Columns {
    names: BTreeSet<String>,
    /// As a part of a path, by which footers are kept.
    key: String,
    /// How they stand in the file that was read last: mostly in all.
    last: Mutex<Option<Arc<Kept>>>,
}

/// What is kept of files with a schema.
struct Kept {
    whole: SchemaDescPtr,
    /// Places of the columns' leaves in it.
    leaves: Vec<usize>,
    schema: SchemaDescPtr,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers")
            .field("columns", &self.columns.names)
            .finish_non_exhaustive()
    }
}

impl Readers {
    /// Those of a scan that needs `names` alone.
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        cache: Arc<FileMetadataCache>,
        names: BTreeSet<String>,
    ) -> Readers {
        let key = names.iter().map(String::as_str).collect::<Vec<_>>();
        let key = key.join(",");
        Readers {
            store,
            cache,
            columns: Arc::new(Columns {
                names,
                key,
                last: Mutex::new(None),
            }),
        }
    }
}

impl ParquetFileReaderFactory for Readers {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        _hint: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        Ok(Box::new(Reader {
            store: Arc::clone(&self.store),
            cache: Arc::clone(&self.cache),
            columns: Arc::clone(&self.columns),
            read: MetricBuilder::new(metrics).counter("bytes_scanned", partition),
            footer: file
                .extension::<Footer>()
                .map(|footer| Arc::clone(&footer.0)),
            local: file.extension::<Local>().map(|local| local.0.clone()),
            opened: None,
            meta: file.object_meta,
        }))
    }
}

/// Reads one file.
struct Reader {
    store: Arc<dyn ObjectStore>,
    cache: Arc<FileMetadataCache>,
    columns: Arc<Columns>,
    read: Count,
    meta: ObjectMeta,
    footer: Option<Arc<ParquetMetaData>>,
    local: Option<PathBuf>,
    opened: Option<File>,
}

impl AsyncFileReader for Reader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, Fallible<Bytes>> {
        self.get_byte_ranges(vec![range])
            .and_then(async |bytes| {
                let nothing = || ParquetError::General("no bytes for a range".to_owned());
                bytes.into_iter().next().ok_or_else(nothing)
            })
            .boxed()
    }

    fn get_byte_ranges(&mut self, ranges: Vec<Range<u64>>) -> BoxFuture<'_, Fallible<Vec<Bytes>>> {
        let total: u64 = ranges.iter().map(|range| range.end - range.start).sum();
        self.read.add(usize::try_from(total).unwrap_or_default());
        if self.local.is_some() {
            let bytes = ranges.iter().map(|range| self.here(range));
            return std::future::ready(bytes.collect()).boxed();
        }
        async move {
            let bytes = self.store.get_ranges(&self.meta.location, &ranges).await;
            bytes.map_err(|error| ParquetError::External(Box::new(error)))
        }
        .boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        _options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, Fallible<Arc<ParquetMetaData>>> {
        async move {
            if let Some(footer) = &self.footer {
                return Ok(Arc::clone(footer));
            }
            let key = Path::from(format!("{}/{}", self.meta.location, self.columns.key));
            if let Some(entry) = self.cache.get(&key)
                && entry.is_valid_for(&self.meta)
                && let Some(known) = entry
                    .file_metadata
                    .as_any()
                    .downcast_ref::<CachedParquetMetaData>()
            {
                return Ok(Arc::clone(known.parquet_metadata()));
            }
            let footer = self.tail().await?;
            let footer = Arc::new(self.columns.decode(&footer)?);
            let entry = Arc::new(CachedParquetMetaData::new(Arc::clone(&footer)));
            let entry = CachedFileMetadataEntry::new(self.meta.clone(), entry);
            self.cache.put(&key, entry);
            Ok(footer)
        }
        .boxed()
    }
}

impl Reader {
    /// A range of a file in the local file system.
    fn here(&mut self, range: &Range<u64>) -> Fallible<Bytes> {
        let file = match (&mut self.opened, &self.local) {
            (Some(file), _) => file,
            (none, Some(path)) => {
                let named = |error: io::Error| {
                    let error = format!("{}: {error}", path.display());
                    ParquetError::General(error)
                };
                none.insert(File::open(path).map_err(named)?)
            }
            (None, None) => return Err(ParquetError::General("no local file".to_owned())),
        };
        file.seek(SeekFrom::Start(range.start))?;
        let length = range.end.saturating_sub(range.start);
        let mut bytes = Vec::with_capacity(usize::try_from(length)?);
        let read = file.take(length).read_to_end(&mut bytes)?;
        match read as u64 == length {
            true => Ok(bytes.into()),
            false => Err(ParquetError::EOF(format!(
                "{}: expected {length} bytes at {}, found {read}",
                self.meta.location, range.start
            ))),
        }
    }

    /// The bytes of the footer.
    async fn tail(&mut self) -> Fallible<Bytes> {
        let size = self.meta.size;
        let location = self.meta.location.clone();
        let broken = || ParquetError::General(format!("{location} is no Parquet file"));
        let most = match &self.local {
            Some(_) => MARK as u64,
            None => TAIL,
        };
        let from = size.saturating_sub(most);
        let tail = self.get_bytes(from..size).await?;
        let mark = tail.len().checked_sub(MARK).ok_or_else(broken)?;
        let (length, magic) = tail[mark..].split_first_chunk().ok_or_else(broken)?;
        if magic != b"PAR1" {
            return Err(broken());
        }
        let length = u64::from(u32::from_le_bytes(*length));
        let end = size - MARK as u64;
        let start = end.checked_sub(length).ok_or_else(broken)?;
        match start.checked_sub(from) {
            Some(start) => Ok(tail.slice(usize::try_from(start)?..mark)),
            None => self.get_bytes(start..end).await,
        }
    }
}

/// A footer with the places of pages, so that only those are read that have rows which were chosen.
pub(super) async fn with_places(
    footer: &Arc<ParquetMetaData>,
    reader: &mut Box<dyn AsyncFileReader>,
) -> Fallible<Arc<ParquetMetaData>> {
    let mut places = ParquetMetaDataReader::new_with_metadata(footer.as_ref().clone())
        .with_column_index_policy(PageIndexPolicy::Skip)
        .with_offset_index_policy(PageIndexPolicy::Optional);
    places.load_page_index(reader).await?;
    Ok(Arc::new(places.finish()?))
}

impl Columns {
    fn last(&self) -> Option<Arc<Kept>> {
        self.last.lock().ok()?.clone()
    }

    /// A footer without the other columns, and without what is in it for writers.
    fn decode(&self, footer: &[u8]) -> Fallible<ParquetMetaData> {
        let read = |kept: Option<&Kept>| {
            let statistics = match kept {
                Some(kept) => ParquetStatisticsPolicy::skip_except(&kept.leaves),
                None => ParquetStatisticsPolicy::KeepAll,
            };
            let options = ParquetMetaDataOptions::new()
                .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll)
                .with_column_stats_policy(statistics);
            ParquetMetaDataReader::decode_metadata_with_options(footer, Some(&options))
        };
        if let Some(kept) = self.last() {
            let whole = read(Some(&kept))?;
            if whole.file_metadata().schema() == kept.whole.root_schema() {
                return kept.of(&whole);
            }
        }
        let whole = read(None)?;
        let kept = Arc::new(self.kept(whole.file_metadata())?);
        if let Ok(mut last) = self.last.lock() {
            *last = Some(Arc::clone(&kept));
        }
        kept.of(&whole)
    }

    fn kept(&self, file: &FileMetaData) -> Fallible<Kept> {
        let whole = file.schema_descr_ptr();
        let named = |place: &usize| {
            let root = whole.get_column_root(*place);
            self.names.contains(root.name())
        };
        let mut leaves: Vec<usize> = (0..whole.num_columns()).filter(named).collect();
        if leaves.is_empty() && whole.num_columns() > 0 {
            // By one column at least it is told where row groups are.
            leaves.push(0);
        }
        let roots: BTreeSet<usize> = leaves
            .iter()
            .map(|&leaf| whole.get_column_root_idx(leaf))
            .collect();
        let fields = whole.root_schema().get_fields().iter().enumerate();
        let fields = fields.filter(|(place, _)| roots.contains(place));
        // A root with several leaves keeps all.
        leaves = (0..whole.num_columns())
            .filter(|&leaf| roots.contains(&whole.get_column_root_idx(leaf)))
            .collect();
        let schema = Type::group_type_builder(whole.root_schema().name())
            .with_fields(fields.map(|(_, field)| Arc::clone(field)).collect())
            .build()?;
        Ok(Kept {
            schema: Arc::new(SchemaDescriptor::new(Arc::new(schema))),
            whole,
            leaves,
        })
    }
}

impl Kept {
    fn of(&self, whole: &ParquetMetaData) -> Fallible<ParquetMetaData> {
        let file = whole.file_metadata();
        let orders = file.column_orders();
        let orders = orders.map(|orders| {
            let leaves = self.leaves.iter();
            leaves
                .filter_map(|&leaf| orders.get(leaf).copied())
                .collect()
        });
        let lean = FileMetaData::new(
            file.version(),
            file.num_rows(),
            file.created_by().map(str::to_owned),
            None,
            Arc::clone(&self.schema),
            orders,
        );
        let groups = whole.row_groups().iter().map(|group| {
            let columns = self.leaves.iter().map(|&leaf| group.column(leaf).clone());
            RowGroupMetaData::builder(Arc::clone(&self.schema))
                .set_num_rows(group.num_rows())
                .set_total_byte_size(group.total_byte_size())
                .set_column_metadata(columns.collect())
                .build()
        });
        let groups: Vec<RowGroupMetaData> = groups.collect::<Fallible<_>>()?;
        Ok(ParquetMetaDataBuilder::new(lean)
            .set_row_groups(groups)
            .build())
    }
}
