//! The lexer: text to tokens. Lossless and total: the tokens of any text, put together, are that text.

use super::literal::{is_name_byte, read_string, write_name, write_string};
use super::token::{Token, TokenKind};
use crate::{Code, Diagnostic, Span};

/// How many diagnostics are kept; a text that is no query at all can give one for every character.
pub(super) const MAX_DIAGNOSTICS: usize = 1_000;

/// The tokens of `text`, white space and comments included, and what is wrong with them.
///
/// The tokens cover every byte in order. Whether a number is in range is not looked at here.
pub fn lex(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        diagnostics: Vec::new(),
        last_long_string: None,
        unpaired: [false; 2],
    };
    let mut tokens = Vec::new();
    while let Some(first) = lexer.peek() {
        let start = lexer.at;
        let kind = lexer.token(first);
        tokens.push(Token {
            kind,
            span: Span::new(start, lexer.at),
        });
    }
    (tokens, lexer.diagnostics)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    diagnostics: Vec<Diagnostic>,
    /// The last string in double quotes that ran over more than one line.
    last_long_string: Option<Span>,
    /// The quotes that were found to have no partner, so that no later one looks for its own: had a
    /// later one a partner, the earlier search would have stopped there.
    unpaired: [bool; 2],
}

impl<'t> Lexer<'t> {
    /// Takes one token, which begins with `first`.
    fn token(&mut self, first: char) -> TokenKind {
        let rest = self.rest();
        match first {
            _ if is_space(first) => {
                self.eat_while(is_space);
                TokenKind::Space
            }
            '/' if rest.starts_with("//") => {
                self.eat_while(|character| character != '\n');
                TokenKind::LineComment
            }
            '/' if rest.starts_with("/*") => self.block_comment(),
            '"' if rest.starts_with("\"\"\"") => self.triple_string(),
            '"' => self.string(),
            '`' => self.quoted_name(),
            '\'' | '‘' | '’' | '“' | '”' | '„' => self.foreign_string(first),
            '$' => self.variable(),
            '0'..='9' => self.number(),
            '_' => self.word(),
            _ if first.is_alphabetic() => self.word(),
            _ => self.punctuation(first),
        }
    }

