//! Records that are known before a query runs, as a plan.

use std::borrow::Cow;

use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit};
use functions::{Type, Typed, Value};
use syntax::Span;

use crate::catalog::Timeframe;
use crate::context::{Context, Stage};
use crate::scope::Scope;

/// Records, each with fields of its own.
#[derive(Debug, Default)]
pub(super) struct Table<'a> {
    /// The names of all fields, in the order in which they come first.
    names: Vec<Cow<'a, str>>,
    /// The values of each record, by the place of the name; those behind the last are null.
    rows: Vec<Vec<Value<'a>>>,
}

impl<'a> Table<'a> {
    /// A table with these fields, whatever records come.
    pub(super) fn with(names: impl IntoIterator<Item = Cow<'a, str>>) -> Table<'a> {
        Table {
            names: names.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a record.
    pub(super) fn push(&mut self, members: Vec<(Cow<'a, str>, Value<'a>)>) {
        let mut row = Vec::new();
        for (name, value) in members {
            let place = self.names.iter().position(|known| *known == name);
            let place = place.unwrap_or_else(|| {
                self.names.push(name);
                self.names.len() - 1
            });
            if row.len() <= place {
                row.resize(place + 1, Value::Null);
            }
            row[place] = value;
        }
        self.rows.push(row);
    }

    fn value(&self, row: usize, place: usize) -> &Value<'a> {
        self.rows
            .get(row)
            .and_then(|row| row.get(place))
            .unwrap_or(&Value::Null)
    }
}

/// The table as the first stage of a pipeline. A field has the type that all its values have, or any.
pub(super) fn stage(ctx: &mut Context, table: Table<'_>, span: Span) -> Option<Stage> {
    let types: Vec<Type> = (0..table.names.len())
        .map(|place| {
            (0..table.rows.len()).fold(Type::Null, |all, row| all.or(&table.value(row, place).ty()))
        })
        .collect();
    let literal = |row: usize, place: usize| -> Expr {
        match &types[place] {
            Type::Null => Typed::null().expr(),
            ty => Typed::constant(table.value(row, place), ty).expr(),
        }
    };
    // A row of no values would be no row: an extra column carries records without fields.
    let rows: Vec<Vec<Expr>> = (0..table.rows.len())
        .map(|row| {
            let values = (0..types.len()).map(|place| literal(row, place));
            values.chain([lit(true)]).collect()
        })
        .collect();
    let empty = rows.is_empty();
    let rows = if empty {
        vec![
            types
                .iter()
                .map(functions::null)
                .chain([lit(true)])
                .collect(),
        ]
    } else {
        rows
    };
    let fresh: Vec<String> = types.iter().map(|_| ctx.fresh()).collect();
    let carrier = ctx.fresh();
    let built = LogicalPlanBuilder::values(rows).and_then(|plan| {
        let plan = if empty { plan.limit(0, Some(0))? } else { plan };
        let named = fresh.iter().chain([&carrier]).enumerate();
        plan.project(
            named.map(|(place, name)| crate::column(&format!("column{}", place + 1)).alias(name)),
        )
    });
    let plan = ctx.internal(span, built.and_then(LogicalPlanBuilder::build))?;
    let mut scope = Scope::closed();
    for ((name, ty), fresh) in table.names.iter().zip(types).zip(&fresh) {
        scope.set(name, Typed::of(crate::column(fresh), ty));
    }
    Some(Stage {
        plan,
        scope,
        timeframe: Timeframe::default(),
        shown_by: Vec::new(),
    })
}
