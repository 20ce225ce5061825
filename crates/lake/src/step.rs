//! Steps of writing, told to tests that end the process at each of them. A release build tells nobody.

use std::sync::OnceLock;

type Watcher = Box<dyn Fn(&'static str) + Send + Sync>;

static WATCHER: OnceLock<Watcher> = OnceLock::new();

/// Has `watcher` called with the name of each step of writing, before it is taken; once for a process, and in builds
/// with debug assertions only. It may end the process, for whatever stands on the disk at a step must be enough.
pub fn watch(watcher: impl Fn(&'static str) + Send + Sync + 'static) {
    // A second watcher is a mistake of the test that sets it, and is never called.
    let _ = WATCHER.set(Box::new(watcher));
}

/// Says that `step` comes next.
pub(crate) fn next(step: &'static str) {
    if cfg!(debug_assertions)
        && let Some(watcher) = WATCHER.get()
    {
        watcher(step);
    }
}
