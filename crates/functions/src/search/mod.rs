//! Text search: what `matchesValue`, `matchesPhrase`, `like`, `matchesRegex`, the operator `~` and the command
//! `search` share.
//!
//! Every test takes time linear in the text, whatever pattern a query brings and whatever text an attacker wrote. Case
//! is folded for ASCII letters alone, and only ASCII letters, digits and `_` make words.
//!
//! Reading order: [`finder`] (one text in another), [`wildcard`] (patterns and what is wrong with them), [`glob`]
//! (whole values), [`phrase`] (phrases on word boundaries), [`regex`], [`term`] (`~` over values of all types),
//! [`test`](mod@test) (all of them as one), [`udf`] (over columns), [`sought`] (over typed expressions).

mod finder;
pub(crate) mod glob;
mod phrase;
pub(crate) mod regex;
mod sought;
mod term;
pub(crate) mod test;
pub(crate) mod udf;
pub(crate) mod wildcard;

pub use sought::Sought;
pub use term::Scope;
