//! The place in the tokens, the brackets that are open, the limits, the complaints, and how to get over
//! what can't be read.

use super::super::lexer::{MAX_DIAGNOSTICS, lex};
use super::super::token::{Token, TokenKind};
use super::{MAX_DEPTH, MAX_HEIGHT};
use crate::render::code;
use crate::{Code, Diagnostic, Span};

pub(super) struct Parser<'t> {
    text: &'t str,
    /// Without trivia and unknown characters; the last one is the end.
    tokens: Vec<Token>,
    /// Indices of the tokens with unknown characters directly before them, ascending.
    damaged: Vec<usize>,
    position: usize,
    /// Where the last taken token ends.
    last_end: usize,
    diagnostics: Vec<Diagnostic>,
    /// The brackets that are open, outermost first.
    open: Vec<Open>,
    depth: usize,
    /// How many levels the tree has that was built since this was last taken.
    height: usize,
    /// Whether a limit was hit and the rest of the text is passed over.
    gave_up: bool,
    /// The single `=` that stood between the operands of an expression, since this was last taken.
    pub(super) stray_equals: Vec<Span>,
    /// The command that the word stands for that the parser stands at, where it was complained about already.
    pub(super) meant: Option<&'t str>,
}

/// An open bracket.
#[derive(Clone, Copy)]
pub(super) struct Open {
    closer: TokenKind,
    /// The opening bracket.
    pub(super) span: Span,
}

