//! How iterative expressions are in plans: `dql_iterate(text, list, …, value, …)`, the list of what an expression gives for
//! each place of lists of one length.
//!
//! The expression is part of the function, over columns of its own: the elements, their place, and the values of the
//! record that it reads, which are worked out once a record. The text shows it in plans. DataFusion has lambdas, but it
//! numbers their parameters behind the columns of the rows that they are planned for, and on rows with more columns, as
//! filters and projections that are moved find them, they meet those.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int64Array, ListArray, RecordBatch, UInt32Array,
    new_empty_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, Result, exec_err};
use datafusion::execution::context::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};

use super::texts::{self, Lists};
use crate::document::null;
use crate::typed::Typed;
use crate::types::Type;

/// The elements of an array in an iterative expression.
#[derive(Clone, Debug)]
struct Elements {
    /// The array, as a list.
    list: Expr,
    /// The column that holds an element.
    parameter: String,
    /// The value of an element.
    value: Typed,
}

/// What is gathered while an iterative expression is read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    elements: Vec<Elements>,
    index: Option<String>,
}

impl Scope {
    /// Whether an array is iterated over.
    pub fn iterates(&self) -> bool {
        !self.elements.is_empty()
    }

    /// Whether the place of the element is asked for.
    pub fn indexed(&self) -> bool {
        self.index.is_some()
    }

    /// Whether a value depends on the element.
    pub fn reads(&self, value: &Typed) -> bool {
        reads(&value.expr(), |name| self.owns(name))
    }

    fn owns(&self, parameter: &str) -> bool {
        let mut elements = self.elements.iter();
        elements.any(|known| known.parameter == parameter)
            || self.index.as_deref() == Some(parameter)
    }

    /// An element of `array`; all elements of the same array are one. None where the array depends on an element of
    /// this very expression. `fresh` names a column.
    pub fn element(&mut self, array: &Typed, fresh: impl FnOnce() -> String) -> Option<Typed> {
        let (list, element) = list(array);
        if reads(&list, |name| self.owns(name)) {
            return None;
        }
        if let Some(known) = self.elements.iter().find(|known| known.list == list) {
            return Some(known.value.clone());
        }
        let parameter = fresh();
        let value = match element {
            Type::Null => Typed::null(),
            ty => Typed::of(column(&parameter), ty),
        };
        self.elements.push(Elements {
            list,
            parameter,
            value: value.clone(),
        });
        Some(value)
    }

    /// The place of the element, from 0. `fresh` names a column.
    pub fn index(&mut self, fresh: impl FnOnce() -> String) -> Typed {
        let parameter = self.index.get_or_insert_with(fresh);
        Typed::known(column(parameter), Type::Long)
    }

    /// The array of what `value` is for each element; null where the arrays differ in length, or one is none.
    pub fn collect(self, value: &Typed, fresh: impl FnOnce() -> String) -> Typed {
        let element = match value.ty() {
            Type::Timestamp(_) => Type::TIMESTAMP,
            ty => ty,
        };
        let ty = Type::Array(Box::new(element.clone()));
        let body = if ty.is_text() {
            value.value_text()
        } else {
            value.as_type(&element)
        };
        let own = |name: &str| self.owns(name);
        let (body, values) = hoisted(body, own);
        let result = if ty.is_text() {
            DataType::Utf8View
        } else {
            element.arrow()
        };
        let mut columns: Vec<String> = Vec::new();
        let mut args = Vec::new();
        for Elements {
            list, parameter, ..
        } in self.elements
        {
            args.push(list);
            columns.push(parameter);
        }
        let lists = args.len();
        args.extend(values);
        columns.push(self.index.unwrap_or_else(fresh));
        let text = format!("({}) -> {body}", columns.join(", "));
        args.insert(0, lit(text));
        let function = ScalarUDF::new_from_impl(Iterate {
            body,
            columns,
            lists,
            result,
            planned: OnceLock::new(),
            signature: Signature::variadic_any(Volatility::Immutable),
        });
        let list = function.call(args);
        if ty.is_text() {
            return Typed::of(texts::udf(Lists::Join).call(vec![list]), ty);
        }
        Typed::of(list, ty)
    }
}

