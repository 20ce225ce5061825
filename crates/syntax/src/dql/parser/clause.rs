//! Where a command begins without its pipe, or in another language's manner: `data … filter a`, `|| limit 1`,
//! `fetch logs WHERE a`, `SELECT a FROM b`, `from -2h`.

use super::super::ast::{Expr, ExprKind, Parameter, ParameterKind, Value};
use super::super::token::TokenKind;
use super::cursor::Parser;
use super::parameter::Place;
use crate::{Code, Diagnostic, Span};

/// The commands, in lower case. Whether a word is one decides nothing but where a pipe is thought to be missing.
const COMMANDS: [&str; 30] = [
    "append",
    "data",
    "dedup",
    "describe",
    "expand",
    "fetch",
    "fields",
    "fieldsadd",
    "fieldsflatten",
    "fieldskeep",
    "fieldsremove",
    "fieldsrename",
    "fieldssnapshot",
    "fieldssummary",
    "filter",
    "filterout",
    "join",
    "joinnested",
    "limit",
    "load",
    "lookup",
    "maketimeseries",
    "metrics",
    "parse",
    "search",
    "sort",
    "summarize",
    "timeseries",
    "traverse",
    "smartscapenodes",
];

/// What other languages call commands, and the one that is meant.
const FOREIGN: [(&str, &str); 14] = [
    ("eval", "fieldsAdd"),
    ("extend", "fieldsAdd"),
    ("from", "fetch"),
    ("group", "summarize"),
    ("having", "filter"),
    ("head", "limit"),
    ("order", "sort"),
    ("project", "fields"),
    ("rename", "fieldsRename"),
    ("select", "fields"),
    ("stats", "summarize"),
    ("take", "limit"),
    ("top", "limit"),
    ("where", "filter"),
];

/// The command that `word` is, or that it stands for elsewhere.
fn command(word: &str) -> Option<&str> {
    if COMMANDS
        .iter()
        .any(|command| command.eq_ignore_ascii_case(word))
    {
        return Some(word);
    }
    let foreign = FOREIGN
        .iter()
        .find(|(foreign, _)| foreign.eq_ignore_ascii_case(word));
    foreign.map(|(_, command)| *command)
}

/// Words between or behind operands: in front of one stands a field, not a command. `by` is none, for `order by a`.
const JOINING: [&str; 12] = [
    "and", "or", "xor", "mod", "in", "is", "as", "asc", "desc", "like", "contains", "between",
];

/// Whether the word `ahead` tokens away reads as a command with its first parameter.
fn begins_command(p: &Parser, ahead: usize) -> bool {
    let word = p.ahead(ahead);
    let next = p.ahead(ahead + 1);
    let joins = if p.is_word(next, "not") {
        p.is_word(p.ahead(ahead + 2), "in")
    } else {
        JOINING.iter().any(|joining| p.is_word(next, joining))
    };
    word.kind == TokenKind::Word
        && command(p.slice(word.span)).is_some()
        && !joins
        && (next.kind.begins_value() || next.kind == TokenKind::BraceOpen)
}

/// Whether the parser stands at `||` where a pipe is meant.
pub(super) fn is_double_pipe(p: &Parser) -> bool {
    let token = p.token();
    token.kind == TokenKind::ForeignOperator
        && p.slice(token.span) == "||"
        && p.innermost_closer().is_none()
        && begins_command(p, 1)
}

/// Takes a pipe, or two in one.
pub(super) fn pipe(p: &mut Parser) -> Option<Span> {
    if is_double_pipe(p) {
        let span = p.token().span;
        p.report(
            Diagnostic::error(Code::ForeignOperator, span, "one `|` joins two commands")
                .fix(span, "|"),
        );
        return Some(p.bump().span);
    }
    p.eat(TokenKind::Pipe).map(|token| token.span)
}

/// Complains where a command begins without its pipe at the word that the parser stands at. Gives whether that is so.
pub(super) fn missing_pipe(p: &mut Parser) -> bool {
    let token = p.token();
    let text = p.slice(token.span);
    if token.kind != TokenKind::Word || !(p.at_line_start() || begins_command(p, 0)) {
        return false;
    }
    // `GROUP BY` belongs to the command before it.
    if p.at_word("group") && p.is_word(p.ahead(1), "by") {
        return false;
    }
    let meant = command(text).unwrap_or(text);
    p.meant = Some(meant);
    p.report(
        Diagnostic::error(
            Code::UnexpectedToken,
            token.span,
            format!("a `|` is missing before `{text}`"),
        )
        .help("commands are joined by `|`; values of one command by `,`")
        .fix(token.span, format!("| {meant}")),
    );
    true
}

