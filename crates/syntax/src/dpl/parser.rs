//! Tokens to tree, by recursive descent. The first fault of syntax ends the reading; what stands before it is kept.

use super::MAX_DEPTH;
use super::ast::{Element, Look, Macro, Name, Pattern, Primary, Sequence, Side};
use super::lexer::{Kind, Token};
use super::matcher::{BodyForm, Matcher};
use crate::{Code, Diagnostic, Span};

/// Reads a whole pattern whose text has `len` bytes.
pub(super) fn pattern(tokens: Vec<Token>, len: usize) -> (Pattern, Vec<Diagnostic>) {
    let mut parser = Parser {
        tokens,
        next: 0,
        len,
        depth: 0,
        diagnostics: Vec::new(),
    };
    let mut pattern = Pattern {
        span: Span::new(0, len),
        ..Pattern::default()
    };
    // The fault has been reported where it was met.
    let _ = parser.pattern(&mut pattern);
    (pattern, parser.diagnostics)
}

/// Reading can't go on; the reason has been reported.
#[derive(Debug)]
pub(super) struct Stop;

pub(super) type Parsed<T> = Result<T, Stop>;

pub(super) struct Parser {
    tokens: Vec<Token>,
    next: usize,
    len: usize,
    depth: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Parser {
    fn pattern(&mut self, pattern: &mut Pattern) -> Parsed<()> {
        while self.at('$') && matches!(self.kind(2), Some(Kind::Mark('='))) {
            let start = self.span();
            self.advance();
            let name = self.name("a macro name")?;
            self.advance();
            let body = self.sequence()?;
            let end = self.expect(';', "`;` behind the macro")?;
            pattern.macros.push(Macro {
                name,
                body,
                span: start.to(end),
            });
        }
        if self.kind(0).is_none() {
            let message = if pattern.macros.is_empty() {
                "an empty pattern"
            } else {
                "a pattern of macros only; what they are used for is missing"
            };
            return self.fault(pattern.span, message);
        }
        self.sequence_into(&mut pattern.body)?;
        self.eat(';');
        if self.kind(0).is_some() {
            self.unexpected("the end of the pattern")
        } else {
            Ok(())
        }
    }

    /// A sequence, up to the first token that can't begin an expression.
    pub(super) fn sequence(&mut self) -> Parsed<Sequence> {
        let mut sequence = Sequence::default();
        self.sequence_into(&mut sequence)?;
        Ok(sequence)
    }

    fn sequence_into(&mut self, sequence: &mut Sequence) -> Parsed<()> {
        let mut span = self.span();
        loop {
            let element = self.element()?;
            span = span.to(element.span);
            sequence.span = span;
            sequence.elements.push(element);
            if !self.eat(',') && !self.at_expression() {
                return Ok(());
            }
        }
    }

    fn at_expression(&self) -> bool {
        match self.kind(0) {
            Some(Kind::Word(_) | Kind::Text(_) | Kind::Class(_) | Kind::Ahead | Kind::Behind) => {
                true
            }
            Some(Kind::Mark(mark)) => matches!(mark, '(' | '$' | '!'),
            _ => false,
        }
    }

    fn element(&mut self) -> Parsed<Element> {
        let start = self.span();
        let look = self.look()?;
        let mut element = self.unnamed()?;
        element.look = look;
        if self.eat(':') {
            element.export = Some(self.name("a field name")?);
        }
        element.span = start.to(self.previous());
        Ok(element)
    }

    fn look(&mut self) -> Parsed<Option<Look>> {
        let negated = self.eat('!');
        let side = match self.kind(0) {
            Some(Kind::Ahead) => Side::Ahead,
            Some(Kind::Behind) => Side::Behind,
            _ if negated => return self.unexpected("`>>` or `<<`"),
            _ => return Ok(None),
        };
        self.advance();
        Ok(Some(Look { side, negated }))
    }

    /// An expression without look-around and export name, as it stands in sequences and in JSON bodies.
    pub(super) fn unnamed(&mut self) -> Parsed<Element> {
        let start = self.span();
        let primary = self.primary()?;
        let mut element = Element::plain(primary, start.to(self.previous()));
        self.constant_into(&mut element)?;
        if self.at_config(&element.primary) {
            element.config = Some(self.config()?);
            self.constant_into(&mut element)?;
        }
        self.quantifier_into(&mut element)?;
        element.span = start.to(self.previous());
        Ok(element)
    }

    fn primary(&mut self) -> Parsed<Primary> {
        let Some(token) = self.tokens.get(self.next) else {
            return self.unexpected("a pattern element");
        };
        match token.kind.clone() {
            Kind::Text(text) => {
                self.advance();
                Ok(Primary::Literal(text))
            }
            Kind::Class(class) => {
                self.advance();
                Ok(Primary::Class(class))
            }
            Kind::Word(word) => self.matcher(&word),
            Kind::Mark('(') => self.nested(Parser::group),
            Kind::Mark('$') => {
                self.advance();
                self.name("a macro name").map(Primary::Macro)
            }
            _ => self.unexpected("a pattern element"),
        }
    }

    fn matcher(&mut self, word: &str) -> Parsed<Primary> {
        let span = self.span();
        self.advance();
        let matcher = Matcher::find(word);
        match matcher {
            Some(matcher) if matcher.body() != BodyForm::None && self.at('{') => {
                let body = self.nested(|parser| parser.body(matcher.body()))?;
                Ok(Primary::Matcher(Some(matcher), Some(body)))
            }
            Some(matcher) => Ok(Primary::Matcher(Some(matcher), None)),
            None => {
                let message = format!("there is no matcher `{word}`");
                let diagnostic = Diagnostic::error(Code::UnknownMatcher, span, message);
                self.diagnostics
                    .push(diagnostic.suggest(word, Matcher::names()));
                Ok(Primary::Matcher(None, None))
            }
        }
    }

    fn group(&mut self) -> Parsed<Primary> {
        let open = self.span();
        self.advance();
        if self.at(')') {
            self.advance();
            return self.fault(open.to(self.previous()), "an empty group");
        }
        let first = self.sequence()?;
        if !self.at('|') {
            self.close(open)?;
            return Ok(Primary::Group(first));
        }
        let mut branches = vec![first];
        while self.eat('|') {
            branches.push(self.sequence()?);
        }
        self.close(open)?;
        Ok(Primary::Alternatives(branches))
    }

    pub(super) fn close(&mut self, open: Span) -> Parsed<()> {
        if self.kind(0).is_none() {
            return self.fault(open, "a parenthesis without its partner");
        }
        self.expect(')', "`)`").map(|_| ())
    }

    /// Runs `read` one level deeper.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep");
            self.diagnostics
                .push(Diagnostic::error(Code::TooDeep, self.span(), message));
            return Err(Stop);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// A word or a quoted text.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Name> {
        let span = self.span();
        match self.kind(0) {
            Some(Kind::Word(text) | Kind::Text(text)) => {
                let text = text.clone();
                self.advance();
                Ok(Name { text, span })
            }
            _ => self.unexpected(what),
        }
    }

