//! Operators of other languages: `&&`, `? :`, `=` between operands, `a like "x"`, `not in`, `is null`. They are
//! read for what they mean, so that the rest of the text gets its own complaints, and each is an error.

use super::super::ast::{
    Argument, BinaryOp, Call, Expr, ExprKind, Name, Parameter, ParameterKind, UnaryOp, Value,
};
use super::super::precedence::Level;
use super::super::token::TokenKind;
use super::clause;
use super::cursor::Parser;
use super::expression::{expression, infix_level, join, membership, operators, unary};
use super::mistake;
use crate::{Code, Diagnostic, Span};

/// An operator that DQL lacks, between or behind operands.
#[derive(Clone, Copy)]
pub(super) enum Foreign {
    /// Another spelling of an operator: `&&`, `===`.
    Spelling(BinaryOp),
    /// `=` between operands.
    Equals,
    /// `!~`
    NotSearch,
    /// `a ? b : c`
    Condition,
    /// `a ?: b`, `a ?? b`
    Fallback,
    /// `a like "x"`: a function of DQL, used as an operator.
    Function(&'static str),
    /// `a not in …`
    NotIn,
    /// `a is null`, `a is not null`
    IsNull,
    /// `a between b and c`
    Between,
    /// `! =`
    SplitNotEqual,
}

/// Words that stand between operands elsewhere, and the functions that do their work here.
const FUNCTIONS: [(&str, &str); 6] = [
    ("like", "like"),
    ("contains", "contains"),
    ("startswith", "startsWith"),
    ("endswith", "endsWith"),
    ("has", "matchesPhrase"),
    ("matches", "matchesValue"),
];

impl Foreign {
    /// The level at which it is read.
    pub(super) fn level(self) -> Level {
        match self {
            Foreign::Spelling(op) => op.level(),
            Foreign::NotSearch => Level::Search,
            Foreign::Equals
            | Foreign::Function(_)
            | Foreign::IsNull
            | Foreign::Between
            | Foreign::SplitNotEqual => Level::Compare,
            Foreign::NotIn => Level::In,
            Foreign::Condition | Foreign::Fallback => Level::Or,
        }
    }
}

/// The foreign operator that the parser stands at, not taken yet.
pub(super) fn foreign(p: &Parser) -> Option<Foreign> {
    let token = p.token();
    match token.kind {
        TokenKind::Assign => Some(Foreign::Equals),
        TokenKind::ForeignOperator => match p.slice(token.span) {
            "!" if p.ahead(1).kind == TokenKind::Assign => Some(Foreign::SplitNotEqual),
            "||" if clause::is_double_pipe(p) => None,
            "&&" => Some(Foreign::Spelling(BinaryOp::And)),
            "||" => Some(Foreign::Spelling(BinaryOp::Or)),
            "===" => Some(Foreign::Spelling(BinaryOp::Equal)),
            "!==" | "=!" | "><" => Some(Foreign::Spelling(BinaryOp::NotEqual)),
            "=<" => Some(Foreign::Spelling(BinaryOp::LessOrEqual)),
            "=>" => Some(Foreign::Spelling(BinaryOp::GreaterOrEqual)),
            "=~" => Some(Foreign::Spelling(BinaryOp::Search)),
            "!~" => Some(Foreign::NotSearch),
            "?" => Some(Foreign::Condition),
            "?:" | "??" => Some(Foreign::Fallback),
            _ => None,
        },
        TokenKind::Word if p.at_word("not") && p.is_word(p.ahead(1), "in") => Some(Foreign::NotIn),
        TokenKind::Word if p.at_word("is") => {
            let negated = usize::from(p.is_word(p.ahead(1), "not"));
            p.is_word(p.ahead(1 + negated), "null")
                .then_some(Foreign::IsNull)
        }
        TokenKind::Word if p.at_word("between") && p.ahead(1).kind.begins_value() => {
            Some(Foreign::Between)
        }
        TokenKind::Word if p.ahead(1).kind.is_string() => {
            let found = FUNCTIONS.iter().find(|(word, _)| p.at_word(word));
            found.map(|(_, function)| Foreign::Function(function))
        }
        _ => None,
    }
}

/// Reads `left` and the foreign operator that the parser stands at, and complains.
pub(super) fn foreign_infix(p: &mut Parser, left: Expr, foreign: Foreign) -> Expr {
    match foreign {
        Foreign::Spelling(op) => spelling(p, left, op),
        Foreign::Equals => {
            // The argument around it complains, once for all of them.
            let equals = p.bump().span;
            p.stray_equals.push(equals);
            let right = operators(p, Level::Search);
            join(left, BinaryOp::Equal, equals, right)
        }
        Foreign::Between => between(p, left),
        Foreign::SplitNotEqual => split_not_equal(p, left),
        Foreign::NotSearch => {
            let sign = p.bump().span;
            let right = operators(p, Level::Add);
            let fix = format!("not {} ~ {}", p.slice(left.span), p.slice(right.span));
            let span = left.span.to(right.span);
            p.report(
                no_operator(p, sign, "`not` stands before the whole comparison").fix(span, fix),
            );
            error(span)
        }
        Foreign::Condition => condition(p, left),
        Foreign::Fallback => {
            let sign = p.bump().span;
            let right = operators(p, Level::Xor);
            let fix = format!("coalesce({}, {})", p.slice(left.span), p.slice(right.span));
            let span = left.span.to(right.span);
            p.report(
                no_operator(p, sign, "`coalesce` gives its first value that is not null")
                    .fix(span, fix),
            );
            error(span)
        }
        Foreign::Function(function) => {
            let word = p.bump().span;
            let right = operators(p, Level::Search);
            let fix = format!(
                "{function}({}, {})",
                p.slice(left.span),
                p.slice(right.span)
            );
            let span = left.span.to(right.span);
            p.report(no_operator(p, word, "this is done by a function").fix(span, fix));
            call(function, word, vec![left, right])
        }
        Foreign::NotIn => {
            let not = p.bump().span;
            let start = left.span.start;
            if !at_block(p) {
                return mistake::list_after_in(p, left, "not ");
            }
            let fix = format!("not {} in", p.slice(left.span));
            let place = Span::new(start, p.token().span.end);
            p.report(
                no_operator(p, not, "`not` stands before the whole comparison").fix(place, fix),
            );
            let inner = membership(p, left);
            unary(p, UnaryOp::Not, inner, start)
        }
        Foreign::IsNull => {
            let is = p.bump().span;
            let negated = p.at_word("not");
            if negated {
                p.bump();
            }
            p.bump();
            let function = if negated { "isNotNull" } else { "isNull" };
            let span = p.span_from(left.span.start);
            let fix = format!("{function}({})", p.slice(left.span));
            p.report(no_operator(p, is, "this is asked by a function").fix(span, fix));
            call(function, is, vec![left])
        }
    }
}

/// `a between b and c`; the parser stands at the word.
fn between(p: &mut Parser, left: Expr) -> Expr {
    let word = p.bump().span;
    let low = operators(p, Level::Search);
    if !p.at_word("and") {
        p.report(no_operator(
            p,
            word,
            "two comparisons say this: `a >= 1 and a <= 5`",
        ));
        return error(left.span.to(low.span));
    }
    p.bump();
    let high = operators(p, Level::Search);
    let span = left.span.to(high.span);
    let [value, low, high] = [left.span, low.span, high.span].map(|span| p.slice(span));
    let fix = format!("({value} >= {low} and {value} <= {high})");
    p.report(no_operator(p, word, "two comparisons say this").fix(span, fix));
    error(span)
}

/// `! =`; the parser stands at the first of the two.
fn split_not_equal(p: &mut Parser, left: Expr) -> Expr {
    let sign = p.bump().span;
    let sign = sign.to(p.bump().span);
    p.report(no_operator(p, sign, "").fix(sign, "!="));
    let right = operators(p, Level::Search);
    join(left, BinaryOp::NotEqual, sign, right)
}

fn spelling(p: &mut Parser, left: Expr, op: BinaryOp) -> Expr {
    let sign = p.bump().span;
    let mut diagnostic = no_operator(p, sign, "").fix(sign, p.spaced(sign, op.text()));
    if op == BinaryOp::Search {
        let help =
            "`~` searches for words; `matchesPattern` matches a pattern, `lower` makes case alike";
        diagnostic = diagnostic.help(help);
    }
    p.report(diagnostic);
    let right = operators(p, op.level().stronger());
    join(left, op, sign, right)
}

/// Whether a sub-query stands behind the word that the parser stands at.
fn at_block(p: &Parser) -> bool {
    p.ahead(1).kind == TokenKind::BracketOpen && !mistake::begins_list(p, 1)
}

/// `a ? b : c`; the parser stands at the question mark.
fn condition(p: &mut Parser, left: Expr) -> Expr {
    let sign = p.bump().span;
    let then = expression(p);
    let mut fix = format!("if({}, {}", p.slice(left.span), p.slice(then.span));
    if p.eat(TokenKind::Colon).is_some() {
        let otherwise = expression(p);
        fix += &format!(", else: {}", p.slice(otherwise.span));
    }
    let span = p.span_from(left.span.start);
    p.report(no_operator(p, sign, "this is done by a function").fix(span, fix + ")"));
    error(span)
}

/// `!x`; the parser stands at the sign. Gives the level of operators that may follow, too.
pub(super) fn exclamation_mark(p: &mut Parser, weakest: Level) -> (Expr, Level) {
    let sign = p.bump().span;
    let operand = operators(p, Level::Negate);
    let text = p.slice(operand.span);
    // Elsewhere `!` binds tightly; `not` does not.
    let tight = weakest > Level::Not || infix_level(p).is_some_and(|level| level > Level::Not);
    let fix = if tight {
        format!("(not {text})")
    } else {
        format!("not {text}")
    };
    let span = p.span_from(sign.start);
    p.report(no_operator(p, sign, "").fix(span, fix));
    (unary(p, UnaryOp::Not, operand, sign.start), Level::Negate)
}

fn no_operator(p: &Parser, span: Span, help: &str) -> Diagnostic {
    let message = format!("`{}` is no operator of DQL", p.slice(span));
    let diagnostic = Diagnostic::error(Code::ForeignOperator, span, message);
    if help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(help)
    }
}

fn error(span: Span) -> Expr {
    Expr {
        kind: ExprKind::Error,
        span,
    }
}

/// The tree of `name(argument, …)`, for what was written otherwise.
pub(super) fn call(name: &str, at: Span, arguments: Vec<Expr>) -> Expr {
    let span = arguments
        .iter()
        .fold(at, |span, argument| span.to(argument.span));
    let parameters = arguments.into_iter().map(plain).collect();
    let name = Name {
        text: name.to_string(),
        span: at,
    };
    Expr {
        kind: ExprKind::Call(Call { name, parameters }),
        span,
    }
}

/// The parameter that is nothing but `value`.
pub(super) fn plain(value: Expr) -> Parameter {
    let span = value.span;
    let argument = Argument {
        name: None,
        value: Value::Expr(value),
        direction: None,
    };
    Parameter {
        kind: ParameterKind::Argument(argument),
        span,
    }
}
