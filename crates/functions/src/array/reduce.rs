//! What gives one value for an array: on lists of a static type over the whole column at once, as time series want it,
//! and row by row on everything else.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, BooleanArray, Float64Array, Int64Array,
    ListArray, PrimitiveArray, UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use syntax::Diagnostic;

use crate::parameter::Arguments;
use crate::row::{self, Row};
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// A function of one array, `array`.
pub(crate) struct Reduction {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value for any array.
    pub(crate) row: Row,
    /// The same for lists.
    pub(crate) kernel: Kernel,
}

impl Reduction {
    /// The value of a call.
    pub(super) fn call(&self, arguments: &Arguments) -> Result<Typed, Diagnostic> {
        Ok(self.over(&arguments.required("array")?.value))
    }

    /// What is made of an array.
    pub(crate) fn over(&self, array: &Typed) -> Typed {
        let ty = array.ty();
        let fast = match &ty {
            Type::Array(element) if !ty.is_text() => self.kernel.takes(element),
            _ => false,
        };
        if !fast || array.fixed().is_some() {
            return row::apply(self.name, self.row, std::slice::from_ref(array));
        }
        let returns = (self.row.returns)(&[ty]);
        Typed::of(udf(self.kernel).call(vec![array.expr()]), returns)
    }
}

/// What is made of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kernel {
    /// The mean of the numbers.
    Avg,
    /// The sum of the numbers.
    Sum,
    /// The least number.
    Min,
    /// The greatest number.
    Max,
    /// The number of elements.
    Size,
    /// The first element that is not null.
    First,
    /// The last element that is not null.
    Last,
    /// Whether a boolean is true; null where all are null.
    Any,
}

/// The plan functions, for registration by name.
pub(super) fn udfs() -> impl Iterator<Item = Arc<ScalarUDF>> {
    [
        Kernel::Avg,
        Kernel::Sum,
        Kernel::Min,
        Kernel::Max,
        Kernel::Size,
        Kernel::First,
        Kernel::Last,
        Kernel::Any,
    ]
    .into_iter()
    .map(udf)
}

fn udf(kernel: Kernel) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Reduce {
        kernel,
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

/// The elements that the least and the greatest are taken of: the numbers; where there are none, all that are not null,
/// if they are of one type with an order.
pub(super) fn ordered<'v, 'a>(values: &'v [Value<'a>]) -> Vec<&'v Value<'a>> {
    let [Value::Array(elements)] = values else {
        return Vec::new();
    };
    let numbers: Vec<_> = elements
        .iter()
        .filter(|element| element.as_number().is_some())
        .collect();
    if !numbers.is_empty() {
        return numbers;
    }
    uniform(
        elements
            .iter()
            .filter(|element| !element.is_null())
            .collect(),
    )
}

/// The values, if they are of one type with an order, none of them null; else none.
pub(crate) fn uniform<'v, 'a>(values: Vec<&'v Value<'a>>) -> Vec<&'v Value<'a>> {
    let orderly = |value: &Value<'_>| {
        matches!(
            value,
            Value::Boolean(_) | Value::String(_) | Value::Timestamp(_) | Value::Duration(_)
        )
    };
    let one = values.windows(2).all(|pair| match pair {
        [a, b] => a.type_name() == b.type_name(),
        _ => true,
    });
    match values.first() {
        Some(first) if one && orderly(first) => values,
        _ => Vec::new(),
    }
}

