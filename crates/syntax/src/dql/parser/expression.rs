//! Expressions. The grammar's ladder, one rule for each level of precedence, is climbed by one loop: what
//! tells the rules apart is their [`Level`], and going through a dozen functions for every parenthesis
//! would make the stack, not [`MAX_DEPTH`](super::MAX_DEPTH), the limit.
//!
//! ```text
//! expression  = or_expr ;
//! or_expr     = xor_expr  { "or"  xor_expr  } ;
//! xor_expr    = and_expr  { "xor" and_expr  } ;
//! and_expr    = not_expr  { "and" not_expr  } ;
//! not_expr    = "not" not_expr | in_expr ;
//! in_expr     = cmp_expr [ "in" execution_block ] ;
//! cmp_expr    = search_expr { ( "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) search_expr } ;
//! search_expr = add_expr [ "~" add_expr ] ;
//! add_expr    = align_expr { ( "+" | "-" ) align_expr } ;
//! align_expr  = mul_expr { "@" align_unit } | "@" align_unit ;
//! mul_expr    = unary_expr { ( "*" | "/" | "%" ) unary_expr } ;
//! unary_expr  = "-" unary_expr | postfix_expr ;
//! ```

use super::super::ast::{AlignUnit, BinaryOp, Expr, ExprKind, Literal, UnaryOp, Unit};
use super::super::literal::read_number;
use super::super::precedence::Level;
use super::super::token::TokenKind;
use super::command::block;
use super::cursor::Parser;
use super::habit::{self, Foreign};
use super::mistake;
use super::primary::postfix;
use crate::{Code, Diagnostic, Span};

/// `expression = or_expr ;`
pub(super) fn expression(p: &mut Parser) -> Expr {
    operators(p, Level::Or)
}

/// The rule of the ladder for `weakest`: operators that bind as tightly as that or more.
pub(super) fn operators(p: &mut Parser, weakest: Level) -> Expr {
    p.enter();
    let beside = p.take_height();
    let (mut left, mut strongest) = prefix(p, weakest);
    while let Some(infix) = infix(p) {
        let level = infix.level();
        if level < weakest || level > strongest {
            break;
        }
        let below = p.take_height();
        left = match infix {
            Infix::Binary(op) => binary(p, left, op),
            Infix::In => membership(p, left),
            Infix::Align => align(p, left),
            Infix::Foreign(foreign) => habit::foreign_infix(p, left, foreign),
        };
        p.raise_to(below);
        p.grow();
        // `in` and `~` may stand once on their level, the others any number of times.
        strongest = match level {
            Level::In => Level::Not,
            Level::Search => Level::Compare,
            level => level,
        };
    }
    p.raise_to(beside);
    p.leave();
    left
}

/// What stands before the first operator, and the strongest level that may follow it.
fn prefix(p: &mut Parser, weakest: Level) -> (Expr, Level) {
    let start = p.token().span.start;
    if p.at_word("not") {
        let not = p.bump().span;
        if weakest > Level::Not {
            p.report(
                Diagnostic::error(
                    Code::UnexpectedToken,
                    not,
                    "`not` binds weaker than the operator before it",
                )
                .help("put it into parentheses: `(not …)`"),
            );
        }
        let operand = operators(p, Level::Not);
        return (unary(p, UnaryOp::Not, operand, start), Level::Not);
    }
    match p.kind() {
        TokenKind::At => {
            let at = p.bump().span;
            if weakest > Level::Align {
                p.report(
                    Diagnostic::error(
                        Code::UnexpectedToken,
                        at,
                        "`@` binds weaker than the operator before it",
                    )
                    .help("put it into parentheses: `(@h)`"),
                );
            }
            let unit = align_unit(p);
            p.grow();
            let span = p.span_from(start);
            (
                Expr {
                    kind: ExprKind::Align { left: None, unit },
                    span,
                },
                Level::Add,
            )
        }
        TokenKind::Minus => (negation(p), Level::Negate),
        TokenKind::ForeignOperator if p.slice(p.token().span) == "!" => {
            habit::exclamation_mark(p, weakest)
        }
        _ => (postfix(p), Level::Negate),
    }
}

/// `unary_expr = "-" unary_expr | postfix_expr ;` The parser stands at the sign.
///
/// The least long has no positive counterpart: `-9223372036854775808` is one literal.
fn negation(p: &mut Parser) -> Expr {
    const LEAST: &str = "9223372036854775808";
    let start = p.bump().span.start;
    let token = p.token();
    let is_least =
        token.kind == TokenKind::Long && p.slice(token.span).trim_start_matches('0') == LEAST;
    if is_least && p.ahead(1).kind != TokenKind::BracketOpen {
        p.bump();
        return Expr {
            kind: ExprKind::Literal(Literal::Long(i64::MIN)),
            span: p.span_from(start),
        };
    }
    let operand = operators(p, Level::Negate);
    unary(p, UnaryOp::Negate, operand, start)
}

pub(super) fn unary(p: &mut Parser, op: UnaryOp, operand: Expr, start: usize) -> Expr {
    p.grow();
    let span = p.span_from(start);
    Expr {
        kind: ExprKind::Unary {
            op,
            operand: Box::new(operand),
        },
        span,
    }
}

