//! What is often written and is no DQL: `by x` without its colon, `expr as name`, lists in brackets, a missing
//! comma or pipe. Each gets a complaint that names the way out, and is read for what it means where that is clear.

use super::super::ast::{
    BinaryOp, Call, Expr, ExprKind, FieldName, Name, Parameter, ParameterKind, Value,
};
use super::super::literal::{read_string, write_name};
use super::super::precedence::Level;
use super::super::token::TokenKind;
use super::clause;
use super::command::block;
use super::cursor::Parser;
use super::expression::{expression, infix_level, operators};
use super::habit::{call, plain};
use super::parameter::{Place, field_name, parameter, parameters};
use crate::{Code, Diagnostic, Span};

/// Deals with what stands behind the last parameter of `list` and neither is a comma nor ends the list.
/// Gives whether a new command begins here, its pipe missing.
pub(super) fn behind_parameter(p: &mut Parser, place: Place, list: &mut Vec<Parameter>) -> bool {
    let token = p.token();
    let text = p.slice(token.span);
    let top = p.innermost_closer().is_none();
    if token.kind == TokenKind::Word && p.ahead(1).kind == TokenKind::Colon {
        p.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                token.span,
                format!("a comma is missing before `{text}`"),
            )
            .fix(Span::at(p.last_end()), ","),
        );
        return false;
    }
    if p.at_word("as") && (p.ahead(1).kind.is_name() || p.ahead(1).kind.is_string()) {
        as_name(p, list);
        return false;
    }
    if let Place::Command(command) = place {
        if top && by(p, command, list) {
            return false;
        }
        if p.at_word("ascending") || p.at_word("descending") {
            let short = if p.at_word("ascending") {
                "asc"
            } else {
                "desc"
            };
            let diagnostic = p.unexpected("`,` or `|`").fix(token.span, short);
            p.report(diagnostic);
            p.bump();
            return false;
        }
        if top && clause::missing_pipe(p) {
            return true;
        }
    }
    let diagnostic = unexpected(p, list);
    p.report(diagnostic);
    p.skip_parameter();
    false
}

/// The complaint about the token behind the last parameter of `list`.
fn unexpected(p: &Parser, list: &[Parameter]) -> Diagnostic {
    let expected = match p.innermost_closer() {
        Some(closer) => format!("`,` or `{closer}`"),
        None => "`,` or `|`".to_string(),
    };
    let diagnostic = p.unexpected(&expected);
    if infix_level(p).is_some() {
        return match list.last().map(|last| &last.kind) {
            Some(ParameterKind::Group(_)) => {
                diagnostic.help("braces only hold parameters together; a group is no operand")
            }
            _ => diagnostic.help("put parentheses around what belongs together"),
        };
    }
    if p.kind().begins_value() {
        return diagnostic
            .help("several values are separated by commas")
            .fix(Span::at(p.last_end()), ",");
    }
    diagnostic
}

/// `expr as name`: the name stands first in DQL.
fn as_name(p: &mut Parser, list: &mut [Parameter]) {
    let word = p.bump().span;
    let name = if p.kind().is_name() {
        field_name(p)
    } else {
        let token = p.bump();
        let text = read_string(token.kind, p.slice(token.span));
        FieldName {
            text,
            quoted: true,
            span: token.span,
        }
    };
    let mut diagnostic = Diagnostic::error(Code::UnexpectedToken, word, "DQL has no `as`")
        .help("the name stands before the value: `name = value`");
    if let Some(Parameter {
        kind: ParameterKind::Argument(argument),
        span,
    }) = list.last_mut()
        && argument.name.is_none()
        && argument.direction.is_none()
    {
        let fix = format!("{} = {}", write_name(&name.text), p.slice(*span));
        *span = span.to(name.span);
        diagnostic = diagnostic.fix(*span, fix);
        argument.name = Some(name);
    }
    p.report(diagnostic);
}

