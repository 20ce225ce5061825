//! Beside DataFusion's own first aggregation.

use arrow::array::{Array, Int64Array, StringViewArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{Field, Schema};
use arrow::record_batch::RecordBatch;
use arrow::util::pretty::pretty_format_batches;
use datafusion::common::resources_err;
use datafusion::datasource::MemTable;
use datafusion::execution::memory_pool::{MemoryPool, MemoryReservation};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_plan::collect;
use datafusion::prelude::{SessionConfig, SessionContext};
use proptest::prelude::*;

use super::*;

/// A batch: the texts of a dictionary, and of each row the places of its two texts in it, and a long.
type Made = (
    Vec<Option<String>>,
    Vec<(
        proptest::sample::Index,
        proptest::sample::Index,
        Option<i64>,
    )>,
);

fn made() -> impl Strategy<Value = Made> {
    let text = proptest::option::weighted(0.8, "[ab]|a text that does not fit in a view [a-d]");
    let row = (
        any::<proptest::sample::Index>(),
        any::<proptest::sample::Index>(),
    );
    let row = (row, proptest::option::weighted(0.8, -2i64..3));
    (
        proptest::collection::vec(text, 1..6),
        proptest::collection::vec(row.prop_map(|((a, b), n)| (a, b, n)), 0..12),
    )
}

fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("a", DataType::Utf8View, true),
        Field::new("b", DataType::Utf8View, true),
        Field::new("n", DataType::Int64, true),
    ]))
}

fn batch((texts, rows): &Made) -> RecordBatch {
    let texts: StringViewArray = texts.iter().map(Option::as_deref).collect();
    let column = |place: fn(
        &(
            proptest::sample::Index,
            proptest::sample::Index,
            Option<i64>,
        ),
    ) -> &proptest::sample::Index| {
        let places = rows.iter().map(|row| place(row).index(texts.len()) as u32);
        take(&texts, &UInt32Array::from_iter_values(places), None).unwrap()
    };
    let longs: Int64Array = rows.iter().map(|row| row.2).collect();
    let columns = vec![column(|row| &row.0), column(|row| &row.1), Arc::new(longs)];
    RecordBatch::try_new(schema(), columns).unwrap()
}

/// Memory for all but the groups of first aggregations.
#[derive(Debug)]
struct NoGroups;

impl fmt::Display for NoGroups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no groups")
    }
}

impl MemoryPool for NoGroups {
    fn name(&self) -> &str {
        "no groups"
    }

    fn grow(&self, _: &MemoryReservation, _: usize) {}

    fn shrink(&self, _: &MemoryReservation, _: usize) {}

    fn try_grow(&self, reservation: &MemoryReservation, _: usize) -> Result<()> {
        match reservation.consumer().name().starts_with("groups of ") {
            true => resources_err!("no memory for groups"),
            false => Ok(()),
        }
    }

    fn reserved(&self) -> usize {
        0
    }
}

/// The records of a statement, in order, by DataFusion alone and with the rule; and whether the rule did something.
async fn answers(
    partitions: &[Vec<RecordBatch>],
    statement: &str,
    probe: usize,
    refused: bool,
) -> ([Vec<String>; 2], bool) {
    let mut config = SessionConfig::new()
        .with_target_partitions(2)
        .with_batch_size(4);
    config
        .options_mut()
        .optimizer
        .enable_round_robin_repartition = false;
    config
        .options_mut()
        .execution
        .skip_partial_aggregation_probe_rows_threshold = probe;
    let mut environment = RuntimeEnvBuilder::new();
    if refused {
        environment = environment.with_memory_pool(Arc::new(NoGroups));
    }
    let stock = SessionContext::new_with_config_rt(
        config.clone(),
        RuntimeEnvBuilder::new().build_arc().unwrap(),
    );
    let ours = SessionContext::new_with_config_rt(config, environment.build_arc().unwrap());
    let table = MemTable::try_new(schema(), partitions.to_vec()).unwrap();
    stock.register_table("t", Arc::new(table)).unwrap();
    let planned = async || {
        let statement = stock.sql(statement).await.unwrap();
        statement.create_physical_plan().await.unwrap()
    };
    let plan = planned().await;
    // A plan runs once.
    let numbered = GroupByNumbers
        .optimize(planned().await, &ConfigOptions::new())
        .unwrap();
    let mut changed = false;
    numbered
        .apply(|node| {
            changed |= node.downcast_ref::<Numbered>().is_some();
            Ok(TreeNodeRecursion::Continue)
        })
        .unwrap();
    let lines = |batches: Vec<RecordBatch>| {
        let table = pretty_format_batches(&batches).unwrap().to_string();
        let mut lines: Vec<String> = table
            .lines()
            .filter(|line| line.starts_with('|'))
            .map(|line| line.split('|').map(str::trim).collect::<Vec<_>>().join("|"))
            .collect();
        lines.sort();
        lines
    };
    let expected = lines(collect(plan, stock.task_ctx()).await.unwrap());
    let found = lines(collect(numbered, ours.task_ctx()).await.unwrap());
    ([expected, found], changed)
}

