//! How far an ingest is: a bar on a terminal; elsewhere a line now and then, once it takes longer.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ingest::Progress;

use crate::human;
use crate::say::Voice;

/// How often a line is written where there is no terminal.
const PACE: Duration = Duration::from_secs(5);

/// What is told, and to whom.
pub(in crate::command) enum Told {
    /// To nobody.
    Nobody,
    /// As a bar.
    Bar(Arc<Bar>),
    /// In lines.
    Lines(Arc<Lines>),
}

/// The progress that suits the voice.
pub(in crate::command) fn of(voice: &Voice) -> Told {
    if voice.is_quiet() {
        Told::Nobody
    } else if voice.may_animate() {
        Told::Bar(Arc::new(Bar::new()))
    } else {
        Told::Lines(Arc::new(Lines::new(*voice)))
    }
}

impl Told {
    /// What the ingest calls.
    pub(in crate::command) fn told(&self) -> Arc<dyn Progress> {
        match self {
            Told::Nobody => ingest::quiet(),
            Told::Bar(bar) => Arc::clone(bar) as Arc<dyn Progress>,
            Told::Lines(lines) => Arc::clone(lines) as Arc<dyn Progress>,
        }
    }

    /// Takes the bar away.
    pub(in crate::command) fn end(&self) {
        if let Told::Bar(bar) = self {
            bar.bar.finish_and_clear();
        }
    }

    /// Says something while the bar may be there.
    pub(in crate::command) fn aside(&self, say: impl FnOnce()) {
        match self {
            Told::Bar(bar) => bar.bar.suspend(say),
            _ => say(),
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.end();
    }
}

/// What has been counted so far.
#[derive(Debug)]
struct Counts {
    began: Instant,
    objects: AtomicU64,
    objects_read: AtomicU64,
    bytes: AtomicU64,
    bytes_read: AtomicU64,
    events: AtomicU64,
}

impl Counts {
    fn new() -> Counts {
        Counts {
            began: Instant::now(),
            objects: AtomicU64::new(0),
            objects_read: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            bytes_read: AtomicU64::new(0),
            events: AtomicU64::new(0),
        }
    }

    /// What is to be read more: archives may be read in several passes.
    fn listed(&self, objects: u64, bytes: u64) {
        self.objects.fetch_add(objects, Relaxed);
        self.bytes.fetch_add(bytes, Relaxed);
    }

    fn read(&self, bytes: u64, events: u64) {
        self.objects_read.fetch_add(1, Relaxed);
        self.bytes_read.fetch_add(bytes, Relaxed);
        self.events.fetch_add(events, Relaxed);
    }

    fn line(&self) -> String {
        let events = self.events.load(Relaxed);
        format!(
            "{} of {} · {} · {} events/s",
            human::count(self.objects_read.load(Relaxed)),
            human::counted(self.objects.load(Relaxed), "object"),
            human::counted(events, "event"),
            human::count(human::per_second(events, self.began.elapsed()))
        )
    }

    /// The time that is left if the rest goes on as it did; `None` as long as that is a mere guess.
    fn left(&self) -> Option<Duration> {
        let (read, all) = (self.bytes_read.load(Relaxed), self.bytes.load(Relaxed));
        let elapsed = self.began.elapsed();
        let known = read > 0 && elapsed > Duration::from_secs(1);
        known.then(|| elapsed.mul_f64(all.saturating_sub(read) as f64 / read as f64))
    }
}

/// A bar.
pub(in crate::command) struct Bar {
    counts: Counts,
    bar: ProgressBar,
}

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
        let template = "{bar:24} {decimal_bytes} of {decimal_total_bytes} · {msg}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        Bar {
            counts: Counts::new(),
            bar,
        }
    }
}

impl Progress for Bar {
    fn listed(&self, objects: u64, bytes: u64) {
        self.counts.listed(objects, bytes);
        self.bar.set_length(self.counts.bytes.load(Relaxed));
    }

    fn read(&self, bytes: u64, events: u64) {
        self.counts.read(bytes, events);
        let left = self
            .counts
            .left()
            .map_or_else(String::new, |left| format!(" · {} left", coarse(left)));
        self.bar
            .set_message(format!("{}{left}", self.counts.line()));
        self.bar.inc(bytes);
    }
}

/// Lines.
pub(in crate::command) struct Lines {
    counts: Counts,
    voice: Voice,
    last: Mutex<Instant>,
}

impl Lines {
    fn new(voice: Voice) -> Lines {
        Lines {
            counts: Counts::new(),
            voice,
            last: Mutex::new(Instant::now()),
        }
    }
}

impl Progress for Lines {
    fn listed(&self, objects: u64, bytes: u64) {
        self.counts.listed(objects, bytes);
    }

    fn read(&self, bytes: u64, events: u64) {
        self.counts.read(bytes, events);
        // Who finds it locked is not needed: another thread is about to say the same.
        let Ok(mut last) = self.last.try_lock() else {
            return;
        };
        if last.elapsed() < PACE {
            return;
        }
        *last = Instant::now();
        let left = self
            .counts
            .left()
            .map_or_else(String::new, |left| format!(" · {} left", coarse(left)));
        self.voice.say(&format!(
            "{} of {} · {}{left}",
            human::bytes(self.counts.bytes_read.load(Relaxed)),
            human::bytes(self.counts.bytes.load(Relaxed)),
            self.counts.line()
        ));
    }
}

/// A time that is guessed, in whole seconds.
pub(in crate::command) fn coarse(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        _ => human::elapsed(time),
    }
}
