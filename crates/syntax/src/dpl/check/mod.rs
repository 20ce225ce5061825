//! The rules that a well-formed pattern must keep: quantifiers, bodies, macros. Parameters are checked in `config`.

mod config;

use super::MAX_DEPTH;
use super::ast::{
    Body, Constant, Element, EnumEntry, Macro, Name, Pattern, Primary, Quantifier, QuantifierForm,
    Sequence, ValueType,
};
use super::matcher::{BodyForm, Matcher, Quantifiers};
use crate::{Code, Diagnostic, Span};

/// The most elements an `ARRAY` and pairs a `KVP` may have.
const MAX_ITEMS: u32 = 32_768;

/// Adds what is wrong in `pattern` to `diagnostics`.
pub(super) fn pattern(pattern: &Pattern, diagnostics: &mut Vec<Diagnostic>) {
    let mut check = Check {
        pattern,
        visible: 0,
        depth: 0,
        deepest: 0,
        depths: Vec::new(),
        diagnostics,
    };
    for (at, definition) in pattern.macros.iter().enumerate() {
        // A macro sees only those before it, so none can contain itself.
        check.visible = at;
        if let Some(first) = check.find(&definition.name.text) {
            let first = first.name.span;
            let message = format!("the macro `${}` is defined twice", definition.name.text);
            check.push(
                Diagnostic::error(Code::PatternSyntax, definition.name.span, message)
                    .also(first, "first defined here"),
            );
        }
        check.deepest = 0;
        check.sequence(&definition.body);
        check.depths.push(check.deepest);
    }
    check.visible = pattern.macros.len();
    check.sequence(&pattern.body);
}

struct Check<'a> {
    pattern: &'a Pattern,
    /// How many macros may be used here.
    visible: usize,
    /// How deep the walk is, and how deep it came since the last macro began, macros in place of their uses.
    depth: usize,
    deepest: usize,
    /// The same for every macro before this place.
    depths: Vec<usize>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Sequence,
    /// In a JSON body `*` and `+` say whether the member must be there, whatever the matcher.
    Member,
}

