//! Calls of functions.

use functions::compare::Truth;
use functions::iterative::{Iterative, nothing};
use functions::parameter::{Argument, Arguments, Constancy, Parameter};
use functions::{Aggregate, Body, Function, Typed};
use syntax::dql::ast::{self, Call, Expr, ParameterKind, Value};
use syntax::dql::write_name;
use syntax::{Code, Diagnostic, Span};

use super::{Reading, form, iterate, read};
use crate::arguments::unknown_parameter;
use crate::context::Context;

/// Whether an expression calls an aggregate at its root.
pub(crate) fn is_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ast::ExprKind::Call(call) => functions::find_aggregate(&call.name.text).is_some(),
        _ => false,
    }
}

pub(super) fn call(
    ctx: &mut Context,
    reading: &mut Reading,
    call: &Call,
    expr: &Expr,
    truth: Truth,
) -> Option<Typed> {
    let name = call.name.text.as_str();
    if super::subquery::is_lookup(name) {
        return super::subquery::value(ctx, expr.span, truth);
    }
    if let Some(aggregate) = functions::find_aggregate(name) {
        return aggregation(ctx, reading, call, aggregate, expr);
    }
    let Some(function) = functions::find(name) else {
        ctx.report(unknown(call));
        return None;
    };
    match function.body {
        Body::Form => form::form(ctx, reading, call, function, expr),
        Body::Iterative(Iterative::Index) if call.parameters.is_empty() => {
            iterate::index(ctx, expr.span)
        }
        Body::Iterative(_) => iterate::over(ctx, reading, call, function, expr.span),
        _ => scalar(ctx, reading, call, function, expr.span, truth),
    }
}

fn scalar(
    ctx: &mut Context,
    reading: &mut Reading,
    call: &Call,
    function: &Function,
    span: Span,
    truth: Truth,
) -> Option<Typed> {
    let deprecated = functions::names::DEPRECATED;
    if let Some((name, instead)) = deprecated.iter().find(|(name, _)| *name == function.name) {
        let message = format!("`{name}` is deprecated");
        let diagnostic = Diagnostic::warning(Code::Deprecated, call.name.span, message);
        ctx.report(diagnostic.help(*instead));
    }
    let arguments = bind(ctx, reading, call, function.name, function.parameters, span)?;
    let built = function.call(&arguments, truth);
    ctx.check(built)
}

fn aggregation(
    ctx: &mut Context,
    reading: &mut Reading,
    call: &Call,
    aggregate: &Aggregate,
    expr: &Expr,
) -> Option<Typed> {
    let Some(aggregations) = &mut reading.aggregations else {
        let text = crate::canonical(expr);
        let diagnostic = Diagnostic::error(
            Code::MisplacedAggregation,
            expr.span,
            format!("`{text}` is an aggregation, and none may stand here"),
        );
        ctx.report(match reading.scope.get(&text) {
            Some(_) => diagnostic
                .help("the field of that name is written in backticks")
                .fix(expr.span, write_name(&text)),
            None => diagnostic.help("aggregate with `summarize` first, and use its field here"),
        });
        return None;
    };
    let mut inner = Reading {
        scope: aggregations.input,
        aggregations: None,
    };
    let (name, span) = (aggregate.name, expr.span);
    let (arguments, scope) = iterate::within(ctx, |ctx| {
        bind(ctx, &mut inner, call, name, aggregate.parameters, span)
    });
    let aggregation = if scope.iterates() {
        iterate::aggregation(ctx, aggregate, arguments?, scope)?
    } else if scope.indexed() {
        ctx.report(nothing("iIndex", span));
        return None;
    } else {
        let mut arguments = arguments?;
        if aggregate.ordered {
            arguments.place = Some(aggregations.found.place(ctx));
        }
        let built = (aggregate.build)(&arguments);
        ctx.check(built)?
    };
    Some(aggregations.found.add(ctx, aggregation))
}

