//! What is made of a rule's events over time: the alerts that its runs would have given, had it run without a break.
//!
//! [`Timeline`] takes the events that meet a rule's condition, sorted by time and identity, and gives alerts; of events it
//! holds those that a window still sees. [`Correlations`] does so for rules over other rules.
//! Neither knows a clock or a disk: the same events give the same alerts with the same
//! ids.
//!
//! **Timeframes.** An alert belongs to the timeframe `[from, to)` if its newest event is in it. Events before `from` are
//! read as far back as windows, history and suppression reach ([`Timeline::reads`]); events from `to` on are not looked at,
//! as if the archive ended there. Where windows straddle `to`, the next timeframe may give the same alert again, fuller,
//! under the same id. A burst that was already going on further back than is read counts from the first event read.

mod alert;
mod chain;
mod correlation;
mod group;
mod identity;
mod key;
mod measure;
mod new_terms;
mod outbox;
mod query;
mod schedule;
mod suppression;
mod threshold;
mod timeline;
mod work;

pub use alert::{Alert, Figures, Kind, Match, Options};
pub use chain::{Correlations, Input, Part};
pub use schedule::reads;
pub use timeline::{Disorder, Timeline, Unfit};

/// Times beyond these many nanoseconds from 1970, 146 years, are not looked at: sums with them stay in range.
pub(crate) const FAR: i64 = 1 << 62;
/// No window, history, timespan or duration is longer, 36 years.
pub(crate) const LONG: i64 = 1 << 60;