impl Kernel {
    /// Whether lists of such elements have a way of their own.
    fn takes(self, element: &Type) -> bool {
        match self {
            Kernel::Size | Kernel::First | Kernel::Last => true,
            Kernel::Any => *element == Type::Boolean,
            _ => element.is_number(),
        }
    }
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Reduce {
    kernel: Kernel,
    signature: Signature,
}

impl ScalarUDFImpl for Reduce {
    fn name(&self) -> &str {
        match self.kernel {
            Kernel::Avg => "dql_list_avg",
            Kernel::Sum => "dql_list_sum",
            Kernel::Min => "dql_list_min",
            Kernel::Max => "dql_list_max",
            Kernel::Size => "dql_list_size",
            Kernel::First => "dql_list_first",
            Kernel::Last => "dql_list_last",
            Kernel::Any => "dql_list_any",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        Ok(match (self.kernel, arguments) {
            (Kernel::Avg | Kernel::Sum, _) => DataType::Float64,
            (Kernel::Size, _) => DataType::Int64,
            (Kernel::Any, _) => DataType::Boolean,
            (_, [DataType::List(element)]) => element.data_type().clone(),
            _ => return plan_err!("{} takes one list", self.name()),
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [array] = args.args.as_slice() else {
            return exec_err!("{} takes one list", self.name());
        };
        let array = array.to_array(args.number_rows)?;
        let Some(lists) = array.as_list_opt::<i32>() else {
            return exec_err!("{} takes lists, not {}", self.name(), array.data_type());
        };
        let column: ArrayRef = match self.kernel {
            Kernel::Size => Arc::new(Int64Array::from_iter(
                (0..lists.len()).map(|row| range(lists, row).map(|range| range.len() as i64)),
            )),
            Kernel::First => element(lists, |mut places, values| {
                places.find(|place| values.is_valid(*place))
            })?,
            Kernel::Last => element(lists, |mut places, values| {
                places.rfind(|place| values.is_valid(*place))
            })?,
            Kernel::Any => some_true(lists)?,
            _ => self.numbers(lists)?,
        };
        Ok(ColumnarValue::Array(column))
    }
}

impl Reduce {
    fn numbers(&self, lists: &ListArray) -> Result<ArrayRef> {
        let values = lists.values();
        if let Some(longs) = values.as_primitive_opt::<Int64Type>() {
            return Ok(match self.kernel {
                Kernel::Min => Arc::new(each(lists, longs, |numbers| numbers.min())),
                Kernel::Max => Arc::new(each(lists, longs, |numbers| numbers.max())),
                _ => self.total(lists, longs, |long| long as f64),
            });
        }
        if let Some(doubles) = values.as_primitive_opt::<Float64Type>() {
            return Ok(match self.kernel {
                // Doubles are never NaN.
                Kernel::Min => Arc::new(each(lists, doubles, |numbers| numbers.reduce(f64::min))),
                Kernel::Max => Arc::new(each(lists, doubles, |numbers| numbers.reduce(f64::max))),
                _ => self.total(lists, doubles, |double| double),
            });
        }
        exec_err!("{} takes lists of numbers", self.name())
    }

    /// The sums or the means.
    fn total<T: ArrowPrimitiveType>(
        &self,
        lists: &ListArray,
        values: &PrimitiveArray<T>,
        double: fn(T::Native) -> f64,
    ) -> ArrayRef {
        let mean = self.kernel == Kernel::Avg;
        let totals = (0..lists.len()).map(|row| {
            let (mut count, mut sum) = (0_usize, 0.0);
            for place in range(lists, row)? {
                if values.is_valid(place) {
                    count += 1;
                    sum += double(values.value(place));
                }
            }
            let total = if mean && count > 0 {
                sum / count as f64
            } else {
                sum
            };
            total.is_finite().then_some(total)
        });
        Arc::new(Float64Array::from_iter(totals))
    }
}

/// The places of a row's elements; none for null.
fn range(lists: &ListArray, row: usize) -> Option<std::ops::Range<usize>> {
    let offsets = lists.value_offsets();
    lists
        .is_valid(row)
        .then(|| offsets[row] as usize..offsets[row + 1] as usize)
}

/// Made of the numbers of each list.
fn each<T: ArrowPrimitiveType>(
    lists: &ListArray,
    values: &PrimitiveArray<T>,
    make: impl Fn(&mut dyn Iterator<Item = T::Native>) -> Option<T::Native>,
) -> PrimitiveArray<T> {
    let rows = (0..lists.len()).map(|row| {
        let mut numbers = range(lists, row)?
            .filter(|place| values.is_valid(*place))
            .map(|place| values.value(place));
        make(&mut numbers)
    });
    PrimitiveArray::from_iter(rows)
}

/// Whether an element of each list is true.
fn some_true(lists: &ListArray) -> Result<ArrayRef> {
    let Some(booleans) = lists.values().as_boolean_opt() else {
        return exec_err!("dql_list_any takes lists of booleans");
    };
    let rows = (0..lists.len()).map(|row| {
        let places = range(lists, row)?;
        let mut unknown = !places.is_empty();
        for place in places {
            if booleans.is_valid(place) {
                if booleans.value(place) {
                    return Some(true);
                }
                unknown = false;
            }
        }
        (!unknown).then_some(false)
    });
    Ok(Arc::new(rows.collect::<BooleanArray>()))
}

/// One element of each list.
fn element(
    lists: &ListArray,
    find: impl Fn(std::ops::Range<usize>, &ArrayRef) -> Option<usize>,
) -> Result<ArrayRef> {
    let places = (0..lists.len()).map(|row| {
        let place = find(range(lists, row)?, lists.values())?;
        u32::try_from(place).ok()
    });
    Ok(take(lists.values(), &UInt32Array::from_iter(places), None)?)
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Field;
    use datafusion::common::config::ConfigOptions;
    use proptest::prelude::*;

    use super::*;
    use crate::array::rows;
    use crate::value::column::{Builder, Reader};

    /// What a kernel makes of a column of arrays.
    fn reduced(kernel: Kernel, column: &ArrayRef, ty: &Type) -> Vec<Value<'static>> {
        let rows = column.len();
        let function = udf(kernel);
        let returned = function
            .return_type(&[column.data_type().clone()])
            .expect("a list");
        let args = ScalarFunctionArgs {
            args: vec![ColumnarValue::Array(Arc::clone(column))],
            arg_fields: vec![Arc::new(Field::new("a", column.data_type().clone(), true))],
            number_rows: rows,
            return_field: Arc::new(Field::new("r", returned, true)),
            config_options: Arc::new(ConfigOptions::default()),
        };
        let made = function
            .invoke_with_args(args)
            .and_then(|made| made.to_array(rows))
            .expect("lists of numbers");
        let reader = Reader::new(made.as_ref(), ty).expect("the type it says");
        (0..rows).map(|row| reader.get(row).into_owned()).collect()
    }

    fn element() -> impl Strategy<Value = Value<'static>> {
        prop_oneof![
            Just(Value::Null),
            (-5_i64..5).prop_map(Value::Long),
            Just(Value::Long(i64::MAX)),
        ]
    }

    proptest! {
        /// Over a column of lists, slices of it too, is what it is row by row.
        #[test]
        fn kernels_agree_with_rows(
            arrays in proptest::collection::vec(
                proptest::option::of(proptest::collection::vec(element(), 0..4)), 1..6),
            double in any::<bool>(),
            skip in 0_usize..2,
        ) {
            let ty = if double { Type::Double } else { Type::Long };
            let arrays_of = Type::Array(Box::new(ty));
            let mut builder = Builder::new(&arrays_of, arrays.len());
            for array in arrays {
                builder.push(&array.map_or(Value::Null, Value::Array));
            }
            let column = builder.finish();
            let skip = skip.min(column.len());
            let column = column.slice(skip, column.len() - skip);
            let reader = Reader::new(column.as_ref(), &arrays_of).expect("its own type");
            let kernels = [
                ("arrayAvg", Kernel::Avg),
                ("arrayFirst", Kernel::First),
                ("arrayLast", Kernel::Last),
                ("arrayMax", Kernel::Max),
                ("arrayMin", Kernel::Min),
                ("arraySize", Kernel::Size),
                ("arraySum", Kernel::Sum),
            ];
            for (name, kernel) in kernels {
                let (_, row) = rows().find(|(known, _)| *known == name).expect("a reduction");
                let returns = (row.returns)(std::slice::from_ref(&arrays_of));
                let made = reduced(kernel, &column, &returns);
                for (at, made) in made.iter().enumerate() {
                    prop_assert_eq!(made, &(row.eval)(&[reader.get(at)]), "{}", name);
                }
            }
        }
    }
}
