//! `makeTimeseries [name =] aggregation, …, by: {…}, interval: | bins:, from:, to:, timeframe:, time: | spread:,
//! nonempty:`: arrays with one value a bucket of time.
//!
//! Two aggregations: one value a group and bucket, then one array a group. The buckets' rules are in `interval.rs`, a
//! record's place in them in `series_time.rs`, the elements in `series.rs`.

use datafusion::common::{Column, JoinType, ScalarValue};
use datafusion::functions_aggregate::expr_fn::{count, max, min};
use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlan, LogicalPlanBuilder, lit, when};
use functions::{Type, Typed, Value};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic, Span};

use super::interval::Buckets;
use super::series::{self, Kind, Series};
use super::series_buckets::{buckets, nonempty};
use super::series_time::{self, Time, WHOLE};
use super::summarize::{groups, made, single};
use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr::{self, Found};
use crate::scope::Scope;

pub(super) fn make_timeseries(
    ctx: &mut Context,
    mut stage: Stage,
    command: &Command,
) -> Option<Stage> {
    let takes = Takes {
        named: &[
            "by",
            "interval",
            "bins",
            "from",
            "to",
            "timeframe",
            "time",
            "spread",
            "nonempty",
        ],
        unsupported: &[],
    };
    let command = &series::with_options_in_place(command);
    let given = super::given(ctx, command, &takes);
    let time = series_time::time(ctx, &stage.scope, &given, command);
    let buckets = buckets(ctx, &stage, &given, command);
    let nonempty = nonempty(ctx, &given);
    let mut found = Found::default();
    let groups = groups(ctx, &stage.scope, &mut found, &given);
    if !super::some(ctx, command, &given, "an aggregation, such as count()") {
        return None;
    }
    let (time, groups) = (time?, groups?);
    // What of a group stands beside its keys.
    let beside = found.exprs.len();

    let spread = time.is_spread();
    let mut fields = Vec::new();
    let mut fine = true;
    for element in &given.positional {
        match series::one(
            ctx,
            &stage.scope,
            &groups.scope,
            &mut found,
            element,
            spread,
        ) {
            Some(series) => fields.push(series),
            None => fine = false,
        }
    }
    if !fine || !aggregates(ctx, &fields) {
        return None;
    }
    let (buckets, nonempty) = (buckets?, nonempty?);

    // One row a group and bucket.
    // No series depends on the order of records, so that only the spellings of groups ask for it.
    let first = ctx.fresh();
    if let Some(place) = &found.place {
        stage.plan = super::places::placed(ctx, &stage, place, command.span)?;
        found.exprs.push(min(crate::column(place)).alias(&first));
    }
    stage.plan = made(ctx, stage.plan, groups.made, command.span)?;
    let bucket = ctx.fresh();
    let whole = fields.iter().any(Series::is_scalar);
    let names = |exprs: &[PlanExpr]| -> Vec<String> {
        let names = exprs.iter().map(|expr| expr.schema_name().to_string());
        names.collect()
    };
    let mut keys = groups.keys;
    let key_names = names(&keys);
    let beside = names(found.exprs.get(..beside).unwrap_or_default());
    let plan = super::builder(stage.plan).filter(time.within(buckets));
    let plan = ctx.internal(command.span, plan)?;
    let (plan, own) = bucketed(ctx, plan, &time, buckets, whole, &bucket, command.span)?;
    keys.push(own);
    let built = plan.aggregate(keys, found.exprs);
    let plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;

    // One row a group, in which a bucket's place is its own.
    let made = Made {
        plan,
        keys: key_names,
        beside,
        first,
        scope: groups.scope,
        bucket,
        fields,
    };
    let shown_by = made.scope.names().map(str::to_owned).collect();
    let (plan, scope) = gathered(ctx, made, buckets, nonempty, command.span)?;
    Some(Stage {
        plan,
        scope,
        timeframe: stage.timeframe,
        shown_by,
        order: Vec::new(),
    })
}

/// The plan in which every record stands once for each bucket that it lies in, and the expression of the bucket, under
/// the name `bucket`.
fn bucketed(
    ctx: &mut Context,
    plan: LogicalPlanBuilder,
    time: &Time,
    buckets: Buckets,
    whole: bool,
    bucket: &str,
    span: Span,
) -> Option<(LogicalPlanBuilder, PlanExpr)> {
    if let Some(one) = time.bucket(buckets).filter(|_| !whole) {
        return Some((plan, one.alias(bucket)));
    }
    let list = ctx.fresh();
    let columns = plan.schema().columns().into_iter().map(PlanExpr::Column);
    let columns: Vec<PlanExpr> = columns
        .chain([time.list(buckets, whole).alias(&list)])
        .collect();
    let plan = plan
        .project(columns)
        .and_then(|plan| plan.unnest_column(Column::new_unqualified(&list)));
    Some((
        ctx.internal(span, plan)?,
        crate::column(&list).alias(bucket),
    ))
}