/// What may stand behind an operand.
enum Infix {
    Binary(BinaryOp),
    In,
    Align,
    Foreign(Foreign),
}

impl Infix {
    fn level(&self) -> Level {
        match self {
            Infix::Binary(op) => op.level(),
            Infix::In => Level::In,
            Infix::Align => Level::Align,
            Infix::Foreign(foreign) => foreign.level(),
        }
    }
}

/// The operator that the parser stands at, not taken yet.
fn infix(p: &Parser) -> Option<Infix> {
    let op = match p.kind() {
        TokenKind::Star => BinaryOp::Multiply,
        TokenKind::Slash => BinaryOp::Divide,
        TokenKind::Percent => BinaryOp::Modulo,
        TokenKind::Plus => BinaryOp::Add,
        TokenKind::Minus => BinaryOp::Subtract,
        TokenKind::Tilde => BinaryOp::Search,
        TokenKind::Equal => BinaryOp::Equal,
        TokenKind::NotEqual => BinaryOp::NotEqual,
        TokenKind::Less => BinaryOp::Less,
        TokenKind::LessOrEqual => BinaryOp::LessOrEqual,
        TokenKind::Greater => BinaryOp::Greater,
        TokenKind::GreaterOrEqual => BinaryOp::GreaterOrEqual,
        TokenKind::At => return Some(Infix::Align),
        TokenKind::Word if p.at_word("and") => BinaryOp::And,
        TokenKind::Word if p.at_word("xor") => BinaryOp::Xor,
        TokenKind::Word if p.at_word("or") => BinaryOp::Or,
        // Reserved, without a documented use; it can only be this.
        TokenKind::Word if p.at_word("mod") => BinaryOp::Modulo,
        TokenKind::Word if p.at_word("in") => return Some(Infix::In),
        _ => return habit::foreign(p).map(Infix::Foreign),
    };
    Some(Infix::Binary(op))
}

/// The level of the operator that the parser stands at, if it takes a left operand.
pub(super) fn infix_level(p: &Parser) -> Option<Level> {
    infix(p).map(|infix| infix.level())
}

/// `left op right`; the parser stands at the operator.
fn binary(p: &mut Parser, left: Expr, op: BinaryOp) -> Expr {
    let op_span = p.bump().span;
    let right = operators(p, op.level().stronger());
    join(left, op, op_span, right)
}

/// The tree of `left op right`.
pub(super) fn join(left: Expr, op: BinaryOp, op_span: Span, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Binary {
            op,
            op_span,
            left: Box::new(left),
            right: Box::new(right),
        },
        span,
    }
}

/// `in_expr = cmp_expr [ "in" execution_block ] ;` The parser stands at the word.
pub(super) fn membership(p: &mut Parser, needle: Expr) -> Expr {
    if p.ahead(1).kind != TokenKind::BracketOpen || mistake::begins_list(p, 1) {
        return mistake::list_after_in(p, needle, "");
    }
    p.bump();
    let block = block(p);
    let span = needle.span.to(block.span);
    Expr {
        kind: ExprKind::In {
            needle: Box::new(needle),
            block,
        },
        span,
    }
}

/// `align_expr = mul_expr { "@" align_unit }` The parser stands at the sign.
fn align(p: &mut Parser, left: Expr) -> Expr {
    p.bump();
    let unit = align_unit(p);
    let span = left.span.to(unit.span);
    Expr {
        kind: ExprKind::Align {
            left: Some(Box::new(left)),
            unit,
        },
        span,
    }
}

/// `align_unit = [ integer ] unit | "w" digit ;`
///
/// Which factors a unit takes is not looked at here.
fn align_unit(p: &mut Parser) -> AlignUnit {
    let token = p.token();
    let text = p.slice(token.span);
    let unit = |factor, unit, weekday| AlignUnit {
        factor,
        unit,
        weekday,
        span: token.span,
    };
    match token.kind {
        TokenKind::Word => {
            let weekday = text
                .strip_prefix('w')
                .and_then(|day| day.parse::<u8>().ok());
            let found = match weekday {
                Some(day @ 0..=7) if text.len() == 2 => Some(unit(1, Unit::Week, Some(day))),
                _ => Unit::from_text(text).map(|found| unit(1, found, None)),
            };
            if let Some(found) = found {
                p.bump();
                return found;
            }
        }
        TokenKind::Duration => {
            p.bump();
            return match read_number(token.kind, text, token.span) {
                Ok(Literal::Duration(duration)) => unit(duration.amount, duration.unit, None),
                Ok(_) => unit(1, Unit::Nanosecond, None),
                Err(diagnostic) => {
                    p.report(*diagnostic);
                    unit(1, Unit::Nanosecond, None)
                }
            };
        }
        _ => {}
    }
    let diagnostic = p
        .unexpected("a unit of time behind `@`")
        .help("time aligns to `ns us ms s m h d w M q y`, with a factor as in `@15m`, or to a weekday, `@w1`");
    p.report(diagnostic);
    if matches!(token.kind, TokenKind::Word | TokenKind::ForeignWord) {
        p.bump();
    }
    AlignUnit {
        factor: 1,
        unit: Unit::Nanosecond,
        weekday: None,
        span: p.span_from(token.span.start),
    }
}
