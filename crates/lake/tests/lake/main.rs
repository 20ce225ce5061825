//! The lake through its public door: one binary, for linking it is what costs.

mod commits;
mod crash;
mod events;
mod files;
mod lookups;
mod places;
