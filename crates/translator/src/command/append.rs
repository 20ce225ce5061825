//! `append [query]`: the records of a sub-query behind those at hand.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{
    Expr as PlanExpr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, SortExpr, lit,
};
use functions::document::Document;
use functions::{Language, Type, Typed};
use syntax::Span;
use syntax::dql::ast::Command;

use super::block;
use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::scope::{Field, Scope};

/// More records than there can be.
const ALL: usize = i64::MAX as usize;

pub(super) fn append(ctx: &mut Context, stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &Takes::NOTHING_NAMED);
    let (_, sub_query) = block::given(ctx, command, &given)?;
    let other = block::run(ctx, sub_query)?;
    let (scope, columns) = common(ctx, &stage.scope, &other.scope);
    // Events that stream by in any order are not held back for the sake of one.
    let keys = match stage.order.is_empty() && streams(&stage.plan) {
        true => None,
        false => Some(Order::of(ctx, &stage, &other, command.span)?),
    };
    let project = |ctx: &mut Context, from: &Stage, side: usize| {
        let mut all: Vec<PlanExpr> = columns
            .iter()
            .map(|column| column.of(&from.scope).alias(&column.name))
            .collect();
        if let Some(keys) = &keys {
            all.extend(keys.columns(side));
        }
        let built = super::builder(from.plan.clone()).project(all);
        ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))
    };
    let (first, second) = (project(ctx, &stage, 0)?, project(ctx, &other, 1)?);
    let mut plan = both(ctx, first, second, command.span)?;
    if keys.is_some() {
        // Under a limit, be it none, the sides are not sorted one by one: each is sorted by columns that are constant in
        // the other, and DataFusion takes the merged rows to be out of order.
        let built = super::builder(plan).limit(0, Some(ALL));
        plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    }
    Some(Stage {
        plan,
        scope,
        timeframe: stage.timeframe,
        shown_by: Vec::new(),
        order: keys.map_or_else(Vec::new, |keys| keys.order()),
    })
}

/// Whether the records of a plan are those of a table, as many as there may be.
fn streams(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::TableScan(_) => true,
        LogicalPlan::Aggregate(_) | LogicalPlan::Limit(_) => false,
        plan => plan.inputs().into_iter().any(streams),
    }
}

fn both(
    ctx: &mut Context,
    first: LogicalPlan,
    second: LogicalPlan,
    span: Span,
) -> Option<LogicalPlan> {
    let built = super::builder(first).union(second);
    ctx.internal(span, built.and_then(LogicalPlanBuilder::build))
}

/// A column of the union.
struct Column {
    name: String,
    of: Of,
}

/// What a column of the union holds.
enum Of {
    /// The values of a field, as this type.
    Field(String, Type),
    /// The starts or the ends of a field of timeframes.
    End(String, bool),
    /// The texts of the records that unknown fields are keys of.
    Record,
    /// Nothing: it stands for records without fields.
    Nothing,
}

impl Column {
    fn of(&self, scope: &Scope) -> PlanExpr {
        match &self.of {
            Of::End(name, last) => match scope.get(name).map(|field| &field.value) {
                Some(Typed::Timeframe { start, end }) => {
                    if *last { end } else { start }.as_ref().clone()
                }
                _ => functions::null(&Type::TIMESTAMP),
            },
            Of::Field(name, ty) => match scope.get(name) {
                Some(field) => field.value.as_type(ty),
                None => functions::null(ty),
            },
            Of::Record => match scope.record() {
                Some(record) => record.text.clone(),
                None => functions::null(&Type::String),
            },
            Of::Nothing => lit(true),
        }
    }
}

/// The fields of both, each with the type that holds the values of both, and their columns.
fn common(ctx: &mut Context, first: &Scope, second: &Scope) -> (Scope, Vec<Column>) {
    let open = [first, second].into_iter().any(|scope| {
        scope
            .record()
            .is_some_and(|record| record.language == Language::Json)
    });
    let mut columns = vec![Column {
        name: ctx.fresh(),
        of: if open { Of::Record } else { Of::Nothing },
    }];
    let mut scope = if open {
        Scope::open(Document::json(crate::column(&columns[0].name)))
    } else {
        Scope::closed()
    };
    for field in first.fields().iter().chain(second.fields()) {
        if scope.get(&field.name).is_some() {
            continue;
        }
        let (a, b) = (first.get(&field.name), second.get(&field.name));
        let values = a.into_iter().chain(b).map(|field| &field.value);
        let ty = Typed::common(values);
        let name = &field.name;
        let of = match &ty {
            Type::Null => Vec::new(),
            Type::Timeframe => vec![Of::End(name.clone(), false), Of::End(name.clone(), true)],
            ty => vec![Of::Field(name.clone(), ty.clone())],
        };
        let mut names = Vec::new();
        for of in of {
            let name = ctx.fresh();
            names.push(name.clone());
            columns.push(Column { name, of });
        }
        let value = block::whole(ty, &mut names.into_iter());
        scope.put(Field {
            name: field.name.clone(),
            value,
            hidden: a.into_iter().chain(b).all(|field| field.hidden),
            values: None,
        });
    }
    (scope, columns)
}

/// The order of the union: the first records before the second, each in the order that they have.
struct Order {
    /// The name of the column that tells which records are meant.
    place: String,
    /// Of each side: the names of the columns, and how they sort. Those of the other side are null.
    keys: [Vec<Key>; 2],
}

/// A key that one side is sorted by.
struct Key {
    /// Its column in the union.
    name: String,
    sort: SortExpr,
    /// What stands there for records of the other side.
    null: PlanExpr,
}

impl Order {
    fn of(ctx: &mut Context, first: &Stage, second: &Stage, span: Span) -> Option<Order> {
        let mut named = |stage: &Stage| -> Option<Vec<Key>> {
            let keys = stage.visible_order().into_iter().map(|sort| {
                let null = sort
                    .expr
                    .get_type(stage.plan.schema())
                    .and_then(|ty| ScalarValue::try_from(&ty));
                Some(Key {
                    name: ctx.fresh(),
                    null: PlanExpr::Literal(ctx.internal(span, null)?, None),
                    sort,
                })
            });
            keys.collect()
        };
        let keys = [named(first)?, named(second)?];
        Some(Order {
            place: ctx.fresh(),
            keys,
        })
    }

    /// The columns of the records of one side.
    fn columns(&self, side: usize) -> Vec<PlanExpr> {
        let mut columns = vec![lit(side as i64).alias(&self.place)];
        for (of, keys) in self.keys.iter().enumerate() {
            columns.extend(keys.iter().map(|key| {
                let expr = if of == side {
                    &key.sort.expr
                } else {
                    &key.null
                };
                expr.clone().alias(&key.name)
            }));
        }
        columns
    }

    fn order(&self) -> Vec<SortExpr> {
        let place = crate::column(&self.place).sort(true, false);
        let keys = self.keys.iter().flatten();
        let keys =
            keys.map(|key| crate::column(&key.name).sort(key.sort.asc, key.sort.nulls_first));
        std::iter::once(place).chain(keys).collect()
    }
}