/// The expression with the parts that do not depend on the element as columns `^0`, `^1`, …, and those parts. Constants
/// stay where they are: functions may want them to be such.
fn hoisted(body: Expr, own: impl Fn(&str) -> bool) -> (Expr, Vec<Expr>) {
    let mut values: Vec<Expr> = Vec::new();
    let replaced = body.clone().transform_down(|expr| {
        if reads(&expr, &own) || !reads(&expr, |_| true) {
            return Ok(Transformed::no(expr));
        }
        let place = values.iter().position(|known| *known == expr);
        let place = place.unwrap_or_else(|| {
            values.push(expr);
            values.len() - 1
        });
        Ok(Transformed::new(
            column(&value_name(place)),
            true,
            TreeNodeRecursion::Jump,
        ))
    });
    match replaced {
        Ok(replaced) => (replaced.data, values),
        // Nothing above fails.
        Err(_) => (body, Vec::new()),
    }
}

fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

fn value_name(place: usize) -> String {
    format!("^{place}")
}

/// The array as a list, and the type of its elements.
fn list(array: &Typed) -> (Expr, Type) {
    let texts = || Type::Array(Box::new(Type::String));
    match array.ty() {
        ty @ Type::Array(_) if ty.is_text() => {
            let list = texts::udf(Lists::Split).call(vec![array.value_text()]);
            match ty {
                // What is no value text outside of arrays is some inside.
                Type::Array(element) if element.is_text() => (list, *element),
                _ => (list, Type::Dynamic),
            }
        }
        Type::Array(element) => (array.expr(), *element),
        Type::Dynamic => (
            texts::udf(Lists::Split).call(vec![array.value_text()]),
            Type::Dynamic,
        ),
        _ => (null(&texts()), Type::Null),
    }
}

/// Whether an expression reads a column.
fn reads(expr: &Expr, column: impl Fn(&str) -> bool) -> bool {
    let is = |expr: &Expr| Ok(matches!(expr, Expr::Column(Column { name, .. }) if column(name)));
    expr.exists(is).unwrap_or(false)
}

#[derive(Debug)]
struct Iterate {
    /// What is worked out for each element, over the columns.
    body: Expr,
    /// The columns of the elements of each list, and that of their place.
    columns: Vec<String>,
    /// How many lists there are.
    lists: usize,
    /// The type of the body.
    result: DataType,
    /// The body as it is run, over columns of types.
    planned: OnceLock<(SchemaRef, Arc<dyn PhysicalExpr>)>,
    signature: Signature,
}

// The others follow from these.
impl PartialEq for Iterate {
    fn eq(&self, other: &Self) -> bool {
        self.body == other.body && self.columns == other.columns
    }
}

impl Eq for Iterate {}

impl Hash for Iterate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.body.hash(state);
        self.columns.hash(state);
    }
}

