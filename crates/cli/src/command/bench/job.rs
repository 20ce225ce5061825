//! The bench from its archive to the last answer: made, ingested, asked.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use engine::{Engine, Now, QueryOptions, Settings, Value};
use lake::Lake;

use super::cold::Cold;
use super::ground::Place;
use super::head::times;
use super::machine::Machine;
use super::measure::{self, Runner};
use super::meter::Meter;
use super::needle::Needles;
use super::question::{BUCKET, Question};
use super::report::{Archive, Ingested, Outcome, Report};
use super::told::Told;
use crate::args::{Bench, Time};
use crate::asked;
use crate::command::ingest::{progress, summary};
use crate::exit::Mistake;
use crate::human;
use crate::say::Voice;

/// The archive that is asked for: a few accounts, and objects of busy ones.
pub(super) fn archive_options(args: &Bench) -> generate::Options {
    generate::Options {
        seed: args.seed,
        events: args.events,
        days: args.days,
        accounts: 5,
        regions: 4,
        median_size: 100,
        ..generate::Options::default()
    }
}

/// A bench on its way.
pub(super) struct Job {
    pub(super) args: Bench,
    /// Where archive and lake are made; none where a lake was named.
    pub(super) place: Option<Place>,
    pub(super) settings: Settings,
    pub(super) machine: Machine,
    pub(super) began: Instant,
    pub(super) told: Arc<Told>,
    pub(super) voice: Voice,
}

impl Job {
    /// Does all of it.
    ///
    /// # Errors
    /// Where archive or lake can't be made, or the lake can't be asked at all.
    pub(super) async fn run(self, mut questions: Vec<Question>) -> anyhow::Result<Report> {
        let mut notes = Vec::new();
        let (mut archive, mut ingested) = (None, None);
        let location = match (&self.place, &self.args.lake) {
            (Some(place), _) => {
                let made = self.archive(place).await?;
                let folder = place.lake_folder();
                if !self.args.no_ingest {
                    ingested = Some(self.ingest(place, &made).await?);
                } else if !folder.exists() {
                    return Err(Mistake::error(format!(
                        "--no-ingest: there is no lake in {} yet",
                        folder.display()
                    )));
                }
                archive = Some(made);
                folder.to_string_lossy().into_owned()
            }
            (None, Some(location)) => location.clone(),
            (None, None) => return Err(Mistake::error("there is nothing to ask")),
        };
        if ingested
            .as_ref()
            .is_some_and(|done| summary::is_partial(&done.report))
        {
            notes.push("the ingest rejected some of the archive".to_owned());
        }

        let engine = Engine::open(&location, self.settings.clone()).await?;
        let lake = engine.info().unwrap_or_default();
        if lake.events == 0 {
            return Err(Mistake::error(format!(
                "the lake {location} holds no events to ask for"
            )));
        }
        let options = self.options(&engine)?;
        if !lake.buckets.contains(BUCKET) {
            let without = questions
                .iter_mut()
                .filter_map(|question| question.leave_bucket().then_some(()));
            if without.count() > 0 {
                notes.push(format!(
                    "the lake has no bucket {BUCKET}: the tutorials' queries are asked without that filter; rules keep it"
                ));
            }
        }
        self.told.stage("looking for rare values to ask for", 0);
        let texts: Vec<&str> = questions.iter().filter_map(Question::text).collect();
        let needles = Needles::find(&engine, &options, &texts).await;
        let (needles, trouble) = match needles {
            Ok(needles) => (needles, None),
            Err(error) => (Needles::default(), Some(measure::said(&error))),
        };
        let mut window = None;
        if questions.iter().any(|question| question.window) {
            window = self.window(&engine, &options).await;
        }
        drop(engine);

        let cold = Cold::of(&Lake::open_with(&location, &self.settings.s3).await?);
        let mut runner = Runner {
            location: &location,
            settings: &self.settings,
            options: &options,
            cold: &cold,
            rounds: self.args.rounds,
            told: &self.told,
            meter: Meter::new(),
        };
        let runs = u64::from(runner.runs());
        let all = questions.len() as u64;
        self.told.stage(
            &format!(
                "{}, each {} cold and {} warm",
                human::counted(all, "question"),
                times(runner.cold_rounds()),
                times(runner.rounds)
            ),
            all * runs,
        );
        let mut asked = Vec::new();
        for (question, done) in questions.into_iter().zip(1..) {
            let mut question = question;
            let outcome = match question.fill(&needles) {
                Err(why) => match &trouble {
                    None => Outcome::Skipped(why),
                    Some(trouble) => {
                        Outcome::Failed(format!("there is no value to ask for: {trouble}"))
                    }
                },
                Ok(()) => match runner.measure(&question).await {
                    Ok(measured) => Outcome::Measured(Box::new(measured)),
                    Err(why) => Outcome::Failed(why),
                },
            };
            self.told.asked(done * runs);
            asked.push((question, outcome));
        }
        let cold_rounds = runner.cold_rounds();
        notes.extend(warm_all_along(&cold, &asked));
        Ok(Report {
            elapsed: self.began.elapsed(),
            threads: self.settings.threads,
            memory: self.settings.memory,
            rounds: self.args.rounds,
            cold_rounds,
            cold,
            now: match options.now {
                Some(Now::At(now)) => now,
                _ => asked::clock(),
            },
            machine: self.machine,
            archive,
            ingest: ingested,
            location,
            lake,
            window,
            needles,
            notes,
            questions: asked,
        })
    }

