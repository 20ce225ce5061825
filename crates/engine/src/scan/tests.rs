//! Lean scans beside the stock source, and beside rows asked one by one, over files of many forms.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
use arrow::compute::{concat_batches, filter_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::DFSchema;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfigBuilder, FileSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, col, lit, when};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::SessionContext;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use proptest::prelude::*;

use super::lean;

type Texts = Vec<Option<String>>;

/// How a file is written.
#[derive(Clone, Debug)]
struct Form {
    group_rows: usize,
    page_rows: usize,
    /// Beyond it a chunk goes on without its dictionary.
    dictionary_bytes: usize,
    /// Of the columns `a` and `b`.
    dictionaries: [bool; 2],
    compressed: bool,
    blooms: bool,
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("a", DataType::Utf8View, true),
        Field::new("other", DataType::Utf8View, true),
        Field::new("b", DataType::Utf8View, true),
        Field::new("n", DataType::Int64, false),
    ]))
}

fn batch(a: &Texts, b: &Texts) -> RecordBatch {
    let texts = |texts: &Texts| -> ArrayRef {
        Arc::new(texts.iter().cloned().collect::<StringViewArray>())
    };
    let other: Texts = (0..a.len()).map(|n| Some(format!("other {n}"))).collect();
    let n: Int64Array = (0..a.len() as i64).collect();
    RecordBatch::try_new(
        schema(),
        vec![texts(a), texts(&other), texts(b), Arc::new(n)],
    )
    .unwrap()
}

fn written(batch: &RecordBatch, form: &Form) -> Vec<u8> {
    use parquet::basic::{Compression, ZstdLevel};
    let mut properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(form.group_rows))
        .set_data_page_row_count_limit(form.page_rows)
        .set_write_batch_size(form.page_rows)
        .set_dictionary_page_size_limit(form.dictionary_bytes)
        .set_compression(match form.compressed {
            true => Compression::ZSTD(ZstdLevel::default()),
            false => Compression::UNCOMPRESSED,
        });
    for (name, dictionary) in ["a", "b"].into_iter().zip(form.dictionaries) {
        let path = ColumnPath::from(name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), dictionary)
            .set_column_bloom_filter_enabled(path, form.blooms);
    }
    let mut bytes = Vec::new();
    let mut writer =
        ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties.build())).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn predicates() -> Vec<Expr> {
    let (a, b) = (|| col("a"), || col("b"));
    vec![
        a().eq(lit("x")),
        a().eq(lit("is nowhere")),
        a().in_list(
            vec![lit("x"), lit("long enough not to stand in a view")],
            false,
        ),
        a().in_list(vec![lit("x"), lit("y")], true),
        a().is_null(),
        a().is_not_null().and(b().like(lit("l%"))),
        a().eq(lit("x")).or(a().is_null()),
        a().not_eq(lit("x")).and(col("n").gt(lit(9_i64))),
        a().eq(b()),
        !(a().eq(lit("y"))),
        a().eq(lit("x")).and(b().eq(lit("y"))),
        a().eq(lit("x")).and(a().eq(b())).and(b().is_not_null()),
        a().eq(lit("x")).or(b().eq(lit("x"))),
        when(a().is_null(), lit(true))
            .otherwise(a().gt(lit("m")))
            .unwrap(),
        col("n").gt_eq(lit(20_i64)),
    ]
}

fn physical(expr: &Expr) -> Arc<dyn PhysicalExpr> {
    let schema = DFSchema::try_from(schema()).unwrap();
    SessionContext::new()
        .create_physical_expr(expr.clone(), &schema)
        .unwrap()
}

/// A scan of `n` and `a` of a file, in as many ranges as there are cuts and one.
fn scan(size: u64, cuts: &[u64], predicate: &Expr) -> Arc<DataSourceExec> {
    let mut source = ParquetSource::new(schema()).with_pushdown_filters(true);
    source = source.with_predicate(physical(predicate));
    let projection = ProjectionExprs::from_indices(&[3, 0], &schema());
    let source = source
        .try_pushdown_projection(&projection)
        .unwrap()
        .unwrap();
    let mut edges = vec![0];
    edges.extend(cuts.iter().map(|cut| cut % size));
    edges.push(size);
    edges.sort_unstable();
    let ranges = edges
        .windows(2)
        .map(|edge| (edge[0] as i64, edge[1] as i64));
    let groups = ranges.map(|(from, to)| {
        FileGroup::new(vec![
            PartitionedFile::new("file", size).with_range(from, to),
        ])
    });
    let url = ObjectStoreUrl::parse("memory://").unwrap();
    let config = FileScanConfigBuilder::new(url, source).with_file_groups(groups.collect());
    DataSourceExec::from_data_source(config.build())
}

