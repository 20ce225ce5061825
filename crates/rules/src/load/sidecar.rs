//! Files of tests that stand beside the files of their rules: `NAME.test.yaml` for `NAME.toml`, `NAME.yml` and so on.

use std::path::{Path, PathBuf};

use syntax::{Code, Diagnostic, Span};

use super::{Loaded, diagnostic};
use crate::fixture::{self, RuleTest};
use crate::yaml;

/// The tests that were read: each with its file, where it begins in the text, and the rule that it names.
#[derive(Default)]
pub(super) struct Tests(Vec<(Span, Option<String>, RuleTest)>);

/// Adds the tests in the file's text. What is wrong with them is an error among the warnings: the rules can be used.
pub(super) fn read(path: &Path, text: &str, loaded: &mut Loaded, tests: &mut Tests) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let read = yaml::documents(text).and_then(|documents| {
        let read = documents
            .iter()
            .map(|document| fixture::read(path, document));
        Ok(read.collect::<Result<Vec<_>, _>>()?.into_iter().flatten())
    });
    match read {
        Ok(read) => {
            let read = read.map(|(rule, test)| (test.place.span(text), rule, test));
            tests.0.extend(read);
        }
        Err(wrong) => {
            let error = diagnostic(&wrong, text, Code::BadRule);
            loaded.warnings.push((path.to_owned(), error));
        }
    }
}

/// Gives each test to its rule: the one that it names, or else the only one of the file beside which it stands.
pub(super) fn attach(tests: Tests, loaded: &mut Loaded) {
    for (span, name, test) in tests.0 {
        let is_beside = |path: &PathBuf| fixture::beside(path).contains(&test.path);
        let of = |path: &PathBuf, id: &str, title: &str| {
            is_beside(path)
                && name
                    .as_deref()
                    .is_none_or(|name| name == id || name == title)
        };
        let mut found = loaded.rules.iter_mut().filter(|loaded| {
            let about = &loaded.rule.about;
            of(&loaded.rule.path, &about.id, &about.name)
        });
        let message = match (found.next(), found.next()) {
            (Some(rule), None) => {
                rule.tests.push(test);
                continue;
            }
            (Some(_), Some(_)) => {
                "several rules are beside this file: each test names its own by id, as `rule:`"
                    .to_owned()
            }
            (None, _) => {
                // Of a rule that can't be used enough is said already.
                let known = loaded
                    .refusals
                    .iter()
                    .any(|refusal| is_beside(&refusal.path))
                    || loaded
                        .skipped
                        .iter()
                        .any(|skipped| is_beside(&skipped.path));
                match &name {
                    _ if known => continue,
                    Some(name) => format!("no rule `{name}` is in the file beside this one"),
                    None => "no rule's file is beside this one: `NAME.test.yaml` has the tests of `NAME.toml`, \
                             `NAME.yml` or `NAME.yaml`"
                        .to_owned(),
                }
            }
        };
        let error = Diagnostic::error(Code::BadRule, span, message);
        loaded.warnings.push((test.path, error));
    }
}
