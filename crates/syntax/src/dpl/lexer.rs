//! Cuts a pattern into tokens. White space and comments separate tokens and mean nothing else.

use super::ast::{Class, Constant};
use super::class::{self, Fault};
use super::matcher::Posix;
use crate::{Code, Diagnostic, Span};

/// A token and its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// The kinds of a token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A name, dots included: `LD`, `user.name`.
    Word(String),
    /// A string, escapes undone.
    Text(String),
    /// A number.
    Number(Constant),
    /// `[…]`
    Class(Class),
    /// `[]`
    Brackets,
    /// `>>`
    Ahead,
    /// `<<`
    Behind,
    /// One of `( ) { } , ; : = | $ ! * + ? < >`.
    Mark(char),
}

/// All tokens of `text`, and what could not be cut.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
        diagnostics: Vec::new(),
    };
    while lexer.skip_blank() {
        lexer.token();
    }
    (lexer.tokens, lexer.diagnostics)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn push(&mut self, kind: Kind, len: usize) {
        let span = Span::new(self.at, self.at + len);
        self.tokens.push(Token { kind, span });
        self.at += len;
    }

    fn fault(&mut self, len: usize, message: impl Into<String>) -> &mut Diagnostic {
        let span = Span::new(self.at, self.at + len);
        self.diagnostics
            .push(Diagnostic::error(Code::PatternSyntax, span, message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Moves to the next token; `false` at the end of the text.
    fn skip_blank(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            if blank > 0 {
                self.at += blank;
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if let Some(comment) = rest.strip_prefix("/*") {
                match comment.find("*/") {
                    Some(len) => self.at += len + 4,
                    None => {
                        self.fault(2, "a block comment without its end");
                        self.at = self.text.len();
                    }
                }
            } else {
                return !rest.is_empty();
            }
        }
    }

    fn token(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        match c {
            'A'..='Z' | 'a'..='z' | '_' => {
                let len = word_length(rest);
                self.push(Kind::Word(rest[..len].to_owned()), len);
            }
            '\'' | '"' => self.string(c),
            '0'..='9' | '-' => self.number(),
            '[' if rest.starts_with("[]") => self.push(Kind::Brackets, 2),
            '[' => self.class(),
            // In `<true>>>'x'` the first `>` closes the constant.
            '>' if rest.starts_with(">>") && !rest.starts_with(">>>") => self.push(Kind::Ahead, 2),
            '<' if rest.starts_with("<<") => self.push(Kind::Behind, 2),
            '(' | ')' | '{' | '}' | ',' | ';' | ':' | '=' | '|' | '$' | '!' | '*' | '+' | '?'
            | '<' | '>' => {
                self.push(Kind::Mark(c), 1);
            }
            _ => self.stray(c),
        }
    }

    fn stray(&mut self, c: char) {
        let help = match c {
            '\\' => Some("shorthands such as `\\s` stand in brackets: `[\\s]`"),
            '.' | '^' => {
                Some("this is not a regular expression; `LD` skips any text up to what follows it")
            }
            ']' => Some("a character group begins with `[`"),
            _ => None,
        };
        let shown = if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        };
        self.fault(
            c.len_utf8(),
            format!("no pattern element begins with `{shown}`"),
        )
        .help = help.map(str::to_owned);
        self.at += c.len_utf8();
    }

    fn string(&mut self, quote: char) {
        let rest = self.rest();
        let mut value = String::new();
        let mut chars = rest.char_indices();
        chars.next();
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.push(Kind::Text(value), at + 1);
                return;
            }
            if c != '\\' {
                value.push(c);
                continue;
            }
            let Some((at, escaped)) = chars.next() else {
                break;
            };
            let (decoded, digits) = escape(escaped, &rest[at + escaped.len_utf8()..]);
            value.push(decoded);
            for _ in 0..digits {
                chars.next();
            }
        }
        self.fault(1, "a string without its closing quote");
        self.push(Kind::Text(value), rest.len());
    }

    fn class(&mut self) {
        let (result, len) = class::class(self.rest());
        match result {
            Ok(class) => return self.push(Kind::Class(class), len),
            Err(Fault::Unclosed) => {
                self.fault(1, "a character group without its closing bracket");
            }
            Err(Fault::Empty) => {
                self.fault(len, "a character group without characters");
            }
            Err(Fault::UnknownClass(at, name)) => {
                let span = Span::new(self.at + at, self.at + at + name.len() + 2);
                let diagnostic = Diagnostic::error(
                    Code::UnknownMatcher,
                    span,
                    format!("there is no character class `{name}`"),
                );
                let known = Posix::names().chain(["ANY"]);
                match crate::diagnostic::closest(&name, known).map(str::to_lowercase) {
                    Some(best) => self.diagnostics.push(
                        diagnostic
                            .label(format!("did you mean `:{best}:`?"))
                            .fix(span, format!(":{best}:")),
                    ),
                    None => self.diagnostics.push(diagnostic),
                }
            }
            Err(Fault::Backwards(_, from, to)) => {
                let (from, to) = (from.escape_debug(), to.escape_debug());
                self.fault(len, format!("the range `{from}-{to}` runs backwards"));
            }
        }
        self.at += len;
    }

    fn number(&mut self) {
        let rest = self.rest();
        let len = number_length(rest);
        match constant(&rest[..len]) {
            Some(value) => self.push(Kind::Number(value), len),
            None => {
                let len = len.max(1);
                self.fault(len, format!("`{}` is not a number", &rest[..len]));
                self.at += len;
            }
        }
    }
}

