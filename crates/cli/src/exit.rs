//! How the process ends: the codes that scripts rely on.

use std::io;
use std::process::ExitCode;

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// 0: all went well.
    Fine = 0,
    /// 1: there are alerts, and they were to count.
    Alerts = 1,
    /// 2: what was asked is wrong.
    Wrong = 2,
    /// 3: the world failed.
    Failed = 3,
    /// 4: finished, but some of the input was rejected and counted.
    Partial = 4,
}

/// What was asked is wrong, in words that say what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Mistake(pub(crate) String);

impl Mistake {
    /// An error that ends the process with [`Exit::Wrong`].
    pub(crate) fn error(message: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Mistake(message.into()))
    }
}

impl Exit {
    /// How a process ends that failed with `error`.
    pub(crate) fn of(error: &anyhow::Error) -> Exit {
        let wrong = error.chain().any(|cause| {
            cause.is::<Mistake>()
                || matches!(
                    cause.downcast_ref(),
                    Some(engine::Error::Query { .. } | engine::Error::Rule { .. })
                )
                || is_impossible_source(cause)
                || is_impossible_lake(cause)
        });
        if wrong { Exit::Wrong } else { Exit::Failed }
    }
}

/// Whether a source that was named could not be one, whatever is there.
fn is_impossible_source(cause: &(dyn std::error::Error + 'static)) -> bool {
    let error = match cause.downcast_ref() {
        Some(engine::Error::Archive(error)) => Some(error.as_ref()),
        _ => cause.downcast_ref(),
    };
    matches!(error, Some(ingest::Error::UnsupportedSource { .. }))
}

/// Whether the lake that was named could not be one, whatever is there. An engine's error shows its lake's as itself, and
/// so hides it from the chain.
fn is_impossible_lake(cause: &(dyn std::error::Error + 'static)) -> bool {
    let lake = match cause.downcast_ref() {
        Some(engine::Error::Lake(lake)) => Some(lake),
        _ => cause.downcast_ref(),
    };
    matches!(
        lake,
        Some(
            lake::Error::UnsupportedLocation { .. }
                | lake::Error::Unnameable { .. }
                | lake::Error::Keep
        )
    )
}

/// Whether nobody reads our output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use anyhow::Context;

    use super::*;

    #[test]
    fn errors_have_their_codes() {
        let query = engine::Error::Query {
            diagnostics: Vec::new(),
        };
        let unsupported = || lake::Error::UnsupportedLocation {
            location: "s3://b".to_owned(),
        };
        let missing = lake::Error::Missing {
            location: "x".to_owned(),
        };
        let url = "gs://bucket".to_owned();
        let source = ingest::Error::UnsupportedSource { url };
        let table: [(anyhow::Error, Exit); 7] = [
            (engine::Error::Archive(Arc::new(source)).into(), Exit::Wrong),
            (Mistake::error("no"), Exit::Wrong),
            (query.into(), Exit::Wrong),
            (unsupported().into(), Exit::Wrong),
            (engine::Error::Lake(unsupported()).into(), Exit::Wrong),
            (engine::Error::Lake(missing).into(), Exit::Failed),
            (
                io::Error::from(io::ErrorKind::NotFound).into(),
                Exit::Failed,
            ),
        ];
        for (error, exit) in table {
            assert_eq!(Exit::of(&error), exit, "{error:?}");
        }
    }

    #[test]
    fn a_closed_pipe_is_seen_through_its_context() {
        let broken = |kind| Err::<(), _>(io::Error::from(kind)).context("writing");
        let is = |result: anyhow::Result<()>| result.is_err_and(|error| is_broken_pipe(&error));
        assert!(is(broken(io::ErrorKind::BrokenPipe)));
        assert!(!is(broken(io::ErrorKind::StorageFull)));
    }
}