/// The complaint about a function that there is not, or not yet.
fn unknown(call: &Call) -> Diagnostic {
    let name = &call.name;
    if functions::names::NAMES
        .iter()
        .any(|known| known.eq_ignore_ascii_case(&name.text))
    {
        let same = |known: &str| known.eq_ignore_ascii_case(&name.text);
        if let Some(known) = functions::names::TOPOLOGY.iter().find(|known| same(known)) {
            return Diagnostic::error(
                Code::NeedsDynatrace,
                name.span,
                format!("`{known}` asks Dynatrace's own topology, which a lake does not have"),
            );
        }
        let unpublished = functions::names::UNPUBLISHED;
        if let Some((known, instead)) = unpublished.iter().find(|(known, _)| same(known)) {
            return Diagnostic::error(
                Code::UnsupportedFunction,
                name.span,
                format!("how `{known}` computes is not published, and it is not supported"),
            )
            .help(*instead);
        }
        return Diagnostic::error(
            Code::UnsupportedFunction,
            name.span,
            format!("the function `{}` is not supported yet", name.text),
        );
    }
    let diagnostic = Diagnostic::error(
        Code::UnknownFunction,
        name.span,
        format!("there is no function `{}`", name.text),
    );
    if let Some(help) = super::habit::otherwise(&name.text) {
        return diagnostic.help(help);
    }
    match super::habit::meant(&name.text) {
        Some(meant) => diagnostic
            .label(format!("did you mean `{meant}`?"))
            .fix(name.span, meant),
        None => diagnostic.suggest(&name.text, functions::names::NAMES.iter().copied()),
    }
}

/// What was given, by parameter: names in any order, then positions, a variadic parameter taking the rest. Types are
/// checked where they are known.
pub(super) fn bind(
    ctx: &mut Context,
    reading: &mut Reading,
    call: &Call,
    function: &str,
    parameters: &'static [Parameter],
    span: Span,
) -> Option<Arguments> {
    let zone = functions::zone::name(&ctx.options.timezone);
    let mut arguments = Arguments::new(span, zone, ctx.options.now);
    let mut values: Vec<(&'static Parameter, Vec<(&Value, Span)>)> = Vec::new();
    let mut positional = Vec::new();
    let mut fine = true;
    for parameter in &call.parameters {
        match &parameter.kind {
            ParameterKind::Named { name, value } => {
                let Some(known) = parameters.iter().find(|known| answers(known, &name.text)) else {
                    let names = parameters.iter().map(|parameter| parameter.name);
                    ctx.report(unknown_parameter(function, name, names));
                    fine = false;
                    continue;
                };
                if values.iter().any(|(given, _)| given.name == known.name) {
                    ctx.report(Diagnostic::error(
                        Code::DuplicateParameter,
                        name.span,
                        format!("`{}` is given twice", known.name),
                    ));
                    fine = false;
                    continue;
                }
                let mut flat = Vec::new();
                flatten(value, &mut flat);
                values.push((known, flat));
            }
            _ => flatten(parameter, &mut positional),
        }
    }
    let mut open = parameters
        .iter()
        .filter(|known| known.required || known.variadic)
        .filter(|known| !values.iter().any(|(given, _)| given.name == known.name))
        .collect::<Vec<_>>()
        .into_iter();
    let mut rest = positional.into_iter();
    while let Some(value) = rest.next() {
        match open.next() {
            Some(parameter) if parameter.variadic => {
                let all = std::iter::once(value).chain(rest.by_ref()).collect();
                values.push((parameter, all));
            }
            Some(parameter) => values.push((parameter, vec![value])),
            None => {
                ctx.report(too_many(function, parameters, value.1));
                return None;
            }
        }
    }
    for parameter in open.filter(|parameter| parameter.required) {
        ctx.report(Diagnostic::error(
            Code::MissingParameter,
            call.name.span,
            format!(
                "`{function}` needs its parameter `{}`: {}",
                parameter.name, parameter.doc
            ),
        ));
        fine = false;
    }
    for (parameter, given) in values {
        for (value, span) in given {
            match argument(ctx, reading, function, parameter, value, span) {
                Some(argument) => arguments.push(parameter.name, argument),
                None => fine = false,
            }
        }
    }
    fine.then_some(arguments)
}

fn answers(parameter: &Parameter, name: &str) -> bool {
    parameter.name.eq_ignore_ascii_case(name)
        || parameter
            .alias
            .is_some_and(|alias| alias.eq_ignore_ascii_case(name))
}

pub(super) fn flatten<'a>(parameter: &'a ast::Parameter, values: &mut Vec<(&'a Value, Span)>) {
    match &parameter.kind {
        ParameterKind::Argument(argument) => values.push((&argument.value, parameter.span)),
        ParameterKind::Group(inner) => inner.iter().for_each(|inner| flatten(inner, values)),
        ParameterKind::Named { value, .. } => flatten(value, values),
    }
}

pub(super) fn too_many(function: &str, parameters: &[Parameter], span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::TooManyParameters,
        span,
        format!("`{function}` takes no more values by position"),
    );
    let optional: Vec<String> = parameters
        .iter()
        .filter(|parameter| !parameter.required)
        .map(|parameter| format!("`{}:`", parameter.name))
        .collect();
    if optional.is_empty() {
        diagnostic
    } else {
        diagnostic.help(format!("options have to be named: {}", optional.join(", ")))
    }
}

