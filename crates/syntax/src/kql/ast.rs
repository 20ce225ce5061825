//! The tree of a query in Kibana's language.

use crate::Span;

/// A query.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What a document must be; none in an empty query, which every document meets.
    pub expr: Option<Expr>,
}

/// A condition on documents or, right of a field, on its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands, the parentheses around it not counted.
    pub span: Span,
}

/// What a condition is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// One of two or more holds.
    Or(Vec<Expr>),
    /// Two or more hold.
    And(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// `field: values`.
    Is {
        /// The field; with stars in it, every field of such a name.
        field: Literal,
        /// What its values must be: made of `Or`, `And`, `Not` and `Value` alone.
        values: Box<Expr>,
    },
    /// `field >= value`.
    Range {
        /// The field.
        field: Literal,
        /// How its value compares, standing left of the sign.
        operator: Operator,
        /// What it is compared with.
        value: Literal,
    },
    /// `field: { … }`: one element of an array of objects meets all of it.
    Nested {
        /// The array.
        field: Literal,
        /// The condition, the names in it relative to the array's.
        inside: Box<Expr>,
    },
    /// A value: of the field that it stands right of, else, as free text, of any field.
    Value(Literal),
    /// Where something is missing. There is a diagnostic for it.
    Error,
}

/// How a value compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Operator {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
        }
    }
}

/// A field's name or a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Literal {
    /// The text.
    pub kind: LiteralKind,
    /// Where it stands, its quotes included.
    pub span: Span,
}

/// The text of a literal, escapes undone.
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralKind {
    /// In quotes: it stands for itself.
    Quoted(String),
    /// Without quotes: at least one part, never two stars in a row. The words `true`, `false` and `null`, alone and in
    /// lower case, are no strings here.
    Plain(Vec<Part>),
}

/// A part of a literal without quotes.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Characters that stand for themselves, at least one.
    Text(String),
    /// `*`: any run of characters.
    Star,
}

impl Literal {
    /// The text, if it has no stars that stand for anything else.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            LiteralKind::Quoted(text) => Some(text),
            LiteralKind::Plain(parts) => match parts.as_slice() {
                [Part::Text(text)] => Some(text),
                _ => None,
            },
        }
    }

    /// Whether it is nothing but a star.
    pub fn is_star(&self) -> bool {
        matches!(&self.kind, LiteralKind::Plain(parts) if *parts == [Part::Star])
    }
}