/// The rows of a scan, in order of `n`.
fn rows(context: &SessionContext, plan: Arc<dyn ExecutionPlan>) -> Vec<(i64, Option<String>)> {
    let schema = plan.schema();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let batches = runtime.block_on(collect(plan, context.task_ctx())).unwrap();
    pairs(&concat_batches(&schema, &batches).unwrap())
}

fn pairs(batch: &RecordBatch) -> Vec<(i64, Option<String>)> {
    let numbers = batch["n"].as_primitive::<arrow::datatypes::Int64Type>();
    let texts = batch["a"].as_string_view().iter();
    let texts = texts.map(|text| text.map(str::to_owned));
    let mut rows: Vec<_> = numbers.values().iter().copied().zip(texts).collect();
    rows.sort();
    rows
}

fn compare(a: &Texts, b: &Texts, form: &Form, cuts: &[u64]) {
    let batch = batch(a, b);
    let bytes = written(&batch, form);
    let size = bytes.len() as u64;
    let store = Arc::new(InMemory::new());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime
        .block_on(store.put(&Path::from("file"), bytes.into()))
        .unwrap();
    let context = SessionContext::new();
    let url = url::Url::parse("memory://").unwrap();
    context.register_object_store(&url, store as Arc<dyn ObjectStore>);
    let cache = context
        .runtime_env()
        .cache_manager
        .get_file_metadata_cache();
    for predicate in predicates() {
        let met = physical(&predicate).evaluate(&batch).unwrap();
        let met = met.into_array(batch.num_rows()).unwrap();
        let expected = pairs(&filter_record_batch(&batch, met.as_boolean()).unwrap());
        let stock = scan(size, cuts, &predicate);
        let lean = lean(&stock, &cache).unwrap().unwrap();
        assert_eq!(rows(&context, Arc::clone(&lean)), expected, "{predicate}");
        // What was left out and what came out is all that there is, in files that were looked at whole.
        let figures = {
            let mut figures = crate::Figures::default();
            figures.count(&lean);
            figures
        };
        assert_eq!(figures.rows_scanned, expected.len() as u64, "{predicate}");
        assert_eq!(rows(&context, stock), expected, "{predicate}, stock");
    }
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        2 => Just(None),
        3 => Just(Some("x".to_owned())),
        2 => Just(Some("y".to_owned())),
        1 => Just(Some("long enough not to stand in a view".to_owned())),
        2 => (0..30_u8).prop_map(|n| Some(format!("l{n}"))),
    ]
}

fn column(rows: usize) -> impl Strategy<Value = Texts> {
    let runs = prop::collection::vec((text(), 1..20_usize), 1..40);
    runs.prop_map(move |runs| {
        let texts = runs.iter().cycle();
        let texts = texts.flat_map(|(text, times)| std::iter::repeat_n(text.clone(), *times));
        texts.take(rows).collect()
    })
}

fn form() -> impl Strategy<Value = Form> {
    let sizes = (
        10..120_usize,
        5..40_usize,
        prop_oneof![Just(20_usize), Just(1 << 20)],
    );
    let flags = (any::<[bool; 2]>(), any::<bool>(), any::<bool>());
    (sizes, flags).prop_map(|(sizes, flags)| Form {
        group_rows: sizes.0,
        page_rows: sizes.1,
        dictionary_bytes: sizes.2,
        dictionaries: flags.0,
        compressed: flags.1,
        blooms: flags.2,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_lean_scan_gives_the_rows_that_meet_its_predicate(
        (a, b) in (1..300_usize).prop_flat_map(|rows| (column(rows), column(rows))),
        form in form(),
        cuts in prop::collection::vec(any::<u64>(), 0..3),
    ) {
        compare(&a, &b, &form, &cuts);
    }
}
