//! The matcher behind `parse`: runs patterns of the Dynatrace Pattern Language over text.
//!
//! Matching goes left to right and never back: repetition is greedy and gives nothing back, the first alternative that
//! fits is final. Only `LD` and `DATA` search, for the nearest place where that which follows them fits.
//!
//! Reading order: `program` (what a pattern is compiled to), `compile`, `run` (the interpreter), `follow` (how `LD` and
//! `DATA` find their end), then one file a family of matchers, `runs`, `search` and `trace`.
//!
//! ```
//! use functions::dpl::{self, Capture};
//!
//! # fn main() -> Result<(), Vec<syntax::Diagnostic>> {
//! let program = dpl::compile("LD ':secret:' STRING:secretId")?;
//! let denied = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db is out of reach";
//! let outcome = dpl::run(&program, denied);
//! assert_eq!(outcome.captures, Some(vec![Capture::Str("prod/db".into())]));
//! # Ok(()) }
//! ```

mod capture;
mod compile;
mod composite;
mod first;
mod follow;
mod matcher;
mod program;
mod record;
mod relaxed;
mod run;
mod runs;
mod search;
mod separated;
#[cfg(test)]
mod tests;
mod time;
mod trace;
mod xml;

pub use capture::{Capture, Kind};
pub use compile::{Options, compile, compile_with};
pub use program::{Export, Mandatory, Program};
pub use runs::{Captures, Outcome, Runs, run};
pub use search::{Found, Matches, find_all, find_all_from, matches_whole};
pub use trace::{Stopped, Taken, Trace, trace};
