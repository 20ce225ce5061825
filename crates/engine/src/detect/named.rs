//! The events that alerts name: those of rules that name each of theirs are told as they are found, the few of the others
//! are read in the end.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StringViewArray};
use arrow::datatypes::DataType;
use arrow::record_batch::RecordBatch;
use datafusion::common::Result;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, col, lit};
use datafusion::physical_plan::execute_stream;
use futures::StreamExt;
use hashbrown::{HashMap, HashSet};
use translator::{Catalog, Timeframe};

use super::plan::{self, Record, other_columns};
use super::row_test::{self, RowTest};
use super::{Alert, NamedEvent};
use crate::figures::Figures;
use crate::{Engine, Error};

/// Beyond so many ids each event of the time is looked at instead of looked up.
const LOOKED_UP: usize = 5_000;

/// Beyond so many different texts of a column they are forgotten, and kept anew.
const TEXTS: usize = 1 << 14;

/// What is told of an event besides what tells it from others.
pub(super) const NAMED: [&str; 11] = [
    "event_source",
    "event_name",
    "aws_region",
    "error_code",
    "source_ip_address",
    "user_agent",
    "user_identity_type",
    "user_identity_arn",
    "user_identity_principal_id",
    "user_identity_invoked_by",
    "user_identity_access_key_id",
];

/// Events by what tells them from all others.
pub(super) type Events = HashMap<Arc<str>, Arc<NamedEvent>>;

/// The columns of a batch that tell of events.
pub(super) struct Named<'a> {
    record: &'a Record<'a>,
    told: [&'a StringViewArray; NAMED.len()],
}

/// The texts that events share: who does many things does them from one address.
#[derive(Debug, Default)]
pub(super) struct Texts {
    account: Known,
    source: Known,
    told: [Known; NAMED.len()],
}

#[derive(Debug, Default)]
struct Known(HashMap<Box<str>, Arc<str>>);

impl Known {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        if self.0.len() >= TEXTS {
            self.0.clear();
        }
        let shared: Arc<str> = text.into();
        self.0.insert(text.into(), Arc::clone(&shared));
        shared
    }
}

impl<'a> Named<'a> {
    /// The columns of `batch` from the place `first` on, in the order of [`NAMED`].
    pub(super) fn new(
        batch: &'a RecordBatch,
        record: &'a Record<'a>,
        first: usize,
    ) -> Result<Named<'a>> {
        let column = |place: usize| batch.columns().get(first + place)?.as_string_view_opt();
        let told: Option<Vec<_>> = (0..NAMED.len()).map(column).collect();
        match told.and_then(|told| told.try_into().ok()) {
            Some(told) => Ok(Named { record, told }),
            None => other_columns(),
        }
    }

    /// The event of a row.
    pub(super) fn event(&self, row: usize, texts: &mut Texts) -> NamedEvent {
        let mut told = [const { None }; NAMED.len()];
        let columns = self.told.iter().zip(&mut texts.told);
        for (told, (column, known)) in told.iter_mut().zip(columns) {
            *told = column
                .is_valid(row)
                .then(|| known.shared(column.value(row)));
        }
        let [
            service,
            action,
            region,
            error,
            address,
            agent,
            identity,
            arn,
            principal,
            invoked_by,
            access_key,
        ] = told;
        let record = self.record;
        NamedEvent {
            id: record.id(row).map(Arc::from),
            account: record.account(row).map(|text| texts.account.shared(text)),
            time: record.time(row),
            source: record.source(row).map(|text| texts.source.shared(text)),
            index: record.index(row),
            service,
            action,
            region,
            error,
            address,
            agent,
            identity,
            principal: arn.or(principal).or(invoked_by),
            access_key,
        }
    }
}

