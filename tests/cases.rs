//! Everything that runs queries, in one binary.

// Tests may fail by panicking, and say more when they print.
#![allow(clippy::unwrap_used, clippy::print_stderr, unreachable_pub)]

mod check;
mod naive;

mod actions;
mod archive;
mod coverage;
mod deep;
mod detection;
mod differential;
mod documents;
mod ecs;
mod exactly_once;
mod examples;
mod groups;
mod pages;
mod queries;
mod scans;
mod tutorial;
mod typed;
