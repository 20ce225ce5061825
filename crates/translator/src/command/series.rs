//! The elements of `makeTimeseries`: an aggregation with the options of its series, or `start()` and `end()`.

use datafusion::logical_expr::{Expr as PlanExpr, cast, lit};
use functions::{Type, Typed};
use syntax::dql::ast::{Call, Command, Expr, ExprKind, Parameter, ParameterKind, Value};
use syntax::{Code, Diagnostic, Span};

use super::summarize::aggregated;
use crate::arguments::Element;
use crate::constant::{self, Constant};
use crate::context::Context;
use crate::expr::Found;
use crate::scope::Scope;

/// The options that a series takes beside the parameters of its aggregation.
const OPTIONS: [&str; 3] = ["default", "rate", "scalar"];

/// One field of the result.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// What a field of the result holds.
pub(super) enum Kind {
    /// An array of the values of an aggregation.
    Values {
        /// The value of a group and bucket, a double.
        value: PlanExpr,
        options: Options,
    },
    /// The starts of the buckets.
    Starts,
    /// The ends of the buckets.
    Ends,
}

/// How the values of an aggregation become a series.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    /// What stands for no value.
    pub(super) default: Option<f64>,
    /// The nanoseconds that values are given for, instead of those of their bucket.
    pub(super) rate: Option<i64>,
    /// Whether the whole timeframe is one bucket, and its value stands for the series.
    pub(super) scalar: bool,
}

impl Series {
    /// Whether its value is that of the whole timeframe.
    pub(super) fn is_scalar(&self) -> bool {
        matches!(&self.kind, Kind::Values { options, .. } if options.scalar)
    }
}

/// The command with options that stand behind an aggregation put into its call, which they belong to.
pub(super) fn with_options_in_place(command: &Command) -> Command {
    Command {
        parameters: in_place(&command.parameters),
        ..command.clone()
    }
}

fn in_place(parameters: &[Parameter]) -> Vec<Parameter> {
    let mut placed: Vec<Parameter> = Vec::new();
    for parameter in parameters {
        let mut parameter = parameter.clone();
        if let ParameterKind::Group(inner) = &mut parameter.kind {
            *inner = in_place(inner);
        }
        let call = match &parameter.kind {
            ParameterKind::Named { name, .. } if is_option(&name.text) => last_call(&mut placed),
            _ => None,
        };
        match call {
            Some(call) => call.parameters.push(parameter),
            None => placed.push(parameter),
        }
    }
    placed
}

fn is_option(name: &str) -> bool {
    OPTIONS
        .iter()
        .any(|option| option.eq_ignore_ascii_case(name))
}

/// The call that the last positional value is.
fn last_call(parameters: &mut [Parameter]) -> Option<&mut Call> {
    let last = parameters
        .iter_mut()
        .rev()
        .find(|parameter| !matches!(parameter.kind, ParameterKind::Named { .. }))?;
    match &mut last.kind {
        ParameterKind::Argument(argument) => match &mut argument.value {
            Value::Expr(Expr {
                kind: ExprKind::Call(call),
                ..
            }) => Some(call),
            _ => None,
        },
        ParameterKind::Group(inner) => last_call(inner),
        ParameterKind::Named { .. } => None,
    }
}

/// The series of one element. With `spread` only records can be counted.
pub(super) fn one(
    ctx: &mut Context,
    input: &Scope,
    groups: &Scope,
    found: &mut Found,
    element: &Element<'_>,
    spread: bool,
) -> Option<Series> {
    let expression = element.expr(ctx)?;
    let ExprKind::Call(call) = &expression.kind else {
        ctx.report(Diagnostic::error(
            Code::NotAnAggregation,
            element.span,
            "an aggregation such as count() was expected here",
        ));
        return None;
    };
    let name = call.name.text.as_str();
    for (border, kind) in [("start", Kind::Starts), ("end", Kind::Ends)] {
        if name.eq_ignore_ascii_case(border) {
            return borders(ctx, call, element, border, kind);
        }
    }
    if let Some(aggregate) = functions::find_aggregate(name) {
        let message = if !aggregate.series {
            Some(format!(
                "no time series can be made of `{}`",
                aggregate.name
            ))
        } else if spread && !["count", "countIf"].contains(&aggregate.name) {
            let name = aggregate.name;
            Some(format!(
                "records with a `spread` are counted, and `{name}` does not count"
            ))
        } else {
            None
        };
        if let Some(message) = message {
            ctx.report(
                Diagnostic::error(Code::NotAnAggregation, element.span, message)
                    .help(format!("these can be made: {}", allowed(spread))),
            );
            return None;
        }
    }
    let (plain, options) = without_options(ctx, call, expression.span)?;
    let plain = Value::Expr(plain);
    let inner = Element {
        value: &plain,
        ..element.clone()
    };
    let value = aggregated(ctx, input, groups, found, &inner)?;
    let Some(value) = number(&value) else {
        ctx.report(Diagnostic::error(
            Code::WrongType,
            element.span,
            format!(
                "a time series holds numbers, and this is {}",
                value.ty().article()
            ),
        ));
        return None;
    };
    Some(Series {
        name: inner.result_name(),
        kind: Kind::Values { value, options },
        span: element.span,
    })
}

