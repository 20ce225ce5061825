//! A rule's matches in, its alerts out.

use super::alert::{Alert, Figures, Match, Options};
use super::outbox::Outbox;
use super::schedule;
use super::suppression::Suppressor;
use super::work::Work;
use super::{FAR, LONG};
use crate::condition::Field;
use crate::rule::{Schedule, Suppression, Then};

/// A rule at work: takes the events that meet its condition, oldest first, and gives its alerts.
///
/// Alerts come in the order in which runs give them; within a run by their keys, or by time where each event is one.
pub struct Timeline {
    fields: Vec<Field>,
    reads: (i64, i64),
    options: Options,
    schedule: Option<Schedule>,
    room: u64,
    work: Work,
    suppressor: Suppressor,
    outbox: Outbox,
    figures: Figures,
    newest: Option<(i64, std::sync::Arc<str>)>,
}

/// Why no timeline can be made of a rule, said to its author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(pub String);

impl std::fmt::Display for Unfit {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unfit {}

/// A match came after one that is later, or has a greater identity at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disorder;

impl std::fmt::Display for Disorder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("matches are not sorted by time and identity")
    }
}

impl std::error::Error for Disorder {}

impl Timeline {
    /// The timeline of the rule with the id `rule`.
    ///
    /// # Errors
    /// [`Unfit`] where schedule, history or suppression make no sense together.
    pub fn new(
        rule: &str,
        then: &Then,
        schedule: Option<&Schedule>,
        suppression: Option<&Suppression>,
        options: Options,
    ) -> Result<Timeline, Unfit> {
        let unfit = |text: &str| Err(Unfit(text.to_owned()));
        if let Some(schedule) = schedule {
            schedule.check().map_err(Unfit)?;
        } else if suppression.is_some() || !matches!(then, Then::Each) {
            return unfit("it needs a schedule: its alerts depend on when it runs");
        }
        if let Some(duration) = suppression.and_then(|suppression| suppression.duration)
            && !(1..=LONG).contains(&duration)
        {
            return unfit("suppression lasts for more than nothing, and less than 36 years");
        }
        let reads = schedule::reads(then, schedule, suppression, options.from, options.to);
        let (work, fields) = Work::new(rule, then, schedule, suppression, &options)?;
        let duration = suppression.and_then(|suppression| suppression.duration);
        let most = schedule.map_or(u64::MAX, |schedule| schedule.max_signals);
        Ok(Timeline {
            fields,
            reads,
            schedule: schedule.copied(),
            room: options.max_signals.unwrap_or(most).max(1),
            work,
            suppressor: Suppressor::new(duration, options.events),
            outbox: Outbox::default(),
            figures: Figures::default(),
            newest: None,
            options,
        })
    }

    /// The fields whose values a match gives, in that order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The times `[reads.0, reads.1)` of the events that the timeframe's alerts depend on. Earlier events do no harm.
    pub fn reads(&self) -> (i64, i64) {
        self.reads
    }

    /// Takes the next match.
    ///
    /// # Errors
    /// [`Disorder`] where it is earlier than the one before; the match is not taken.
    pub fn push(&mut self, event: Match) -> Result<(), Disorder> {
        if let Some((time, id)) = &self.newest {
            match (event.time, &event.id).cmp(&(*time, id)) {
                std::cmp::Ordering::Less => return Err(Disorder),
                std::cmp::Ordering::Equal => {
                    self.figures.repeated += 1;
                    return Ok(());
                }
                std::cmp::Ordering::Greater => {}
            }
        }
        self.newest = Some((event.time, event.id.clone()));
        if event.time >= self.options.to {
            return Ok(());
        }
        self.figures.events += 1;
        let Some(schedule) = self.schedule else {
            self.outbox.put(self.work.at_once(event), false);
            return Ok(());
        };
        if !(-FAR..=FAR).contains(&event.time) {
            self.figures.unseen += 1;
            return Ok(());
        }
        let run = schedule.first_run(event.time);
        match run {
            Some(run) => self.run_before(&schedule, run),
            None => self.figures.unseen += 1,
        }
        self.work.add(run, event, &mut self.figures);
        Ok(())
    }

    /// The next alert that no later match changes; none where further matches have to come first.
    pub fn next_alert(&mut self) -> Option<Alert> {
        loop {
            let alert = self.outbox.take()?;
            if alert.last >= self.options.from {
                return Some(alert);
            }
            self.figures.before += 1;
        }
    }

    /// Says that no match comes any more, and gives the remaining alerts and the figures.
    pub fn finish(mut self) -> (Vec<Alert>, Figures) {
        if let Some(schedule) = self.schedule {
            self.run_before(&schedule, i64::MAX);
        }
        let alerts = std::iter::from_fn(|| self.next_alert()).collect();
        (alerts, self.figures)
    }

    /// Makes the runs before this one.
    fn run_before(&mut self, schedule: &Schedule, end: i64) {
        while let Some(run) = self.work.due()
            && run < end
        {
            let alerts = self.work.run(schedule, run, self.room, &mut self.figures);
            self.suppressor.run(run, alerts, &mut self.outbox);
        }
        // Long after an alert was written nothing is added to it, whether there is a run or not.
        self.suppressor.close_before(end, &mut self.outbox);
    }
}
