//! Parameters of commands and functions: named ones, groups and arguments.

use super::super::ast::{
    Argument, Direction, Expr, ExprKind, FieldName, Name, Parameter, ParameterKind, Value,
};
use super::super::literal::{is_reserved, read_name, read_string, write_name};
use super::super::token::TokenKind;
use super::clause;
use super::command::block;
use super::cursor::Parser;
use super::expression::expression;
use super::mistake;
use crate::{Code, Diagnostic, Span};

/// Whose parameters are read.
#[derive(Clone, Copy)]
pub(super) enum Place<'n> {
    /// Those of the command of that name: sort directions may stand here.
    Command(&'n str),
    /// Those of a function.
    Call,
}

/// `[ parameter { "," parameter } ]`, up to a pipe, a closing bracket or the end.
pub(super) fn parameters(p: &mut Parser, place: Place) -> Vec<Parameter> {
    let mut list = Vec::new();
    while !at_end(p) {
        if p.at(TokenKind::Comma) {
            let diagnostic = p.unexpected("a value");
            let comma = p.bump().span;
            p.report(
                diagnostic
                    .help("one comma separates two values")
                    .fix(comma, ""),
            );
            continue;
        }
        let parameter = parameter(p, place);
        list.push(parameter);
        if !at_end(p) && !p.at(TokenKind::Comma) && mistake::behind_parameter(p, place, &mut list) {
            // The rest of the command belongs to what comes next.
            break;
        }
        if let Some(comma) = p.eat(TokenKind::Comma).filter(|_| at_end(p)) {
            p.report(
                Diagnostic::error(
                    Code::UnexpectedToken,
                    comma.span,
                    "no value follows this comma",
                )
                .fix(comma.span, ""),
            );
        }
    }
    list
}

/// Whether the parser stands where a list of parameters ends, rightly or not.
pub(super) fn at_end(p: &Parser) -> bool {
    matches!(p.kind(), TokenKind::Pipe | TokenKind::End)
        || p.kind().is_closer()
        || clause::is_double_pipe(p)
}

/// `parameter = named_parameter | group | argument ;`
pub(super) fn parameter(p: &mut Parser, place: Place) -> Parameter {
    match p.kind() {
        TokenKind::Word if p.ahead(1).kind == TokenKind::Colon => named(p, place),
        TokenKind::Word if clause::lacks_colon(p, place) => named(p, place),
        TokenKind::BraceOpen => group(p, place),
        _ => argument(p, place),
    }
}

/// `named_parameter = ident ":" ( group | argument ) ;`
fn named(p: &mut Parser, place: Place) -> Parameter {
    let token = p.bump();
    let name = Name {
        text: p.slice(token.span).to_string(),
        span: token.span,
    };
    if p.eat(TokenKind::Colon).is_none() {
        let message = format!("a colon is missing behind `{}`", name.text);
        p.report(
            Diagnostic::error(Code::UnexpectedToken, token.span, message)
                .fix(Span::at(token.span.end), ":"),
        );
    }
    let value = if p.at(TokenKind::BraceOpen) {
        group(p, place)
    } else {
        argument(p, place)
    };
    Parameter {
        kind: ParameterKind::Named {
            name,
            value: Box::new(value),
        },
        span: p.span_from(token.span.start),
    }
}

/// `group = "{" [ parameter { "," parameter } ] "}" ;`
fn group(p: &mut Parser, place: Place) -> Parameter {
    p.enter();
    let open = p.open();
    let list = parameters(p, place);
    p.close(open);
    p.leave();
    p.grow();
    Parameter {
        kind: ParameterKind::Group(list),
        span: p.span_from(open.span.start),
    }
}

/// `argument = [ field_name "=" ] value [ "asc" | "desc" ] ;`
fn argument(p: &mut Parser, place: Place) -> Parameter {
    let start = p.token().span.start;
    let name = assigned_name(p);
    let outer = std::mem::take(&mut p.stray_equals);
    let value = value(p);
    let strays = std::mem::replace(&mut p.stray_equals, outer);
    if !strays.is_empty() {
        let naming = name.as_ref().map(|(_, equals)| *equals);
        mistake::stray_equals(p, start, naming, &value, &strays);
    }
    let direction = match place {
        Place::Command(_) => direction(p),
        Place::Call => None,
    };
    let name = name.map(|(name, _)| name);
    Parameter {
        kind: ParameterKind::Argument(Argument {
            name,
            value,
            direction,
        }),
        span: p.span_from(start),
    }
}

/// `field_name "="`, with the place of the sign.
fn assigned_name(p: &mut Parser) -> Option<(FieldName, Span)> {
    let token = p.token();
    let is_name = token.kind.is_name() || token.kind.is_string();
    if !is_name || p.ahead(1).kind != TokenKind::Assign {
        return None;
    }
    let name = if token.kind.is_string() {
        p.bump();
        let text = read_string(token.kind, p.slice(token.span));
        p.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                token.span,
                "a field's name does not stand in double quotes",
            )
            .fix(token.span, write_name(&text)),
        );
        FieldName {
            text,
            quoted: true,
            span: token.span,
        }
    } else {
        let name = field_name(p);
        if !name.quoted && is_reserved(&name.text) {
            p.report(reserved(&name));
        }
        name
    };
    let equals = p.bump().span;
    Some((name, equals))
}

/// `field_name = dotted_ident | quoted_ident ;` The parser stands at a name.
pub(super) fn field_name(p: &mut Parser) -> FieldName {
    let token = p.bump();
    let quoted = token.kind == TokenKind::QuotedName;
    let text = read_name(p.slice(token.span));
    if quoted && text.is_empty() {
        p.report(Diagnostic::error(
            Code::UnexpectedToken,
            token.span,
            "a field's name is never empty",
        ));
    }
    FieldName {
        text,
        quoted,
        span: token.span,
    }
}

/// The complaint about a reserved word that stands for a field.
pub(super) fn reserved(name: &FieldName) -> Diagnostic {
    Diagnostic::error(
        Code::UnexpectedToken,
        name.span,
        format!("`{}` is a reserved word", name.text),
    )
    .help("a field of that name needs backticks")
    .fix(name.span, write_name(&name.text))
}

/// `value = execution_block | expression ;`
fn value(p: &mut Parser) -> Value {
    match p.kind() {
        TokenKind::BracketOpen if mistake::begins_list(p, 0) => {
            Value::Expr(mistake::bracket_list(p))
        }
        TokenKind::BracketOpen => Value::Block(block(p)),
        TokenKind::BraceOpen => Value::Expr(braces_as_value(p)),
        _ => Value::Expr(expression(p)),
    }
}

/// Reads a group where a value belongs, and complains.
pub(super) fn braces_as_value(p: &mut Parser) -> Expr {
    let group = group(p, Place::Call);
    p.report(
        Diagnostic::error(
            Code::UnexpectedToken,
            group.span,
            "a group in braces is no value",
        )
        .help("braces only hold parameters together; `array(…)` and `record(…)` make values"),
    );
    Expr {
        kind: ExprKind::Error,
        span: group.span,
    }
}

/// `[ "asc" | "desc" ]`
fn direction(p: &mut Parser) -> Option<Direction> {
    let direction = if p.at_word("asc") {
        Direction::Ascending
    } else if p.at_word("desc") {
        Direction::Descending
    } else {
        return None;
    };
    p.bump();
    Some(direction)
}