/// `by x, y` without colon and braces. Gives whether it was that.
fn by(p: &mut Parser, command: &str, list: &mut Vec<Parameter>) -> bool {
    if p.at_word("group") && p.is_word(p.ahead(1), "by") {
        p.bump();
    }
    let next = p.token();
    if p.at_word("by") {
        let before = list.last().map_or(next.span.start, |last| last.span.end);
        p.bump();
        by_values(p, command, next.span, before, ", ", list);
        return true;
    }
    let begins_value = next.kind.begins_value() || next.kind == TokenKind::BraceOpen;
    let Some(by) = list
        .last()
        .filter(|last| begins_value && p.slice(last.span).eq_ignore_ascii_case("by"))
    else {
        return false;
    };
    let by = by.span;
    list.pop();
    // `order` is another language's `sort`.
    if ["sort", "dedup", "order"]
        .iter()
        .any(|keyed| keyed.eq_ignore_ascii_case(command))
    {
        p.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                by,
                format!("`{command}` takes its keys without `by`"),
            )
            .fix(Span::new(by.start, next.span.start), ""),
        );
        return true;
    }
    by_values(p, command, by, by.start, "", list);
    true
}

/// Reads what stands behind the word at `by` as the values of the parameter.
fn by_values(
    p: &mut Parser,
    command: &str,
    by: Span,
    before: usize,
    comma: &str,
    list: &mut Vec<Parameter>,
) {
    let place = Place::Command(command);
    let start = p.token().span.start;
    let values = if p.at(TokenKind::BraceOpen) {
        parameter(p, place)
    } else {
        // Another `by` may stand in there.
        p.enter();
        let values = parameters(p, place);
        p.leave();
        Parameter {
            kind: ParameterKind::Group(values),
            span: p.span_from(start),
        }
    };
    let text = p.slice(values.span);
    let group = if text.starts_with('{') {
        text.to_string()
    } else {
        format!("{{{text}}}")
    };
    let span = p.span_from(before);
    p.report(
        Diagnostic::error(
            Code::UnexpectedToken,
            by,
            "`by` is a parameter: a colon and braces belong behind it",
        )
        .fix(span, format!("{comma}by: {group}")),
    );
    let name = Name {
        text: p.slice(by).to_string(),
        span: by,
    };
    let span = by.to(values.span);
    list.push(Parameter {
        kind: ParameterKind::Named {
            name,
            value: Box::new(values),
        },
        span,
    });
}

/// Complains about the single `=`s at `strays` inside the value of the argument that was just read from `start`
/// on; `naming` is the one that gives it its name.
pub(super) fn stray_equals(
    p: &mut Parser,
    start: usize,
    naming: Option<Span>,
    value: &Value,
    strays: &[Span],
) {
    let Some(first) = strays.first() else {
        return;
    };
    let is_condition = matches!(
        value,
        Value::Expr(Expr {
            kind: ExprKind::Binary {
                op: BinaryOp::And | BinaryOp::Or | BinaryOp::Xor,
                ..
            },
            ..
        })
    );
    let mut diagnostic = Diagnostic::error(
        Code::UnexpectedToken,
        *first,
        "a single `=` does not compare",
    )
    .help("`==` compares; `=` only gives a name to a whole value: `name = value`");
    // In `a = 1 and b = 2` the first one is meant like the second; in `x = a = 1` it need not be.
    let naming = naming.filter(|_| is_condition);
    if let Some(naming) = naming {
        diagnostic = diagnostic.also(naming, "this one takes the whole condition and names it");
    }
    let mut fix = String::new();
    let mut at = start;
    for equals in naming.iter().chain(strays) {
        fix.push_str(p.slice(Span::new(at, equals.start)));
        fix.push_str("==");
        at = equals.end;
    }
    let whole = p.span_from(start);
    fix.push_str(p.slice(Span::new(at, whole.end.max(at))));
    p.report(diagnostic.fix(whole, fix));
}

