//! How far a compaction is: a bar on a terminal; elsewhere a line now and then, once it takes longer.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ingest::compact::Progress;

use crate::human;
use crate::say::Voice;

/// How often a line is written where there is no terminal.
const PACE: Duration = Duration::from_secs(5);

/// What is told.
pub(super) struct Told {
    voice: Voice,
    bar: ProgressBar,
    began: Instant,
    last: Mutex<Instant>,
    all: AtomicU64,
    done: AtomicU64,
}

impl Told {
    pub(super) fn new(voice: Voice) -> Arc<Told> {
        let target = match voice.may_animate() {
            true => ProgressDrawTarget::stderr_with_hz(10),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {msg}") {
            bar.set_style(style.progress_chars("━╸─"));
        }
        let now = Instant::now();
        Arc::new(Told {
            voice,
            bar,
            began: now,
            last: Mutex::new(now),
            all: AtomicU64::new(0),
            done: AtomicU64::new(0),
        })
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn line(&self) -> String {
        let (done, all) = (self.done.load(Relaxed), self.all.load(Relaxed));
        let elapsed = self.began.elapsed();
        let speed = human::count(human::per_second(done, elapsed));
        let known = done > 0 && elapsed > Duration::from_secs(1);
        let left = known.then(|| elapsed.mul_f64(all.saturating_sub(done) as f64 / done as f64));
        let left = left.map_or_else(String::new, |left| {
            format!(
                " · {} left",
                human::elapsed(Duration::from_secs(left.as_secs()))
            )
        });
        format!(
            "{} of {} · {speed} events/s{left}",
            human::count(done),
            human::counted(all, "event")
        )
    }
}

impl Progress for Told {
    fn planned(&self, _days: u64, events: u64) {
        self.all.store(events, Relaxed);
        self.bar.set_length(events);
    }

    fn rows(&self, events: u64) {
        self.done.fetch_add(events, Relaxed);
        self.bar.inc(events);
        if self.voice.may_animate() {
            self.bar.set_message(self.line());
            return;
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed() >= PACE {
            *last = Instant::now();
            self.voice.say(&self.line());
        }
    }
}
