//! All that a bench found: what `page` shows to people and `object` gives to programs.

use std::time::Duration;

use lake::Info;

use super::cold::Cold;
use super::machine::Machine;
use super::measure::Measured;
use super::needle::Needles;
use super::question::Question;

/// A bench.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) machine: Machine,
    /// From the command to the last answer.
    pub(super) elapsed: Duration,
    pub(super) threads: usize,
    pub(super) memory: Option<usize>,
    pub(super) rounds: u32,
    pub(super) cold_rounds: u32,
    pub(super) cold: Cold,
    /// What `now()` was, in nanoseconds since 1970-01-01 UTC.
    pub(super) now: i64,
    pub(super) archive: Option<Archive>,
    pub(super) ingest: Option<Ingested>,
    /// Where the lake is.
    pub(super) location: String,
    pub(super) lake: Info,
    /// Events of the last 30 minutes; none where nobody asked.
    pub(super) window: Option<u64>,
    pub(super) needles: Needles,
    /// What a reader must know.
    pub(super) notes: Vec<String>,
    pub(super) questions: Vec<(Question, Outcome)>,
}

/// The archive that was made.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    pub(super) options: generate::Options,
    pub(super) made: generate::Summary,
    /// How long it took; that is said once, when it is made.
    pub(super) elapsed: Duration,
    /// Whether it was there already.
    pub(super) again: bool,
}

/// What the ingest did and cost.
#[derive(Debug)]
pub(super) struct Ingested {
    pub(super) report: ingest::Report,
    pub(super) elapsed: Duration,
    pub(super) processor: Option<Duration>,
    pub(super) peak: Option<u64>,
}

/// What became of a question.
#[derive(Debug)]
pub(super) enum Outcome {
    Measured(Box<Measured>),
    /// Not asked: the lake does not have what it needs.
    Skipped(String),
    Failed(String),
}

impl Report {
    /// The events that a question is about: those of the lake, or of its last 30 minutes.
    pub(super) fn events(&self, question: &Question) -> Option<u64> {
        match question.window {
            true => self.window,
            false => Some(self.lake.events),
        }
    }

    /// Events a second of the warm median.
    pub(super) fn per_second(&self, question: &Question, measured: &Measured) -> Option<u64> {
        let (events, median) = self.events(question).zip(measured.warm.median())?;
        Some(crate::human::per_second(events, median))
    }

    /// How many questions have no answer, though they were asked.
    pub(super) fn failed(&self) -> usize {
        let failed = |(_, outcome): &&(Question, Outcome)| matches!(outcome, Outcome::Failed(_));
        self.questions.iter().filter(failed).count()
    }
}