/// What the first aggregation gives: a row a group and bucket.
struct Made {
    plan: LogicalPlan,
    /// The columns of the groups' keys.
    keys: Vec<String>,
    /// The columns beside the keys that the fields of `scope` are made of.
    beside: Vec<String>,
    /// The column of the first place among the records, where there are columns beside the keys.
    first: String,
    /// The fields of the groups.
    scope: Scope,
    /// The column of the bucket.
    bucket: String,
    fields: Vec<Series>,
}

/// The end of the command: arrays of what the plan holds a group and bucket.
fn gathered(
    ctx: &mut Context,
    made: Made,
    buckets: Buckets,
    nonempty: bool,
    span: Span,
) -> Option<(LogicalPlan, Scope)> {
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
    for field in made.scope.fields() {
        super::set(ctx, &mut scope, &field.name, field.value.clone(), span);
    }
    let mut columns = Vec::new();
    let grouped = !made.keys.is_empty();
    for Series { name, kind, span } in made.fields {
        let value = match kind {
            Kind::Starts => instants(buckets, 0),
            Kind::Ends => instants(buckets, 1),
            Kind::Values { value, options } => {
                let column = ctx.fresh();
                let (expr, array) = values(&made.bucket, value, options, buckets, &column);
                let default = default(options, buckets, &array.ty());
                let fills = options.scalar || nonempty && grouped;
                let value = match default.fixed().filter(|_| fills) {
                    Some(value) if !value.is_null() => {
                        let ty = array.ty();
                        let filled = vec![array.expr(), default.expr()];
                        Typed::known(functions::first_present(filled), ty)
                    }
                    _ => array,
                };
                columns.push(expr.alias(column));
                value
            }
        };
        super::set(ctx, &mut scope, &name, value, span);
    }
    for name in &made.beside {
        let spelling = functions::first_text(crate::column(name), crate::column(&made.first));
        columns.extend(spelling.exprs.into_iter().map(|expr| expr.alias(name)));
    }
    let counted = ctx.fresh();
    columns.push(count(lit(1i64)).alias(&counted));
    let keys: Vec<PlanExpr> = made.keys.iter().map(|name| crate::column(name)).collect();
    let built = super::builder(made.plan)
        .aggregate(keys, columns)
        .and_then(|plan| {
            match (grouped, nonempty) {
                (true, false) | (false, true) => Ok(plan),
                // Without groups an aggregation has a row even for no record at all, and a series has none.
                (false, false) => single(plan)?.filter(crate::column(&counted).gt(lit(0i64))),
                // A row even for no record at all, which groups do not have.
                (true, true) => {
                    let row = LogicalPlanBuilder::empty(true).build()?;
                    LogicalPlanBuilder::from(row).join_on(
                        plan.build()?,
                        JoinType::Left,
                        [lit(true)],
                    )
                }
            }
        });
    let plan = ctx.internal(span, built.and_then(LogicalPlanBuilder::build))?;
    Some((plan, scope))
}

/// The aggregation that makes a field of the values of groups and buckets, and the field, given the name of the
/// aggregation's column.
fn values(
    bucket: &str,
    value: PlanExpr,
    options: series::Options,
    buckets: Buckets,
    column: &str,
) -> (PlanExpr, Typed) {
    let bucket = crate::column(bucket);
    let made = crate::column(column);
    if options.scalar {
        let value = series::rated(value, options.rate, buckets.count * buckets.interval);
        let whole = when(bucket.eq(lit(WHOLE)), value).end();
        let expr = max(whole.unwrap_or_else(|_| functions::null(&Type::Double)));
        return (expr, Typed::known(made, Type::Double));
    }
    let value = series::rated(value, options.rate, buckets.interval);
    let array = functions::series_array(made, buckets.count, options.default);
    (
        functions::series(bucket, value),
        Typed::known(array, Type::Array(Box::new(Type::Double))),
    )
}

/// What stands for no records at all, of type `ty`: a scalar, or the array of empty buckets.
fn default(options: series::Options, buckets: Buckets, ty: &Type) -> Typed {
    let element = Value::or_null(options.default, Value::Double);
    if options.scalar {
        return Typed::constant(&element, ty);
    }
    let count = usize::try_from(buckets.count).unwrap_or(0);
    Typed::constant(&Value::Array(vec![element; count]), ty)
}

/// The borders of the buckets, the first of them `ahead` buckets behind the start.
fn instants(buckets: Buckets, ahead: i64) -> Typed {
    let border = |place| Value::Timestamp(buckets.start + (place + ahead) * buckets.interval);
    let borders = (0..buckets.count).map(border).collect();
    Typed::constant(
        &Value::Array(borders),
        &Type::Array(Box::new(Type::TIMESTAMP)),
    )
}

/// Whether there is an aggregation beside `start()` and `end()`; says so where there is none.
fn aggregates(ctx: &mut Context, fields: &[Series]) -> bool {
    let some = |field: &Series| matches!(field.kind, Kind::Values { .. });
    if let Some(first) = fields.first().filter(|_| !fields.iter().any(some)) {
        ctx.report(
            Diagnostic::error(
                Code::NotAnAggregation,
                first.span,
                "the borders of buckets need an aggregation beside them",
            )
            .help("such as count()"),
        );
        return false;
    }
    true
}
