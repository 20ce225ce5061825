//! Whether a row meets one of many conditions, most of which most batches have no row for.
//!
//! Rows stand sorted by service and action, so that a batch holds few different values of such columns. Of each condition
//! the parts that ask one column alone are asked of those few values first; only where all of them may hold is the
//! condition asked of the rows.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StringViewArray};
use arrow::compute::or_kleene;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use datafusion::common::Result;
use datafusion::common::cast::as_boolean_array;
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::utils::collect_columns;

use crate::specialize::{parts, renamed};

type Expr = Arc<dyn PhysicalExpr>;

/// With more different values in a batch they are not looked at apart.
const DIFFERENT: usize = 64;

/// A condition, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    whole: Expr,
    /// The parts that ask one column alone: its place, and what is asked of a batch with that column only.
    alone: Vec<(usize, Expr)>,
}

impl Condition {
    /// Of an expression over columns of the batches that it is asked of.
    pub(super) fn new(whole: Expr) -> Condition {
        let alone = parts(&whole, Operator::And).into_iter().filter_map(|part| {
            let columns = collect_columns(&part);
            let mut columns = columns.iter();
            let (Some(column), None) = (columns.next(), columns.next()) else {
                return None;
            };
            let first = |column: &Column| Some(Arc::new(Column::new(column.name(), 0)) as Expr);
            Some((column.index(), renamed(&part, first).ok()?))
        });
        Condition {
            alone: alone.collect(),
            whole,
        }
    }

    /// Which rows of the batch meet it; none where no row does.
    pub(super) fn rows(
        &self,
        batch: &RecordBatch,
        values: &mut Values,
    ) -> Result<Option<BooleanArray>> {
        for (column, part) in &self.alone {
            if let Some(different) = values.of(batch, *column) {
                let rows = different.num_rows();
                let held = part.evaluate(different)?.into_array(rows)?;
                if !as_boolean_array(&held)?.has_true() {
                    return Ok(None);
                }
            }
        }
        let held = self.whole.evaluate(batch)?.into_array(batch.num_rows())?;
        let held = as_boolean_array(&held)?;
        Ok(held.has_true().then(|| held.clone()))
    }
}

/// The different values of a batch's columns, as they are asked for.
#[derive(Default)]
pub(super) struct Values(HashMap<usize, Option<RecordBatch>>);

impl Values {
    fn of(&mut self, batch: &RecordBatch, column: usize) -> Option<&RecordBatch> {
        let known = self.0.entry(column).or_insert_with(|| {
            let array = batch.columns().get(column)?;
            let different = different(array.as_string_view_opt()?)?;
            let field = batch.schema_ref().fields().get(column)?;
            let field = Field::new(field.name(), DataType::Utf8View, true);
            let schema: SchemaRef = Arc::new(Schema::new(vec![field]));
            RecordBatch::try_new(schema, vec![different]).ok()
        });
        known.as_ref()
    }
}

/// Each value of an array once, null too; none where there are many.
fn different(array: &StringViewArray) -> Option<ArrayRef> {
    let mut rows: Vec<usize> = Vec::new();
    let mut last = None;
    for row in 0..array.len() {
        let value = array.is_valid(row).then(|| array.value(row));
        if last == Some(value) {
            continue;
        }
        last = Some(value);
        let known = |known: &usize| array.is_valid(*known).then(|| array.value(*known)) == value;
        if rows.iter().any(known) {
            continue;
        }
        if rows.len() == DIFFERENT {
            return None;
        }
        rows.push(row);
    }
    let values = rows.into_iter();
    let values = values.map(|row| array.is_valid(row).then(|| array.value(row)));
    Some(Arc::new(values.collect::<StringViewArray>()))
}

/// Whether one of several conditions holds.
#[derive(Debug)]
pub(super) struct AnyOf(Vec<Condition>);

impl AnyOf {
    /// Of these.
    pub(super) fn new(conditions: Vec<Expr>) -> AnyOf {
        AnyOf(conditions.into_iter().map(Condition::new).collect())
    }

    fn wholes(&self) -> impl Iterator<Item = &Expr> {
        self.0.iter().map(|condition| &condition.whole)
    }
}

impl PartialEq for AnyOf {
    fn eq(&self, other: &Self) -> bool {
        self.wholes().eq(other.wholes())
    }
}

impl Eq for AnyOf {}

impl Hash for AnyOf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.wholes().for_each(|whole| whole.hash(state));
    }
}

impl fmt::Display for AnyOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "any of {} conditions", self.0.len())
    }
}

impl PhysicalExpr for AnyOf {
    fn data_type(&self, _schema: &Schema) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn nullable(&self, _schema: &Schema) -> Result<bool> {
        Ok(true)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let mut values = Values::default();
        let mut any = BooleanArray::from(vec![false; batch.num_rows()]);
        for condition in &self.0 {
            if let Some(rows) = condition.rows(batch, &mut values)? {
                any = or_kleene(&any, &rows)?;
            }
        }
        Ok(ColumnarValue::Array(Arc::new(any)))
    }

    fn children(&self) -> Vec<&Expr> {
        self.wholes().collect()
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Expr>) -> Result<Expr> {
        Ok(Arc::new(AnyOf::new(children)))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