impl<'a> Check<'a> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(code, span, message));
    }

    /// The latest visible macro of this name.
    fn find(&self, name: &str) -> Option<&'a Macro> {
        self.position(name, self.visible)
            .map(|at| &self.pattern.macros[at])
    }

    /// Where the latest of the first `visible` macros with this name stands.
    fn position(&self, name: &str, visible: usize) -> Option<usize> {
        self.pattern.macros[..visible]
            .iter()
            .rposition(|definition| definition.name.text == name)
    }

    fn sequence(&mut self, sequence: &'a Sequence) {
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        for element in &sequence.elements {
            self.element(element, Place::Sequence);
        }
        self.depth -= 1;
    }

    fn value_type(&mut self, value: &'a ValueType, place: Place) {
        self.element(&value.element, place);
    }

    fn element(&mut self, element: &'a Element, place: Place) {
        if let (Some(_), Some(export)) = (element.look, &element.export) {
            let message = "a look-around consumes nothing and exports nothing";
            self.push(Diagnostic::warning(
                Code::PointlessExport,
                export.span,
                message,
            ));
        }
        self.primary(element);
        self.quantifier(element, place);
        self.config(element);
    }

    fn primary(&mut self, element: &'a Element) {
        match &element.primary {
            Primary::Literal(_) | Primary::Class(_) => {}
            Primary::Group(sequence) => self.sequence(sequence),
            Primary::Alternatives(branches) => {
                branches.iter().for_each(|branch| self.sequence(branch))
            }
            Primary::Macro(name) => self.macro_use(name),
            Primary::Matcher(Some(matcher), body) => {
                self.body(*matcher, body.as_ref(), element.primary_span)
            }
            Primary::Matcher(None, _) => {}
        }
    }

    fn macro_use(&mut self, name: &Name) {
        let Some(at) = self.position(&name.text, self.visible) else {
            let known = self.pattern.macros[..self.visible]
                .iter()
                .map(|definition| definition.name.text.as_str());
            let message = format!("no macro `${}` is defined before", name.text);
            let diagnostic = Diagnostic::error(Code::UnknownMacro, name.span, message);
            return self.push(diagnostic.suggest(&name.text, known));
        };
        // Macros that use macros may not get around the limit that the parser keeps. Those that use a macro which does
        // are as bad, but were not told so twice.
        let inner = self.depths[at];
        if inner <= MAX_DEPTH && self.depth + inner > MAX_DEPTH {
            let message =
                format!("nested more than {MAX_DEPTH} deep, macros in place of their uses");
            self.error(Code::TooDeep, name.span, message);
        }
        self.deepest = self.deepest.max(self.depth + inner).min(MAX_DEPTH + 1);
    }

    fn body(&mut self, matcher: Matcher, body: Option<&'a Body>, span: Span) {
        match body {
            None if matches!(matcher.body(), BodyForm::Sequence | BodyForm::Enum) => {
                let message = format!("`{}` needs a body in braces", matcher.name());
                self.error(Code::BadPatternBody, span, message);
            }
            None | Some(Body::Type(None)) => {}
            Some(Body::Sequence(sequence)) => {
                self.sequence(sequence);
                if matcher == Matcher::Kvp {
                    self.pairs(sequence, span);
                }
            }
            Some(Body::Members(members)) => {
                members
                    .iter()
                    .for_each(|member| self.value_type(&member.value, Place::Member));
            }
            Some(Body::Type(Some(value))) => self.value_type(value, Place::Member),
            Some(Body::Enum(entries)) => self.entries(entries),
        }
    }

    fn entries(&mut self, entries: &[EnumEntry]) {
        for (at, entry) in entries.iter().enumerate() {
            if let Some(first) = entries[..at]
                .iter()
                .find(|earlier| earlier.text == entry.text)
            {
                let message = format!("`{}` is listed twice", entry.text);
                self.push(
                    Diagnostic::error(Code::BadPatternBody, entry.span, message)
                        .also(first.span, "first listed here"),
                );
            }
            if !matches!(entry.value, Constant::Long(_)) {
                self.error(
                    Code::BadPatternBody,
                    entry.span,
                    "the value of an `ENUM` text must be a whole number",
                );
            }
        }
    }

    /// `KVP` needs one field `key` and at least one that begins with `value`.
    fn pairs(&mut self, sequence: &'a Sequence, span: Span) {
        let mut names = Vec::new();
        self.surfacing(
            sequence,
            self.visible,
            &mut vec![false; self.visible],
            &mut names,
        );
        for (missing, present) in [
            ("key", names.iter().any(|name| name.text == "key")),
            (
                "value",
                names.iter().any(|name| name.text.starts_with("value")),
            ),
        ] {
            if !present {
                self.error(
                    Code::BadPatternBody,
                    span,
                    format!("the body of `KVP` must export `{missing}`"),
                );
            }
        }
        if let Some(other) = names
            .iter()
            .find(|name| name.text != "key" && !name.text.starts_with("value"))
        {
            let message =
                "the body of `KVP` exports `key` and fields that begin with `value`, nothing else";
            self.error(Code::BadPatternBody, other.span, message);
        }
    }

    /// The names that `sequence` exports to the scope it stands in, where the first `visible` macros are known. Each macro
    /// counts once (`seen`), or macros of macros would multiply; one that is nested too deeply has been reported.
    fn surfacing(
        &self,
        sequence: &'a Sequence,
        visible: usize,
        seen: &mut [bool],
        names: &mut Vec<&'a Name>,
    ) {
        for element in sequence
            .elements
            .iter()
            .filter(|element| element.look.is_none())
        {
            names.extend(&element.export);
            match &element.primary {
                Primary::Group(inner) => self.surfacing(inner, visible, seen, names),
                Primary::Alternatives(branches) => {
                    for branch in branches {
                        self.surfacing(branch, visible, seen, names);
                    }
                }
                Primary::Macro(name) if element.export.is_none() => {
                    let Some(at) = self.position(&name.text, visible) else {
                        continue;
                    };
                    if self.depths[at] <= MAX_DEPTH && !std::mem::replace(&mut seen[at], true) {
                        self.surfacing(&self.pattern.macros[at].body, at, seen, names);
                    }
                }
                _ => {}
            }
        }
    }

    fn quantifier(&mut self, element: &'a Element, place: Place) {
        let Some(quantifier) = element.quantifier else {
            if matches!(element.primary, Primary::Matcher(Some(matcher), _) if matcher.quantifiers() == Quantifiers::Required)
                && place == Place::Sequence
            {
                let message = "`ARRAY` requires a quantifier";
                self.push(
                    Diagnostic::error(Code::BadQuantifier, element.primary_span, message)
                        .help("say how many elements there are, as in `ARRAY{…}{1,}`"),
                );
            }
            return;
        };
        if quantifier.max.is_some_and(|max| quantifier.min > max) {
            let message = "the minimum is greater than the maximum";
            self.error(Code::BadQuantifier, quantifier.span, message);
        }
        let counted = quantifier.form == QuantifierForm::Counted;
        match &element.primary {
            Primary::Literal(_) | Primary::Class(_) | Primary::Matcher(None, _) => {}
            Primary::Matcher(Some(_), _) if place == Place::Member && !counted => {}
            Primary::Matcher(Some(matcher), _) => self.matcher_quantifier(*matcher, quantifier),
            Primary::Group(_) | Primary::Alternatives(_) => {
                let diagnostic = Diagnostic::error(
                    Code::BadQuantifier,
                    quantifier.span,
                    "a group takes no quantifier but `?`",
                );
                self.push(diagnostic.help("`ARRAY{…}{1,}` repeats a sequence"));
            }
            Primary::Macro(_) => {
                self.error(
                    Code::BadQuantifier,
                    quantifier.span,
                    "a macro takes no quantifier but `?`",
                );
            }
        }
    }

    fn matcher_quantifier(&mut self, matcher: Matcher, quantifier: Quantifier) {
        let name = matcher.name();
        match matcher.quantifiers() {
            Quantifiers::None => {
                let message = format!("`{name}` takes no quantifier but `?`");
                self.error(Code::BadQuantifier, quantifier.span, message);
            }
            Quantifiers::Presence if quantifier.form == QuantifierForm::Counted => {
                let message =
                    format!("`{name}` takes only `*` (may be absent) and `+` (must be there)");
                self.error(Code::BadQuantifier, quantifier.span, message);
            }
            Quantifiers::Presence => {}
            Quantifiers::All | Quantifiers::Required => {
                let items = matches!(matcher, Matcher::Kvp | Matcher::Array);
                if items && quantifier.min.max(quantifier.max.unwrap_or(0)) > MAX_ITEMS {
                    let message = format!("`{name}` holds {MAX_ITEMS} items at most");
                    self.error(Code::BadQuantifier, quantifier.span, message);
                }
            }
        }
    }
}
