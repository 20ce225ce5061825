//! One question measured: cold, each time with an engine that was just opened, and then warm, round after round.

use std::time::{Duration, Instant};

use engine::detect::DetectOptions;
use engine::{Engine, Error, Figures, QueryOptions, Settings};

use super::checksum::Checksum;
use super::cold::Cold;
use super::meter::Meter;
use super::question::{Body, Question};
use super::told::Told;
use crate::args::Format;
use crate::command::detect::alerts;

/// How often a question is asked cold at most.
pub(super) const COLD_ROUNDS: u32 = 3;

/// What is measured with.
pub(super) struct Runner<'a> {
    pub(super) location: &'a str,
    pub(super) settings: &'a Settings,
    pub(super) options: &'a QueryOptions,
    pub(super) cold: &'a Cold,
    pub(super) rounds: u32,
    pub(super) told: &'a Told,
    pub(super) meter: Meter,
}

/// What was measured of a question.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    /// Records or alerts of the answer.
    pub(super) records: u64,
    pub(super) checksum: u64,
    /// The cold runs, opening included; none where they are not measured.
    pub(super) cold: Runs,
    /// Of the cold runs, the opening of the lake.
    pub(super) opening: Runs,
    /// The warm runs, on the engine of the last cold one.
    pub(super) warm: Runs,
    /// Processor time of a warm run, their mean.
    pub(super) processor: Option<Duration>,
    /// The bytes resident before the first run.
    pub(super) resident: Option<u64>,
    /// The most bytes resident at any moment of any run.
    pub(super) peak: Option<u64>,
    /// Bytes that the system fetched from disk in the first cold run.
    pub(super) from_disk: Option<u64>,
    /// What the first run read, as `query` and `detect` show it.
    pub(super) figures: Figures,
}

/// The times of several runs, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs(pub(super) Vec<Duration>);

impl Runs {
    fn sorted(&self) -> Vec<Duration> {
        let mut runs = self.0.clone();
        runs.sort_unstable();
        runs
    }

    /// The one in the middle; of an even number the mean of the two.
    pub(super) fn median(&self) -> Option<Duration> {
        let runs = self.sorted();
        let (low, high) = (runs.len().checked_sub(1)? / 2, runs.len() / 2);
        Some((*runs.get(low)? + *runs.get(high)?) / 2)
    }

    pub(super) fn least(&self) -> Option<Duration> {
        self.0.iter().min().copied()
    }

    pub(super) fn most(&self) -> Option<Duration> {
        self.0.iter().max().copied()
    }
}

/// An answer, told by its sum.
struct Answered {
    records: u64,
    checksum: u64,
    figures: Figures,
}