impl ScalarUDFImpl for Iterate {
    fn name(&self) -> &str {
        "dql_iterate"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        let element = Field::new_list_field(self.result.clone(), true);
        Ok(DataType::List(Arc::new(element)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = args.number_rows;
        let arrays: Vec<ArrayRef> = args
            .args
            .iter()
            .skip(1)
            .map(|value| value.to_array(rows))
            .collect::<Result<_>>()?;
        let Some((lists, values)) = arrays.split_at_checked(self.lists) else {
            return exec_err!("dql_iterate is not given its lists");
        };
        let lists: Vec<&ListArray> = lists
            .iter()
            .map(|array| match array.as_list_opt::<i32>() {
                Some(list) => Ok(list),
                None => exec_err!("dql_iterate takes lists, not {}", array.data_type()),
            })
            .collect::<Result<_>>()?;

        let lengths: Vec<Option<usize>> = (0..rows).map(|row| length(&lists, row)).collect();
        let total: usize = lengths.iter().flatten().sum();
        let results = if total == 0 {
            new_empty_array(&self.result)
        } else {
            let mut columns: Vec<ArrayRef> = lists
                .iter()
                .map(|list| flat(list, &lengths, total))
                .collect::<Result<_>>()?;
            let places = lengths
                .iter()
                .flatten()
                .flat_map(|length| 0..*length as i64);
            columns.push(Arc::new(Int64Array::from_iter_values(places)));
            let repeated = lengths
                .iter()
                .zip(0_u32..)
                .flat_map(|(length, row)| std::iter::repeat_n(row, length.unwrap_or(0)));
            let repeated = UInt32Array::from_iter_values(repeated);
            for value in values {
                columns.push(take(value, &repeated, None)?);
            }
            self.evaluate(columns, &args.config_options)?
                .into_array(total)?
        };
        let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
        let offsets = OffsetBuffer::from_lengths(lengths.iter().map(|length| length.unwrap_or(0)));
        let element = Arc::new(Field::new_list_field(self.result.clone(), true));
        let list = ListArray::try_new(element, offsets, results, Some(nulls))?;
        Ok(ColumnarValue::Array(Arc::new(list)))
    }
}

impl Iterate {
    fn evaluate(
        &self,
        columns: Vec<ArrayRef>,
        options: &Arc<ConfigOptions>,
    ) -> Result<ColumnarValue> {
        let values = columns.len().saturating_sub(self.columns.len());
        let names = self
            .columns
            .iter()
            .cloned()
            .chain((0..values).map(value_name));
        let fields: Fields = names
            .zip(&columns)
            .map(|(name, column)| Field::new(name, column.data_type().clone(), true))
            .collect();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let body = match self.planned.get() {
            Some((known, body)) if *known == schema => Arc::clone(body),
            _ => {
                let body = plan(&self.body, &schema, options)?;
                // Whoever comes second plans for nothing.
                let _ = self.planned.set((Arc::clone(&schema), Arc::clone(&body)));
                body
            }
        };
        body.evaluate(&RecordBatch::try_new(schema, columns)?)
    }
}

/// The expression as it is run: what DataFusion's planner does to those that it sees.
fn plan(
    body: &Expr,
    schema: &SchemaRef,
    options: &Arc<ConfigOptions>,
) -> Result<Arc<dyn PhysicalExpr>> {
    let columns = Arc::new(DFSchema::try_from(Arc::clone(schema))?);
    let context = SimplifyContext::builder()
        .with_schema(Arc::clone(&columns))
        .with_config_options(Arc::clone(options))
        .build();
    let simplifier = ExprSimplifier::new(context);
    let body = simplifier.simplify(simplifier.coerce(body.clone(), &columns)?)?;
    let mut properties = ExecutionProps::new();
    properties.config_options = Some(Arc::clone(options));
    create_physical_expr(
        &body,
        &columns,
        &properties,
        &PhysicalPlanningContext::default(),
    )
}

/// How many elements all lists of a row have; none where they differ, or one is null.
fn length(lists: &[&ListArray], row: usize) -> Option<usize> {
    let mut lengths = lists.iter().map(|list| {
        let length = usize::try_from(list.value_length(row)).ok()?;
        list.is_valid(row).then_some(length)
    });
    let first = lengths.next()??;
    lengths.all(|length| length == Some(first)).then_some(first)
}

/// The elements of the rows that have a length, in one column.
fn flat(list: &ListArray, lengths: &[Option<usize>], total: usize) -> Result<ArrayRef> {
    let offsets = list.value_offsets();
    let (Some(start), Some(end)) = (offsets.first(), offsets.last()) else {
        return Ok(new_empty_array(&list.value_type()));
    };
    if (end - start) as usize == total {
        // No element is passed over.
        return Ok(list.values().slice(*start as usize, total));
    }
    let places = lengths.iter().zip(offsets).flat_map(|(length, start)| {
        let length = i32::try_from(length.unwrap_or(0)).unwrap_or(0);
        *start..*start + length
    });
    Ok(take(
        list.values(),
        &Int32Array::from_iter_values(places),
        None,
    )?)
}
