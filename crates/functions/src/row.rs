//! Functions that go row by row: a plain Rust function from values to a value, and what makes a plan function of it.
//!
//! The static types of the arguments travel as the first argument, a text, since Arrow does not tell them all apart.
//! A call of constants alone is a constant.

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility, lit,
};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use syntax::Diagnostic;

use crate::function::{Body, Function};
use crate::parameter::Arguments;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;
use crate::value::column::{Builder, Reader};

/// What a row is given, in this order: the parameters that are not variadic as they are declared, null where one is
/// left out; the name of the query's time zone and `now()`, where the function asks for them; the values of the variadic
/// parameter.
pub type Eval = for<'a> fn(&[Value<'a>]) -> Value<'a>;

/// A function that goes row by row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The static type of the result, from those of the arguments as `eval` is given them.
    pub returns: fn(&[Type]) -> Type,
    /// The value of a row. A value of a type that the function does not take has to give null.
    pub eval: Eval,
    /// Whether `eval` is given the name of the query's time zone.
    pub zoned: bool,
    /// Whether `eval` is given `now()`.
    pub timed: bool,
}

impl Row {
    /// Of a function whose result is always of one type.
    pub const fn new(returns: fn(&[Type]) -> Type, eval: Eval) -> Row {
        Row {
            returns,
            eval,
            zoned: false,
            timed: false,
        }
    }

    /// As [`Row::new`], for a function that depends on the query's time zone.
    pub const fn zoned(returns: fn(&[Type]) -> Type, eval: Eval) -> Row {
        Row {
            returns,
            eval,
            zoned: true,
            timed: false,
        }
    }

    /// As [`Row::zoned`], for a function that depends on `now()`, too.
    pub const fn at(returns: fn(&[Type]) -> Type, eval: Eval) -> Row {
        Row {
            returns,
            eval,
            zoned: true,
            timed: true,
        }
    }

    /// The value of a call.
    pub(crate) fn call(
        self,
        function: &Function,
        arguments: &Arguments,
    ) -> std::result::Result<Typed, Diagnostic> {
        let mut values = Vec::new();
        let parameters = || function.parameters.iter();
        for parameter in parameters().filter(|parameter| !parameter.variadic) {
            let given = arguments.get(parameter.name);
            values.push(given.map_or_else(Typed::null, |argument| argument.value.clone()));
        }
        if self.zoned {
            values.push(Typed::string_literal(&arguments.zone));
        }
        if self.timed {
            values.push(Typed::constant(
                &Value::Timestamp(arguments.now),
                &Type::TIMESTAMP,
            ));
        }
        for parameter in parameters().filter(|parameter| parameter.variadic) {
            values.extend(
                arguments
                    .all(parameter.name)
                    .map(|argument| argument.value.clone()),
            );
        }
        Ok(apply(function.name, self, &values))
    }
}

/// The value of the row function `name` over `values`.
pub(crate) fn apply(name: &'static str, row: Row, values: &[Typed]) -> Typed {
    let types: Vec<Type> = values.iter().map(Typed::ty).collect();
    let returns = match (row.returns)(&types) {
        Type::Timestamp(_) => Type::TIMESTAMP,
        ty => ty,
    };
    let fixed: Option<Vec<Value<'static>>> = values.iter().map(Typed::fixed).collect();
    if let Some(fixed) = fixed {
        return Typed::constant(&(row.eval)(&fixed), &returns);
    }
    let mut codes = returns.code();
    types.iter().for_each(|ty| codes.push_str(&ty.code()));
    let mut arguments = vec![lit(codes)];
    arguments.extend(values.iter().map(Typed::expr));
    Typed::of(udf(name, row).call(arguments), returns)
}

/// The plan functions of all functions that go row by row, for registration by name.
pub(crate) fn all<'f>(functions: impl Iterator<Item = &'f Function>) -> Vec<Arc<ScalarUDF>> {
    functions
        .filter_map(|function| match function.body {
            Body::Row(row) => Some(udf(function.name, row)),
            Body::Build(_) | Body::Form | Body::Iterative(_) => None,
        })
        .collect()
}

