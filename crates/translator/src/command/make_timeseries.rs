//! `makeTimeseries [name =] aggregation, …, by: {…}, interval: | bins:, from:, to:, timeframe:, time:`: arrays with one
//! value a bucket of time.
//!
//! Two aggregations: one value a group and bucket, then one array a group. The buckets' rules are in `interval.rs`.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlanBuilder, cast, lit};
use functions::compare::{Compare, Truth, with_instant};
use functions::{Precision, Type, Typed};
use syntax::dql::ast::{Call, Command, Expr, ExprKind, Parameter, ParameterKind, Value};
use syntax::{Code, Diagnostic, Span};

use super::interval::{self, Buckets, Wanted};
use super::summarize::{aggregated, groups};
use crate::arguments::{Element, Given, Takes};
use crate::constant::{self, Constant};
use crate::context::{Context, Stage};
use crate::expr::{self, Found};
use crate::scope::Scope;

pub(super) fn make_timeseries(ctx: &mut Context, stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["by", "interval", "bins", "from", "to", "timeframe", "time"],
        unsupported: &["spread", "nonempty", "default", "rate", "scalar"],
    };
    let given = super::given(ctx, command, &takes);
    let time = time(ctx, &stage.scope, &given, command);
    let buckets = buckets(ctx, &stage, &given, command);
    let mut found = Found::default();
    let groups = groups(ctx, &stage.scope, &mut found, &given);
    let (time, groups) = (time?, groups?);
    if !super::some(ctx, command, &given, "an aggregation, such as count()") {
        return None;
    }

    let mut series = Vec::new();
    let mut fine = true;
    for element in &given.positional {
        match one(ctx, &stage.scope, &groups.scope, &mut found, element) {
            Some(one) => series.push(one),
            None => fine = false,
        }
    }
    if !fine {
        return None;
    }
    let buckets = buckets?;

    // One row a group and bucket.
    let bucket = ctx.fresh();
    let mut keys = groups.keys;
    let names: Vec<String> = keys
        .iter()
        .map(|key| key.schema_name().to_string())
        .collect();
    keys.push(time.bucket(buckets).alias(&bucket));
    let built = super::builder(stage.plan)
        .filter(time.within(buckets))
        .and_then(|plan| plan.aggregate(keys, found.exprs));
    let plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;

    // One row a group, in which a bucket's place is its own.
    let mut arrays = Vec::new();
    let mut scope = Scope::closed();
    let borders = |nanos: i64| Box::new(expr::instant(nanos).expr());
    scope.set(
        "timeframe",
        Typed::Timeframe {
            start: borders(buckets.start),
            end: borders(buckets.end()),
        },
    );
    let length = ScalarValue::DurationNanosecond(Some(buckets.interval));
    scope.set(
        "interval",
        Typed::known(PlanExpr::Literal(length, None), Type::Duration),
    );
    for field in groups.scope.fields() {
        super::set(
            ctx,
            &mut scope,
            &field.name,
            field.value.clone(),
            command.span,
        );
    }
    for Series {
        name,
        value,
        default,
        span,
    } in series
    {
        let column = ctx.fresh();
        let array = functions::series(crate::column(&bucket), value, buckets.count, default);
        arrays.push(array.alias(&column));
        let ty = Type::Array(Box::new(Type::Double));
        super::set(
            ctx,
            &mut scope,
            &name,
            Typed::known(crate::column(&column), ty),
            span,
        );
    }
    let keys: Vec<PlanExpr> = names.iter().map(|name| crate::column(name)).collect();
    let built = if keys.is_empty() {
        // Without groups an aggregation has a row even for no record at all, and a series has none.
        let counted = ctx.fresh();
        arrays.push(datafusion::functions_aggregate::expr_fn::count(lit(1i64)).alias(&counted));
        super::builder(plan)
            .aggregate(keys, arrays)
            .and_then(|plan| plan.filter(crate::column(&counted).gt(lit(0i64))))
    } else {
        super::builder(plan).aggregate(keys, arrays)
    };
    let plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    let shown_by = groups.scope.names().map(str::to_owned).collect();
    Some(Stage {
        plan,
        scope,
        timeframe: stage.timeframe,
        shown_by,
    })
}