impl Open {
    fn closer_text(self) -> &'static str {
        match self.closer {
            TokenKind::ParenClose => ")",
            TokenKind::BraceClose => "}",
            _ => "]",
        }
    }
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (all, diagnostics) = lex(text);
        let mut tokens = Vec::with_capacity(all.len() / 2 + 1);
        let mut damaged = Vec::new();
        for token in all {
            match token.kind {
                TokenKind::Unknown => damaged.push(tokens.len()),
                kind if kind.is_trivia() => {}
                _ => tokens.push(token),
            }
        }
        // Comments and blank lines at the end are not where something is missing.
        let end = tokens.last().map_or(0, |last: &Token| last.span.end);
        tokens.push(Token {
            kind: TokenKind::End,
            span: Span::at(end),
        });
        Parser {
            text,
            tokens,
            damaged,
            position: 0,
            last_end: 0,
            diagnostics,
            open: Vec::new(),
            depth: 0,
            height: 0,
            gave_up: false,
            stray_equals: Vec::new(),
            meant: None,
        }
    }

    /// All that was complained about, in the order of the text.
    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.diagnostics
            .sort_by_key(|diagnostic| diagnostic.span.start);
        self.diagnostics
    }

    // The place in the tokens.

    pub(super) fn token(&self) -> Token {
        self.ahead(0)
    }

    /// The token `count` places ahead; behind the end there is the end again.
    pub(super) fn ahead(&self, count: usize) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[(self.position + count).min(last)]
    }

    pub(super) fn kind(&self) -> TokenKind {
        self.token().kind
    }

    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// Whether the parser stands at `word`, in any case.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.is_word(self.token(), word)
    }

    /// Whether `token` is `word`, in any case.
    pub(super) fn is_word(&self, token: Token, word: &str) -> bool {
        token.kind == TokenKind::Word && self.slice(token.span).eq_ignore_ascii_case(word)
    }

    /// Whether the parser stands at the first token of a line.
    pub(super) fn at_line_start(&self) -> bool {
        self.text[self.last_end..self.token().span.start].contains('\n')
    }

    /// Whether nothing was taken yet.
    pub(super) fn at_start(&self) -> bool {
        self.position == 0
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn bump(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::End {
            self.position += 1;
            self.last_end = token.span.end;
        }
        token
    }

    /// Where the last taken token ends.
    pub(super) fn last_end(&self) -> usize {
        self.last_end
    }

    pub(super) fn eat(&mut self, kind: TokenKind) -> Option<Token> {
        self.at(kind).then(|| self.bump())
    }

    /// From `start` to the end of the last taken token.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.last_end.max(start))
    }

    // Brackets.

    /// Takes the opening bracket that the parser stands at.
    pub(super) fn open(&mut self) -> Open {
        let token = self.bump();
        let closer = token.kind.closer().unwrap_or(TokenKind::End);
        let open = Open {
            closer,
            span: token.span,
        };
        self.open.push(open);
        open
    }

    /// Takes the closing bracket of `open`, or complains that it is missing.
    pub(super) fn close(&mut self, open: Open) {
        self.open.pop();
        let token = self.token();
        if token.kind == open.closer {
            self.bump();
            return;
        }
        let expected = open.closer_text();
        let opening = self.slice(open.span);
        if token.kind.is_closer() && !self.is_enclosed_by(token.kind) {
            let found = self.slice(token.span);
            self.report(
                Diagnostic::error(
                    Code::UnclosedBracket,
                    token.span,
                    format!("`{found}` does not close `{opening}`"),
                )
                .label(format!("`{expected}` expected"))
                .also(open.span, "opened here")
                .fix(token.span, expected),
            );
            self.bump();
        } else {
            self.report(
                Diagnostic::error(
                    Code::UnclosedBracket,
                    open.span,
                    format!("this `{opening}` is never closed"),
                )
                .also(token.span, format!("`{expected}` expected before this"))
                .fix(Span::at(self.last_end), expected),
            );
        }
    }

    /// Whether a bracket is open that `closer` would close.
    pub(super) fn is_enclosed_by(&self, closer: TokenKind) -> bool {
        self.open.iter().any(|open| open.closer == closer)
    }

    /// Whether the parser stands at what ends the command or closes a bracket that is open.
    pub(super) fn at_outer_end(&self) -> bool {
        match self.kind() {
            TokenKind::Pipe | TokenKind::End => true,
            kind => kind.is_closer() && self.is_enclosed_by(kind),
        }
    }

    /// What closes the parentheses or braces that are open inside the innermost block, if any are.
    pub(super) fn innermost_closer(&self) -> Option<&'static str> {
        self.open
            .last()
            .filter(|open| open.closer != TokenKind::BracketClose)
            .map(|open| open.closer_text())
    }

    // Limits.

    /// Goes one level deeper.
    pub(super) fn enter(&mut self) {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.give_up(format!("nested more than {MAX_DEPTH} levels deep"));
        }
    }

    /// Comes back from one level.
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The height of the tree built since the last call; counting begins anew.
    pub(super) fn take_height(&mut self) -> usize {
        std::mem::take(&mut self.height)
    }

    /// Makes the height at least `height`, that of a tree beside the one just built.
    pub(super) fn raise_to(&mut self, height: usize) {
        self.height = self.height.max(height);
    }

    /// Puts a node on top of what was built.
    pub(super) fn grow(&mut self) {
        self.height += 1;
        if self.height > MAX_HEIGHT {
            self.give_up(format!("a chain of more than {MAX_HEIGHT} operators"));
        }
    }

    /// Ends reading: whatever the parser would still do finds nothing but the end.
    fn give_up(&mut self, message: String) {
        let diagnostic = Diagnostic::error(Code::TooDeep, self.token().span, message).help(
            "give long lists of values to `in(field, array(…))` rather than joining comparisons",
        );
        self.report(diagnostic);
        self.gave_up = true;
        self.position = self.tokens.len() - 1;
    }

    // Complaints.

    /// Keeps a complaint, unless it only follows from an earlier one.
    pub(super) fn report(&mut self, mut diagnostic: Diagnostic) {
        // Mistakes inside mistakes repeat the text of the inner ones.
        const LONGEST_FIX: usize = 1 << 16;
        diagnostic.fix = diagnostic
            .fix
            .filter(|fix| fix.replacement.len() <= LONGEST_FIX);
        let place = diagnostic.span;
        let follows = self.gave_up
            || self.damaged.binary_search(&self.position).is_ok() && place == self.token().span
            || self
                .diagnostics
                .last()
                .is_some_and(|last| last.span == place);
        if !follows && self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Complains about the token that the parser stands at.
    pub(super) fn unexpected(&self, expected: &str) -> Diagnostic {
        let message = format!("expected {expected}, found {}", self.found());
        let diagnostic = Diagnostic::error(Code::UnexpectedToken, self.token().span, message);
        let before = self
            .position
            .checked_sub(1)
            .map(|before| self.tokens[before]);
        match before.filter(|before| {
            before.kind == TokenKind::String && self.slice(before.span).contains('\n')
        }) {
            Some(string) => {
                diagnostic.also(string.span, "is the closing quote of this string missing?")
            }
            None => diagnostic,
        }
    }

    /// The token that the parser stands at, for a message.
    pub(super) fn found(&self) -> String {
        const LONGEST: usize = 30;
        let token = self.token();
        let text = self.slice(token.span);
        match token.kind {
            TokenKind::End => "the end of the query".to_string(),
            kind if kind.is_string() && (text.len() > LONGEST || text.contains('\n')) => {
                "a string".to_string()
            }
            _ if text.len() > LONGEST => {
                let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end));
                code(&format!("{}…", &text[..end.unwrap_or(0)]))
            }
            _ => code(text),
        }
    }

    /// `word` to be written at `span`, with blanks where its neighbours need them.
    pub(super) fn spaced(&self, span: Span, word: &str) -> String {
        let before =
            self.text[..span.start].ends_with(|last: char| !last.is_whitespace() && last != '(');
        let after = self.text[span.end..].starts_with(|next: char| !next.is_whitespace());
        format!(
            "{}{word}{}",
            if before { " " } else { "" },
            if after { " " } else { "" }
        )
    }

    // Recovery.

    /// Skips to the `,` behind the parameter that the parser stands in, or to what ends the list.
    pub(super) fn skip_parameter(&mut self) {
        self.skip(true);
    }

    /// Skips to the `|` behind the command that the parser stands in, or to what ends the query.
    pub(super) fn skip_command(&mut self) {
        self.skip(false);
    }

    fn skip(&mut self, stop_at_comma: bool) {
        let mut inside: Vec<TokenKind> = Vec::new();
        // How many brackets of each kind are in there, so that looking for one takes no search.
        let mut counts = [0_usize; 3];
        loop {
            let kind = self.kind();
            match kind {
                TokenKind::End => return,
                TokenKind::Comma if stop_at_comma && inside.is_empty() => return,
                // Inside a block a pipe is its own; elsewhere the brackets before it were left open.
                TokenKind::Pipe if counts[bracket(TokenKind::BracketClose)] == 0 => return,
                _ if kind.is_closer() => {
                    if counts[bracket(kind)] > 0 {
                        while let Some(closer) = inside.pop() {
                            counts[bracket(closer)] -= 1;
                            if closer == kind {
                                break;
                            }
                        }
                    } else if self.is_enclosed_by(kind) {
                        return;
                    }
                }
                _ => {
                    if let Some(closer) = kind.closer() {
                        inside.push(closer);
                        counts[bracket(closer)] += 1;
                    }
                }
            }
            self.bump();
        }
    }
}

/// A number for each kind of closing bracket.
fn bracket(closer: TokenKind) -> usize {
    match closer {
        TokenKind::ParenClose => 0,
        TokenKind::BraceClose => 1,
        _ => 2,
    }
}
