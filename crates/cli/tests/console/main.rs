//! The binary at the console: what it prints where, and with which code it ends, above all where something is wrong.
//! Expected texts are compared on the parts that scripts and people rely on.

#![allow(clippy::unwrap_used)]

mod crash;
mod detect;
mod ingest;
mod kill;
mod lookup;
mod output;
mod pattern;
mod query;
mod run;
mod show;
mod text;
