//! What is to be said of a rule, and the texts in which that has its place.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use syntax::Diagnostic;

use crate::embedded;

/// Something wrong or odd.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// The file as it is named to people.
    pub(super) file: String,
    /// The rule's id, or `""`.
    pub(super) rule: String,
    /// The text in which the diagnostic's spans lie.
    pub(super) text: Arc<str>,
    pub(super) diagnostic: Diagnostic,
    /// Whether it is about the rule's tests, and not the rule.
    pub(super) of_tests: bool,
}

impl Finding {
    pub(super) fn new(file: &Path, rule: &str, text: &Arc<str>, diagnostic: Diagnostic) -> Finding {
        Finding {
            file: file.display().to_string(),
            rule: rule.to_owned(),
            text: Arc::clone(text),
            diagnostic,
            of_tests: false,
        }
    }
}

/// The texts of files, each read once.
#[derive(Default)]
pub(super) struct Texts(HashMap<PathBuf, Arc<str>>);

impl Texts {
    /// The text of a file that was loaded, as it was loaded; empty where it can't be read.
    pub(super) fn of(&mut self, path: &Path) -> Arc<str> {
        if let Some(text) = self.0.get(path) {
            return Arc::clone(text);
        }
        let text = match std::fs::read(path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => embedded::text(path).unwrap_or_default().to_owned(),
        };
        let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
        self.0.insert(path.to_owned(), Arc::clone(&text));
        text
    }
}
