//! The pieces that operators join: literals, fields, calls, parentheses, and access into them.

use super::super::ast::{Accessor, Call, Expr, ExprKind, FieldName, Literal, Name};
use super::super::literal::{is_reserved, read_number, read_string, write_name};
use super::super::token::{Token, TokenKind};
use super::clause;
use super::cursor::Parser;
use super::expression::expression;
use super::mistake;
use super::parameter::{Place, braces_as_value, field_name, parameters, reserved};
use crate::{Code, Diagnostic, Span};

/// `postfix_expr = primary { "[" [ accessor ] "]" } ;`
pub(super) fn postfix(p: &mut Parser) -> Expr {
    let mut base = primary(p);
    while p.at(TokenKind::BracketOpen) {
        let open = p.open();
        let accessor = accessor(p, &base);
        if !p.at(TokenKind::BracketClose) && accessor.is_some() {
            let diagnostic = p.unexpected("`]`");
            p.report(diagnostic);
            p.skip_command();
        }
        p.close(open);
        let span = p.span_from(base.span.start);
        base = match accessor {
            Some(accessor) => Expr {
                kind: ExprKind::Access {
                    base: Box::new(base),
                    accessor,
                },
                span,
            },
            None => Expr {
                kind: ExprKind::Error,
                span,
            },
        };
        p.grow();
    }
    base
}

/// `accessor = [ "-" ] integer | field_name ;`, or nothing. `None` if it is none of these.
fn accessor(p: &mut Parser, base: &Expr) -> Option<Accessor> {
    let token = p.token();
    let closes = p.ahead(1).kind == TokenKind::BracketClose;
    match token.kind {
        TokenKind::BracketClose => Some(Accessor::Each),
        TokenKind::Long | TokenKind::Hex if closes => Some(Accessor::Index(index(p, ""))),
        TokenKind::Minus if matches!(p.ahead(1).kind, TokenKind::Long) => {
            p.bump();
            Some(Accessor::Index(index(p, "-")))
        }
        // Between brackets even a reserved word can only be a key.
        kind if kind.is_name() && closes => Some(Accessor::Key(field_name(p))),
        kind if kind.is_string() && closes => Some(Accessor::Key(string_key(p))),
        _ => {
            mistake::computed_accessor(p, base);
            None
        }
    }
}

/// The index that the parser stands at, a number, with its sign.
fn index(p: &mut Parser, sign: &str) -> i64 {
    let token = p.bump();
    let text = p.slice(token.span);
    // The sign is read with the digits, for the least long has no positive counterpart.
    if let Ok(index) = format!("{sign}{text}").parse() {
        return index;
    }
    match read_number(token.kind, text, token.span) {
        Ok(Literal::Long(index)) => index,
        Ok(_) => 0,
        Err(diagnostic) => {
            p.report(*diagnostic);
            0
        }
    }
}

/// `r["x"]`: a key in quotes. What was meant is clear, so it is read as `r[x]`.
fn string_key(p: &mut Parser) -> FieldName {
    let token = p.bump();
    let text = read_string(token.kind, p.slice(token.span));
    let written = write_name(&text);
    p.report(
        Diagnostic::error(Code::UnexpectedToken, token.span, "a key between brackets stands without quotes")
            .help("the name itself is the key; one with other characters than `a-z A-Z 0-9 _ .` stands in backticks")
            .fix(token.span, written),
    );
    FieldName {
        text,
        quoted: true,
        span: token.span,
    }
}