/// The time of a record, as the plan has it.
struct Time {
    expr: PlanExpr,
    precision: Precision,
}

impl Time {
    /// Whether a record lies in the buckets.
    fn within(&self, buckets: Buckets) -> PlanExpr {
        let (from, to) = (buckets.start, buckets.end());
        match self.precision {
            Precision::Micro => with_instant(Compare::GreaterOrEqual, &self.expr, from)
                .and(with_instant(Compare::Less, &self.expr, to)),
            Precision::Nano => {
                let instant = |nanos| expr::instant(nanos).expr();
                self.expr
                    .clone()
                    .gt_eq(instant(from))
                    .and(self.expr.clone().lt(instant(to)))
            }
        }
    }

    /// The bucket of a record that lies in one, from 0. Borders are whole minutes, so microseconds lose nothing.
    fn bucket(&self, buckets: Buckets) -> PlanExpr {
        let unit = match self.precision {
            Precision::Micro => 1_000,
            Precision::Nano => 1,
        };
        let time = cast(self.expr.clone(), Type::Long.arrow());
        (time - lit(buckets.start / unit)) / lit(buckets.interval / unit)
    }
}

/// `time:`, or the field `timestamp`, or else `start_time`.
fn time(ctx: &mut Context, scope: &Scope, given: &Given<'_>, command: &Command) -> Option<Time> {
    let (value, span) = match given.one(ctx, "time") {
        Some((expression, span)) => (expr::value(ctx, scope, expression, Truth::Exact)?, span),
        None => {
            let field = scope.get("timestamp").or_else(|| scope.get("start_time"));
            let Some(field) = field else {
                ctx.report(
                    Diagnostic::error(
                        Code::UnknownTimeField,
                        command.name.span,
                        "there is neither a field `timestamp` nor `start_time` to make a time series by",
                    )
                    .help("name the time with `time:`"),
                );
                return None;
            };
            (field.value.clone(), command.name.span)
        }
    };
    if let Typed::Known {
        expr,
        ty: Type::Timestamp(precision),
    } = value
    {
        return Some(Time { expr, precision });
    }
    ctx.report(Diagnostic::error(
        Code::WrongType,
        span,
        format!(
            "the time of a record has to be a timestamp, and this is {}",
            value.ty().article()
        ),
    ));
    None
}

/// The buckets that were asked for.
fn buckets(
    ctx: &mut Context,
    stage: &Stage,
    given: &Given<'_>,
    command: &Command,
) -> Option<Buckets> {
    let mut ends = [stage.timeframe.from, stage.timeframe.to];
    if let Some((expression, _)) = given.one(ctx, "timeframe") {
        let (from, to) = constant::timeframe(ctx, expression)?;
        ends = [Some(from), Some(to)];
    }
    for (end, name) in ends.iter_mut().zip(["from", "to"]) {
        if let Some((expression, _)) = given.one(ctx, name) {
            *end = Some(constant::instant(ctx, expression)?);
        }
    }
    let wanted = match (given.one(ctx, "interval"), given.one(ctx, "bins")) {
        (Some(_), Some((_, span))) => {
            ctx.report(Diagnostic::error(
                Code::DuplicateParameter,
                span,
                "`interval` and `bins` exclude each other",
            ));
            return None;
        }
        (Some((expression, span)), None) => {
            let nanos = constant::duration(ctx, expression)?;
            positive(ctx, nanos, span).map(Wanted::Interval)?
        }
        (None, Some((expression, span))) => match constant::constant(ctx, expression)? {
            Constant::Long(bins) => positive(ctx, bins, span).map(Wanted::Bins)?,
            _ => {
                ctx.report(Diagnostic::error(
                    Code::WrongType,
                    span,
                    "`bins` has to be a long",
                ));
                return None;
            }
        },
        (None, None) => Wanted::Bins(interval::BINS),
    };
    // An input that knows no timeframe is looked at over the last two hours.
    let to = ends[1].unwrap_or(ctx.options.now);
    let from = ends[0].unwrap_or(to.saturating_sub(7_200_000_000_000));
    let buckets = interval::buckets(from, to, wanted, &ctx.options.timezone);
    if buckets.is_none() {
        ctx.report(Diagnostic::error(
            Code::InvalidTimeframe,
            command.span,
            "the timeframe of the series is empty or too long",
        ));
    }
    buckets
}

