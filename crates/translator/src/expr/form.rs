//! Forms: `record(key = value, …)`, `exists(field)`, `getRecordField(record, key)`, `now()`.

use functions::compare::Truth;
use functions::{Function, Typed};
use syntax::dql::ast::{
    Accessor, Call, Expr, ExprKind, FieldName, Parameter, ParameterKind, Value,
};
use syntax::{Code, Diagnostic, Span};

use super::access::step_into;
use super::call::{flatten, too_many};
use super::{Reading, instant, read};
use crate::context::Context;

pub(super) fn form(
    ctx: &mut Context,
    reading: &mut Reading,
    call: &Call,
    function: &Function,
    expr: &Expr,
) -> Option<Typed> {
    if function.name == "record" {
        return record(ctx, reading, call);
    }
    let mut values = Vec::new();
    call.parameters
        .iter()
        .for_each(|parameter| flatten(parameter, &mut values));
    if let Some((_, span)) = values.get(function.parameters.len()) {
        ctx.report(too_many(function.name, function.parameters, *span));
        return None;
    }
    let mut given = values.into_iter();
    match function.name {
        "now" => Some(instant(ctx.options.now)),
        "exists" => {
            let name = field_name(ctx, function, given.next(), expr.span)?;
            let scope = reading.scope;
            let field = scope.get(&name.text).map(|field| field.value.clone());
            let value = field.or_else(|| scope.key(&name.text));
            Some(Typed::boolean_of(match value {
                Some(value) => value.is_not_null(),
                None => datafusion::logical_expr::lit(false),
            }))
        }
        _ => {
            let Some((Value::Expr(base), _)) = given.next() else {
                return missing(ctx, function, 0, expr.span);
            };
            let value = read(ctx, reading, base, Truth::Exact);
            let name = field_name(ctx, function, given.next(), expr.span)?;
            step_into(ctx, value?, &Accessor::Key(name.clone()), expr)
        }
    }
}

/// The name that an argument is.
fn field_name<'a>(
    ctx: &mut Context,
    function: &Function,
    given: Option<(&'a Value, Span)>,
    span: Span,
) -> Option<&'a FieldName> {
    match given {
        Some((
            Value::Expr(Expr {
                kind: ExprKind::Field(name),
                ..
            }),
            _,
        )) => Some(name),
        Some((_, span)) => {
            ctx.report(
                Diagnostic::error(
                    Code::WrongType,
                    span,
                    format!("`{}` takes the name of a field here", function.name),
                )
                .help("names with other characters than letters, digits, `_` and `.` stand in backticks"),
            );
            None
        }
        None => missing(ctx, function, function.parameters.len() - 1, span),
    }
}

fn missing<T>(ctx: &mut Context, function: &Function, place: usize, span: Span) -> Option<T> {
    let parameter = function.parameters.get(place)?;
    ctx.report(Diagnostic::error(
        Code::MissingParameter,
        span,
        format!(
            "`{}` needs its parameter `{}`: {}",
            function.name, parameter.name, parameter.doc
        ),
    ));
    None
}

/// `record([name =] expression, …)`: a member without a name has that of its expression.
fn record(ctx: &mut Context, reading: &mut Reading, call: &Call) -> Option<Typed> {
    let mut members = Vec::new();
    let mut fine = true;
    for parameter in &call.parameters {
        fine &= record_members(ctx, reading, parameter, &mut members).is_some();
    }
    fine.then(|| functions::record(&members))
}

fn record_members(
    ctx: &mut Context,
    reading: &mut Reading,
    parameter: &Parameter,
    members: &mut Vec<(String, Typed)>,
) -> Option<()> {
    match &parameter.kind {
        ParameterKind::Group(inner) => inner
            .iter()
            .try_for_each(|inner| record_members(ctx, reading, inner, members)),
        ParameterKind::Argument(argument) => {
            let Value::Expr(expression) = &argument.value else {
                ctx.report(Diagnostic::error(
                    Code::UnexpectedToken,
                    parameter.span,
                    "a sub-query can't stand here",
                ));
                return None;
            };
            let value = read(ctx, reading, expression, Truth::Exact)?;
            let name = argument
                .name
                .as_ref()
                .map_or_else(|| crate::canonical(expression), |name| name.text.clone());
            members.push((name, value));
            Some(())
        }
        ParameterKind::Named { name, .. } => {
            ctx.report(
                Diagnostic::error(
                    Code::UnknownParameter,
                    name.span,
                    "the members of a record are assigned with `=`",
                )
                .fix(Span::new(name.span.end, name.span.end + 1), " ="),
            );
            None
        }
    }
}
