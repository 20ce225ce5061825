//! What the translator is told of a lake.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::datasource::provider_as_source;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::LogicalPlan;
use functions::document::Form;
use lake::cloudtrail::{JSON_LIMIT, OVER_LIMIT, house};
use lake::{File, Kind, Lake, Layout, Reach, Snapshot};
use translator::{Catalog, EventColumn, Events, House, Lookup, LookupFault, Timeframe};

use crate::table::EventTable;
use crate::{Engine, lookup, texts};

/// A lake at one version, or archives, or none.
pub(crate) struct LakeCatalog<'a> {
    pub(crate) lake: Option<(&'a Lake, &'a Snapshot)>,
    pub(crate) store: ObjectStoreUrl,
    /// What plans are run by.
    pub(crate) engine: &'a Engine,
}

impl Catalog for LakeCatalog<'_> {
    fn events(&self, timeframe: Timeframe) -> Option<Events> {
        if let Some(archive) = &self.engine.archive {
            return Some(archive.events(timeframe));
        }
        let (lake, snapshot) = self.lake?;
        let reach = reach(timeframe);
        let files: Vec<File> = snapshot.meeting(&reach).cloned().collect();
        let counted = |name: &str| {
            files
                .iter()
                .map(|file| file.mistyped.get(name).copied().unwrap_or_default())
                .sum()
        };
        // A column that a file lacks, and all where one was written by another engine, which counted nothing: there the
        // text answers.
        let (layout, least) = held(snapshot, &files);
        let own = layout.own().to_vec();
        let columns = layout
            .columns
            .iter()
            .filter(|column| column.since <= least)
            .map(|column| EventColumn {
                mistyped: counted(&column.name),
                form: form(column.kind),
                path: column.path.clone(),
                name: column.name.clone(),
                listed: !own.contains(column),
            })
            .collect();
        let buckets: BTreeSet<&String> = snapshot.files.iter().flat_map(|f| &f.buckets).collect();
        let over_limit = counted(OVER_LIMIT);
        let events = files.iter().map(|file| file.rows).sum();
        let nanos = |micros: i64| micros.saturating_mul(1_000);
        Some(Events {
            columns,
            house: house_names(),
            over_limit,
            covered: snapshot
                .time()
                .map(|(first, last)| (nanos(first), nanos(last))),
            events,
            untimed: snapshot.files.iter().filter_map(File::untimed).sum(),
            buckets: buckets.into_iter().cloned().collect(),
            whole: "lake",
            source: provider_as_source(Arc::new(EventTable::new(
                self.store.clone(),
                lake.clone(),
                &layout,
                files,
            ))),
        })
    }

    fn lookup(&self, path: &str) -> Result<Lookup, LookupFault> {
        let (lake, _) = self.lake.ok_or(LookupFault::NoLake)?;
        lookup::load(lake, path)
    }

    fn texts(&self, lists: &LogicalPlan) -> Result<Vec<String>, String> {
        let context = self.engine.session(&functions::Figures::default());
        texts::texts(context, lists.clone()).map_err(|error| error.to_string())
    }
}

/// The columns that every one of `files` has, and the least of their layouts.
pub(crate) fn held(snapshot: &Snapshot, files: &[File]) -> (Layout, u32) {
    let least = files.iter().map(|file| file.layout).min();
    let least = least.unwrap_or(snapshot.layout.number);
    (snapshot.layout.within(least), least)
}

/// A timeframe in the lake's microseconds, both ends included; events without a time are in none but the open one.
fn reach(timeframe: Timeframe) -> Reach {
    let from = timeframe
        .from
        .map_or(i64::MIN, |nanos| nanos.div_euclid(1_000));
    let to = timeframe
        .to
        .map_or(i64::MAX, |nanos| nanos.div_euclid(1_000));
    Reach {
        time: Some((from, to)),
        untimed: timeframe == Timeframe::default(),
    }
}

/// How a column of that kind holds its values.
pub(crate) fn form(kind: Kind) -> Form {
    match kind {
        Kind::Text => Form::Text,
        Kind::Boolean => Form::Boolean,
        Kind::Long => Form::Long,
        Kind::Timestamp => Form::Timestamp,
        Kind::Json => Form::Json,
    }
}

/// What the columns are called that tell of a record as a whole.
pub(crate) fn house_names() -> House {
    House {
        time: "event_time".to_owned(),
        content: house::CONTENT.to_owned(),
        account: house::ACCOUNT_ID.to_owned(),
        region: "aws_region".to_owned(),
        source: house::SOURCE.to_owned(),
        bucket: house::BUCKET.to_owned(),
        mistyped: house::MISTYPED.to_owned(),
        over_limit: OVER_LIMIT.to_owned(),
        json_limit: JSON_LIMIT,
    }
}
