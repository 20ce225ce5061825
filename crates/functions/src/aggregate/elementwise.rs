//! `sum(array[])` and its like: arrays aggregated element by element, into an array.

use std::cmp::Ordering;
use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility,
};

use crate::function::Aggregation;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::column::{Builder, Reader};
use crate::value::{Value, decode, encode, total};

/// What becomes of the elements at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Sum,
    Avg,
    Min,
    Max,
}

const ALL: &[(&str, Operation)] = &[
    ("sum", Operation::Sum),
    ("avg", Operation::Avg),
    ("min", Operation::Min),
    ("max", Operation::Max),
];

/// The aggregation `name` over the elements of arrays, place by place; none for aggregations that do not go so. Null
/// where arrays of a group differ in length; what is no array is passed over.
pub fn elementwise(name: &str, array: &Typed) -> Option<Aggregation> {
    let (_, operation) = ALL.iter().find(|(known, _)| *known == name)?;
    let ty = operation.result(&array.ty());
    let expr = udf(*operation).call(vec![array.expr()]);
    Some(Aggregation::one(expr, ty))
}

/// For registration by name.
pub(crate) fn udafs() -> impl Iterator<Item = Arc<AggregateUDF>> {
    ALL.iter().map(|(_, operation)| udf(*operation))
}

fn udf(operation: Operation) -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Elementwise {
        operation,
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

impl Operation {
    /// The type of the result, from that of the arrays.
    fn result(self, array: &Type) -> Type {
        let element = match array {
            Type::Array(element) if !array.is_text() => element.as_ref().clone(),
            _ => Type::Dynamic,
        };
        let element = match self {
            Operation::Min | Operation::Max => element,
            Operation::Sum | Operation::Avg => match element {
                Type::Long | Type::Double => Type::Double,
                Type::Duration => Type::Duration,
                _ => Type::Dynamic,
            },
        };
        Type::Array(Box::new(element))
    }
}

/// The type of the arrays that stand in a column of an Arrow type.
fn array_type(column: &DataType) -> Type {
    let element = match column {
        DataType::List(element) => match element.data_type() {
            DataType::Boolean => Type::Boolean,
            DataType::Int64 => Type::Long,
            DataType::Float64 => Type::Double,
            DataType::Utf8View => Type::String,
            DataType::Timestamp(TimeUnit::Nanosecond, _) => Type::TIMESTAMP,
            DataType::Duration(TimeUnit::Nanosecond) => Type::Duration,
            _ => Type::Dynamic,
        },
        _ => Type::Dynamic,
    };
    Type::Array(Box::new(element))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Elementwise {
    operation: Operation,
    signature: Signature,
}

impl AggregateUDFImpl for Elementwise {
    fn name(&self) -> &str {
        match self.operation {
            Operation::Sum => "dql_each_sum",
            Operation::Avg => "dql_each_avg",
            Operation::Min => "dql_each_min",
            Operation::Max => "dql_each_max",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        let [column] = arguments else {
            return plan_err!("{} takes one array", self.name());
        };
        Ok(self.operation.result(&array_type(column)).arrow())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let [argument] = args.expr_fields else {
            return exec_err!("{} takes one array", self.name());
        };
        let arrays = array_type(argument.data_type());
        Ok(Box::new(Places {
            operation: self.operation,
            result: self.operation.result(&arrays),
            arrays,
            places: None,
            unequal: false,
        }))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let name = format!("{}[places]", args.name);
        Ok(vec![Arc::new(Field::new(name, DataType::Utf8View, true))])
    }
}

/// What is known of the elements at one place.
#[derive(Clone, Debug, Default)]
struct Place {
    /// The sum, the least or the greatest so far; null where there was none.
    value: Value<'static>,
    /// How many elements it is made of.
    count: i64,
    /// Whether they do not go together: the result is null.
    mixed: bool,
}

impl Place {
    /// Takes a value made of `count` elements.
    fn add(&mut self, operation: Operation, value: &Value<'_>, count: i64) {
        if value.is_null() {
            return;
        }
        self.count += count;
        let joined = match operation {
            Operation::Sum | Operation::Avg => sum(&self.value, value),
            Operation::Min => extreme(&self.value, value, Ordering::Less),
            Operation::Max => extreme(&self.value, value, Ordering::Greater),
        };
        match joined {
            Some(joined) => self.value = joined,
            None => self.mixed = true,
        }
    }

    fn result(&self, operation: Operation) -> Value<'static> {
        match (&self.value, operation) {
            _ if self.mixed => Value::Null,
            (Value::Double(sum), Operation::Avg) => Value::double(sum / self.count as f64),
            (Value::Duration(nanos), Operation::Avg) => Value::or_null(
                crate::arithmetic::rounded(*nanos as f64 / self.count as f64),
                Value::Duration,
            ),
            (value, _) => value.clone(),
        }
    }
}

/// Numbers give a double, durations a duration; anything else, and what is out of range, has no sum.
fn sum(so_far: &Value<'_>, value: &Value<'_>) -> Option<Value<'static>> {
    let sum = match (so_far, value) {
        (Value::Null, Value::Duration(nanos)) => Value::Duration(*nanos),
        (Value::Duration(a), Value::Duration(b)) => Value::Duration(a.checked_add(*b)?),
        (Value::Null, value) => Value::double(value.as_number()?),
        (so_far, value) => Value::double(so_far.as_number()? + value.as_number()?),
    };
    (!sum.is_null()).then_some(sum)
}

/// The one of the two that is `wanted` than the other; one double among longs makes the result a double.
fn extreme(so_far: &Value<'_>, value: &Value<'_>, wanted: Ordering) -> Option<Value<'static>> {
    let number = |value: &Value<'_>| value.as_number().is_some();
    let ordered = matches!(
        value,
        Value::Boolean(_) | Value::String(_) | Value::Timestamp(_) | Value::Duration(_)
    );
    if so_far.is_null() {
        return (ordered || number(value)).then(|| value.clone().into_owned());
    }
    let numbers = number(so_far) && number(value);
    let alike = ordered && so_far.type_name() == value.type_name();
    if !numbers && !alike {
        return None;
    }
    let kept = if total(value, so_far) == wanted {
        value
    } else {
        so_far
    };
    let double = matches!(so_far, Value::Double(_)) || matches!(value, Value::Double(_));
    match kept.as_number() {
        Some(number) if double => Some(Value::Double(number)),
        _ => Some(kept.clone().into_owned()),
    }
}

