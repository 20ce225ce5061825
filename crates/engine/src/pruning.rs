//! Which files a query may pass over, by what the table's log says of them.

use std::collections::HashSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, UInt64Array};
use arrow::datatypes::SchemaRef;
use datafusion::catalog::Session;
use datafusion::common::pruning::PruningStatistics;
use datafusion::common::{Column, DFSchema, Result, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::logical_expr::utils::conjunction;
use datafusion::physical_optimizer::pruning::PruningPredicateBuilder;
use lake::cloudtrail::house;
use lake::{File, Scalar, Statistics};

/// The files in which some row may meet all `filters`.
pub(crate) fn surviving<'a>(
    state: &dyn Session,
    schema: &SchemaRef,
    filters: &[Expr],
    files: &'a [File],
) -> Result<Vec<&'a File>> {
    let Some(condition) = conjunction(filters.to_vec()) else {
        return Ok(files.iter().collect());
    };
    let named = DFSchema::try_from(Arc::clone(schema))?;
    let condition = state.create_physical_expr(condition, &named)?;
    // A condition that says nothing of bounds passes nothing over.
    let Some(predicate) = PruningPredicateBuilder::new()
        .with_file_schema(Arc::clone(schema))
        .build(condition)
    else {
        return Ok(files.iter().collect());
    };
    let kept = predicate.prune(&Logged { files, schema })?;
    Ok(files
        .iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(file, _)| file)
        .collect())
}

/// The log's bounds, one a file.
struct Logged<'a> {
    files: &'a [File],
    schema: &'a SchemaRef,
}

impl Logged<'_> {
    /// One bound of one column of every file; `None` where no file has it.
    fn bounds(
        &self,
        column: &Column,
        bound: fn(&Statistics) -> Option<&Scalar>,
    ) -> Option<ArrayRef> {
        if column.name == house::EVENT_DATE {
            // A file's day is known of all its rows.
            let days = self.files.iter().map(|file| file.date);
            return Some(Arc::new(days.collect::<Date32Array>()));
        }
        let ty = self.schema.field_with_name(&column.name).ok()?.data_type();
        let mut known = false;
        let scalars: Vec<ScalarValue> = self
            .files
            .iter()
            .map(|file| {
                let scalar = file.statistics.get(&column.name).and_then(bound);
                known |= scalar.is_some();
                scalar.map_or(ScalarValue::try_from(ty), |scalar| Ok(value(scalar)))
            })
            .collect::<Result<_>>()
            .ok()?;
        if !known {
            return None;
        }
        ScalarValue::iter_to_array(scalars).ok()
    }
}

fn value(scalar: &Scalar) -> ScalarValue {
    match scalar {
        Scalar::Text(text) => ScalarValue::Utf8View(Some(text.clone())),
        Scalar::Boolean(value) => ScalarValue::Boolean(Some(*value)),
        Scalar::Long(value) => ScalarValue::Int64(Some(*value)),
        Scalar::Timestamp(micros) => {
            ScalarValue::TimestampMicrosecond(Some(*micros), Some("UTC".into()))
        }
    }
}

impl PruningStatistics for Logged<'_> {
    fn min_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, |statistics| statistics.min.as_ref())
    }

    fn max_values(&self, column: &Column) -> Option<ArrayRef> {
        self.bounds(column, |statistics| statistics.max.as_ref())
    }

    fn num_containers(&self) -> usize {
        self.files.len()
    }

    fn null_counts(&self, column: &Column) -> Option<ArrayRef> {
        let counts = self.files.iter().map(|file| {
            // The log has no bounds for this column, but counts what would stand in it.
            if column.name == house::MISTYPED && file.layout != 0 && file.mistyped.is_empty() {
                return Some(file.rows);
            }
            if column.name == house::EVENT_DATE {
                return Some(file.date.map_or(file.rows, |_| 0));
            }
            file.statistics.get(&column.name)?.nulls
        });
        Some(Arc::new(counts.collect::<UInt64Array>()))
    }

    fn row_counts(&self) -> Option<ArrayRef> {
        Some(Arc::new(
            self.files
                .iter()
                .map(|file| Some(file.rows))
                .collect::<UInt64Array>(),
        ))
    }

    fn contained(&self, column: &Column, values: &HashSet<ScalarValue>) -> Option<BooleanArray> {
        // Buckets are few and listed; a file whose list is not to be trusted answers nothing.
        if column.name != house::BUCKET {
            return None;
        }
        let asked: Vec<&str> = values
            .iter()
            .filter_map(|value| value.try_as_str().flatten())
            .collect();
        let answers = self.files.iter().map(|file| {
            if file.layout == 0 {
                return None;
            }
            let held = |name: &&str| file.buckets.iter().any(|bucket| bucket == name);
            match (file.buckets.as_slice(), asked.iter().any(held)) {
                (_, false) => Some(false),
                ([_], true) => Some(true),
                _ => None,
            }
        });
        Some(answers.collect())
    }
}
