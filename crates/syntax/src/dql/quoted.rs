//! What stands in quotes: strings, names in backticks, and how the lexer gets over a quote that is missing.

use super::lexer::Lexer;
use super::literal::{read_string, write_string};
use super::token::TokenKind;
use crate::{Code, Diagnostic, Span};

impl Lexer<'_> {
    /// `"…"`, which may run over lines; without its end it stops where it probably was to end.
    pub(super) fn string(&mut self) -> TokenKind {
        let start = self.at;
        match self.delimited('"') {
            Some(span) if !self.swallows(span) => {}
            _ => {
                self.at = start + probable_end(&self.text[start..]);
                let quote = Span::new(start, start + 1);
                self.complain(
                    Diagnostic::error(Code::UnclosedString, quote, "this string has no end")
                        .label("opened here")
                        .also(Span::at(self.at), "`\"` is probably missing here")
                        .fix(Span::at(self.at), "\""),
                );
            }
        }
        TokenKind::String
    }

    /// Whether the string at `span` took the commands behind it for its own: it runs over a line that begins with a pipe, and
    /// its closing quote opens the next string, for that one's text follows.
    fn swallows(&self, span: Span) -> bool {
        let mut lines = self.text[span.range()].split('\n').skip(1);
        let text_follows = self.peek().is_some_and(|next| {
            next.is_alphanumeric()
                || matches!(next, '_' | '/' | '.' | '-' | '*' | ':' | '%' | '$' | '\\')
        });
        text_follows && lines.any(|line| line.trim_start().starts_with('|'))
    }

    /// `"""…"""`: no escapes; quotes directly behind the closing ones belong to the content.
    pub(super) fn triple_string(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 3;
        match self.rest().find("\"\"\"") {
            Some(end) => {
                self.at += end + 3;
                self.eat_while(|character| character == '"');
            }
            None => {
                self.at = self.text.len();
                self.complain(
                    Diagnostic::error(
                        Code::UnclosedString,
                        Span::new(start, start + 3),
                        "this string has no end",
                    )
                    .label("`\"\"\"` expected somewhere behind this"),
                );
            }
        }
        TokenKind::TripleString
    }

    /// A field's name in backticks; without its end it stops at the end of the line.
    pub(super) fn quoted_name(&mut self) -> TokenKind {
        let start = self.at;
        if self.delimited('`').is_none() {
            let span = Span::new(start, self.at);
            self.complain(
                Diagnostic::error(Code::UnclosedBacktick, span, "this field name has no end")
                    .label("a backtick expected somewhere behind this"),
            );
        }
        TokenKind::QuotedName
    }

    /// Takes the text between two `quote`s, in which a backslash escapes. `None` if the second one is
    /// missing; then only the line is taken.
    fn delimited(&mut self, quote: char) -> Option<Span> {
        let start = self.at;
        self.at += quote.len_utf8();
        let unpaired = usize::from(quote == '`');
        if !self.unpaired[unpaired] {
            let mut escaped = false;
            for (offset, character) in self.rest().char_indices() {
                if !escaped && character == quote {
                    self.at += offset + quote.len_utf8();
                    return Some(Span::new(start, self.at));
                }
                escaped = !escaped && character == '\\';
            }
            self.unpaired[unpaired] = true;
        }
        self.eat_while(|character| character != '\n');
        None
    }

    /// A string in quotes of another language or of a word processor, if it ends on its line.
    pub(super) fn foreign_string(&mut self, opening: char) -> TokenKind {
        let start = self.at;
        let closers: &[char] = match opening {
            '\'' => &['\''],
            '‘' | '’' => &['‘', '’'],
            _ => &['“', '”', '„'],
        };
        let end = self
            .rest()
            .char_indices()
            .skip(1)
            .take_while(|(_, character)| *character != '\n')
            .find(|(_, character)| closers.contains(character));
        let Some((offset, closing)) = end else {
            self.at += opening.len_utf8();
            let span = Span::new(start, self.at);
            self.complain(
                Diagnostic::error(
                    Code::SingleQuotes,
                    span,
                    format!("`{opening}` is no quote of DQL"),
                )
                .help("strings stand in double quotes"),
            );
            return TokenKind::Unknown;
        };
        self.at += offset + closing.len_utf8();
        let span = Span::new(start, self.at);
        let value = read_string(TokenKind::ForeignString, &self.text[span.range()]);
        self.complain(
            Diagnostic::error(
                Code::SingleQuotes,
                span,
                "strings stand in straight double quotes",
            )
            .fix(span, write_string(&value)),
        );
        TokenKind::ForeignString
    }
}

/// Where a string without its closing quote probably was to end: at the end of its line, before the brackets there that
/// it did not open itself.
fn probable_end(text: &str) -> usize {
    let line = text.split('\n').next().unwrap_or_default().trim_end();
    let mut open = 0_usize;
    let mut end = None;
    for (at, character) in line.char_indices().skip(1) {
        match character {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' if open > 0 => open -= 1,
            ')' | ']' | '}' => {
                end.get_or_insert(at);
                continue;
            }
            ',' | ' ' if end.is_some() => continue,
            _ => {}
        }
        end = None;
    }
    end.unwrap_or(line.len())
}