impl Runner<'_> {
    /// How many times a question is run.
    pub(super) fn runs(&self) -> u32 {
        self.cold_rounds() + self.rounds
    }

    pub(super) fn cold_rounds(&self) -> u32 {
        match self.cold {
            Cold::Unknown => 0,
            _ => self.rounds.min(COLD_ROUNDS),
        }
    }

    /// Measures a question.
    ///
    /// # Errors
    /// Why it has no answer, in words.
    pub(super) async fn measure(&mut self, question: &Question) -> Result<Measured, String> {
        let mut measured = Measured::default();
        self.meter.reset_peak();
        measured.resident = Meter::resident();
        let mut answers = Vec::new();
        let mut last = None;
        for round in 1..=self.cold_rounds() {
            self.told
                .run(&question.name, "cold", round, self.cold_rounds());
            // The engine before it goes first: its memory is not this run's.
            drop(last.take());
            self.cold.prepare().map_err(|error| format!("{error:#}"))?;
            let disk = Meter::from_disk();
            let began = Instant::now();
            let engine = self.open().await?;
            measured.opening.0.push(began.elapsed());
            answers.push(self.ask(&engine, question).await?);
            measured.cold.0.push(began.elapsed());
            if round == 1 {
                let after = Meter::from_disk();
                measured.from_disk = disk
                    .zip(after)
                    .map(|(disk, after)| after.saturating_sub(disk));
            }
            last = Some(engine);
        }
        let engine = match last {
            Some(engine) => engine,
            None => self.open().await?,
        };
        let before = self.meter.processor();
        for round in 1..=self.rounds {
            self.told.run(&question.name, "warm", round, self.rounds);
            let began = Instant::now();
            let answer = self.ask(&engine, question).await?;
            measured.warm.0.push(began.elapsed());
            answers.push(answer);
        }
        let used = before.zip(self.meter.processor());
        measured.processor =
            used.map(|(before, after)| after.saturating_sub(before) / self.rounds.max(1));
        measured.peak = self.meter.peak();
        let mut answers = answers.into_iter();
        let Some(first) = answers.next() else {
            return Ok(measured);
        };
        let same = |answer: &Answered| {
            (answer.records, answer.checksum) == (first.records, first.checksum)
        };
        if let Some(other) = answers.find(|answer| !same(answer)) {
            return Err(format!(
                "two runs gave different answers: {} records, checksum {:016x}, and {} records, checksum {:016x}",
                first.records, first.checksum, other.records, other.checksum
            ));
        }
        (measured.records, measured.checksum) = (first.records, first.checksum);
        measured.figures = first.figures;
        Ok(measured)
    }

    async fn open(&self) -> Result<Engine, String> {
        let engine = Engine::open(self.location, self.settings.clone()).await;
        engine.map_err(|error| said(&error))
    }

    /// Asks once, and takes in all records as they come, each as JSON text.
    async fn ask(&self, engine: &Engine, question: &Question) -> Result<Answered, String> {
        let rules = match &question.body {
            Body::Rules(rules) => rules,
            Body::Query(text) => {
                let answer = engine.query(text, self.options).await;
                let mut answer = answer.map_err(|error| said(&error))?;
                let names = answer.fields.iter().map(|field| field.name.as_str());
                let mut sum = Checksum::new(question.ordered, names);
                while let Some(rows) = answer.next().await.map_err(|error| said(&error))? {
                    rows.iter().for_each(|row| sum.add(row));
                }
                let (records, checksum) = sum.end();
                return Ok(Answered {
                    records,
                    checksum,
                    figures: answer.figures(),
                });
            }
        };
        let options = DetectOptions {
            query: self.options.clone(),
            ..DetectOptions::default()
        };
        let detection = engine.detect(rules, &options, &|_, _| {}).await;
        let detection = detection.map_err(|error| said(&error))?;
        for outcome in &detection.outcomes {
            if let Err(error) = &outcome.alerts {
                return Err(format!(
                    "the rule {}: {}",
                    outcome.rule.rule.about.id,
                    said(error)
                ));
            }
        }
        let fields = alerts::fields();
        let mut sum = Checksum::new(false, fields.iter().map(|field| field.name.as_str()));
        for row in alerts::rows(&detection.outcomes, Format::Json) {
            sum.add(&row.map_err(|error| error.to_string())?);
        }
        let (records, checksum) = sum.end();
        Ok(Answered {
            records,
            checksum,
            figures: detection.figures,
        })
    }
}

/// An error in words; of a query that is wrong what is wrong first, but not the text, which holds values of events.
pub(super) fn said(error: &Error) -> String {
    match error {
        Error::Query { diagnostics } => {
            let wrong = diagnostics.iter().find(|diagnostic| diagnostic.is_error());
            wrong.map_or_else(
                || error.to_string(),
                |wrong| format!("{}: {}", wrong.code.text(), wrong.message),
            )
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(millis: &[u64]) -> Runs {
        Runs(millis.iter().copied().map(Duration::from_millis).collect())
    }

    #[test]
    fn the_median_is_in_the_middle() {
        let table: [(&[u64], Option<u64>); 5] = [
            (&[], None),
            (&[7], Some(7)),
            (&[9, 1], Some(5)),
            (&[100, 1, 2], Some(2)),
            (&[4, 1, 8, 2], Some(3)),
        ];
        for (millis, median) in table {
            let median = median.map(Duration::from_millis);
            assert_eq!(runs(millis).median(), median, "{millis:?}");
        }
        assert_eq!(runs(&[3, 1, 2]).least(), Some(Duration::from_millis(1)));
        assert_eq!(runs(&[3, 1, 2]).most(), Some(Duration::from_millis(3)));
    }
}
