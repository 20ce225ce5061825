//! Rules from files and folders. What a file is shows in what is in it: Elastic's TOML and exports, Sigma's YAML, ours.
//!
//! A file or a rule that can't be used is named with its place, and all others load. Files that hold no rules are left
//! alone and counted.
//!
//! Reading order: this file, `files` (which files), `read` (what is in one), `sidecar` (tests beside it), `filters`,
//! `correlations`.

mod correlations;
mod files;
mod filters;
mod read;
mod sidecar;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use syntax::{Code, Diagnostic};

use crate::fixture::{self, RuleTest};
use crate::rule::{About, Rule};
use crate::yaml::{Place, Wrong};

/// What was found in files and folders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// The rules that can be run, in order of their files' paths and of their places there.
    pub rules: Vec<LoadedRule>,
    /// Files, rules and filters that can't be used.
    pub refusals: Vec<Refusal>,
    /// Rules over other data than CloudTrail's, which are not run.
    pub skipped: Vec<Skipped>,
    /// The filters that were applied, by file and title, each with the ids of the rules that it was applied to.
    pub filters: Vec<(PathBuf, String, Vec<String>)>,
    /// What was found odd in rules, filters and files that are used all the same. Errors among them are in files of tests:
    /// their rules run, and those tests don't.
    pub warnings: Vec<(PathBuf, Diagnostic)>,
    /// How many files of folders could have held rules by their names, and hold none.
    pub left_alone: usize,
}

/// A rule, and what loading knows of it besides.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadedRule {
    /// The rule.
    pub rule: Rule,
    /// Where it begins in its file.
    pub place: Place,
    /// Its type: Elastic's own word, `rule` or `correlation` of Sigma's, `query` of ours.
    pub kind: String,
    /// The language of what it looks for: `kuery`, `sigma` or `dql`.
    pub language: String,
    /// The name by which other documents of Sigma may refer to it, besides its id.
    pub reference: Option<String>,
    /// Its tests: those that stand in it, and those of a file `NAME.test.yaml` beside it.
    pub tests: Vec<RuleTest>,
}

/// A file, rule or filter that can't be used, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The file.
    pub path: PathBuf,
    /// Where in it the first of what is wrong stands.
    pub place: Place,
    /// What is wrong there: a key, a modifier, a part of a query, `YAML`, `file`.
    pub construct: String,
    /// Why it can't be used, as a sentence.
    pub reason: String,
    /// What is to know of the rule, as far as it could be read; id and name may be empty.
    pub about: About,
    /// As for [`LoadedRule::kind`]; also `filter` and `correlation`; empty where it is unknown.
    pub kind: String,
    /// As for [`LoadedRule::language`]; also what is not supported, such as `eql`; empty where it is unknown.
    pub language: String,
    /// All that is wrong, errors and warnings. Spans lie in the file's text; of files that could not be read there are
    /// none.
    pub diagnostics: Vec<Diagnostic>,
}

/// A rule that is sound and for other data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// The rule's id, or `""`.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Its type: `rule` or `filter`.
    pub kind: String,
    /// Its language.
    pub language: String,
    /// Which data it is for.
    pub reason: String,
}

/// A row of a table of which rules can be run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// The rule's file.
    pub file: PathBuf,
    /// Its id, or `""`.
    pub id: String,
    /// What a person calls it, or `""`.
    pub name: String,
    /// As for [`Refusal::kind`].
    pub kind: String,
    /// As for [`Refusal::language`].
    pub language: String,
    /// Whether it is run.
    pub supported: bool,
    /// Why not; `""` where it is.
    pub reason: String,
}

impl Loaded {
    /// A row for each rule, run or not, by file.
    pub fn coverage(&self) -> Vec<Coverage> {
        let rules = self.rules.iter().map(|loaded| Coverage {
            file: loaded.rule.path.clone(),
            id: loaded.rule.about.id.clone(),
            name: loaded.rule.about.name.clone(),
            kind: loaded.kind.clone(),
            language: loaded.language.clone(),
            supported: true,
            reason: String::new(),
        });
        let refused = self.refusals.iter().map(|refusal| Coverage {
            file: refusal.path.clone(),
            id: refusal.about.id.clone(),
            name: refusal.about.name.clone(),
            kind: refusal.kind.clone(),
            language: refusal.language.clone(),
            supported: false,
            reason: refusal.reason.clone(),
        });
        let skipped = self.skipped.iter().map(|skipped| Coverage {
            file: skipped.path.clone(),
            id: skipped.id.clone(),
            name: skipped.name.clone(),
            kind: skipped.kind.clone(),
            language: skipped.language.clone(),
            supported: false,
            reason: skipped.reason.clone(),
        });
        let mut rows: Vec<Coverage> = rules.chain(refused).chain(skipped).collect();
        rows.sort();
        rows
    }
}