/// Complains about a query in SQL or in a search engine's language, and passes over it. Gives whether it was one.
pub(super) fn foreign_query(p: &mut Parser) -> bool {
    let first = p.token();
    if p.at_word("select") && p.at_start() {
        p.report(
            Diagnostic::error(Code::MissingCommand, first.span, "this is SQL, not DQL").help(
                "a DQL query is a chain of commands: `fetch logs | filter a == 1 | summarize n = count(), by: {b} | sort n desc | limit 10`",
            ),
        );
        p.bump();
        p.skip_command();
        return true;
    }
    let next = p.ahead(1).kind;
    if p.at_start()
        && matches!(
            next,
            TokenKind::Assign | TokenKind::Equal | TokenKind::NotEqual
        )
    {
        let text = p.slice(first.span);
        p.report(
            Diagnostic::error(
                Code::MissingCommand,
                first.span,
                format!("expected a command, and `{text}` begins a condition"),
            )
            .help(format!(
                "conditions stand behind `filter`: `fetch logs | filter {text} == …`"
            )),
        );
        p.bump();
        p.skip_command();
        return true;
    }
    false
}

/// Whether the parser stands at `from` or `to` of `fetch` with a value and no colon.
pub(super) fn lacks_colon(p: &Parser, place: Place) -> bool {
    let of_fetch =
        matches!(place, Place::Command(command) if command.eq_ignore_ascii_case("fetch"));
    let next = p.ahead(1).kind;
    of_fetch
        && (p.at_word("from") || p.at_word("to"))
        && (next.begins_value() || next == TokenKind::Minus || next == TokenKind::At)
}

/// `count(*)`: complains about the `*` that the parser stands at, if nothing else stands in the parentheses.
pub(super) fn star(p: &mut Parser, function: &str) {
    if !p.at(TokenKind::Star) || p.ahead(1).kind != TokenKind::ParenClose {
        return;
    }
    let star = p.bump().span;
    let diagnostic = Diagnostic::error(
        Code::UnexpectedToken,
        star,
        "`*` does not stand for all fields",
    );
    p.report(if function.eq_ignore_ascii_case("count") {
        diagnostic.help("`count()` counts records").fix(star, "")
    } else {
        diagnostic
    });
}

/// Deals with `by: a, b`: `by` takes one value or one group, so that what follows would be an aggregation. What calls
/// no function can be none, and is taken for more of `by`.
pub(super) fn ungrouped_by(p: &mut Parser, command: &str, list: &mut Vec<Parameter>) {
    if !["summarize", "makeTimeseries", "timeseries"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(command))
    {
        return;
    }
    let is_by = |parameter: &Parameter| match &parameter.kind {
        ParameterKind::Named { name, value } => {
            name.text.eq_ignore_ascii_case("by") && !matches!(value.kind, ParameterKind::Group(_))
        }
        _ => false,
    };
    let Some(at) = list.iter().position(is_by) else {
        return;
    };
    let more = list[at + 1..]
        .iter()
        .take_while(|next| calls_nothing(next))
        .count();
    if more == 0 {
        return;
    }
    let rest: Vec<Parameter> = list.drain(at + 1..at + 1 + more).collect();
    let Some(ParameterKind::Named { value, .. }) = list.get_mut(at).map(|by| &mut by.kind) else {
        return;
    };
    let whole = rest
        .iter()
        .fold(value.span, |span, next| span.to(next.span));
    let wrong = rest
        .iter()
        .skip(1)
        .fold(rest[0].span, |span, next| span.to(next.span));
    let text = p.slice(wrong);
    p.report(
        Diagnostic::error(
            Code::NotAnAggregation,
            wrong,
            format!(
                "`{text}` is taken for an aggregation: `by:` takes one value, or several in braces"
            ),
        )
        .also(value.span, "this alone belongs to `by:`")
        .fix(whole, format!("{{{}}}", p.slice(whole))),
    );
    let first = std::mem::replace(
        &mut **value,
        Parameter {
            kind: ParameterKind::Group(Vec::new()),
            span: whole,
        },
    );
    if let ParameterKind::Group(values) = &mut value.kind {
        values.push(first);
        values.extend(rest);
    }
}

/// Whether a parameter is a field, or something reached from one.
fn calls_nothing(parameter: &Parameter) -> bool {
    let ParameterKind::Argument(argument) = &parameter.kind else {
        return false;
    };
    let Value::Expr(value) = &argument.value else {
        return false;
    };
    let mut expr: &Expr = value;
    while let ExprKind::Access { base, .. } = &expr.kind {
        expr = base;
    }
    matches!(expr.kind, ExprKind::Field(_))
}
