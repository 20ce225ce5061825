//! The lake through its public door: one binary, for linking it is what costs.

// Tests may fail by panicking, and so may what they share.
#![allow(clippy::unwrap_used)]

mod commits;
mod crash;
mod events;
mod files;
mod ledger;
mod lookups;
mod maintenance;
mod places;
mod texts;