/// Loads the rules of files and folders. Of a folder all files that may hold rules by their names, `.toml`, `.ndjson`,
/// `.json`, `.yml` and `.yaml`, in it and below it, in order of their paths; a file that is reached twice is read once.
/// A file that is named itself, and holds no rule, is refused.
pub fn load(paths: &[PathBuf]) -> Loaded {
    let mut loaded = Loaded::default();
    let mut found = Found::default();
    for file in files::collect(paths, &mut loaded) {
        match std::fs::read(&file.path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => found.read(&file, &text, &mut loaded),
                Err(error) => not_text(&file.path, &error, &mut loaded),
            },
            Err(error) => loaded.refuse_file(&file.path, format!("it can't be read: {error}")),
        }
    }
    loaded.settle(found);
    loaded
}

/// Loads the rules of files that are in memory, each with its path and its text, in that order.
pub fn texts<'a>(files: impl IntoIterator<Item = (PathBuf, &'a str)>) -> Loaded {
    let mut loaded = Loaded::default();
    let mut found = Found::default();
    for (path, text) in files {
        let file = files::File { path, named: false };
        found.read(&file, text, &mut loaded);
    }
    loaded.settle(found);
    loaded
}

/// What files hold that belongs to rules, wherever those are.
#[derive(Default)]
struct Found {
    filters: filters::Found,
    tests: sidecar::Tests,
}

impl Found {
    fn read(&mut self, file: &files::File, text: &str, loaded: &mut Loaded) {
        match fixture::is_beside(&file.path) {
            true => sidecar::read(&file.path, text, loaded, &mut self.tests),
            false => read::read(file, text, loaded, &mut self.filters),
        }
    }
}

impl Loaded {
    /// Does what takes all rules: ids, filters, correlations, tests.
    fn settle(&mut self, found: Found) {
        refuse_namesakes(self);
        filters::apply(found.filters, self);
        correlations::resolve(self);
        sidecar::attach(found.tests, self);
    }

    fn refuse_file(&mut self, path: &Path, reason: String) {
        self.refusals.push(Refusal {
            path: path.to_owned(),
            place: Place { line: 1, column: 1 },
            construct: "file".to_owned(),
            reason,
            about: About::default(),
            kind: String::new(),
            language: String::new(),
            diagnostics: Vec::new(),
        });
    }
}

fn not_text(path: &Path, error: &std::string::FromUtf8Error, loaded: &mut Loaded) {
    let sound = error.utf8_error().valid_up_to();
    let before = String::from_utf8_lossy(error.as_bytes().get(..sound).unwrap_or_default());
    loaded.refuse_file(path, "the file is not UTF-8 from here on".to_owned());
    if let Some(refusal) = loaded.refusals.last_mut() {
        refusal.place = Place::of(&before, before.len());
    }
}

/// The first of several rules with one id stays; each other is refused, with both files named.
fn refuse_namesakes(loaded: &mut Loaded) {
    let mut first: HashMap<String, (PathBuf, Place)> = HashMap::new();
    for known in std::mem::take(&mut loaded.rules) {
        let id = known.rule.about.id.clone();
        let Some((path, place)) = first.get(&id) else {
            first.insert(id, (known.rule.path.clone(), known.place));
            loaded.rules.push(known);
            continue;
        };
        let reason = format!(
            "its id `{id}` is that of the rule in {}, line {}, which is used",
            path.display(),
            place.line
        );
        loaded.refusals.push(known.refused("id", reason));
    }
}

impl LoadedRule {
    /// The refusal of a rule that was read, for what other rules there are.
    fn refused(self, construct: &str, reason: String) -> Refusal {
        Refusal {
            path: self.rule.path,
            place: self.place,
            construct: construct.to_owned(),
            reason,
            about: self.rule.about,
            kind: self.kind,
            language: self.language,
            diagnostics: Vec::new(),
        }
    }
}

/// What is wrong with a YAML document, as a diagnostic over the file's text.
fn diagnostic(wrong: &Wrong, text: &str, code: Code) -> Diagnostic {
    let span = wrong.place.span(text);
    let message = format!("`{}`: {}", wrong.construct, wrong.reason);
    match code {
        Code::RuleKey => Diagnostic::warning(code, span, message),
        code => Diagnostic::error(code, span, message),
    }
}
