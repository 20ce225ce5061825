//! Aggregations of ours, written over values: a gatherer takes the values of one record after the other, and what
//! makes plan functions of gatherers.
//!
//! A plan function is called with the static types of its values and with its settings, both as literal texts, with a
//! null of the type of its result, since plans ask an aggregation for its type before they know its literals, and then
//! with the values. Its state is one value text a group.

mod accumulate;
pub(super) mod collect;
pub(super) mod correlation;
pub(super) mod distinct;
pub(super) mod exact;
mod exact_texts;
pub(super) mod extreme;
pub(super) mod percentile;
mod quantiles;
mod sketch;
pub(super) mod take;
#[cfg(test)]
mod tests;
pub(super) mod total;

use std::any::type_name;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use arrow::array::BooleanArray;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Expr, GroupsAccumulator, Signature, Volatility,
    lit,
};
use datafusion::physical_expr::expressions::Literal;

use crate::document::null;
use crate::function::Aggregation;
use crate::typed::Typed;
use crate::types::Type;
use crate::value::{Value, decode, encode};
use accumulate::{Groups, One};

/// What is gathered of one group.
pub(super) trait Gather: Debug + Send + Sync + Sized + 'static {
    /// The name of the plan function.
    const NAME: &'static str;

    /// Whether a value that it has already taken changes nothing.
    const KNOWS_REPEATS: bool = false;

    /// Whether a record whose first value is null changes nothing.
    const SKIPS_NULL: bool = false;

    /// What gathers for all groups at once where the one value is a string, if there is something of its own.
    fn of_texts() -> Option<Box<dyn GroupsAccumulator>> {
        None
    }

    /// Before the first record, under the settings of a call.
    fn new(settings: &[Value<'static>]) -> Self;

    /// Takes the values of one record, in the order of the call.
    ///
    /// # Errors
    /// Where the group is past what the function may gather.
    fn add(&mut self, row: &[Value<'_>]) -> Result<()>;

    /// Takes what another gatherer of the group holds, as [`Gather::state`] gave it.
    ///
    /// # Errors
    /// As [`Gather::add`].
    fn merge(&mut self, state: &Value<'_>) -> Result<()>;

    /// What it holds.
    fn state(&mut self) -> Value<'static>;

    /// The value of the group.
    fn result(&mut self) -> Value<'static>;

    /// Bytes that it holds outside of itself. Asked for every record, so it has to be known, not counted.
    fn size(&self) -> usize {
        0
    }
}

/// The plan functions of all gatherers, for registration by name.
pub(super) fn all() -> Vec<Arc<AggregateUDF>> {
    vec![
        udf::<collect::Collect>(),
        udf::<correlation::Correlation>(),
        udf::<distinct::Distinct>(),
        udf::<exact::Exact>(),
        udf::<extreme::Extreme<true>>(),
        udf::<extreme::Extreme<false>>(),
        udf::<percentile::Percentile>(),
        udf::<take::Take<true>>(),
        udf::<take::Take<false>>(),
        udf::<take::TakeOrdered<true>>(),
        udf::<take::TakeOrdered<false>>(),
        udf::<total::Total>(),
    ]
}

/// An aggregation by the gatherer `G`, whose result is of type `returns`.
pub(super) fn gather<G: Gather>(
    settings: Vec<Value<'static>>,
    values: &[Typed],
    returns: Type,
) -> Aggregation {
    // Timestamps are read as nanoseconds, whatever holds them.
    let returns = nanos(returns);
    let codes: String = [&returns]
        .into_iter()
        .chain(&values.iter().map(Typed::ty).collect::<Vec<_>>())
        .map(Type::code)
        .collect();
    let mut text = String::new();
    encode(&Value::Array(settings), &mut text);
    let mut arguments = vec![lit(codes), lit(text), null_literal(&returns)];
    arguments.extend(values.iter().map(Typed::expr));
    Aggregation::one(udf::<G>().call(arguments), returns)
}

fn null_literal(ty: &Type) -> Expr {
    ScalarValue::try_from(&ty.arrow()).map_or_else(|_| null(ty), |null| Expr::Literal(null, None))
}

/// The type with timestamps in nanoseconds.
fn nanos(ty: Type) -> Type {
    match ty {
        Type::Timestamp(_) => Type::TIMESTAMP,
        Type::Array(element) => Type::Array(Box::new(nanos(*element))),
        ty => ty,
    }
}

fn udf<G: Gather>() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Gathering::<G> {
        signature: Signature::variadic_any(Volatility::Immutable),
        of: PhantomData,
    }))
}

/// The plan function of a gatherer.
struct Gathering<G> {
    signature: Signature,
    of: PhantomData<fn() -> G>,
}

impl<G> Debug for Gathering<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(type_name::<G>())
    }
}

// A gatherer has one plan function.
impl<G> PartialEq for Gathering<G> {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl<G> Eq for Gathering<G> {}

impl<G> Hash for Gathering<G> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        type_name::<G>().hash(state);
    }
}

/// What a call says besides its values.
#[derive(Clone, Debug)]
struct Call {
    returns: Type,
    types: Vec<Type>,
    settings: Vec<Value<'static>>,
}

/// How many arguments come before the values.
const BEFORE: usize = 3;

impl Call {
    fn of(name: &str, args: &AccumulatorArgs<'_>) -> Result<Call> {
        let text = |place: usize| {
            let literal = args.exprs.get(place)?.downcast_ref::<Literal>()?;
            literal.value().try_as_str()?.map(str::to_owned)
        };
        let (Some(codes), Some(settings)) = (text(0), text(1)) else {
            return exec_err!("{name} needs the types of its values, and its settings");
        };
        let types = Type::from_codes(&codes);
        let Some((returns, types)) = types.as_deref().and_then(<[Type]>::split_first) else {
            return exec_err!("{name} is given types that there are not");
        };
        if types.len() + BEFORE != args.exprs.len() {
            return exec_err!("{name} is not given what its types say");
        }
        let Value::Array(settings) = decode(&settings).into_owned() else {
            return exec_err!("the settings of {name} are an array");
        };
        Ok(Call {
            returns: returns.clone(),
            types: types.to_vec(),
            settings,
        })
    }
}

impl<G: Gather> AggregateUDFImpl for Gathering<G> {
    fn name(&self) -> &str {
        G::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        match arguments.get(BEFORE - 1) {
            Some(returns) => Ok(returns.clone()),
            None => plan_err!("{} needs the type of its result", G::NAME),
        }
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let call = Call::of(G::NAME, &args)?;
        Ok(Box::new(One::<G>::new(call)))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let name = format!("{}[{}]", args.name, G::NAME);
        Ok(vec![Arc::new(Field::new(name, DataType::Utf8View, true))])
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs<'_>) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs<'_>,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        let call = Call::of(G::NAME, &args)?;
        if let [Type::String] = call.types.as_slice()
            && let Some(texts) = G::of_texts()
        {
            return Ok(texts);
        }
        Ok(Box::new(Groups::<G>::new(call)))
    }
}

/// Whether a filter lets a row through.
pub(super) fn passes(filter: Option<&BooleanArray>, row: usize) -> bool {
    use arrow::array::Array;
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}
