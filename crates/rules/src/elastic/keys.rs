//! Reading the keys of a rule, with complaints about those of another kind.

use syntax::{Code, Diagnostic, Span};

use super::node::{Node, Value};

/// Reads values and gathers complaints.
pub(super) struct Reader<'t> {
    /// The file's text.
    pub(super) text: &'t str,
    /// All complaints so far.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Complains of what makes the rule unusable.
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) {
        self.complain(Diagnostic::error(Code::BadRule, span, message));
    }

    pub(super) fn complain(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn wrong(&mut self, key: &str, node: &Node, expected: &str) {
        let message = format!("`{key}` is {}, and {expected} was expected", node.kind());
        self.error(node.span, message);
    }

    /// A string.
    pub(super) fn text(&mut self, table: &Node, key: &str) -> Option<String> {
        let node = table.get(key)?;
        if node.text().is_none() {
            self.wrong(key, node, "a string");
        }
        node.text().map(str::to_owned)
    }

    /// A string that a rule can't do without.
    pub(super) fn required(&mut self, table: &Node, key: &str) -> String {
        if table.get(key).is_none() {
            self.missing(table, key);
        }
        self.text(table, key).unwrap_or_default()
    }

    /// Complains that a key is missing.
    pub(super) fn missing(&mut self, table: &Node, key: &str) {
        let message = format!("the rule has no `{key}`");
        self.error(Span::at(table.span.start), message);
    }

    /// A whole number from 0 on.
    pub(super) fn count(&mut self, table: &Node, key: &str) -> Option<u64> {
        let node = table.get(key)?;
        let number = match &node.value {
            Value::Number(number, _) if number.fract() == 0.0 && (0.0..=9e15).contains(number) => {
                Some(*number as u64)
            }
            _ => None,
        };
        if number.is_none() {
            self.wrong(key, node, "a whole number that is not negative");
        }
        number
    }

    /// A list of strings, or one string that stands for a list of one.
    pub(super) fn texts(&mut self, table: &Node, key: &str) -> Vec<(String, Span)> {
        let Some(node) = table.get(key) else {
            return Vec::new();
        };
        let mut all = Vec::new();
        for one in node.each() {
            match one.text() {
                Some(text) => all.push((text.to_owned(), one.span)),
                None => self.wrong(key, one, "a string"),
            }
        }
        all
    }

    /// The strings of such a list alone.
    pub(super) fn strings(&mut self, table: &Node, key: &str) -> Vec<String> {
        self.texts(table, key)
            .into_iter()
            .map(|(text, _)| text)
            .collect()
    }

    /// Warns of keys that are not in `known`.
    pub(super) fn unknown(&mut self, table: &Node, known: &[&str]) {
        for member in table.members() {
            if !known.contains(&member.key.as_str()) {
                let message = format!(
                    "`{}` is no key that is known here; it has no effect",
                    member.key
                );
                let diagnostic = Diagnostic::warning(Code::RuleKey, member.key_span, message);
                let diagnostic = diagnostic.suggest(&member.key, known.iter().copied());
                self.complain(diagnostic);
            }
        }
    }

    /// Warns of a key that has no effect here.
    pub(super) fn without_effect(&mut self, table: &Node, key: &str, why: &str) {
        let filled = |node: &Node| match &node.value {
            Value::List(all) => !all.is_empty(),
            Value::Table(members) => !members.is_empty(),
            _ => true,
        };
        let Some(member) = table.member(key).filter(|member| filled(&member.value)) else {
            return;
        };
        let message = format!("`{key}` has no effect here: {why}");
        self.complain(Diagnostic::warning(Code::RuleKey, member.key_span, message));
    }
}