/// The aggregations that a series can be made of.
fn allowed(spread: bool) -> String {
    if spread {
        return "`count`, `countIf`".to_owned();
    }
    let names = functions::aggregates()
        .filter(|aggregate| aggregate.series)
        .map(|aggregate| format!("`{}`", aggregate.name));
    names.collect::<Vec<_>>().join(", ")
}

/// `start()` or `end()`, which take nothing.
fn borders(
    ctx: &mut Context,
    call: &Call,
    element: &Element<'_>,
    name: &str,
    kind: Kind,
) -> Option<Series> {
    if let Some(parameter) = call.parameters.first() {
        ctx.report(Diagnostic::error(
            Code::TooManyParameters,
            parameter.span,
            format!("`{name}` takes no parameters"),
        ));
        return None;
    }
    Some(Series {
        name: element.result_name(),
        kind,
        span: element.span,
    })
}

/// The value as a double, durations in nanoseconds; `None` where it is never a number.
fn number(value: &Typed) -> Option<PlanExpr> {
    let nanos = |duration| cast(cast(duration, Type::Long.arrow()), Type::Double.arrow());
    match value.ty() {
        Type::Duration => Some(nanos(value.expr())),
        Type::Dynamic => match (value.double(), value.duration()) {
            (Some(number), Some(duration)) => {
                Some(functions::first_present(vec![number, nanos(duration)]))
            }
            (number, _) => number,
        },
        _ => value.double(),
    }
}

/// The call without the options of a series, and these.
fn without_options(ctx: &mut Context, call: &Call, span: Span) -> Option<(Expr, Options)> {
    let mut plain: Vec<Parameter> = Vec::new();
    let mut options = Options::default();
    let mut given: Vec<&'static str> = Vec::new();
    let mut fine = true;
    for parameter in &call.parameters {
        let option = match &parameter.kind {
            ParameterKind::Named { name, value } => OPTIONS
                .iter()
                .find(|option| option.eq_ignore_ascii_case(&name.text))
                .map(|option| (*option, value)),
            _ => None,
        };
        let Some((option, value)) = option else {
            plain.push(parameter.clone());
            continue;
        };
        if given.contains(&option) {
            ctx.report(Diagnostic::error(
                Code::DuplicateParameter,
                parameter.span,
                format!("`{option}` is given twice"),
            ));
            fine = false;
        }
        given.push(option);
        fine &= set(ctx, &mut options, option, value).is_some();
    }
    let call = Call {
        name: call.name.clone(),
        parameters: plain,
    };
    let plain = Expr {
        kind: ExprKind::Call(call),
        span,
    };
    fine.then_some((plain, options))
}

fn set(
    ctx: &mut Context,
    options: &mut Options,
    name: &'static str,
    parameter: &Parameter,
) -> Option<()> {
    let value = match &parameter.kind {
        ParameterKind::Argument(argument) => match &argument.value {
            Value::Expr(expression) => constant::constant(ctx, expression)?,
            Value::Block(_) => Constant::Null,
        },
        _ => Constant::Null,
    };
    let wanted = match (name, value) {
        ("default", Constant::Long(long)) => {
            options.default = Some(long as f64);
            return Some(());
        }
        ("default", Constant::Double(double)) => {
            options.default = Some(double);
            return Some(());
        }
        ("rate", Constant::Duration(duration)) => {
            let nanos = constant::fixed(duration).filter(|nanos| *nanos > 0);
            if nanos.is_none() {
                ctx.report(Diagnostic::error(
                    Code::OutOfRange,
                    parameter.span,
                    "`rate` has to be greater than 0, and no longer than days",
                ));
            }
            options.rate = Some(nanos?);
            return Some(());
        }
        ("scalar", Constant::Boolean(scalar)) => {
            options.scalar = scalar;
            return Some(());
        }
        ("default", _) => "a number",
        ("rate", _) => "a duration, such as 1s",
        _ => "`true` or `false`",
    };
    ctx.report(Diagnostic::error(
        Code::WrongType,
        parameter.span,
        format!("`{name}` has to be {wanted}"),
    ));
    None
}

/// `value`, given for `rate` nanoseconds instead of `length`.
pub(super) fn rated(value: PlanExpr, rate: Option<i64>, length: i64) -> PlanExpr {
    match rate {
        Some(rate) => value * lit(rate as f64) / lit(length as f64),
        None => value,
    }
}