/// Whether the `[` that is `ahead` tokens away begins a list of values rather than a query.
pub(super) fn begins_list(p: &Parser, ahead: usize) -> bool {
    let first = p.ahead(ahead + 1);
    let constant = ["true", "false", "null"]
        .iter()
        .any(|word| p.is_word(first, word));
    match first.kind {
        TokenKind::Word => constant || p.ahead(ahead + 2).kind == TokenKind::Comma,
        TokenKind::BracketClose | TokenKind::Pipe | TokenKind::End => false,
        _ => true,
    }
}

/// Reads `[ … ]` where an operand belongs, and complains.
pub(super) fn bracket_list(p: &mut Parser) -> Expr {
    if !begins_list(p, 0) {
        let block = block(p);
        p.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                block.span,
                "a sub-query is no operand",
            )
            .help("it stands behind `in`, or as a whole parameter of `append`, `join` or `lookup`"),
        );
        return Expr {
            kind: ExprKind::Error,
            span: block.span,
        };
    }
    let (list, inner, span) = list(p);
    p.report(
        Diagnostic::error(
            Code::UnexpectedToken,
            span,
            "brackets hold a sub-query, not a list of values",
        )
        .fix(span, format!("array({inner})")),
    );
    let name = Name {
        text: "array".to_string(),
        span: Span::at(span.start),
    };
    Expr {
        kind: ExprKind::Call(Call {
            name,
            parameters: list,
        }),
        span,
    }
}

/// Reads `in` and what stands behind it and is no sub-query, and complains: the function `in` takes values. The
/// fix begins with `negation`.
pub(super) fn list_after_in(p: &mut Parser, needle: Expr, negation: &str) -> Expr {
    p.bump();
    let before = p.slice(needle.span);
    let start = needle.span.start;
    let (values, text) = match p.kind() {
        TokenKind::ParenOpen | TokenKind::BraceOpen | TokenKind::BracketOpen => {
            let (list, inner, _) = list(p);
            (list, inner)
        }
        _ => {
            let value = operators(p, Level::Compare);
            let text = p.slice(value.span);
            (vec![plain(value)], text)
        }
    };
    let span = p.span_from(start);
    p.report(
        Diagnostic::error(
            Code::UnexpectedToken,
            span,
            "the operator `in` takes a sub-query in brackets",
        )
        .help("among given values the function `in` searches")
        .fix(span, format!("{negation}in({before}, {text})")),
    );
    let mut expr = call("in", needle.span, vec![needle]);
    if let ExprKind::Call(call) = &mut expr.kind {
        call.parameters.extend(values);
    }
    Expr {
        kind: expr.kind,
        span,
    }
}

/// Reads values between brackets of any kind; gives them, the text between the brackets, and the whole place.
fn list<'t>(p: &mut Parser<'t>) -> (Vec<Parameter>, &'t str, Span) {
    p.enter();
    let open = p.open();
    let list = parameters(p, Place::Call);
    let inner = p.slice(Span::new(open.span.end, p.last_end())).trim();
    p.close(open);
    p.leave();
    p.grow();
    (
        list,
        inner.trim_end_matches(',').trim_end(),
        p.span_from(open.span.start),
    )
}

/// Reads an accessor that is neither a number nor a name, and complains: accessors are not evaluated.
pub(super) fn computed_accessor(p: &mut Parser, base: &Expr) {
    let index = expression(p);
    if p.at(TokenKind::BracketClose) && !matches!(index.kind, ExprKind::Error) {
        let span = base.span.to(p.token().span);
        let fix = format!(
            "arrayElement({}, {})",
            p.slice(base.span),
            p.slice(index.span)
        );
        p.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                index.span,
                "an accessor is a number or a name, not an expression",
            )
            .fix(span, fix),
        );
        return;
    }
    if !p.at_outer_end() {
        let diagnostic = p.unexpected("`]`");
        p.report(diagnostic);
    }
    p.skip_command();
}