    /// The kind of the token `ahead` places on.
    pub(super) fn kind(&self, ahead: usize) -> Option<&Kind> {
        self.tokens.get(self.next + ahead).map(|token| &token.kind)
    }

    pub(super) fn advance(&mut self) {
        self.next += 1;
    }

    pub(super) fn at(&self, mark: char) -> bool {
        self.kind(0) == Some(&Kind::Mark(mark))
    }

    pub(super) fn eat(&mut self, mark: char) -> bool {
        let found = self.at(mark);
        self.next += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, mark: char, what: &str) -> Parsed<Span> {
        if self.eat(mark) {
            Ok(self.previous())
        } else {
            self.unexpected(what)
        }
    }

    /// The span of the next token; empty at the end.
    pub(super) fn span(&self) -> Span {
        self.tokens
            .get(self.next)
            .map_or(Span::at(self.len), |token| token.span)
    }

    /// The span of the last token read.
    pub(super) fn previous(&self) -> Span {
        self.next
            .checked_sub(1)
            .and_then(|last| self.tokens.get(last))
            .map_or(Span::at(0), |token| token.span)
    }

    pub(super) fn fault<T>(&mut self, span: Span, message: impl Into<String>) -> Parsed<T> {
        self.diagnostics
            .push(Diagnostic::error(Code::PatternSyntax, span, message));
        Err(Stop)
    }

    pub(super) fn unexpected<T>(&mut self, expected: &str) -> Parsed<T> {
        let span = self.span();
        let found = match self.kind(0) {
            None => "the end of the pattern",
            Some(Kind::Word(_)) => "a name",
            Some(Kind::Text(_)) => "a string",
            Some(Kind::Number(_)) => "a number",
            Some(Kind::Class(_)) => "a character group",
            Some(Kind::Brackets) => "`[]`",
            Some(Kind::Ahead) => "`>>`",
            Some(Kind::Behind) => "`<<`",
            Some(Kind::Mark(mark)) => &format!("`{mark}`"),
        };
        let mut diagnostic = Diagnostic::error(
            Code::PatternSyntax,
            span,
            format!("expected {expected}, found {found}"),
        );
        diagnostic.help = self.hint().map(str::to_owned);
        self.diagnostics.push(diagnostic);
        Err(Stop)
    }

    /// What was probably meant by the token that does not fit.
    fn hint(&self) -> Option<&'static str> {
        match self.kind(0)? {
            Kind::Mark('?') => Some("`?` stands before the field name: `INT?:port`"),
            Kind::Mark('*' | '+' | '{') => {
                Some("a quantifier stands before `?` and before the field name")
            }
            Kind::Mark('|') => Some("alternatives stand in parentheses: `(a | b)`"),
            Kind::Mark('=') => Some("macros come first: `$name = … ;`"),
            Kind::Mark('<' | '>') => Some("look-arounds are `>>` and `<<`"),
            _ => None,
        }
    }
}