/// The plan function of a row function that is no function of the language, for registration by name.
pub(crate) fn udf(name: &str, row: Row) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(RowFunction {
        name: format!("dql_{}", name.to_lowercase()),
        row,
        signature: Signature::variadic_any(Volatility::Immutable),
    }))
}

#[derive(Debug)]
struct RowFunction {
    name: String,
    row: Row,
    signature: Signature,
}

// A name stands for one function.
impl PartialEq for RowFunction {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for RowFunction {}

impl Hash for RowFunction {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl ScalarUDFImpl for RowFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        exec_err!("the type of {} follows from its first argument", self.name)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let codes = args.scalar_arguments.first().copied().flatten();
        match codes.and_then(types).as_deref() {
            Some([returns, ..]) => Ok(Arc::new(Field::new(&self.name, returns.arrow(), true))),
            _ => plan_err!("{} needs the types of its arguments", self.name),
        }
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let Some((ColumnarValue::Scalar(codes), values)) = args.args.split_first() else {
            return exec_err!("{} needs the types of its arguments", self.name);
        };
        let Some(types) = types(codes) else {
            return exec_err!("{} is given types that there are not", self.name);
        };
        let Some((returns, types)) = types.split_first() else {
            return exec_err!("{} needs the types of its arguments", self.name);
        };
        if types.len() != values.len() {
            return exec_err!("{} is not given what its types say", self.name);
        }
        let scalar = values
            .iter()
            .all(|value| matches!(value, ColumnarValue::Scalar(_)));
        let rows = if scalar { 1 } else { args.number_rows };
        // Constants are read once.
        let arrays: Vec<ArrayRef> = values
            .iter()
            .map(|value| match value {
                ColumnarValue::Scalar(value) => value.to_array_of_size(1),
                ColumnarValue::Array(array) => Ok(Arc::clone(array)),
            })
            .collect::<Result<_>>()?;
        let readers: Vec<Reader<'_>> = arrays
            .iter()
            .zip(types)
            .map(|(array, ty)| Reader::new(array.as_ref(), ty))
            .collect::<Result<_>>()?;
        let mut row: Vec<Value<'_>> = readers
            .iter()
            .zip(&arrays)
            .map(|(reader, array)| {
                if array.is_empty() {
                    Value::Null
                } else {
                    reader.get(0)
                }
            })
            .collect();
        let changing: Vec<usize> = (0..values.len())
            .filter(|place| matches!(values[*place], ColumnarValue::Array(_)))
            .collect();
        let mut builder = Builder::new(returns, rows);
        for at in 0..rows {
            for place in &changing {
                row[*place] = readers[*place].get(at);
            }
            builder.push(&(self.row.eval)(&row));
        }
        let column = builder.finish();
        Ok(if scalar {
            ColumnarValue::Scalar(ScalarValue::try_from_array(&column, 0)?)
        } else {
            ColumnarValue::Array(column)
        })
    }
}

fn types(codes: &ScalarValue) -> Option<Vec<Type>> {
    Type::from_codes(codes.try_as_str()??)
}

/// Always a boolean.
pub(crate) fn boolean(_: &[Type]) -> Type {
    Type::Boolean
}

/// Always a long.
pub(crate) fn long(_: &[Type]) -> Type {
    Type::Long
}

/// Always a double.
pub(crate) fn double(_: &[Type]) -> Type {
    Type::Double
}

/// Always a string.
pub(crate) fn string(_: &[Type]) -> Type {
    Type::String
}

/// Always a timestamp.
pub(crate) fn timestamp(_: &[Type]) -> Type {
    Type::TIMESTAMP
}

/// Always a duration.
pub(crate) fn duration(_: &[Type]) -> Type {
    Type::Duration
}

/// Known only record by record.
pub(crate) fn dynamic(_: &[Type]) -> Type {
    Type::Dynamic
}

/// The type of the first argument.
pub(crate) fn first(types: &[Type]) -> Type {
    types.first().cloned().unwrap_or(Type::Null)
}