    /// `ident { "." segment }`
    fn word(&mut self) -> TokenKind {
        let start = self.at;
        loop {
            self.eat_while(|character| character.is_alphanumeric() || character == '_');
            let mut rest = self.rest().chars();
            let dotted = rest.next() == Some('.')
                && rest
                    .next()
                    .is_some_and(|next| next.is_alphanumeric() || next == '_');
            if !dotted {
                break;
            }
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        if word.bytes().all(|byte| is_name_byte(byte) || byte == b'.') {
            return TokenKind::Word;
        }
        let span = Span::new(start, self.at);
        self.complain(
            Diagnostic::error(
                Code::UnexpectedCharacter,
                span,
                format!("`{word}` needs backticks"),
            )
            .label("a plain name holds `a-z A-Z 0-9 _ .` only")
            .fix(span, write_name(word)),
        );
        TokenKind::ForeignWord
    }

    /// A number, or digits and what sticks to them; what it is worth is for the parser to say.
    fn number(&mut self) -> TokenKind {
        let rest = self.rest().as_bytes();
        if matches!(rest, [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit()) {
            self.eat_while(|character| character.is_ascii_alphanumeric());
            return TokenKind::Hex;
        }
        let digits = |from: usize| {
            rest[from..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let mut length = digits(0);
        let mut kind = TokenKind::Long;
        // More than one point makes no number; taken whole it gives one complaint rather than three.
        while rest.get(length) == Some(&b'.') && digits(length + 1) > 0 {
            length += 1 + digits(length + 1);
            kind = TokenKind::Double;
        }
        if matches!(rest.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(length + 1), Some(b'+' | b'-')));
            let exponent = rest
                .get(length + 1 + sign)
                .map_or(0, |_| digits(length + 1 + sign));
            if exponent > 0 {
                length += 1 + sign + exponent;
                kind = TokenKind::Double;
            }
        }
        self.at += length;
        if self
            .peek()
            .is_some_and(|next| next.is_alphabetic() || next == '_')
        {
            self.eat_while(|character| character.is_alphanumeric() || character == '_');
            kind = TokenKind::Duration;
        }
        kind
    }

    /// `"…"`, which may run over lines; without its end it stops at the end of the line.
    fn string(&mut self) -> TokenKind {
        let start = self.at;
        let span = self.delimited('"');
        match span {
            Some(span) => {
                if self.text[span.range()].contains('\n') {
                    self.last_long_string = Some(span);
                }
            }
            None => {
                let span = Span::new(start, self.at);
                let mut diagnostic =
                    Diagnostic::error(Code::UnclosedString, span, "this string has no end")
                        .label("`\"` expected somewhere behind this");
                if let Some(long) = self.last_long_string {
                    diagnostic = diagnostic.also(
                        long,
                        "or the closing quote is missing in this one, which runs over lines",
                    );
                }
                self.complain(diagnostic);
            }
        }
        TokenKind::String
    }

    /// `"""…"""`: no escapes; quotes directly behind the closing ones belong to the content.
    fn triple_string(&mut self) -> TokenKind {
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
    fn quoted_name(&mut self) -> TokenKind {
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
    fn foreign_string(&mut self, opening: char) -> TokenKind {
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

    /// `$name`, with its modifier if there is one.
    fn variable(&mut self) -> TokenKind {
        let start = self.at;
        self.at += 1;
        self.eat_while(|character| character.is_ascii_alphanumeric() || character == '_');
        let name = &self.text[start..self.at];
        if name == "$" {
            return self.unknown(start);
        }
        for modifier in [":noquote", ":triplequote"] {
            if self.rest().starts_with(modifier) {
                self.at += modifier.len();
                break;
            }
        }
        let span = Span::new(start, self.at);
        self.complain(
            Diagnostic::error(
                Code::Variable,
                span,
                format!("the variable `{name}` has no value here"),
            )
            .help(
                "dashboards replace `$` variables before they send a query; write the value itself",
            ),
        );
        TokenKind::Variable
    }

    /// `/* … */`, not nested; without its end it takes the rest of the text.
    fn block_comment(&mut self) -> TokenKind {
        let start = self.at;
        match self.text[start + 2..].find("*/") {
            Some(end) => self.at = start + 2 + end + 2,
            None => {
                self.at = self.text.len();
                self.complain(
                    Diagnostic::error(
                        Code::UnclosedComment,
                        Span::new(start, start + 2),
                        "this comment has no end",
                    )
                    .label("`*/` expected somewhere behind this"),
                );
            }
        }
        TokenKind::BlockComment
    }

    fn punctuation(&mut self, first: char) -> TokenKind {
        /// Longer ones first: the first that fits is taken.
        const TABLE: [(&str, TokenKind); 35] = [
            ("===", TokenKind::ForeignOperator),
            ("!==", TokenKind::ForeignOperator),
            ("&&", TokenKind::ForeignOperator),
            ("||", TokenKind::ForeignOperator),
            ("=~", TokenKind::ForeignOperator),
            ("!~", TokenKind::ForeignOperator),
            ("?:", TokenKind::ForeignOperator),
            ("??", TokenKind::ForeignOperator),
            ("==", TokenKind::Equal),
            ("!=", TokenKind::NotEqual),
            ("<>", TokenKind::NotEqual),
            ("<=", TokenKind::LessOrEqual),
            (">=", TokenKind::GreaterOrEqual),
            ("!", TokenKind::ForeignOperator),
            ("?", TokenKind::ForeignOperator),
            ("<", TokenKind::Less),
            (">", TokenKind::Greater),
            ("=", TokenKind::Assign),
            ("|", TokenKind::Pipe),
            (",", TokenKind::Comma),
            (":", TokenKind::Colon),
            (".", TokenKind::Dot),
            ("(", TokenKind::ParenOpen),
            (")", TokenKind::ParenClose),
            ("{", TokenKind::BraceOpen),
            ("}", TokenKind::BraceClose),
            ("[", TokenKind::BracketOpen),
            ("]", TokenKind::BracketClose),
            ("+", TokenKind::Plus),
            ("-", TokenKind::Minus),
            ("*", TokenKind::Star),
            ("/", TokenKind::Slash),
            ("%", TokenKind::Percent),
            ("@", TokenKind::At),
            ("~", TokenKind::Tilde),
        ];
        let start = self.at;
        if let Some((text, kind)) = TABLE.iter().find(|(text, _)| self.rest().starts_with(text)) {
            self.at += text.len();
            return *kind;
        }
        self.at += first.len_utf8();
        if first == '#' {
            self.eat_while(|character| character != '\n');
        }
        self.unknown(start)
    }

    /// Complains about the text from `start` up to here.
    fn unknown(&mut self, start: usize) -> TokenKind {
        let span = Span::new(start, self.at);
        let text = &self.text[span.range()];
        let first = text.chars().next().unwrap_or_default();
        let message = format!("`{first}` has no meaning here");
        let diagnostic = Diagnostic::error(Code::UnexpectedCharacter, span, message);
        self.complain(match first {
            '#' => diagnostic
                .help("a comment begins with `//`")
                .fix(Span::new(start, start + 1), "//"),
            ';' => diagnostic.help("commands are joined by `|`, and nothing ends a query"),
            '&' => {
                diagnostic.help("conditions are joined by `and`; for bits there is `bitwiseAnd(…)`")
            }
            '^' => diagnostic.help("for powers there is `power(…)`, for bits `bitwiseXor(…)`"),
            '\\' => diagnostic.help("a backslash belongs into a string or into backticks"),
            '$' => {
                diagnostic.help("a dashboard variable has a name behind its `$`, and no place here")
            }
            _ => diagnostic,
        });
        TokenKind::Unknown
    }

    fn complain(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest
            .find(|character| !wanted(character))
            .unwrap_or(rest.len());
    }
}

/// White space. The reference names blank, tab, CR and LF; the rest of Unicode's comes with text copied
/// from web pages, as does the byte order mark from files, and neither could mean anything else.
fn is_space(character: char) -> bool {
    character.is_whitespace() || character == '\u{feff}'
}