const STATEMENTS: [&str; 8] = [
    "SELECT a, count(*) c FROM t GROUP BY a",
    "SELECT a, count(n) c, sum(n) s, max(n) m FROM t GROUP BY a",
    "SELECT a, b, count(*) c, sum(n) s, min(n) m FROM t GROUP BY a, b",
    "SELECT a, n, b, count(n) c, max(b) m FROM t GROUP BY a, n, b",
    "SELECT n, a, count(*) FILTER (WHERE n > 0) c FROM t GROUP BY n, a",
    "SELECT arrow_cast('a' || coalesce(n, 0)::text, 'Utf8View') k, count(*) c FROM t GROUP BY 1",
    "SELECT a, b FROM t WHERE n >= 0 GROUP BY a, b",
    "SELECT CASE WHEN n > 0 THEN a END k, count(*) c FROM t GROUP BY CASE WHEN n > 0 THEN a END",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The same groups, however few rows a group has, and where memory holds none of them for long.
    #[test]
    fn the_groups_are_the_same(
        partitions in proptest::collection::vec(proptest::collection::vec(made(), 0..5), 1..3),
        probe in prop_oneof![Just(1usize), Just(8), Just(100_000)],
        refused in any::<bool>(),
    ) {
        let partitions: Vec<Vec<RecordBatch>> = partitions
            .iter()
            .map(|batches| batches.iter().map(batch).collect())
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for statement in STATEMENTS {
            let ([expected, found], changed) =
                runtime.block_on(answers(&partitions, statement, probe, refused));
            prop_assert_eq!(&found, &expected, "{}", statement);
            prop_assert!(changed || partitions.len() == 1, "{}", statement);
        }
    }
}

/// A group of which the first row comes late, and has no value, has none.
#[tokio::test]
async fn a_null_key_that_comes_late_has_no_value() {
    let made = |keys: &[Option<&str>], longs: &[Option<i64>]| {
        let keys: Arc<StringViewArray> = Arc::new(keys.iter().copied().collect());
        let longs: Int64Array = longs.iter().copied().collect();
        RecordBatch::try_new(schema(), vec![keys.clone(), keys, Arc::new(longs)]).unwrap()
    };
    let partition = vec![
        made(&[Some("a"), Some("b")], &[Some(1), Some(2)]),
        made(&[None, Some("c")], &[None, Some(3)]),
        made(&[Some("d"), None, Some("a")], &[None, None, Some(4)]),
    ];
    for statement in &STATEMENTS[..4] {
        let partitions = [partition.clone(), Vec::new()];
        let ([expected, found], changed) = answers(&partitions, statement, 100_000, false).await;
        assert_eq!(found, expected, "{statement}");
        assert!(changed, "{statement}");
    }
}

#[tokio::test]
async fn what_has_no_numbers_is_left_alone() {
    let partitions = vec![Vec::new(), Vec::new()];
    for statement in [
        "SELECT n, count(*) c FROM t GROUP BY n",
        "SELECT count(*) c FROM t",
        "SELECT a, n * 0.5 x, count(*) c FROM t GROUP BY a, n * 0.5",
        "SELECT a, array_agg(n ORDER BY n) c FROM t GROUP BY a",
        "SELECT a, b, count(*) c FROM t GROUP BY ROLLUP (a, b)",
    ] {
        let ([expected, found], changed) = answers(&partitions, statement, 100_000, false).await;
        assert_eq!(found, expected, "{statement}");
        assert!(!changed, "{statement}");
    }
}
