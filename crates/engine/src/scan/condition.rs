//! Conditions that ask for one text column, decided for its different texts.

use std::sync::Arc;

use arrow::array::{Array, AsArray, RecordBatch, StringViewArray, new_null_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::Result;
use datafusion::logical_expr::Operator;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{Column, DynamicFilterPhysicalExpr};
use datafusion::physical_expr::utils::{Guarantee, LiteralGuarantee, collect_columns};

use crate::specialize::{join, parts as parts_of, renamed};

type Expr = Arc<dyn PhysicalExpr>;

/// The most texts that bloom filters are asked for.
const MOST_TEXTS: usize = 32;

/// Parts of a scan's predicate that may be decided in advance, and those that may not.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    /// The parts, which must all hold.
    pub(super) parts: Vec<Part>,
}

/// A part of a predicate.
#[derive(Debug)]
pub(super) struct Part {
    /// As it stands in the predicate.
    pub(super) whole: Expr,
    pub(super) condition: Option<Condition>,
    pub(super) needles: Vec<Needle>,
}

/// A text column of which a part asks for some of these texts, whatever else it asks.
#[derive(Debug)]
pub(super) struct Needle {
    pub(super) column: String,
    pub(super) texts: Vec<String>,
}

/// A condition on one text column.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) column: String,
    /// It, over a batch of that column.
    expr: Expr,
    schema: SchemaRef,
}

/// What a condition says of each text of a dictionary, and of null.
pub(super) struct Verdict {
    pub(super) texts: Vec<bool>,
    pub(super) null: bool,
}

impl Conditions {
    /// Those of a predicate over files of this schema. Where a part changes while the scan runs, none is decided in advance:
    /// such scans end early.
    pub(super) fn of(predicate: Option<&Expr>, file: &Schema) -> Result<Conditions> {
        let mut parts = Vec::new();
        let Some(predicate) = predicate else {
            return Ok(Conditions { parts });
        };
        if changes(predicate) {
            return Ok(Conditions { parts });
        }
        for whole in parts_of(predicate, Operator::And) {
            parts.push(Part {
                condition: Condition::of(&whole, file)?,
                needles: Needle::of(&whole, file),
                whole,
            });
        }
        Ok(Conditions { parts })
    }

    /// Whether there is anything to decide.
    pub(super) fn is_empty(&self) -> bool {
        let mut parts = self.parts.iter();
        parts.all(|part| part.condition.is_none() && part.needles.is_empty())
    }

    /// All parts.
    pub(super) fn predicate(&self) -> Option<Expr> {
        self.rest(&vec![false; self.parts.len()])
    }

    /// The predicate without the parts that were decided; none where nothing is left.
    pub(super) fn rest(&self, decided: &[bool]) -> Option<Expr> {
        let rest = self.parts.iter().zip(decided);
        let rest = rest.filter(|(_, decided)| !**decided);
        join(rest.map(|(part, _)| Arc::clone(&part.whole)), Operator::And)
    }
}

/// Whether files have a text column of that name.
fn text(file: &Schema, name: &str) -> bool {
    let field = file.field_with_name(name);
    field.is_ok_and(|field| *field.data_type() == DataType::Utf8View)
}

impl Needle {
    fn of(part: &Expr, file: &Schema) -> Vec<Needle> {
        let guarantees = LiteralGuarantee::analyze(part).into_iter();
        let guarantees = guarantees.filter(|guarantee| {
            guarantee.guarantee == Guarantee::In
                && guarantee.literals.len() <= MOST_TEXTS
                && text(file, guarantee.column.name())
        });
        let needles = guarantees.filter_map(|guarantee| {
            let texts = guarantee.literals.iter();
            let texts = texts.map(|literal| literal.try_as_str().flatten().map(str::to_owned));
            Some(Needle {
                column: guarantee.column.name().to_owned(),
                texts: texts.collect::<Option<_>>()?,
            })
        });
        needles.collect()
    }
}

impl Condition {
    fn of(expr: &Expr, file: &Schema) -> Result<Option<Condition>> {
        let columns = collect_columns(expr);
        let mut columns = columns.iter();
        let (Some(column), None) = (columns.next(), columns.next()) else {
            return Ok(None);
        };
        if !text(file, column.name()) {
            return Ok(None);
        }
        let only: Expr = Arc::new(Column::new(column.name(), 0));
        let moved = renamed(expr, |_| Some(Arc::clone(&only)));
        let field = Field::new(column.name(), DataType::Utf8View, true);
        Ok(Some(Condition {
            column: column.name().to_owned(),
            expr: moved?,
            schema: Arc::new(Schema::new(vec![field])),
        }))
    }

    /// What it says of these texts; none where it can't be asked.
    pub(super) fn verdict(&self, texts: &StringViewArray) -> Option<Verdict> {
        let null = new_null_array(&DataType::Utf8View, 1);
        let rows = concat(&[texts, &null]).ok()?;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), vec![rows]).ok()?;
        let said = self.expr.evaluate(&batch).ok()?;
        let said = said.into_array(batch.num_rows()).ok()?;
        let said = said.as_boolean_opt()?;
        // What is unknown is not met.
        let mut met = said.iter().map(|said| said == Some(true));
        let texts: Vec<bool> = met.by_ref().take(texts.len()).collect();
        Some(Verdict {
            texts,
            null: met.next()?,
        })
    }
}

/// Whether a predicate changes while a scan runs.
fn changes(expr: &Expr) -> bool {
    expr.downcast_ref::<DynamicFilterPhysicalExpr>().is_some()
        || expr.is_volatile_node()
        || expr.children().into_iter().any(changes)
}
