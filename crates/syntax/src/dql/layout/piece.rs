//! The tokens with what the layout asks about each: the gap before it, whether a blank stands before it, its partner if
//! it is a bracket, how tightly it joins if it is an operator.

use super::super::lexer::lex;
use super::super::literal::is_reserved;
use super::super::precedence::Level;
use super::super::token::TokenKind;
use super::gap::Gap;

/// A token.
pub(super) struct Piece<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    /// What stands between the token before it and this one.
    pub(super) gap: Gap<'t>,
    /// Whether a blank stands before it on a line.
    pub(super) spaced: bool,
    /// The other bracket, for a bracket.
    pub(super) partner: usize,
    /// Whether it opens a sub-query.
    pub(super) is_block: bool,
    /// The level of an operator between operands, before which a line may break.
    pub(super) level: Option<Level>,
    /// How many columns all pieces before it take on one line, with their blanks and comments.
    width_before: usize,
    /// How many places before and in front of it need a line break.
    breaks_before: usize,
}

/// The tokens of a query that has no errors; the last one is the end.
pub(super) struct Pieces<'t>(Vec<Piece<'t>>);

impl<'t> Pieces<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut pieces = Vec::new();
        let mut gap = Gap::default();
        for token in lex(text).0 {
            let slice = &text[token.span.range()];
            if token.kind.is_trivia() {
                gap.push(token, slice);
            } else {
                pieces.push(piece(token.kind, slice, std::mem::take(&mut gap)));
            }
        }
        pieces.push(piece(TokenKind::End, "", gap));
        if let Some(first) = pieces
            .first_mut()
            .and_then(|first| first.gap.comments.first_mut())
        {
            first.own_line = true;
        }
        Roles::default().assign(&mut pieces);
        measure(&mut pieces);
        Pieces(pieces)
    }

    /// The place of the end.
    pub(super) fn end(&self) -> usize {
        self.0.len() - 1
    }

    pub(super) fn get(&self, index: usize) -> &Piece<'t> {
        &self.0[index.min(self.end())]
    }

    /// How many columns the pieces from `start` up to `end` take on one line; what is before the first does not count.
    pub(super) fn width(&self, start: usize, end: usize) -> usize {
        if start >= end {
            return 0;
        }
        self.get(end).width_before - self.get(start).width_before - lead(self.get(start))
    }

    /// Whether a line must break somewhere between the first of the pieces from `start` up to `end` and the last.
    pub(super) fn must_break(&self, start: usize, end: usize) -> bool {
        start + 1 < end && self.get(end - 1).breaks_before > self.get(start).breaks_before
    }

    /// The places of `kind` from `start` up to `end` that stand in no bracket there.
    pub(super) fn places(
        &self,
        start: usize,
        end: usize,
        wanted: impl Fn(&Piece) -> bool,
    ) -> Vec<usize> {
        let mut places = Vec::new();
        let mut at = start;
        while at < end {
            let piece = self.get(at);
            if wanted(piece) {
                places.push(at);
            }
            at = piece.partner.max(at) + 1;
        }
        places
    }
}

fn piece<'t>(kind: TokenKind, text: &'t str, gap: Gap<'t>) -> Piece<'t> {
    Piece {
        kind,
        text,
        gap,
        spaced: false,
        partner: 0,
        is_block: false,
        level: None,
        width_before: 0,
        breaks_before: 0,
    }
}

/// The columns of what stands before a piece on its line.
fn lead(piece: &Piece) -> usize {
    let comments = piece.gap.comments.iter();
    comments
        .map(|comment| columns(comment.text) + 1)
        .sum::<usize>()
        + usize::from(piece.spaced)
}

/// The columns of a text; of one with line breaks, those of its first line.
fn columns(text: &str) -> usize {
    text.lines().next().unwrap_or_default().chars().count()
}

/// Sums up columns and line breaks.
fn measure(pieces: &mut [Piece]) {
    let (mut width, mut breaks) = (0, 0);
    let mut blocks = Vec::new();
    for piece in pieces {
        // A sub-query of several commands has a line for each.
        let parts = piece.kind == TokenKind::Pipe && blocks.last() == Some(&true);
        breaks += usize::from(piece.gap.breaks() || parts);
        piece.width_before = width;
        piece.breaks_before = breaks;
        width += lead(piece) + columns(piece.text);
        if piece.kind.closer().is_some() {
            blocks.push(piece.is_block);
        } else if piece.kind.is_closer() {
            blocks.pop();
        }
    }
}