/// One value, with its type checked.
fn argument(
    ctx: &mut Context,
    reading: &mut Reading,
    function: &str,
    parameter: &Parameter,
    value: &Value,
    span: Span,
) -> Option<Argument> {
    let expr = match value {
        Value::Expr(expr) => expr,
        Value::Block(block) => {
            ctx.report(Diagnostic::error(
                Code::UnexpectedToken,
                block.span,
                format!("`{function}` takes no sub-query"),
            ));
            return None;
        }
    };
    let value = read(ctx, reading, expr, Truth::Exact)?;
    let ty = value.ty();
    if !parameter.accepts.takes(&ty) {
        let (wanted, found) = (parameter.accepts.article(), ty.article());
        if super::is_variant(expr, &value) {
            ctx.report(Diagnostic::warning(
                Code::NeverTrue,
                span,
                format!(
                    "`{}` of `{function}` has to be {wanted}, and this is {found} in every event",
                    parameter.name
                ),
            ));
            return Some(Argument { value, span });
        }
        ctx.report(Diagnostic::error(
            Code::WrongType,
            span,
            format!(
                "`{}` of `{function}` has to be {wanted}, and this is {found}",
                parameter.name
            ),
        ));
        return None;
    }
    constancy(ctx, function, parameter, expr, &value)?;
    Some(Argument { value, span })
}

/// Checks what a parameter's value may depend on, and its bounds.
fn constancy(
    ctx: &mut Context,
    function: &str,
    parameter: &Parameter,
    expr: &Expr,
    value: &Typed,
) -> Option<()> {
    if parameter.constancy == Constancy::Any {
        return Some(());
    }
    if parameter.constancy == Constancy::Pattern {
        return crate::pattern::compile(ctx, expr).map(|_| ());
    }
    let what = format!("`{}` of `{function}`", parameter.name);
    let literal = match &expr.kind {
        ast::ExprKind::Literal(_) => true,
        ast::ExprKind::Unary { operand, .. } => {
            matches!(operand.kind, ast::ExprKind::Literal(_))
        }
        _ => false,
    };
    let fixed = value.fixed();
    if parameter.constancy == Constancy::Literal && !literal {
        ctx.report(
            Diagnostic::error(
                Code::NotConstant,
                expr.span,
                format!(
                    "{what} has to be written as it is: {}",
                    parameter.accepts.article()
                ),
            )
            .help("fields and computed values can't stand here"),
        );
        return None;
    }
    let Some(fixed) = fixed else {
        ctx.report(
            Diagnostic::error(
                Code::NotConstant,
                expr.span,
                format!("{what} has to be the same for all records"),
            )
            .help("fields can't stand here"),
        );
        return None;
    };
    if let (Some((least, greatest)), Some(number)) = (parameter.range, fixed.as_number())
        && !(least as f64..=greatest as f64).contains(&number)
    {
        let message = match greatest {
            i64::MAX => format!("{what} has to be {least} or more"),
            _ => format!("{what} has to be between {least} and {greatest}"),
        };
        ctx.report(Diagnostic::error(Code::OutOfRange, expr.span, message));
        return None;
    }
    if let (Some(check), Some(text)) = (parameter.check, fixed.as_str())
        && let Err(message) = check(text)
    {
        ctx.report(Diagnostic::error(Code::OutOfRange, expr.span, message));
        return None;
    }
    Some(())
}
