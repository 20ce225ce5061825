//! How iterative expressions are in plans: `dql_iterate(list, …, (element, …, index) -> expression)`, the list of what
//! the expression gives for each place of lists of one length. Other columns that it reads are repeated for each.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Int32Array, Int64Array, ListArray, StringViewArray,
    StringViewBuilder, UInt32Array, new_empty_array,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::compute::{take, take_arrays};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::expr::{HigherOrderFunction, Lambda, LambdaVariable};
use datafusion::logical_expr::{
    ColumnarValue, Expr, HigherOrderFunctionArgs, HigherOrderReturnFieldArgs, HigherOrderSignature,
    HigherOrderUDF, HigherOrderUDFImpl, LambdaParametersProgress, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, ValueOrLambda, Volatility,
};
use json::Cursor;

use crate::document::null;
use crate::typed::Typed;
use crate::types::Type;

/// The elements of an array in an iterative expression.
#[derive(Clone, Debug)]
pub struct Elements {
    /// The array, as a list.
    list: Expr,
    /// What stands for an element: a parameter of the lambda.
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
    /// this very expression. `fresh` names a parameter.
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
            ty => Typed::of(variable(&parameter, &ty), ty),
        };
        self.elements.push(Elements {
            list,
            parameter,
            value: value.clone(),
        });
        Some(value)
    }

    /// The place of the element, from 0. `fresh` names a parameter.
    pub fn index(&mut self, fresh: impl FnOnce() -> String) -> Typed {
        let parameter = self.index.get_or_insert_with(fresh);
        Typed::known(variable(parameter, &Type::Long), Type::Long)
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
        let (mut args, mut params) = (Vec::new(), Vec::new());
        for Elements {
            list, parameter, ..
        } in self.elements
        {
            args.push(list);
            params.push(parameter);
        }
        params.push(self.index.unwrap_or_else(fresh));
        args.push(Expr::Lambda(Lambda::new(params, body)));
        let list = Expr::HigherOrderFunction(HigherOrderFunction::new(iterate(), args));
        if ty.is_text() {
            return Typed::of(udf(Lists::Join).call(vec![list]), ty);
        }
        Typed::of(list, ty)
    }
}

/// The array as a list, and the type of its elements.
fn list(array: &Typed) -> (Expr, Type) {
    let texts = || Type::Array(Box::new(Type::String));
    match array.ty() {
        ty @ Type::Array(_) if ty.is_text() => {
            let list = udf(Lists::Split).call(vec![array.value_text()]);
            match ty {
                // What is no value text outside of arrays is some inside.
                Type::Array(element) if element.is_text() => (list, *element),
                _ => (list, Type::Dynamic),
            }
        }
        Type::Array(element) => (array.expr(), *element),
        Type::Dynamic => (
            udf(Lists::Split).call(vec![array.value_text()]),
            Type::Dynamic,
        ),
        _ => (null(&texts()), Type::Null),
    }
}

/// Whether an expression reads a lambda's parameter.
fn reads(expr: &Expr, parameter: impl Fn(&str) -> bool) -> bool {
    use datafusion::common::tree_node::TreeNode;
    let is = |expr: &Expr| {
        Ok(matches!(expr, Expr::LambdaVariable(variable) if parameter(&variable.name)))
    };
    expr.exists(is).unwrap_or(false)
}

fn variable(name: &str, ty: &Type) -> Expr {
    let field = Arc::new(Field::new(name, ty.arrow(), true));
    Expr::LambdaVariable(LambdaVariable::new(name.to_owned(), Some(field)))
}

