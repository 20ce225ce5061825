//! A rule in DQL, from its text to a plan.

use std::sync::Arc;

use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use rules::Condition;
use rules::load::LoadedRule;
use rules::run::{self, Timeline};
use syntax::Diagnostic;
use translator::{Catalog, OutputField, Timeframe};

use super::feed::{self, Fed};
use super::{DqlRule, carry, narrow};
use crate::detect::DetectOptions;
use crate::detect::plan::Column;
use crate::query::Translated;
use crate::specialize;
use crate::{Engine, Error};

/// A rule that was planned.
pub(super) struct Planned<'a> {
    pub(super) rule: DqlRule<'a>,
    /// For a rule with a schedule, what is made of its records.
    pub(super) timeline: Option<Timeline>,
    pub(super) logical: LogicalPlan,
    pub(super) fields: Arc<[OutputField]>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) timeframe: Timeframe,
    pub(super) context: SessionContext,
    pub(super) counted: functions::Figures,
}

impl Engine {
    /// Plans a rule.
    ///
    /// # Errors
    /// Where its query or its schedule is wrong.
    pub(super) async fn planned_rule<'a>(
        &self,
        rule: DqlRule<'a>,
        options: &DetectOptions,
    ) -> Result<Planned<'a>, Error> {
        let (_, loaded, query) = rule;
        let mut asked = options.query.clone();
        let timeline = match &query.schedule {
            None => None,
            Some(schedule) => {
                let frame = &mut asked.timeframe;
                let run = run::Options {
                    from: frame.from.unwrap_or(i64::MIN),
                    to: frame.to.unwrap_or(i64::MAX),
                    max_signals: options.max_signals,
                    events: options.events,
                    begins: None,
                };
                let id = &loaded.rule.about.id;
                let timeline = Timeline::new(id, &query.then, Some(schedule), None, run)
                    .map_err(|unfit| refused(loaded, unfit.to_string()))?;
                let (from, to) = timeline.reads();
                *frame = Timeframe {
                    from: (from > i64::MIN).then_some(from),
                    to: (to < i64::MAX).then_some(to),
                };
                Some(timeline)
            }
        };
        self.prepare(&asked).await?;
        let Translated {
            translation,
            diagnostics,
            ..
        } = self.translate(&query.text, &asked)?;
        let names = translation.fields.iter().map(|field| field.name.as_str());
        if let Some(message) = query.lacks(names) {
            return Err(refused(loaded, message));
        }
        let mut logical = translation.plan;
        let only: Vec<Condition> = options.only.iter().chain(&query.only).cloned().collect();
        if !only.is_empty() {
            let events = self.catalog().events(Timeframe::default());
            let declared = events.map(|events| Column::all(&events.columns));
            logical = narrow::narrowed(
                logical,
                &Condition::All(only),
                &declared.unwrap_or_default(),
            )
            .map_err(|message| refused(loaded, message))?;
        }
        if let Some(carried) = carry::carried(&logical, options.events) {
            logical = carried;
        }
        let counted = functions::Figures::default();
        Ok(Planned {
            rule,
            timeline,
            logical,
            fields: translation.fields.into(),
            diagnostics,
            timeframe: translation.timeframe,
            context: self.session(&counted),
            counted,
        })
    }

    /// The rule's plan with its scan replaced; none where that can't be.
    pub(super) async fn fed(&self, planned: &Planned<'_>, options: &DetectOptions) -> Option<Fed> {
        if !options.query.optimize || !options.query.pushdown {
            return None;
        }
        let state = general(&planned.context);
        let plan = state.create_physical_plan(&planned.logical).await.ok()?;
        feed::fed(&plan, &self.store).ok()?
    }
}

/// The session's planner without scans that know their files: what a scan asks is to stand as it was meant.
fn general(context: &SessionContext) -> SessionState {
    let state = context.state();
    let rules = state.physical_optimizers().iter();
    let rules = rules.filter(|rule| rule.name() != specialize::NAME);
    let rules = rules.cloned().collect();
    SessionStateBuilder::new_from_existing(state)
        .with_physical_optimizer_rules(rules)
        .build()
}

fn refused(rule: &LoadedRule, message: String) -> Error {
    Error::Rule {
        path: rule.rule.path.display().to_string(),
        message,
    }
}
