//! The tokens of DQL: what the lexer makes of a text and the parser reads.

use crate::Span;

/// A piece of the text with its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where; never empty, except for [`TokenKind::End`].
    pub span: Span,
}

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// White space.
    Space,
    /// `// …` up to the end of the line.
    LineComment,
    /// `/* … */`
    BlockComment,

    /// A plain name, dotted or not, keywords included: `filter`, `aws.service`, `AND`.
    Word,
    /// A name with letters that need backticks but stood without: `größe`.
    ForeignWord,
    /// A name in backticks.
    QuotedName,
    /// `"…"`
    String,
    /// `"""…"""`
    TripleString,
    /// A string in quotes that DQL has not: `'…'`, `“…”`.
    ForeignString,
    /// `42`
    Long,
    /// `0x2A`
    Hex,
    /// `2.5`, `1e3`
    Double,
    /// Digits with letters directly behind them: `5m`, and whatever else looks like it.
    Duration,
    /// `$name`, `$name:noquote`: a dashboard's variable that nobody replaced.
    Variable,

    /// `|`
    Pipe,
    /// `,`
    Comma,
    /// `:`
    Colon,
    /// `.` outside a name or number.
    Dot,
    /// `(`
    ParenOpen,
    /// `)`
    ParenClose,
    /// `{`
    BraceOpen,
    /// `}`
    BraceClose,
    /// `[`
    BracketOpen,
    /// `]`
    BracketClose,
    /// `=`
    Assign,
    /// `==`
    Equal,
    /// `!=`, `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Star,
    /// `/`
    Slash,
    /// `%`
    Percent,
    /// `@`
    At,
    /// `~`
    Tilde,
    /// An operator of other languages, or a slip: `&&`, `||`, `!`, `===`, `!==`, `=<`, `=>`, `=!`, `><`, `=~`, `!~`, `?`, `?:`, `??`.
    ForeignOperator,

    /// What no token begins with; a diagnostic says so.
    Unknown,
    /// The end of the text; only the parser sees it.
    End,
}

impl TokenKind {
    /// Whether the parser passes over it.
    pub fn is_trivia(self) -> bool {
        matches!(
            self,
            TokenKind::Space | TokenKind::LineComment | TokenKind::BlockComment
        )
    }

    /// The bracket that closes this one, if this is an opening one.
    pub(super) fn closer(self) -> Option<TokenKind> {
        match self {
            TokenKind::ParenOpen => Some(TokenKind::ParenClose),
            TokenKind::BraceOpen => Some(TokenKind::BraceClose),
            TokenKind::BracketOpen => Some(TokenKind::BracketClose),
            _ => None,
        }
    }

    /// Whether this is a closing bracket.
    pub(super) fn is_closer(self) -> bool {
        matches!(
            self,
            TokenKind::ParenClose | TokenKind::BraceClose | TokenKind::BracketClose
        )
    }

    /// Whether this is a name in any spelling.
    pub(super) fn is_name(self) -> bool {
        matches!(
            self,
            TokenKind::Word | TokenKind::ForeignWord | TokenKind::QuotedName
        )
    }

    /// Whether this is a string in any spelling.
    pub(super) fn is_string(self) -> bool {
        matches!(
            self,
            TokenKind::String | TokenKind::TripleString | TokenKind::ForeignString
        )
    }

    /// Whether a value can begin with this.
    pub(super) fn begins_value(self) -> bool {
        self.is_name()
            || self.is_string()
            || matches!(
                self,
                TokenKind::Long
                    | TokenKind::Hex
                    | TokenKind::Double
                    | TokenKind::Duration
                    | TokenKind::Variable
            )
    }
}