/// What `\c` stands for, and how many of the digits behind it belong to it. An unknown escape stands for its character.
fn escape(c: char, rest: &str) -> (char, usize) {
    let digits = match c {
        'n' => return ('\n', 0),
        't' => return ('\t', 0),
        'r' => return ('\r', 0),
        'f' => return ('\x0c', 0),
        'b' => return ('\x08', 0),
        '0' => return ('\0', 0),
        'u' => 4,
        'x' => 2,
        other => return (other, 0),
    };
    let code = rest
        .get(..digits)
        .filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
    match code
        .and_then(|text| u32::from_str_radix(text, 16).ok())
        .and_then(char::from_u32)
    {
        Some(decoded) => (decoded, digits),
        None => (c, 0),
    }
}

/// The length of the word at the start of `text`; a dot belongs to it only between its parts.
fn word_length(text: &str) -> usize {
    let mut len = part_length(text);
    while let Some(next) = text[len..].strip_prefix('.') {
        match part_length(next) {
            0 => break,
            part => len += part + 1,
        }
    }
    len
}

fn part_length(text: &str) -> usize {
    text.bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count()
}

/// `-? ( 0x hex | digits [. digits] [e [-] digits] )`; the length of what looks like it.
fn number_length(text: &str) -> usize {
    let sign = usize::from(text.starts_with('-'));
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    if text[sign..].starts_with("0x") || text[sign..].starts_with("0X") {
        return sign
            + 2
            + text[sign + 2..]
                .bytes()
                .take_while(u8::is_ascii_hexdigit)
                .count();
    }
    let mut len = sign + digits(sign);
    if text[len..].starts_with('.') && digits(len + 1) > 0 {
        len += 1 + digits(len + 1);
    }
    if text[len..].starts_with(['e', 'E']) {
        let minus = usize::from(text[len + 1..].starts_with('-'));
        let exponent = digits(len + 1 + minus);
        if exponent > 0 {
            len += 1 + minus + exponent;
        }
    }
    len
}

fn constant(text: &str) -> Option<Constant> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if let Some(hex) = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        let value = i128::from(u64::from_str_radix(hex, 16).ok()?);
        return i64::try_from(if negative { -value } else { value })
            .ok()
            .map(Constant::Long);
    }
    if let Ok(value) = text.parse() {
        return Some(Constant::Long(value));
    }
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .map(Constant::Double)
}
