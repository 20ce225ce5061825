//! The events that alerts name, read in the end: few of the many that rules have matched.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::record_batch::RecordBatch;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, col, lit};
use datafusion::physical_plan::execute_stream;
use futures::StreamExt;
use lake::cloudtrail::house;
use translator::{Catalog, Timeframe};

use super::plan::{self, Record};
use super::{NamedEvent, Outcome};
use crate::figures::Figures;
use crate::{Engine, Error};

/// Beyond so many ids each event of the time is looked at instead of looked up.
const LOOKED_UP: usize = 5_000;

/// What is told of an event besides what tells it from others, in the order of [`NamedEvent`].
const COLUMNS: [&str; 11] = [
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

impl Engine {
    /// Puts the events into the alerts of these outcomes.
    pub(super) async fn name_events<'o, 'r: 'o>(
        &self,
        outcomes: impl Iterator<Item = &'o mut Outcome<'r>>,
        figures: &mut Figures,
    ) -> std::result::Result<(), Error> {
        let mut alerts: Vec<_> = outcomes
            .filter_map(|outcome| outcome.alerts.as_mut().ok())
            .flatten()
            .collect();
        let wanted: HashSet<Arc<str>> = alerts
            .iter()
            .flat_map(|alert| alert.identities.iter().cloned())
            .collect();
        let times = alerts
            .iter()
            .filter_map(|alert| Some((alert.first?, alert.last?)));
        let reach = times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let Some((first, last)) = reach.filter(|_| !wanted.is_empty()) else {
            return Ok(());
        };
        let timeframe = Timeframe {
            from: Some(first),
            to: Some(last.saturating_add(1)),
        };
        let Some(events) = self.catalog().events(timeframe) else {
            return Ok(());
        };
        let columns = plan::Record::NAMES.iter().chain(&COLUMNS);
        let filter = plan::within((first, last.saturating_add(1))).and(among(&wanted));
        let logical = LogicalPlanBuilder::scan("cloudtrail", events.source, None)?
            .filter(filter)?
            .project(columns.map(|name| col(*name)).collect::<Vec<Expr>>())?
            .build()?;
        let context = self.session(&functions::Figures::default());
        let plan = context.state().create_physical_plan(&logical).await?;
        let mut stream = execute_stream(Arc::clone(&plan), context.task_ctx())?;
        let mut found: HashMap<Arc<str>, Arc<NamedEvent>> = HashMap::new();
        while let Some(batch) = stream.next().await {
            let batch = batch?;
            let record = Record::new(&batch, 0)?;
            for row in 0..batch.num_rows() {
                let identity = record.identity(row);
                if wanted.contains(&identity) {
                    found.insert(identity, Arc::new(event(&batch, row)));
                }
            }
        }
        let mut cost = Figures::default();
        cost.count(&plan);
        figures.add(&cost);
        for alert in &mut alerts {
            let identities = alert.identities.iter();
            alert.events = identities
                .filter_map(|identity| found.get(identity).cloned())
                .collect();
        }
        Ok(())
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
        return lit(true);
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

fn event(batch: &RecordBatch, row: usize) -> NamedEvent {
    let text = |name: &str| {
        let column = batch.column_by_name(name)?.as_string_view_opt()?;
        (!arrow::array::Array::is_null(column, row)).then(|| column.value(row).to_owned())
    };
    let index = batch
        .column_by_name(house::SOURCE_INDEX)
        .and_then(|column| column.as_primitive_opt::<Int64Type>());
    let time = Record::new(batch, 0).map(|record| record.time(row));
    NamedEvent {
        id: text("event_id"),
        account: text(house::ACCOUNT_ID),
        time: time.unwrap_or_default(),
        source: text(house::SOURCE),
        index: index.map_or(0, |column| column.value(row)),
        service: text("event_source"),
        action: text("event_name"),
        region: text("aws_region"),
        error: text("error_code"),
        address: text("source_ip_address"),
        agent: text("user_agent"),
        identity: text("user_identity_type"),
        principal: text("user_identity_arn")
            .or_else(|| text("user_identity_principal_id"))
            .or_else(|| text("user_identity_invoked_by")),
        access_key: text("user_identity_access_key_id"),
    }
}
