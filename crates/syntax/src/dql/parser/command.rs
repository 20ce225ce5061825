//! Queries, commands and blocks.

use super::super::ast::{Block, Command, Name, Query};
use super::super::token::TokenKind;
use super::clause;
use super::cursor::Parser;
use super::parameter::{Place, parameters};
use crate::{Code, Diagnostic, Span};

/// `query = command { "|" command } ;`
pub(super) fn query(p: &mut Parser) -> Query {
    let start = p.token().span.start;
    let mut commands = Vec::new();
    let mut pipe: Option<Span> = None;
    loop {
        match p.kind() {
            TokenKind::Pipe => {
                missing_command(p, pipe);
                pipe = Some(p.bump().span);
                continue;
            }
            TokenKind::End => break,
            kind if kind.is_closer() => {
                if p.is_enclosed_by(kind) {
                    break;
                }
                stray_closer(p);
                p.skip_command();
            }
            _ => {
                commands.extend(command(p));
                pipe = None;
            }
        }
        pipe = clause::pipe(p).or(pipe);
    }
    if let Some(pipe) = pipe {
        p.report(
            Diagnostic::error(Code::MissingCommand, pipe, "no command follows this `|`")
                .fix(pipe, ""),
        );
    }
    let span = p.span_from(start);
    Query { commands, span }
}

/// Complains about the pipe that the parser stands at, with no command before it.
fn missing_command(p: &mut Parser, before: Option<Span>) {
    let span = p.token().span;
    let message = match before {
        Some(_) => "there is no command between these two pipes",
        None => "a query does not begin with `|`",
    };
    let mut diagnostic = Diagnostic::error(Code::MissingCommand, span, message).fix(span, "");
    if let Some(before) = before {
        diagnostic = diagnostic.also(before, "the pipe before it");
    }
    p.report(diagnostic);
}

/// Complains about a closing bracket that closes nothing.
fn stray_closer(p: &mut Parser) {
    let token = p.bump();
    let bracket = p.slice(token.span);
    p.report(
        Diagnostic::error(
            Code::UnclosedBracket,
            token.span,
            format!("this `{bracket}` closes nothing"),
        )
        .fix(token.span, ""),
    );
}

/// `command = command_name [ parameter { "," parameter } ] ;`
fn command(p: &mut Parser) -> Option<Command> {
    let first = p.token();
    let name = p.slice(first.span);
    if clause::foreign_query(p) {
        return None;
    }
    if first.kind != TokenKind::Word {
        p.report(Diagnostic::error(
            Code::MissingCommand,
            first.span,
            format!("expected a command, found {}", p.found()),
        ));
        p.bump();
        p.skip_command();
        return None;
    }
    p.bump();
    let name = Name {
        text: p.meant.take().unwrap_or(name).to_string(),
        span: first.span,
    };
    let mut parameters = parameters(p, Place::Command(&name.text));
    clause::ungrouped_by(p, &name.text, &mut parameters);
    let span = p.span_from(first.span.start);
    Some(Command {
        name,
        parameters,
        span,
    })
}

/// `execution_block = "[" [ query ] "]" ;`
pub(super) fn block(p: &mut Parser) -> Block {
    p.enter();
    let open = p.open();
    let query = if p.at(TokenKind::BracketClose) {
        None
    } else {
        Some(query(p))
    };
    p.close(open);
    p.leave();
    p.grow();
    Block {
        query,
        span: p.span_from(open.span.start),
    }
}
