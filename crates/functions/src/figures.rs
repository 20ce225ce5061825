//! What functions count while a query runs, kept in the session's configuration so that the functions
//! themselves hold no state.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::common::config::{ConfigEntry, ConfigExtension, ConfigOptions, ExtensionOptions};
use datafusion::common::{Result, config_err};

/// Counters of one query. A clone counts into the same place: figures are not settings.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    json_bytes_parsed: Arc<AtomicU64>,
    patterns_given_up: Arc<AtomicU64>,
    subqueries: Arc<Mutex<BTreeMap<i64, u64>>>,
}

impl Figures {
    /// Bytes of JSON text that functions have read so far.
    pub fn json_bytes_parsed(&self) -> u64 {
        self.json_bytes_parsed.load(Ordering::Relaxed)
    }

    /// Texts on which a pattern used up its work, and so gave null.
    pub fn patterns_given_up(&self) -> u64 {
        self.patterns_given_up.load(Ordering::Relaxed)
    }

    /// Counts texts on which a pattern gave up, as [`Figures::count_json`] counts bytes.
    pub(crate) fn count_given_up(config: &ConfigOptions, texts: u64) {
        if let Some(figures) = config.extensions.get::<Figures>() {
            figures
                .patterns_given_up
                .fetch_add(texts, Ordering::Relaxed);
        }
    }

    /// Adds to the bytes that a sub-query has given so far, and tells them all.
    pub(crate) fn count_subquery(config: &ConfigOptions, subquery: i64, bytes: u64) -> u64 {
        let Some(figures) = config.extensions.get::<Figures>() else {
            return bytes;
        };
        let mut given = figures
            .subqueries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let given = given.entry(subquery).or_default();
        *given = given.saturating_add(bytes);
        *given
    }

    /// Adds to the count of the query that `config` belongs to; a session without figures counts nothing.
    pub(crate) fn count_json(config: &ConfigOptions, bytes: usize) {
        if let Some(figures) = config.extensions.get::<Figures>() {
            figures
                .json_bytes_parsed
                .fetch_add(bytes as u64, Ordering::Relaxed);
        }
    }
}

impl ConfigExtension for Figures {
    const PREFIX: &'static str = "trailsift_figures";
}

impl ExtensionOptions for Figures {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn ExtensionOptions> {
        Box::new(self.clone())
    }

    fn set(&mut self, key: &str, _value: &str) -> Result<()> {
        config_err!("`{key}` is a figure and can't be set")
    }

    fn entries(&self) -> Vec<ConfigEntry> {
        Vec::new()
    }
}
