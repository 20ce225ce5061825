//! The test of `~` and `search`: a term somewhere in a value of any type.

use memchr::{memchr, memmem};

use super::finder::Finder;
use super::phrase::Phrase;
use super::wildcard::{Fault, STAR};
use crate::value::{Value, from_json};

/// Where in values a term is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// In values, and in the names inside of records.
    #[default]
    All,
    /// In the names inside of records alone.
    Names,
    /// In values alone.
    Values,
}

impl Scope {
    /// All of them with their names.
    pub const ALL: &'static [(&'static str, Scope)] = &[
        ("all", Scope::All),
        ("names", Scope::Names),
        ("values", Scope::Values),
    ];

    /// The one of that name.
    pub(super) fn named(name: &str) -> Option<Scope> {
        let found = Scope::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, scope)| *scope)
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        let found = Scope::ALL.iter().find(|(_, scope)| *scope == self);
        found.map_or("all", |(name, _)| name)
    }
}

/// A term to look for.
#[derive(Debug)]
pub(crate) struct Term {
    text: String,
    phrase: Phrase,
    wild: bool,
    fold: bool,
    scope: Scope,
    /// What no JSON text lacks that holds the term, provided that it has no escapes of code points.
    sure: Option<Finder>,
}

impl Term {
    /// The term; with `fold` the case of ASCII letters does not matter.
    pub(crate) fn new(text: &str, fold: bool, scope: Scope) -> Result<Term, Fault> {
        let wild = text.contains(STAR);
        // Numbers may be written otherwise than their text form, except for whole ones.
        let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        let plain = digits || text.parse::<f64>().is_err();
        let longest = text
            .split(|character: char| {
                !(' '..='~').contains(&character) || "*\"\\/".contains(character)
            })
            .max_by_key(|part| part.len())
            .unwrap_or_default();
        let sure = (plain && !longest.is_empty()).then(|| Finder::new(longest, fold));
        Ok(Term {
            text: text.to_owned(),
            phrase: Phrase::new(text, STAR, fold)?,
            wild,
            fold,
            scope,
            sure,
        })
    }

    /// Whether the term is in a value.
    pub(crate) fn is_in(&self, value: &Value<'_>) -> bool {
        match value {
            Value::String(text) => self.is_in_text(text),
            Value::Long(_) | Value::Double(_) | Value::Ip(_) | Value::Uid(_) => {
                let asked = !self.wild && self.scope != Scope::Names;
                asked && value.text().is_some_and(|text| self.is_whole(&text))
            }
            Value::Smartscape(id) => !self.wild && self.scope != Scope::Names && *id == self.text,
            Value::Array(elements) => elements.iter().any(|element| self.is_in(element)),
            Value::Record(members) => members.iter().any(|(name, value)| {
                self.scope != Scope::Values && self.phrase.is_in(name) || self.is_in(value)
            }),
            _ => false,
        }
    }

    /// Whether the term is in the text of a string.
    pub(crate) fn is_in_text(&self, text: &str) -> bool {
        self.scope != Scope::Names && self.phrase.is_in(text)
    }

    /// Whether the term may be in a value of this JSON text at all: a quick look that spares most texts the parsing.
    pub(crate) fn may_be_in(&self, text: &str) -> bool {
        let Some(sure) = &self.sure else {
            return true;
        };
        sure.find(text.as_bytes(), 0).is_some()
            || memchr(b'\\', text.as_bytes()).is_some()
                && memmem::find(text.as_bytes(), b"\\u").is_some()
    }

    /// Whether the term is in one of the values of a JSON object, whose own names are not looked at; members of the
    /// names in `but` are left out.
    pub(crate) fn is_in_members(&self, text: &str, but: &[String]) -> bool {
        match from_json(text) {
            Value::Record(members) => members
                .iter()
                .filter(|(name, _)| !but.iter().any(|left_out| left_out == name))
                .any(|(_, value)| self.is_in(value)),
            _ => false,
        }
    }

    fn is_whole(&self, text: &str) -> bool {
        if self.fold {
            self.text.eq_ignore_ascii_case(text)
        } else {
            self.text == text
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Scope, Term};
    use crate::value::testing::value;
    use crate::value::{Value, encode, from_json};

    fn term(text: &str) -> Term {
        Term::new(text, true, Scope::All).expect("a term")
    }

    #[test]
    fn types_have_their_own_tests() {
        let record = from_json(r#"{"firstName":"John","lastName":"Doe","n":[1,[2.0]]}"#);
        let table = [
            (Value::Long(12), "12", true),
            (Value::Long(12), "1*", false),
            (Value::Double(2.0), "2.0", true),
            (Value::Double(2.0), "2", false),
            (Value::Ip([192, 168, 0, 7].into()), "192", false),
            (Value::Ip([192, 168, 0, 7].into()), "192.168.0.7", true),
            (Value::Boolean(true), "true", false),
            (Value::Duration(5), "5", false),
            (Value::Null, "null", false),
            (
                Value::Smartscape("HOST-00000000000000FF".into()),
                "host-00000000000000FF",
                false,
            ),
            (record.clone(), "john", true),
            (record.clone(), "lastName", true),
            (record.clone(), "name", false),
            (record.clone(), "*name", true),
            (record.clone(), "*do*", true),
            (record.clone(), "1", true),
            (record.clone(), "2.0", true),
            (record, "3", false),
        ];
        for (value, text, expected) in table {
            assert_eq!(term(text).is_in(&value), expected, "{text} in {value:?}");
        }
    }

    #[test]
    fn a_quick_look_misses_nothing() {
        for (text, wanted) in [
            (r#"{"a":"\u0041bc"}"#, "abc"),
            (r#"{"a":1e2}"#, "100.0"),
            (r#"{"a":"x\/y"}"#, "x/y"),
            (r#"{"a":"x\"y"}"#, "x\"y"),
            (r#"{"a":-0}"#, "0"),
            (r#"{"a":"é b"}"#, "é b"),
            (r#"{"a":"*"}"#, "*"),
        ] {
            assert!(term(wanted).is_in(&from_json(text)), "{wanted} in {text}");
            assert!(term(wanted).may_be_in(text), "{wanted} in {text}");
        }
        assert!(!term("nothing").may_be_in(r#"{"a":"some\nthing"}"#));
    }

    proptest! {
        #[test]
        fn a_quick_look_agrees_with_the_walk(value in value(), wanted in "[ab]{1,2}|[0-9]{1,2}|-?[0-9].0|\\PC{1,2}") {
            let mut text = String::new();
            encode(&value, &mut text);
            let (value, term) = (from_json(&text), term(&wanted.replace('*', "")));
            prop_assert!(!term.is_in(&value) || term.may_be_in(&text));
        }
    }
}
