//! Where the work is done: on threads whose stacks are deep enough for any plan.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use engine::{Archive, Engine, Settings};
use ingest::Progress;

use crate::args::{LakeArg, Now, Over, Resources, Time};
use crate::exit::Mistake;
use crate::s3;
use crate::say::Voice;

/// Runs `work` to its end.
///
/// # Errors
/// Those of `work`, and where the system gives no threads.
pub(crate) fn run<T: Send + 'static>(
    settings: &Settings,
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = engine::runtime(settings.threads).context("the system gives no threads")?;
    let result = engine::run(&runtime, work);
    // What was started for a query that ended early shall not keep us. The threads end with the process: if they ended at
    // the moment at which they are let go, glibc would look at a stack that is there no more (its bug 19951), and stacks as
    // large as ours are given back at once.
    std::mem::forget(runtime);
    result?
}

/// Runs `work` to its end, and waits for what it started and left behind, for `patience` at most: the files that it wrote
/// are then written by nobody.
///
/// # Errors
/// As of [`run`].
pub(crate) fn run_out<T: Send + 'static>(
    settings: &Settings,
    patience: Duration,
    work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
) -> anyhow::Result<T> {
    let runtime = engine::runtime(settings.threads).context("the system gives no threads")?;
    let result = engine::run(&runtime, work);
    runtime.shutdown_timeout(patience);
    result?
}

/// What the engine may use, and how it reaches the lake.
pub(crate) fn settings(resources: &Resources, lake: &LakeArg) -> Settings {
    let mut settings = Settings {
        memory: resources.memory,
        s3: s3::reached(&lake.s3),
        ..Settings::default()
    };
    settings.threads = resources.threads.unwrap_or(settings.threads);
    settings
}

/// An engine over the lake that was named, or over none.
///
/// # Errors
/// Where the lake can't be opened.
pub(crate) async fn engine(lake: &LakeArg, settings: Settings) -> anyhow::Result<Engine> {
    Ok(match &lake.location {
        Some(location) => Engine::open(location, settings).await?,
        None => Engine::without_lake(settings)?,
    })
}

/// An engine over the lake or the archives that were named, or over none. Where now is to be that of archives, they are
/// read for it.
///
/// # Errors
/// Where the lake can't be opened, or a source is not there.
pub(crate) async fn over(
    over: &Over,
    time: &Time,
    settings: Settings,
    progress: Arc<dyn Progress>,
    voice: &Voice,
) -> anyhow::Result<Engine> {
    if over.archives.is_empty() {
        return engine(&over.lake, settings).await;
    }
    let mut archive = Archive {
        progress,
        ..Archive::of(over.archives.clone())
    };
    if let Some(bucket) = &over.bucket {
        archive.bucket.clone_from(bucket);
    }
    let engine = Engine::over_archive(archive, settings).await?;
    if matches!(time.now, Some(Now::Latest)) {
        voice.hint(
            "--now latest: the archive is read once before, for the time of its newest event",
        );
        engine.survey().await?;
    }
    Ok(engine)
}

/// The lake that was named.
///
/// # Errors
/// A [`Mistake`] where none was.
pub(crate) fn location(lake: &LakeArg) -> anyhow::Result<&str> {
    lake.location.as_deref().ok_or_else(|| {
        Mistake::error("no lake was named: name one with --lake LAKE or in TRAILSIFT_LAKE")
    })
}
