//! Where the work is done: on threads whose stacks are deep enough for any plan.

use std::future::Future;

use anyhow::Context;
use engine::{Engine, Settings};

use crate::args::{LakeArg, Resources};
use crate::exit::Mistake;
use crate::s3;

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
    // What was started for a query that ended early shall not keep us.
    runtime.shutdown_background();
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

/// The lake that was named.
///
/// # Errors
/// A [`Mistake`] where none was.
pub(crate) fn location(lake: &LakeArg) -> anyhow::Result<&str> {
    lake.location.as_deref().ok_or_else(|| {
        Mistake::error("no lake was named: name one with --lake LAKE or in TRAILSIFT_LAKE")
    })
}
