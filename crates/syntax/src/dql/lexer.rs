//! The lexer: text to tokens. Lossless and total: the tokens of any text, put together, are that text.

use super::literal::{is_name_byte, write_name};
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

pub(super) struct Lexer<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    diagnostics: Vec<Diagnostic>,
    /// The quotes that were found to have no partner, so that no later one looks for its own: had a
    /// later one a partner, the earlier search would have stopped there.
    pub(super) unpaired: [bool; 2],
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
        self.apostrophes();
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

    /// Takes the `'s` of a word such as `it's`: an apostrophe with letters behind it that no second one closes.
    fn apostrophes(&mut self) {
        loop {
            let mut rest = self.rest().chars();
            let Some(quote @ ('\'' | '’')) = rest.next() else {
                return;
            };
            let letters = rest.as_str();
            let end = letters
                .find(|character: char| !character.is_alphanumeric() && character != '_')
                .unwrap_or(letters.len());
            if end == 0 || letters[end..].starts_with(quote) {
                return;
            }
            self.at = self.text.len() - letters.len() + end;
        }
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
        const TABLE: [(&str, TokenKind); 38] = [
            ("===", TokenKind::ForeignOperator),
            ("!==", TokenKind::ForeignOperator),
            ("&&", TokenKind::ForeignOperator),
            ("||", TokenKind::ForeignOperator),
            ("=~", TokenKind::ForeignOperator),
            ("=<", TokenKind::ForeignOperator),
            ("=>", TokenKind::ForeignOperator),
            ("><", TokenKind::ForeignOperator),
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
        // `x =!y` may be meant as a value; `x =! y` is a slip of the fingers.
        if self.rest().starts_with("=! ") {
            self.at += 2;
            return TokenKind::ForeignOperator;
        }
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
            ';' => {
                let last = self.rest().trim().is_empty();
                diagnostic
                    .help("commands are joined by `|`, and nothing ends a query")
                    .fix(span, if last { "" } else { "|" })
            }
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

    pub(super) fn complain(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat_while(&mut self, wanted: impl Fn(char) -> bool) {
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