/// The function with the lambda.
pub(super) fn iterate() -> Arc<HigherOrderUDF> {
    Arc::new(HigherOrderUDF::new_from_impl(Iterate {
        // Not that it were: but a lambda's parameters are numbered behind the columns of the rows it is planned for, and
        // in a filter that is moved onto rows with more columns they would meet those. What is volatile is not moved.
        signature: HigherOrderSignature::variadic_any(Volatility::Volatile),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Iterate {
    signature: HigherOrderSignature,
}

impl HigherOrderUDFImpl for Iterate {
    fn name(&self) -> &str {
        "dql_iterate"
    }

    fn signature(&self) -> &HigherOrderSignature {
        &self.signature
    }

    fn lambda_parameters(
        &self,
        _step: usize,
        fields: &[ValueOrLambda<FieldRef, Option<FieldRef>>],
    ) -> Result<LambdaParametersProgress> {
        let mut parameters = Vec::with_capacity(fields.len());
        for field in fields {
            match field {
                ValueOrLambda::Value(list) => {
                    let DataType::List(element) = list.data_type() else {
                        return plan_err!("dql_iterate takes lists, not {}", list.data_type());
                    };
                    let element = Field::new("element", element.data_type().clone(), true);
                    parameters.push(Arc::new(element));
                }
                ValueOrLambda::Lambda(_) => {}
            }
        }
        parameters.push(Arc::new(Field::new("index", DataType::Int64, true)));
        Ok(LambdaParametersProgress::Complete(vec![parameters]))
    }

    fn return_field_from_args(&self, args: HigherOrderReturnFieldArgs) -> Result<FieldRef> {
        let Some(ValueOrLambda::Lambda(result)) = args.arg_fields.last() else {
            return plan_err!("dql_iterate ends with a lambda");
        };
        let element = Field::new_list_field(result.data_type().clone(), true);
        let list = DataType::List(Arc::new(element));
        Ok(Arc::new(Field::new(self.name(), list, true)))
    }

    fn clear_null_values(&self) -> bool {
        // Rows with a null are passed over here.
        false
    }

    fn invoke_with_args(&self, args: HigherOrderFunctionArgs) -> Result<ColumnarValue> {
        let Some((ValueOrLambda::Lambda(lambda), values)) = args.args.split_last() else {
            return exec_err!("dql_iterate ends with a lambda");
        };
        let arrays: Vec<ArrayRef> = values
            .iter()
            .map(|value| match value {
                ValueOrLambda::Value(value) => value.to_array(args.number_rows),
                ValueOrLambda::Lambda(_) => exec_err!("dql_iterate takes one lambda"),
            })
            .collect::<Result<_>>()?;
        let lists: Vec<&ListArray> = arrays
            .iter()
            .map(|array| match array.as_list_opt::<i32>() {
                Some(list) => Ok(list),
                None => exec_err!("dql_iterate takes lists, not {}", array.data_type()),
            })
            .collect::<Result<_>>()?;
        let DataType::List(element) = args.return_field.data_type() else {
            return exec_err!("dql_iterate gives lists");
        };

        let lengths: Vec<Option<usize>> = (0..args.number_rows)
            .map(|row| length(&lists, row))
            .collect();
        let total: usize = lengths.iter().flatten().sum();
        let results = if total == 0 {
            new_empty_array(element.data_type())
        } else {
            let elements: Vec<Box<dyn Fn() -> Result<ArrayRef>>> = lists
                .iter()
                .map(|list| -> Box<dyn Fn() -> Result<ArrayRef>> {
                    Box::new(|| flat(list, &lengths, total))
                })
                .collect();
            let index = || {
                let places = lengths
                    .iter()
                    .flatten()
                    .flat_map(|length| 0..*length as i64);
                Ok(Arc::new(Int64Array::from_iter_values(places)) as ArrayRef)
            };
            let mut parameters: Vec<&dyn Fn() -> Result<ArrayRef>> = elements
                .iter()
                .map(|element| element.as_ref() as _)
                .collect();
            parameters.push(&index);
            let results = lambda.evaluate(&parameters, |captured| {
                let rows = lengths
                    .iter()
                    .zip(0_u32..)
                    .flat_map(|(length, row)| std::iter::repeat_n(row, length.unwrap_or(0)));
                Ok(take_arrays(
                    captured,
                    &UInt32Array::from_iter_values(rows),
                    None,
                )?)
            })?;
            results.into_array(total)?
        };
        let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
        let offsets = OffsetBuffer::from_lengths(lengths.iter().map(|length| length.unwrap_or(0)));
        let list = ListArray::try_new(Arc::clone(element), offsets, results, Some(nulls))?;
        Ok(ColumnarValue::Array(Arc::new(list)))
    }
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

/// Between arrays in value text and lists of value texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Lists {
    /// The elements of an array; null for what is no array.
    Split,
    /// The array of elements.
    Join,
}

/// The plan functions without a lambda, for registration by name.
pub(super) fn udfs() -> Vec<Arc<ScalarUDF>> {
    vec![udf(Lists::Split), udf(Lists::Join)]
}

fn udf(way: Lists) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(OfTexts {
        way,
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct OfTexts {
    way: Lists,
    signature: Signature,
}

impl ScalarUDFImpl for OfTexts {
    fn name(&self) -> &str {
        match self.way {
            Lists::Split => "value_elements",
            Lists::Join => "value_array",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(match self.way {
            Lists::Split => Type::Array(Box::new(Type::String)).arrow(),
            Lists::Join => DataType::Utf8View,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [array] = args.args.as_slice() else {
            return exec_err!("{} takes one array", self.name());
        };
        let array = array.to_array(args.number_rows)?;
        let column = match self.way {
            Lists::Split => array.as_string_view_opt().map(split),
            Lists::Join => array.as_list_opt::<i32>().and_then(join),
        };
        match column {
            Some(column) => Ok(ColumnarValue::Array(column)),
            None => exec_err!("{} does not take {}", self.name(), array.data_type()),
        }
    }
}

fn split(texts: &StringViewArray) -> ArrayRef {
    let mut elements = StringViewBuilder::new();
    let mut lengths: Vec<Option<usize>> = Vec::with_capacity(texts.len());
    let mut found = Vec::new();
    for text in texts {
        found.clear();
        let array = text.is_some_and(|text| pieces(text, &mut found).is_some());
        lengths.push(array.then_some(found.len()));
        if array {
            for element in &found {
                elements.append_option((*element != "null").then_some(*element));
            }
        }
    }
    let nulls: NullBuffer = lengths.iter().map(Option::is_some).collect();
    let offsets = OffsetBuffer::from_lengths(lengths.iter().map(|length| length.unwrap_or(0)));
    Arc::new(ListArray::new(
        Arc::new(Field::new_list_field(DataType::Utf8View, true)),
        offsets,
        Arc::new(elements.finish()),
        Some(nulls),
    ))
}

/// The texts of an array's elements; none for what is no array.
fn pieces<'a>(text: &'a str, found: &mut Vec<&'a str>) -> Option<()> {
    let mut cursor = Cursor::new(text.as_bytes());
    if cursor.peek() != Some(b'[') {
        return None;
    }
    let mut more = cursor.first_element().ok()?;
    while more {
        cursor.space();
        let start = cursor.at();
        cursor.skip().ok()?;
        found.push(text.get(start..cursor.at())?);
        more = cursor.next_element().ok()?;
    }
    Some(())
}

fn join(lists: &ListArray) -> Option<ArrayRef> {
    let elements = lists.values().as_string_view_opt()?;
    let offsets = lists.value_offsets();
    let mut arrays = StringViewBuilder::with_capacity(lists.len());
    let mut text = String::new();
    for row in 0..lists.len() {
        if lists.is_null(row) {
            arrays.append_null();
            continue;
        }
        text.clear();
        text.push('[');
        for (place, element) in (offsets[row] as usize..offsets[row + 1] as usize).enumerate() {
            if place > 0 {
                text.push(',');
            }
            text.push_str(match elements.is_valid(element) {
                true => elements.value(element),
                false => "null",
            });
        }
        text.push(']');
        arrays.append_value(&text);
    }
    Some(Arc::new(arrays.finish()))
}
