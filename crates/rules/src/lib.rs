//! Detection rules as published, read into one form: what an event must be, and what is made of the events that are.
//!
//! A rule of any origin becomes a [`Rule`]: what a reader of its alerts has to know ([`About`]), and a [`Body`]. But for
//! DQL, whose queries go to the translator, the body stands on one [`Condition`], a tree of tests of single events, and
//! on what follows from the events that meet it. This crate knows neither Arrow nor DataFusion: conditions are evaluated
//! by the engine, over columns, and by the tests, over JSON.
//!
//! What is made of a rule's events over time, thresholds, new terms, correlations, is in [`run`]: pure functions of the
//! events, without clock or disk.
//!
//! Reading order: [`condition`], [`rule`], [`correlation`]; for Elastic's rules [`ecs`] (the fields that their conditions
//! test), [`kql`], [`elastic`]; for Sigma's [`sigma`], for ours [`own`]; then [`check`] and [`evaluate`], which decide for
//! single values and records, [`run`], [`load`], which reads files and folders of rules of all origins, [`exceptions`], which
//! narrows what was loaded, and [`fixture`], the tests of rules.

pub mod check;
pub mod condition;
pub mod correlation;
pub mod ecs;
pub mod elastic;
pub mod evaluate;
pub mod exceptions;
pub mod fixture;
pub mod kql;
pub mod lint;
pub mod load;
pub mod own;
pub mod rule;
pub mod run;
pub mod sigma;
pub mod yaml;

#[cfg(test)]
mod naive;

pub use condition::{Check, Condition, Field, Test};
pub use rule::{About, Body, Rule};
