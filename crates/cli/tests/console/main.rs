//! The binary at the console: what it prints where, and with which code it ends, above all where something is wrong.
//! Expected texts are compared on the parts that scripts and people rely on.

#![allow(clippy::unwrap_used)]

mod archive;
mod bench;
mod crash;
#[cfg(feature = "aws")]
mod credentials;
mod detect;
mod detect_known;
mod detect_memory;
mod detect_queries;
mod detect_report;
mod engines;
mod ingest;
#[cfg(feature = "aws")]
mod issuer;
mod kill;
mod lookup;
mod maintain;
mod output;
mod pattern;
mod query;
mod retry;
mod rules;
mod run;
mod s3;
#[path = "../../../ingest/tests/s3/server.rs"]
#[allow(dead_code)]
mod server;
mod show;
mod text;
#[cfg(not(feature = "aws"))]
mod without_aws;