    /// How queries are asked: over all events, now as it was said, or behind the newest event.
    fn options(&self, engine: &Engine) -> anyhow::Result<QueryOptions> {
        let now = self.args.now.clone();
        let time = Time {
            now: Some(now.unwrap_or(crate::args::Now::Latest)),
            from: None,
            to: None,
            timezone: jiff::tz::TimeZone::UTC,
        };
        asked::options(&time, engine)
    }

    /// The events of the last 30 minutes; none where they can't be counted, which questions will say.
    async fn window(&self, engine: &Engine, options: &QueryOptions) -> Option<u64> {
        let count = "fetch logs, from: -30min | summarize n = count()";
        let rows = engine.query(count, options).await.ok()?.rows().await.ok()?;
        match rows.first()?.first()? {
            Value::Long(events) => u64::try_from(*events).ok(),
            _ => None,
        }
    }

    /// The archive: the one that is there, or a new one.
    async fn archive(&self, place: &Place) -> anyhow::Result<Archive> {
        if let Some(archive) = place.archive()? {
            self.told.say(&format!(
                "the archive in {} is used again",
                place.archive_folder().display()
            ));
            return Ok(archive);
        }
        let options = archive_options(&self.args);
        self.told.stage(
            &format!(
                "making an archive of {}",
                human::counted(options.events, "event")
            ),
            options.events,
        );
        let (told, folder) = (Arc::clone(&self.told), place.partial("archive"));
        let (began, asked) = (Instant::now(), options.clone());
        let made = tokio::task::spawn_blocking(move || {
            generate::archive_told(&folder, &asked, &|events| {
                told.made(events);
                match told.is_stopped() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            })
        });
        let archive = Archive {
            made: made.await.context("the archive was not made")??,
            elapsed: began.elapsed(),
            options,
            again: false,
        };
        place.keep_archive(&archive)?;
        Ok(archive)
    }

    /// Ingests the archive into a new lake.
    async fn ingest(&self, place: &Place, archive: &Archive) -> anyhow::Result<Ingested> {
        place.may_replace_lake()?;
        self.told.stage(
            &format!("ingesting {} of it", human::bytes(archive.made.compressed)),
            0,
        );
        self.told.end();
        let folder = place.begin_lake()?;
        let mut options = ingest::Options {
            bucket: BUCKET.to_owned(),
            threads: self.settings.threads,
            ..ingest::Options::default()
        };
        options.memory = self.args.resources.memory.unwrap_or(options.memory);
        let source: PathBuf = place.archive_folder().join("AWSLogs");
        let progress = progress::of(&self.voice);
        let mut meter = Meter::new();
        meter.reset_peak();
        let before = meter.processor();
        let began = Instant::now();
        let lake = Lake::open_or_create_with(&folder.to_string_lossy(), &self.settings.s3).await?;
        let report = ingest::ingest(&[source], &lake, &options, progress.told()).await?;
        let elapsed = began.elapsed();
        progress.end();
        let after = meter.processor();
        let ingested = Ingested {
            report,
            elapsed,
            processor: before
                .zip(after)
                .map(|(before, after)| after.saturating_sub(before)),
            peak: meter.peak(),
        };
        drop(lake);
        place.keep_lake()?;
        Ok(ingested)
    }
}

/// What is to be said where the system did not forget, though it was asked: what a cold run read came from no disk.
fn warm_all_along(cold: &Cold, asked: &[(Question, Outcome)]) -> Option<String> {
    /// Less than that may be left over from before.
    const MUCH: u64 = 1 << 20;
    let Cold::Files(_) = cold else { return None };
    let (mut read, mut from_disk) = (0, 0);
    for (_, outcome) in asked {
        if let Outcome::Measured(measured) = outcome {
            read += measured.figures.bytes_scanned;
            from_disk += measured.from_disk?;
        }
    }
    (read > MUCH && from_disk < read / 10).then(|| {
        format!(
            "cold runs were hardly colder than warm ones: they read {}, of which {} came from disk; the system kept the \
             files in its memory though it was asked to forget them",
            human::bytes(read),
            human::bytes(from_disk)
        )
    })
}
