//! Any of the tests, made of what stands in a plan.

use std::borrow::Cow;

use regex::Regex;

use super::glob::Glob;
use super::phrase::Phrase;
use super::term::{Scope, Term};
use super::wildcard::{Fault, STAR};
use crate::value::Value;

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// `matchesValue`: whole texts against patterns.
    Value,
    /// `matchesPhrase`: a phrase on word boundaries.
    Phrase,
    /// `like`: a whole text against an SQL pattern.
    Like,
    /// `matchesRegex`: a whole text against a regular expression.
    Regex,
    /// `~`: a term in a value of any type.
    Term,
    /// `~` on a JSON text that stands for the record in it.
    Json,
    /// `search` on a JSON text that stands for the fields of its object; the patterns behind the first are names of
    /// fields that are left out.
    Fields,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: &'static [Kind] = &[
        Kind::Value,
        Kind::Phrase,
        Kind::Like,
        Kind::Regex,
        Kind::Term,
        Kind::Json,
        Kind::Fields,
    ];

    /// Whether what can't be tested is false, and not null.
    pub(crate) fn is_search(self) -> bool {
        matches!(self, Kind::Term | Kind::Json | Kind::Fields)
    }
}

/// How a test goes about it.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Whether the case of ASCII letters does not matter.
    pub(crate) fold: bool,
    /// What stands for any characters.
    pub(crate) wildcard: char,
    /// Where a term is looked for.
    pub(crate) scope: Scope,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            fold: false,
            wildcard: STAR,
            scope: Scope::All,
        }
    }
}

/// A test, compiled.
#[derive(Debug)]
pub(crate) enum Test {
    /// Some pattern matches the whole text.
    Globs(Vec<Glob>),
    /// The phrase is in the text.
    Phrase(Phrase),
    /// The expression matches the whole text.
    Regex(Regex),
    /// The term is in the value.
    Term(Term),
    /// The term is in the JSON.
    Json(Term),
    /// The term is in a value of the JSON object, fields of these names aside.
    Fields(Term, Vec<String>),
}

impl Test {
    /// The test of that kind; none where a regular expression can't be used.
    pub(crate) fn new(
        kind: Kind,
        options: &Options,
        patterns: &[Cow<'_, str>],
    ) -> Result<Option<Test>, Fault> {
        let Options {
            fold,
            wildcard,
            scope,
        } = *options;
        let first = patterns.first().map_or("", |first| first.as_ref());
        Ok(Some(match kind {
            Kind::Value => {
                let globs = patterns
                    .iter()
                    .map(|pattern| Glob::new(pattern, wildcard, fold));
                Test::Globs(globs.collect::<Result<_, _>>()?)
            }
            Kind::Phrase => Test::Phrase(Phrase::new(first, wildcard, fold)?),
            Kind::Like => return Ok(like(first)),
            Kind::Regex => return Ok(super::regex::compile(first).ok().map(Test::Regex)),
            Kind::Term => Test::Term(Term::new(first, fold, scope)?),
            Kind::Json => Test::Json(Term::new(first, fold, scope)?),
            Kind::Fields => {
                let but = patterns
                    .iter()
                    .skip(1)
                    .map(|name| name.clone().into_owned());
                Test::Fields(Term::new(first, fold, scope)?, but.collect())
            }
        }))
    }

    /// Of a text.
    pub(crate) fn text(&self, text: &str) -> bool {
        match self {
            Test::Globs(globs) => globs.iter().any(|glob| glob.matches(text)),
            Test::Phrase(phrase) => phrase.is_in(text),
            Test::Regex(regex) => regex.is_match(text),
            Test::Term(term) => term.is_in_text(text),
            Test::Json(term) => term.may_be_in(text) && term.is_in(&crate::value::from_json(text)),
            Test::Fields(term, but) => term.may_be_in(text) && term.is_in_members(text, but),
        }
    }

    /// Of a value; none where the test does not take its type.
    pub(crate) fn value(&self, value: &Value<'_>) -> Option<bool> {
        match (self, value) {
            (Test::Term(term), value) => Some(term.is_in(value)),
            (_, Value::String(text)) => Some(self.text(text)),
            (Test::Globs(_), Value::Smartscape(id)) => Some(self.text(id)),
            (Test::Globs(_) | Test::Phrase(_), Value::Array(elements)) => {
                let mut texts = elements.iter().filter_map(Value::as_str);
                Some(texts.any(|text| self.text(text)))
            }
            _ => None,
        }
    }
}

/// `%` stands for any characters and `_` for one; without any `%` the pattern is the text itself.
fn like(pattern: &str) -> Option<Test> {
    let parts: Vec<&str> = pattern.split('%').collect();
    if parts.len() == 1 || !pattern.contains('_') {
        return Some(Test::Globs(vec![Glob::of(&parts, false)]));
    }
    let mut regex = String::from("(?s)^");
    for character in pattern.chars() {
        match character {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            other => regex.push_str(&regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push('$');
    Regex::new(&regex).ok().map(Test::Regex)
}