/// Where the walk over the tokens is.
#[derive(Default)]
struct Roles {
    /// The brackets that are open.
    open: Vec<usize>,
    /// What the token before calls for.
    before: Before,
}

/// What was before a token, as far as it decides what the token is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Before {
    /// Nothing, or a pipe: a command's name follows.
    #[default]
    Start,
    /// A command's name, an operator, a comma or a colon: an operand follows, behind a blank.
    Operator,
    /// An opening bracket: an operand follows.
    Bracket,
    /// A sign or an alignment, to which what follows sticks.
    Sign,
    /// A function's name: its parenthesis follows.
    Function,
    /// A parameter's name: its colon follows.
    Parameter,
    /// An operand: an operator or an accessor follows, or nothing.
    Operand,
}

impl Roles {
    fn assign(mut self, pieces: &mut [Piece]) {
        for at in 0..pieces.len() {
            let next = pieces.get(at + 1).map_or(TokenKind::End, |next| next.kind);
            let (kind, text) = (pieces[at].kind, pieces[at].text);
            let before = self.before;
            let mut spaced = !matches!(before, Before::Bracket | Before::Sign);
            let operand = !matches!(before, Before::Operand);
            self.before = match kind {
                TokenKind::Comma | TokenKind::Colon => {
                    spaced = false;
                    Before::Operator
                }
                TokenKind::Pipe => Before::Start,
                _ if kind.is_closer() => {
                    spaced = false;
                    if let Some(open) = self.open.pop() {
                        pieces[open].partner = at;
                    }
                    Before::Operand
                }
                _ if kind.closer().is_some() => {
                    self.open.push(at);
                    let sticks =
                        before == Before::Function || kind == TokenKind::BracketOpen && !operand;
                    spaced &= !sticks;
                    pieces[at].is_block = kind == TokenKind::BracketOpen && operand;
                    if pieces[at].is_block {
                        Before::Start
                    } else {
                        Before::Bracket
                    }
                }
                _ if before == Before::Start => {
                    spaced = at > 0 && pieces[at - 1].kind == TokenKind::Pipe;
                    Before::Operator
                }
                TokenKind::At => {
                    spaced &= operand;
                    Before::Sign
                }
                TokenKind::Minus if operand => Before::Sign,
                TokenKind::Word if operand => word(text, next),
                TokenKind::Word => match operator(kind, text) {
                    Some(level) => {
                        pieces[at].level = level;
                        Before::Operator
                    }
                    // A direction.
                    None => Before::Operand,
                },
                _ => match operator(kind, text) {
                    Some(level) => {
                        pieces[at].level = level;
                        Before::Operator
                    }
                    None => Before::Operand,
                },
            };
            pieces[at].spaced = spaced;
        }
    }
}

/// What a word is where an operand may begin.
fn word(text: &str, next: TokenKind) -> Before {
    match next {
        TokenKind::Colon => Before::Parameter,
        _ if text.eq_ignore_ascii_case("not") => Before::Operator,
        TokenKind::ParenOpen if !is_reserved(text) => Before::Function,
        _ => Before::Operand,
    }
}

/// Whether a token is an operator between operands, and its level if a line may break before it.
fn operator(kind: TokenKind, text: &str) -> Option<Option<Level>> {
    let is = |word: &str| kind == TokenKind::Word && text.eq_ignore_ascii_case(word);
    match kind {
        TokenKind::Plus | TokenKind::Minus => Some(Some(Level::Add)),
        TokenKind::Star | TokenKind::Slash | TokenKind::Percent => Some(Some(Level::Multiply)),
        TokenKind::Assign
        | TokenKind::Tilde
        | TokenKind::Equal
        | TokenKind::NotEqual
        | TokenKind::Less
        | TokenKind::LessOrEqual
        | TokenKind::Greater
        | TokenKind::GreaterOrEqual => Some(None),
        _ if is("and") => Some(Some(Level::And)),
        _ if is("or") => Some(Some(Level::Or)),
        _ if is("xor") => Some(Some(Level::Xor)),
        _ if is("mod") => Some(Some(Level::Multiply)),
        _ if is("in") => Some(None),
        _ => None,
    }
}