impl Engine {
    /// Puts the events into these alerts. `known` are those that need not be read any more.
    pub(super) async fn name_events<'a>(
        &self,
        alerts: impl Iterator<Item = &'a mut Alert>,
        mut known: Events,
        figures: &mut Figures,
    ) -> std::result::Result<(), Error> {
        let mut alerts: Vec<_> = alerts.collect();
        let mut wanted: HashSet<Arc<str>> = HashSet::new();
        let mut reach: Option<(i64, i64)> = None;
        for alert in &alerts {
            let unknown = |identity: &&Arc<str>| !known.contains_key(*identity);
            let before = wanted.len();
            wanted.extend(alert.identities.iter().filter(unknown).cloned());
            let times = alert.reach.or(alert.first.zip(alert.last));
            if let (true, Some((first, last))) = (wanted.len() > before, times) {
                let (from, to) = reach.unwrap_or((first, last));
                reach = Some((from.min(first), to.max(last)));
            }
        }
        if let Some(reach) = reach {
            self.read_events(&wanted, reach, &mut known, figures)
                .await?;
        }
        for alert in &mut alerts {
            let identities = std::mem::take(&mut alert.identities).into_iter();
            alert.events = identities
                .filter_map(|identity| known.get(&identity).cloned())
                .collect();
        }
        Ok(())
    }

    /// Reads events of the time from `first` to `last`.
    async fn read_events(
        &self,
        wanted: &HashSet<Arc<str>>,
        (first, last): (i64, i64),
        known: &mut Events,
        figures: &mut Figures,
    ) -> std::result::Result<(), Error> {
        let timeframe = Timeframe {
            from: Some(first),
            to: Some(last.saturating_add(1)),
        };
        let Some(events) = self.catalog().events(timeframe) else {
            return Ok(());
        };
        let columns = Record::NAMES.iter().chain(&NAMED);
        let filter = plan::within((first, last.saturating_add(1))).and(among(wanted));
        let logical = LogicalPlanBuilder::scan("cloudtrail", events.source, None)?
            .filter(filter)?
            .project(columns.map(|name| col(*name)).collect::<Vec<Expr>>())?
            .build()?;
        let context = self.session(&functions::Figures::default());
        let plan = context.state().create_physical_plan(&logical).await?;
        let mut stream = execute_stream(Arc::clone(&plan), context.task_ctx())?;
        let mut texts = Texts::default();
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let record = Record::new(&batch, 0)?;
            let named = Named::new(&batch, &record, Record::NAMES.len())?;
            for row in 0..batch.num_rows() {
                let identity = record.identity(row);
                if wanted.contains(&identity) {
                    known.insert(identity, Arc::new(named.event(row, &mut texts)));
                }
            }
        }
        let mut cost = Figures::default();
        cost.count(&plan);
        figures.add(&cost);
        Ok(())
    }
}

/// Whether an event's id is one of many; the empty one stands for none. Asked before other columns are read.
#[derive(Debug, PartialEq, Eq)]
struct OneOf {
    ids: HashSet<String>,
}

impl std::hash::Hash for OneOf {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.ids.len().hash(state);
    }
}

impl RowTest for OneOf {
    const NAME: &'static str = "one_of";

    fn meets(&self, columns: &[ArrayRef]) -> Result<BooleanArray> {
        let ids = row_test::texts::<Self>(columns)?.iter();
        let ids = ids.map(|id| id.unwrap_or_default());
        Ok(ids.map(|id| Some(self.ids.contains(id))).collect())
    }
}

/// What rows meet whose identity may be one of these.
fn among(wanted: &HashSet<Arc<str>>) -> Expr {
    let mut ids: Vec<&str> = wanted
        .iter()
        .map(|identity| plan::id_of(identity))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > LOOKED_UP {
        let ids = ids.into_iter().map(str::to_owned).collect();
        let one_of = row_test::function(OneOf { ids }, &[vec![DataType::Utf8View]]);
        return one_of.call(vec![col("event_id")]);
    }
    let without = ids.first().is_some_and(|id| id.is_empty());
    let ids = ids.into_iter().filter(|id| !id.is_empty());
    let ids: Vec<Expr> = ids.map(lit).collect();
    let listed = match ids.is_empty() {
        true => lit(false),
        false => col("event_id").in_list(ids, false),
    };
    match without {
        true => listed.or(col("event_id").is_null()),
        false => listed,
    }
}
