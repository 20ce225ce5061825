//! Tree from text, by descent. After a fault it goes on, to find the others.

use super::MAX_DEPTH;
use super::ast::{Expr, ExprKind, Literal, Operator, Query};
use super::lexer::{after_blanks, after_joiner, after_not, character, literal};
use crate::{Code, Diagnostic, Span};

/// What is being read: conditions, or the values of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Documents,
    Values,
}

pub(super) struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Parser {
            text,
            at: 0,
            depth: 0,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn query(mut self) -> (Query, Vec<Diagnostic>) {
        self.blanks();
        let mut all = Vec::new();
        while self.next().is_some() {
            all.push(self.or(Of::Documents));
            self.blanks();
            // Only a bracket too many ends an expression before the text does.
            if let Some(closing @ (')' | '}')) = self.next() {
                let span = Span::new(self.at, self.at + 1);
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::KqlUnclosedBracket,
                        span,
                        format!("nothing is open that `{closing}` could close"),
                    )
                    .fix(span, ""),
                );
                self.at += 1;
                self.blanks();
                for word in ["and ", "or "] {
                    let end = self.at + word.len();
                    let found = self.text.get(self.at..end);
                    if found.is_some_and(|found| found.eq_ignore_ascii_case(word)) {
                        self.at = after_blanks(self.text, end);
                    }
                }
            }
        }
        let query = Query {
            expr: joined(all, ExprKind::And),
        };
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
        (query, self.diagnostics)
    }

    fn or(&mut self, of: Of) -> Expr {
        let mut all = vec![self.and(of)];
        while self.joiner("or") {
            all.push(self.and(of));
        }
        joined(all, ExprKind::Or).unwrap_or_else(|| error(self.at))
    }

    fn and(&mut self, of: Of) -> Expr {
        let mut all = vec![self.not(of)];
        loop {
            if self.joiner("and") {
                all.push(self.not(of));
            } else if self.is_stray() {
                let before = self.at;
                self.stray(all.last().map(|last| last.span));
                // `or` may follow what was passed over.
                if self.at == before || !self.is_end() {
                    all.push(self.not(of));
                }
            } else {
                break;
            }
        }
        joined(all, ExprKind::And).unwrap_or_else(|| error(self.at))
    }

    fn not(&mut self, of: Of) -> Expr {
        let start = self.at;
        let Some(after) = after_not(self.text, start) else {
            return self.operand(of);
        };
        self.at = after;
        if let Some(again) = after_not(self.text, after) {
            let span = Span::new(after, after + "not".len());
            self.diagnostics.push(
                Diagnostic::error(Code::KqlKeyword, span, "`not` can't follow `not`")
                    .help("put the second one and what it denies into parentheses"),
            );
            self.at = again;
            while let Some(again) = after_not(self.text, self.at) {
                self.at = again;
            }
        }
        let inside = self.operand(of);
        let span = Span::new(start, inside.span.end.max(start));
        let kind = ExprKind::Not(Box::new(inside));
        Expr { kind, span }
    }

    fn operand(&mut self, of: Of) -> Expr {
        if self.next() == Some('(') {
            return self.enclosed('(', of);
        }
        let Some(value) = self.literal() else {
            return self.missing(match of {
                Of::Documents => "a field or a value",
                Of::Values => "a value",
            });
        };
        match of {
            Of::Documents => self.behind(value),
            Of::Values => one(value),
        }
    }

    /// What begins with a literal: a test of a field, or free text.
    fn behind(&mut self, first: Literal) -> Expr {
        let behind = self.at;
        self.blanks();
        if let Some(operator) = self.operator() {
            self.blanks();
            return match self.literal() {
                Some(value) => Expr {
                    span: first.span.to(value.span),
                    kind: ExprKind::Range {
                        field: first,
                        operator,
                        value,
                    },
                },
                None => self.missing("a value to compare with"),
            };
        }
        if self.next() != Some(':') {
            self.at = behind;
            return one(first);
        }
        self.at += 1;
        self.blanks();
        let nested = self.next() == Some('{');
        let inside = match self.next() {
            Some('{') => self.enclosed('{', Of::Documents),
            Some('(') => self.enclosed('(', Of::Values),
            _ => match self.literal() {
                Some(value) => one(value),
                None => self.missing("a value"),
            },
        };
        let span = first.span.to(inside.span);
        let (field, inside) = (first, Box::new(inside));
        let kind = match nested {
            true => ExprKind::Nested { field, inside },
            false => ExprKind::Is {
                field,
                values: inside,
            },
        };
        Expr { kind, span }
    }

    fn operator(&mut self) -> Option<Operator> {
        let rest = self.text.get(self.at..)?;
        let all = [
            Operator::LessOrEqual,
            Operator::GreaterOrEqual,
            Operator::Less,
            Operator::Greater,
        ];
        let operator = all
            .into_iter()
            .find(|operator| rest.starts_with(operator.text()))?;
        self.at += operator.text().len();
        Some(operator)
    }

    /// What stands in brackets.
    fn enclosed(&mut self, opening: char, of: Of) -> Expr {
        let closing = if opening == '(' { ')' } else { '}' };
        let start = Span::new(self.at, self.at + 1);
        if self.depth == MAX_DEPTH {
            self.diagnostics.push(
                Diagnostic::error(Code::KqlTooDeep, start, "this is nested too deeply")
                    .help(format!("{MAX_DEPTH} levels of brackets are the limit")),
            );
            self.at = self.text.len();
            return error(start.start);
        }
        self.at += 1;
        self.depth += 1;
        self.blanks();
        let inside = self.or(of);
        self.depth -= 1;
        self.blanks();
        if self.next() == Some(closing) {
            self.at += 1;
        } else if !self.gave_up() {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::KqlUnclosedBracket,
                    start,
                    format!("this `{opening}` is not closed"),
                )
                .label("opened here")
                .fix(Span::at(self.at), closing.to_string()),
            );
        }
        inside
    }

    /// Whether what follows an operand belongs to nothing.
    fn is_stray(&self) -> bool {
        let at = after_blanks(self.text, self.at);
        after_joiner(self.text, self.at, "or").is_none()
            && !matches!(character(self.text, at), None | Some(')' | '}'))
    }

    /// Complains of what follows an operand and belongs to nothing, and passes over it as far as it begins no operand.
    fn stray(&mut self, before: Option<Span>) {
        let behind = self.at;
        self.blanks();
        let span = Span::new(self.at, self.at + self.next().map_or(0, char::len_utf8));
        let before = before.unwrap_or(Span::at(behind));
        let last_word = self.text.get(before.range()).unwrap_or_default();
        let last_word = last_word.rsplit([' ', '\n', '\t', ':']).next();
        let keyword = ["and", "or", "not"]
            .into_iter()
            .find(|word| last_word.is_some_and(|last| last.eq_ignore_ascii_case(word)));
        let diagnostic = match self.next() {
            Some(_) if after_not(self.text, self.at).is_some() => Diagnostic::error(
                Code::KqlKeyword,
                Span::new(self.at, self.at + "not".len()),
                "`not` can't stand here",
            )
            .help("put `and` or `or` before it, or the value that it is part of into quotes"),
            Some('(') if let Some(keyword) = keyword => Diagnostic::error(
                Code::KqlKeyword,
                span,
                format!("`{keyword}` is no keyword without a blank behind it"),
            )
            .fix(Span::at(self.at), " "),
            Some(':') => Diagnostic::error(
                Code::KqlUnexpected,
                span,
                "a colon can't stand in a value without quotes",
            )
            .help("put the value into quotes, or write `\\:`"),
            Some('<' | '>') => {
                Diagnostic::error(Code::KqlUnexpected, span, "nothing is left to compare here")
                    .help("a range is a field, one sign and one value; join two of them with `and`")
            }
            Some('{') => Diagnostic::error(Code::KqlUnexpected, span, "`{` can't stand here")
                .help("write `\\{` in a value without quotes"),
            _ => Diagnostic::error(Code::KqlUnexpected, span, "`and` or `or` was expected here")
                .help("a value of several words that is next to other things needs quotes"),
        };
        self.diagnostics.push(diagnostic);
        self.pass_signs();
        self.blanks();
    }

    /// Complains that something is missing where the text goes on or ends.
    fn missing(&mut self, what: &str) -> Expr {
        let at = self.at;
        let next = self.next();
        if self.gave_up() {
            return error(at);
        }
        let diagnostic = if after_not(self.text, at).is_some() {
            Diagnostic::error(
                Code::KqlKeyword,
                Span::new(at, at + "not".len()),
                format!("{what} was expected, not a keyword"),
            )
            .help("put `not` before the field or into parentheses, or the value into quotes")
        } else {
            let span = Span::new(at, at + next.map_or(0, char::len_utf8));
            Diagnostic::error(
                Code::KqlUnexpected,
                span,
                match next {
                    None => format!("{what} was expected, but the query ends"),
                    Some(_) => format!("{what} was expected here"),
                },
            )
        };
        self.diagnostics.push(diagnostic);
        self.pass_signs();
        while let Some(after) = after_not(self.text, self.at) {
            self.at = after;
        }
        if self.at > at {
            self.blanks();
            // What belongs to the signs is no operand of its own.
            _ = self.literal();
        } else if next == Some('(') {
            _ = self.enclosed('(', Of::Values);
        }
        error(at)
    }

    /// Passes over signs that begin nothing.
    fn pass_signs(&mut self) {
        while let Some(':' | '<' | '>' | '{') = self.next() {
            self.at += 1;
        }
    }

    /// Whether the depth limit has ended the reading, and no more is to be said of what is missing.
    fn gave_up(&self) -> bool {
        let last = self.diagnostics.last();
        last.is_some_and(|last| last.code == Code::KqlTooDeep) && self.next().is_none()
    }

    /// Whether nothing more, or a closing bracket or `or`, follows.
    fn is_end(&self) -> bool {
        !self.is_stray()
    }

    fn joiner(&mut self, word: &str) -> bool {
        let after = after_joiner(self.text, self.at, word);
        self.at = after.unwrap_or(self.at);
        after.is_some()
    }

    fn literal(&mut self) -> Option<Literal> {
        let (literal, after) = literal(self.text, self.at, &mut self.diagnostics)?;
        self.at = after;
        Some(literal)
    }

    fn blanks(&mut self) {
        self.at = after_blanks(self.text, self.at);
    }

    fn next(&self) -> Option<char> {
        character(self.text, self.at)
    }
}

fn one(value: Literal) -> Expr {
    Expr {
        span: value.span,
        kind: ExprKind::Value(value),
    }
}

fn error(at: usize) -> Expr {
    Expr {
        kind: ExprKind::Error,
        span: Span::at(at),
    }
}

/// Several expressions as one; none for none.
fn joined(mut all: Vec<Expr>, kind: impl Fn(Vec<Expr>) -> ExprKind) -> Option<Expr> {
    let last = all.pop()?;
    let Some(first) = all.first() else {
        return Some(last);
    };
    let span = first.span.to(last.span);
    all.push(last);
    Some(Expr {
        kind: kind(all),
        span,
    })
}
