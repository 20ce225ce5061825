//! For the tests of crashes, in builds with debug assertions alone: ends the process at a step of writing, as the power
//! cut would, and writes down the steps. A release build has none of this.

use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

/// At which step to end, counted from 0.
const STOP: &str = "TRAILSIFT_STOP_AT";

/// The file that steps are written to, one a line.
const STEPS: &str = "TRAILSIFT_STEPS";

/// Watches the steps of writing where the environment asks for it.
pub(crate) fn watch() {
    if !cfg!(debug_assertions) {
        return;
    }
    let stop: Option<u64> = std::env::var(STOP).ok().and_then(|stop| stop.parse().ok());
    let steps = std::env::var_os(STEPS)
        .and_then(|path| OpenOptions::new().create(true).append(true).open(path).ok());
    if stop.is_none() && steps.is_none() {
        return;
    }
    let (steps, taken) = (steps.map(Mutex::new), AtomicU64::new(0));
    lake::watch(move |step| {
        if let Some(Ok(mut steps)) = steps.as_ref().map(Mutex::lock) {
            let _ = writeln!(steps, "{step}");
        }
        if Some(taken.fetch_add(1, SeqCst)) == stop {
            std::process::abort();
        }
    });
}