#[derive(Debug)]
struct Places {
    operation: Operation,
    arrays: Type,
    result: Type,
    /// None before the first array.
    places: Option<Vec<Place>>,
    /// Whether arrays differed in length.
    unequal: bool,
}

impl Places {
    /// As many places as the arrays have; none where they differ in that.
    fn places(&mut self, length: usize) -> Option<&mut Vec<Place>> {
        let places = self
            .places
            .get_or_insert_with(|| vec![Place::default(); length]);
        self.unequal |= places.len() != length;
        (!self.unequal).then_some(places)
    }
}

impl Accumulator for Places {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let [column] = values else {
            return exec_err!("one array was expected");
        };
        let operation = self.operation;
        let arrays = self.arrays.clone();
        let reader = Reader::new(column.as_ref(), &arrays)?;
        for row in 0..column.len() {
            if let Value::Array(elements) = reader.get(row)
                && let Some(places) = self.places(elements.len())
            {
                for (place, element) in places.iter_mut().zip(&elements) {
                    place.add(operation, element, 1);
                }
            }
        }
        Ok(())
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let Some(states) = states.first().and_then(|state| state.as_string_view_opt()) else {
            return exec_err!("one state was expected");
        };
        let operation = self.operation;
        for state in states.iter().flatten() {
            let Value::Array(others) = decode(state) else {
                self.unequal = true;
                continue;
            };
            let Some(places) = self.places(others.len()) else {
                continue;
            };
            for (place, other) in places.iter_mut().zip(&others) {
                let count = other.element(1).as_long().unwrap_or(0);
                place.add(operation, &other.element(0), count);
                place.mixed |= other.element(2) == Value::Boolean(true);
            }
        }
        Ok(())
    }

    /// Null before the first array, `false` where lengths differ, else `[[value, count, mixed], …]`.
    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let known = |place: &Place| {
            Value::Array(vec![
                place.value.clone(),
                Value::Long(place.count),
                Value::Boolean(place.mixed),
            ])
        };
        let state = match &self.places {
            _ if self.unequal => Value::Boolean(false),
            None => return Ok(vec![ScalarValue::Utf8View(None)]),
            Some(places) => Value::Array(places.iter().map(known).collect()),
        };
        let mut text = String::new();
        encode(&state, &mut text);
        Ok(vec![ScalarValue::Utf8View(Some(text))])
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let operation = self.operation;
        let result = match &self.places {
            Some(places) if !self.unequal => {
                Value::Array(places.iter().map(|place| place.result(operation)).collect())
            }
            _ => Value::Null,
        };
        let mut builder = Builder::new(&self.result, 1);
        builder.push(&result);
        ScalarValue::try_from_array(&builder.finish(), 0)
    }

    fn size(&self) -> usize {
        let places = self.places.as_ref().map_or(0, Vec::capacity);
        size_of::<Self>() + places * size_of::<Place>()
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::StringViewArray;
    use proptest::prelude::*;

    use super::*;

    fn places(operation: Operation) -> Places {
        let arrays = Type::Array(Box::new(Type::Dynamic));
        Places {
            operation,
            result: operation.result(&arrays),
            arrays,
            places: None,
            unequal: false,
        }
    }

    fn column(arrays: &[Vec<Value<'static>>]) -> ArrayRef {
        let texts = arrays.iter().map(|array| {
            let mut text = String::new();
            encode(&Value::Array(array.clone()), &mut text);
            text
        });
        Arc::new(StringViewArray::from_iter_values(texts))
    }

    fn element() -> impl Strategy<Value = Value<'static>> {
        prop_oneof![
            Just(Value::Null),
            (-3_i64..3).prop_map(Value::Long),
            (-3_i32..3).prop_map(|half| Value::Double(f64::from(half) / 2.0)),
            Just(Value::Duration(5)),
            Just(Value::string("x")),
        ]
    }

    proptest! {
        /// A group in two parts gives what it gives in one.
        #[test]
        fn parts_make_the_whole(
            arrays in proptest::collection::vec(proptest::collection::vec(element(), 2..4), 0..5),
            at in 0_usize..5,
        ) {
            let (first, second) = arrays.split_at(at.min(arrays.len()));
            for (_, operation) in ALL {
                let mut whole = places(*operation);
                whole.update_batch(&[column(&arrays)]).expect("arrays");
                let mut merged = places(*operation);
                for part in [first, second] {
                    let mut places = places(*operation);
                    places.update_batch(&[column(part)]).expect("arrays");
                    let state = places.state().expect("a state");
                    let state: Vec<ArrayRef> =
                        state.iter().map(|state| state.to_array().expect("a text")).collect();
                    merged.merge_batch(&state).expect("a state");
                }
                prop_assert_eq!(
                    merged.evaluate().expect("a value"),
                    whole.evaluate().expect("a value")
                );
            }
        }
    }
}
