//! How tightly operators bind. The parser and the printer both read this table, and nothing else.

use super::ast::BinaryOp;

/// The levels of the documented precedence table, weakest first.
///
/// The grammar's ladder of rules (`or_expr`, `xor_expr`, … `postfix_expr`) is this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `and`
    And,
    /// `not x`: weaker than the comparisons, so `not a == 1` is `not (a == 1)`.
    Not,
    /// `x in [ … ]`, once
    In,
    /// `== != < <= > >=`
    Compare,
    /// `~`, once
    Search,
    /// `+ -`
    Add,
    /// `x @ unit`
    Align,
    /// `* / %`
    Multiply,
    /// `-x`
    Negate,
    /// `x[…]`, and all that is one piece
    Postfix,
}

impl Level {
    /// The next stronger level.
    pub(super) fn stronger(self) -> Level {
        match self {
            Level::Or => Level::Xor,
            Level::Xor => Level::And,
            Level::And => Level::Not,
            Level::Not => Level::In,
            Level::In => Level::Compare,
            Level::Compare => Level::Search,
            Level::Search => Level::Add,
            Level::Add => Level::Align,
            Level::Align => Level::Multiply,
            Level::Multiply => Level::Negate,
            Level::Negate | Level::Postfix => Level::Postfix,
        }
    }
}

impl BinaryOp {
    /// The level at which it binds.
    pub(super) fn level(self) -> Level {
        match self {
            BinaryOp::Or => Level::Or,
            BinaryOp::Xor => Level::Xor,
            BinaryOp::And => Level::And,
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual => Level::Compare,
            BinaryOp::Search => Level::Search,
            BinaryOp::Add | BinaryOp::Subtract => Level::Add,
            BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => Level::Multiply,
        }
    }

    /// The canonical spelling: `==`, `and`.
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Multiply => "*",
            BinaryOp::Divide => "/",
            BinaryOp::Modulo => "%",
            BinaryOp::Add => "+",
            BinaryOp::Subtract => "-",
            BinaryOp::Search => "~",
            BinaryOp::Equal => "==",
            BinaryOp::NotEqual => "!=",
            BinaryOp::Less => "<",
            BinaryOp::LessOrEqual => "<=",
            BinaryOp::Greater => ">",
            BinaryOp::GreaterOrEqual => ">=",
            BinaryOp::And => "and",
            BinaryOp::Xor => "xor",
            BinaryOp::Or => "or",
        }
    }
}
