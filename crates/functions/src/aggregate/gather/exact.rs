//! How many different values there are, exactly.

use std::mem::size_of;

use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::GroupsAccumulator;
use hashbrown::HashSet;

use super::Gather;
use super::exact_texts::ExactTexts;
use crate::value::{Value, canonical};

/// The most different values of a group.
pub(super) const MOST: usize = 1_000_000;

/// The error of a group with more values.
pub(super) fn too_many<T>() -> Result<T> {
    exec_err!(
        "countDistinctExact counts at most {MOST} different values: \
         countDistinct estimates any number of them"
    )
}

/// `countDistinctExact`, which counts no null: holds every value.
#[derive(Debug, Default)]
pub(in crate::aggregate) struct Exact {
    seen: HashSet<Box<str>>,
    bytes: usize,
    scratch: String,
}

impl Exact {
    fn take(&mut self) -> Result<()> {
        if !self.seen.contains(self.scratch.as_str()) {
            if self.seen.len() == MOST {
                return too_many();
            }
            self.bytes += self.scratch.len();
            self.seen.insert(self.scratch.as_str().into());
        }
        Ok(())
    }
}

impl Gather for Exact {
    const NAME: &'static str = "dql_count_distinct_exact";
    const KNOWS_REPEATS: bool = true;

    fn of_texts() -> Option<Box<dyn GroupsAccumulator>> {
        Some(Box::new(ExactTexts::default()))
    }

    fn new(_settings: &[Value<'static>]) -> Self {
        Self::default()
    }

    fn add(&mut self, row: &[Value<'_>]) -> Result<()> {
        match row.first() {
            Some(Value::Null) | None => Ok(()),
            Some(value) => {
                self.scratch.clear();
                canonical(value, &mut self.scratch);
                self.take()
            }
        }
    }

    fn merge(&mut self, state: &Value<'_>) -> Result<()> {
        let keys = state.as_array().unwrap_or_default();
        for key in keys.iter().filter_map(Value::as_str) {
            self.scratch.clear();
            self.scratch.push_str(key);
            self.take()?;
        }
        Ok(())
    }

    fn state(&mut self) -> Value<'static> {
        let keys = self.seen.drain();
        let keys = keys.map(|key| Value::string(key.into_string())).collect();
        self.bytes = 0;
        Value::Array(keys)
    }

    fn result(&mut self) -> Value<'static> {
        Value::Long(i64::try_from(self.seen.len()).unwrap_or(i64::MAX))
    }

    fn size(&self) -> usize {
        self.bytes + self.seen.capacity() * (size_of::<Box<str>>() + 1) + self.scratch.capacity()
    }
}