/// `primary = literal | function_call | field_name | "(" expression ")" ;`
/// `literal = "true" | "false" | "null" | long | double | string | duration ;`
fn primary(p: &mut Parser) -> Expr {
    let token = p.token();
    let kind = match token.kind {
        TokenKind::Word | TokenKind::ForeignWord => return word(p),
        TokenKind::QuotedName => ExprKind::Field(field_name(p)),
        TokenKind::String | TokenKind::TripleString | TokenKind::ForeignString => {
            p.bump();
            ExprKind::Literal(Literal::String(read_string(
                token.kind,
                p.slice(token.span),
            )))
        }
        TokenKind::Long | TokenKind::Hex | TokenKind::Double | TokenKind::Duration => number(p),
        TokenKind::Dot if p.ahead(1).kind == TokenKind::Long => point_first(p),
        TokenKind::ParenOpen => return parenthesized(p),
        TokenKind::BraceOpen => return braces_as_value(p),
        TokenKind::BracketOpen => return mistake::bracket_list(p),
        TokenKind::Variable => {
            // The lexer has said what is wrong with it.
            p.bump();
            ExprKind::Error
        }
        _ => {
            let diagnostic = p.unexpected("a value");
            p.report(diagnostic);
            return Expr {
                kind: ExprKind::Error,
                span: Span::at(token.span.start),
            };
        }
    };
    Expr {
        kind,
        span: p.span_from(token.span.start),
    }
}

/// A word where a value stands: a literal, a function's name or a field's.
fn word(p: &mut Parser) -> Expr {
    let token = p.token();
    let text = p.slice(token.span);
    let constant = match text.to_ascii_lowercase().as_str() {
        "true" => Some(Literal::Boolean(true)),
        "false" => Some(Literal::Boolean(false)),
        "null" => Some(Literal::Null),
        _ => None,
    };
    if let Some(literal) = constant {
        p.bump();
        return Expr {
            kind: ExprKind::Literal(literal),
            span: token.span,
        };
    }
    if is_reserved(text) {
        return reserved_word(p);
    }
    if p.ahead(1).kind == TokenKind::ParenOpen {
        return call(p);
    }
    Expr {
        kind: ExprKind::Field(field_name(p)),
        span: token.span,
    }
}

/// `and`, `or`, `xor` or `mod` where a value belongs: it stands for a field, or its operand is missing.
fn reserved_word(p: &mut Parser) -> Expr {
    let token = p.token();
    if p.ahead(1).kind.begins_value() || p.ahead(1).kind == TokenKind::ParenOpen {
        let diagnostic = p.unexpected("a value");
        p.report(diagnostic.label("nothing stands before this operator"));
        return Expr {
            kind: ExprKind::Error,
            span: Span::at(token.span.start),
        };
    }
    let name = field_name(p);
    p.report(reserved(&name));
    Expr {
        kind: ExprKind::Error,
        span: token.span,
    }
}

fn number(p: &mut Parser) -> ExprKind {
    let Token { kind, span } = p.bump();
    match read_number(kind, p.slice(span), span) {
        Ok(literal) => ExprKind::Literal(literal),
        Err(diagnostic) => {
            p.report(*diagnostic);
            ExprKind::Error
        }
    }
}

/// `.5`
fn point_first(p: &mut Parser) -> ExprKind {
    let start = p.bump().span.start;
    p.bump();
    let span = p.span_from(start);
    let diagnostic = Diagnostic::error(
        Code::BadNumber,
        span,
        "a number needs digits before its point",
    );
    let digits = p.slice(span).trim_start_matches('.').trim_start();
    p.report(diagnostic.fix(span, format!("0.{digits}")));
    ExprKind::Error
}

/// `function_call = dotted_ident "(" [ func_arg { "," func_arg } ] ")" ;`
///
/// `func_arg = [ ident ":" ] ( func_group | [ field_name "=" ] value ) ;`
fn call(p: &mut Parser) -> Expr {
    let token = p.bump();
    let name = Name {
        text: p.slice(token.span).to_string(),
        span: token.span,
    };
    let open = p.open();
    clause::star(p, &name.text);
    let parameters = parameters(p, Place::Call);
    p.close(open);
    p.grow();
    let span = p.span_from(token.span.start);
    Expr {
        kind: ExprKind::Call(Call { name, parameters }),
        span,
    }
}

/// `"(" expression ")"`
fn parenthesized(p: &mut Parser) -> Expr {
    let open = p.open();
    let inner = expression(p);
    if !p.at(TokenKind::ParenClose) {
        if !p.at_outer_end() {
            let diagnostic = p.unexpected("`)` or an operator");
            p.report(diagnostic);
        }
        p.skip_command();
    }
    p.close(open);
    Expr {
        kind: inner.kind,
        span: p.span_from(open.span.start),
    }
}