fn positive(ctx: &mut Context, value: i64, span: Span) -> Option<i64> {
    if value <= 0 {
        ctx.report(Diagnostic::error(
            Code::OutOfRange,
            span,
            "this has to be greater than 0",
        ));
    }
    (value > 0).then_some(value)
}

/// One array of the result.
struct Series {
    name: String,
    /// The value of a group and bucket, a double.
    value: PlanExpr,
    default: Option<f64>,
    span: Span,
}

fn one(
    ctx: &mut Context,
    input: &Scope,
    groups: &Scope,
    found: &mut Found,
    element: &Element<'_>,
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
    if let Some(aggregate) = functions::find_aggregate(&call.name.text)
        && !aggregate.series
    {
        ctx.report(Diagnostic::error(
            Code::NotAnAggregation,
            element.span,
            format!("no time series can be made of `{}`", aggregate.name),
        ));
        return None;
    }
    let (plain, default) = without_options(ctx, call, expression.span)?;
    let plain = Value::Expr(plain);
    let inner = Element {
        name: element.name.clone(),
        value: &plain,
        ..element.clone()
    };
    let value = aggregated(ctx, input, groups, found, &inner)?;
    let double = match value.ty() {
        Type::Duration => Some(cast(
            cast(value.expr(), Type::Long.arrow()),
            Type::Double.arrow(),
        )),
        _ => value.double(),
    };
    let Some(double) = double else {
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
        value: double,
        default,
        span: element.span,
    })
}

/// The call without the options of a series, and the value of `default:`.
fn without_options(ctx: &mut Context, call: &Call, span: Span) -> Option<(Expr, Option<f64>)> {
    let mut plain: Vec<Parameter> = Vec::new();
    let mut default = None;
    for parameter in &call.parameters {
        let ParameterKind::Named { name, value } = &parameter.kind else {
            plain.push(parameter.clone());
            continue;
        };
        match name.text.to_ascii_lowercase().as_str() {
            "default" => default = Some(number(ctx, value)?),
            "rate" | "scalar" => {
                ctx.report(Diagnostic::error(
                    Code::UnsupportedParameter,
                    parameter.span,
                    format!(
                        "the option `{}` of a time series is not supported yet",
                        name.text
                    ),
                ));
                return None;
            }
            _ => plain.push(parameter.clone()),
        }
    }
    let call = Call {
        name: call.name.clone(),
        parameters: plain,
    };
    Some((
        Expr {
            kind: ExprKind::Call(call),
            span,
        },
        default,
    ))
}

fn number(ctx: &mut Context, parameter: &Parameter) -> Option<f64> {
    let value = match &parameter.kind {
        ParameterKind::Argument(argument) => match &argument.value {
            Value::Expr(expression) => constant::constant(ctx, expression)?,
            Value::Block(_) => Constant::Null,
        },
        _ => Constant::Null,
    };
    match value {
        Constant::Long(long) => Some(long as f64),
        Constant::Double(double) => Some(double),
        _ => {
            ctx.report(Diagnostic::error(
                Code::WrongType,
                parameter.span,
                "`default` has to be a number",
            ));
            None
        }
    }
}
