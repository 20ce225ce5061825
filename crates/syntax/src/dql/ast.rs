//! The tree of a DQL query: what was written, with spans, before any name is resolved.
//!
//! Names of commands, functions and parameters are kept as written; they are looked up without regard to case.

use crate::Span;

/// A query: commands joined by pipes.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The commands in order; empty only for an empty text.
    pub commands: Vec<Command>,
    /// From the first to the last command.
    pub span: Span,
}

/// `name parameter, parameter …`
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// The command's name as written.
    pub name: Name,
    /// Its parameters in written order.
    pub parameters: Vec<Parameter>,
    /// From the name to the last parameter.
    pub span: Span,
}

/// A word that names a command, a function or a parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A parameter of a command or of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// What it is.
    pub kind: ParameterKind,
    /// From its name, if it has one, to its end.
    pub span: Span,
}

/// The three forms of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum ParameterKind {
    /// `name: value`, the value being a group or an argument, never named again.
    Named {
        /// The parameter's name.
        name: Name,
        /// Its one value.
        value: Box<Parameter>,
    },
    /// `{ parameter, parameter … }`
    Group(Vec<Parameter>),
    /// A value with what may stand around it.
    Argument(Argument),
}

/// `[name =] value [asc|desc]`
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The field that the value is assigned to.
    pub name: Option<FieldName>,
    /// The value.
    pub value: Value,
    /// The sort direction behind it.
    pub direction: Option<Direction>,
}

/// `asc` or `desc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// What an argument may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A sub-query.
    Block(Block),
    /// An expression.
    Expr(Expr),
}

/// `[ query ]`
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The sub-query; nothing between the brackets gives `None`.
    pub query: Option<Query>,
    /// The brackets and all between them.
    pub span: Span,
}

/// A field's name: dotted names are one flat name, quotes and escapes undone.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldName {
    /// The name itself.
    pub text: String,
    /// Whether it stood in backticks.
    pub quoted: bool,
    /// Where.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where; parentheses around it included.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A field.
    Field(FieldName),
    /// `name(parameter, …)`
    Call(Call),
    /// `base[accessor]`
    Access {
        /// What is reached into.
        base: Box<Expr>,
        /// What is taken from it.
        accessor: Accessor,
    },
    /// `-x`, `not x`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// `left op right`
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `needle in [ query ]`
    In {
        /// The value looked for.
        needle: Box<Expr>,
        /// Where it is looked for.
        block: Block,
    },
    /// `[left] @ unit`
    Align {
        /// What is aligned; nothing means `now()`.
        left: Option<Box<Expr>>,
        /// What it is aligned to.
        unit: AlignUnit,
    },
    /// Text that could not be read; a diagnostic says why.
    Error,
}

/// `name(parameter, …)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function's name as written.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
}

/// What stands between the brackets of an access.
#[derive(Clone, Debug, PartialEq)]
pub enum Accessor {
    /// `[3]`, `[-1]`: an array's element.
    Index(i64),
    /// `[name]`: a record's value; the name itself is the key.
    Key(FieldName),
    /// `[]`: every element.
    Each,
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// `42`, `0x2A`
    Long(i64),
    /// `2.5`, `1e3`
    Double(f64),
    /// A string, quotes and escapes undone.
    String(String),
    /// `5m`, `1M`
    Duration(Duration),
}

/// `digits unit`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub amount: i64,
    /// Of what.
    pub unit: Unit,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `ns`
    Nanosecond,
    /// `us`
    Microsecond,
    /// `ms`
    Millisecond,
    /// `s`
    Second,
    /// `m`
    Minute,
    /// `h`
    Hour,
    /// `d`
    Day,
    /// `w`
    Week,
    /// `M`
    Month,
    /// `q`
    Quarter,
    /// `y`
    Year,
}

/// What a time is aligned to: `@3h`, `@w1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlignUnit {
    /// The factor before the unit, 1 unless written.
    pub factor: i64,
    /// The unit.
    pub unit: Unit,
    /// The weekday of `w0` to `w7` (0 and 7 are Sunday).
    pub weekday: Option<u8>,
    /// Where.
    pub span: Span,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `not`
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `~`
    Search,
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
    /// `and`
    And,
    /// `xor`
    Xor,
    /// `or`
    Or,
}
