//! How far the bench is: a bar on a terminal; elsewhere a line a stage, and one now and then where a stage takes longer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::command::ingest::progress::coarse;
use crate::human;
use crate::say::Voice;

/// How often a line is written where there is no terminal.
const PACE: Duration = Duration::from_secs(5);

/// Who waits, and how far it is.
#[derive(Debug)]
pub(super) struct Told {
    voice: Voice,
    bar: ProgressBar,
    /// What is counted, and how much of it there is.
    all: AtomicU64,
    done: AtomicU64,
    /// When the stage began, and when a line was written last.
    since: Mutex<(Instant, Instant)>,
    stopped: AtomicBool,
}

impl Told {
    pub(super) fn new(voice: Voice) -> Told {
        let bar = match voice.may_animate() {
            true => ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10)),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:16} {wide_msg}") {
            bar.set_style(style.progress_chars("━╸─"));
        }
        Told {
            voice,
            bar,
            all: AtomicU64::new(0),
            done: AtomicU64::new(0),
            since: Mutex::new((Instant::now(), Instant::now())),
            stopped: AtomicBool::new(false),
        }
    }

    /// Begins a stage of so many steps, and says what it is.
    pub(super) fn stage(&self, line: &str, all: u64) {
        self.say(line);
        self.all.store(all, Relaxed);
        self.done.store(0, Relaxed);
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) =
            (Instant::now(), Instant::now());
        // The ingest's own bar may have come between.
        self.bar.reset();
        self.bar.set_length(all);
    }

    /// Says something, the bar or not.
    pub(super) fn say(&self, line: &str) {
        self.bar.suspend(|| self.voice.hint(line));
    }

    /// So many events more were made.
    pub(super) fn made(&self, events: u64) {
        let done = self.done.fetch_add(events, Relaxed) + events;
        self.bar.inc(events);
        self.line(
            || {
                format!(
                    "{} of {} made",
                    human::count(done),
                    human::counted(self.all.load(Relaxed), "event")
                )
            },
            "",
        );
    }

    /// The next run begins: the `round`th of `rounds` of this kind.
    pub(super) fn run(&self, question: &str, kind: &str, round: u32, rounds: u32) {
        let done = self.done.fetch_add(1, Relaxed);
        self.bar.set_position(done);
        self.line(
            || {
                let all = human::counted(self.all.load(Relaxed), "run");
                format!("{} of {all}", human::count(done + 1))
            },
            &format!("{question} {kind} {round} of {rounds}"),
        );
    }

    /// A question is done, with so many runs of the stage: where it failed, not all of them were made.
    pub(super) fn asked(&self, runs: u64) {
        self.done.store(runs, Relaxed);
    }

    /// Shows where it is, the time that is left, and what is at work, which is cut first where there is no room.
    fn line(&self, line: impl Fn() -> String, at_work: &str) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        let animated = self.voice.may_animate();
        if !animated && since.1.elapsed() < PACE {
            return;
        }
        let elapsed = since.0.elapsed();
        let (done, all) = (self.done.load(Relaxed), self.all.load(Relaxed));
        let left = elapsed.mul_f64(all.saturating_sub(done) as f64 / done.max(1) as f64);
        let mut line = line();
        // The first steps tell nothing of the others.
        if elapsed > PACE && left >= Duration::from_secs(1) {
            line.push_str(&format!(" · about {} left", coarse(left)));
        }
        if !at_work.is_empty() {
            line.push_str(" · ");
            line.push_str(at_work);
        }
        if animated {
            self.bar.set_message(line);
            return;
        }
        since.1 = Instant::now();
        drop(since);
        self.voice.hint(&line);
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    /// Asks what can be stopped to stop.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    /// Whether it was asked to.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }
}
