//! `dql_series(bucket, value, length, default)`: one value a bucket, gathered into an array with an element for every
//! bucket. What `makeTimeseries` ends with.

use std::iter::repeat_n;
use std::mem::size_of;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder, Float64Array, Int64Array,
    ListArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Float64Type, Int64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, Expr, GroupsAccumulator, Signature,
    Volatility, lit,
};
use datafusion::physical_expr::expressions::Literal;

use crate::types::Type;

/// The array of `length` elements whose element `bucket` (`Int64`, from 0) is `value` (`Float64`), and whose others are
/// `default`.
pub fn series(bucket: Expr, value: Expr, length: i64, default: Option<f64>) -> Expr {
    udf().call(vec![
        bucket,
        value,
        lit(length),
        lit(ScalarValue::Float64(default)),
    ])
}

pub(crate) fn udf() -> Arc<AggregateUDF> {
    Arc::new(AggregateUDF::new_from_impl(Series {
        signature: Signature::exact(
            vec![
                DataType::Int64,
                DataType::Float64,
                DataType::Int64,
                DataType::Float64,
            ],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Series {
    signature: Signature,
}

impl AggregateUDFImpl for Series {
    fn name(&self) -> &str {
        "dql_series"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(Type::Array(Box::new(Type::Double)).arrow())
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        Ok(Box::new(One {
            groups: Groups::new(&args)?,
        }))
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(Groups::new(&args)?))
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let list = |part: &str, element| {
            let element = Arc::new(Field::new_list_field(element, true));
            let name = format!("{}[{part}]", args.name);
            Arc::new(Field::new(name, DataType::List(element), true))
        };
        Ok(vec![
            list("places", DataType::Int64),
            list("values", DataType::Float64),
        ])
    }
}

/// A bucket that holds something.
#[derive(Clone, Copy, Debug)]
struct Held {
    group: usize,
    place: usize,
    value: f64,
}

/// The series of all groups: only what they hold, as most buckets of most groups hold nothing.
#[derive(Debug)]
struct Groups {
    length: usize,
    default: Option<f64>,
    /// Of one bucket the last counts.
    held: Vec<Held>,
    count: usize,
}

impl Groups {
    fn new(args: &AccumulatorArgs) -> Result<Groups> {
        let literal = |place: usize| -> Result<ScalarValue> {
            let Some(expr) = args.exprs.get(place) else {
                return exec_err!("dql_series takes four arguments");
            };
            match expr.downcast_ref::<Literal>() {
                Some(literal) => Ok(literal.value().clone()),
                None => exec_err!("the length and default of dql_series are literals"),
            }
        };
        let (ScalarValue::Int64(Some(length)), ScalarValue::Float64(default)) =
            (literal(2)?, literal(3)?)
        else {
            return exec_err!("the length of dql_series is a long, its default a double");
        };
        let Ok(length) = usize::try_from(length) else {
            return exec_err!("the length of dql_series is not negative");
        };
        Ok(Groups {
            length,
            default,
            held: Vec::new(),
            count: 0,
        })
    }

    fn hold(&mut self, group: usize, bucket: Option<i64>, value: Option<f64>) {
        let place = bucket.and_then(|bucket| usize::try_from(bucket).ok());
        if let (Some(place), Some(value)) = (place.filter(|place| *place < self.length), value) {
            self.held.push(Held {
                group,
                place,
                value,
            });
        }
    }

    /// What the groups that are emitted hold, and how many these are; the others move up.
    fn emit(&mut self, emit_to: EmitTo) -> (Vec<Held>, usize) {
        match emit_to {
            EmitTo::All => (
                std::mem::take(&mut self.held),
                std::mem::take(&mut self.count),
            ),
            EmitTo::First(first) => {
                let (emitted, kept) = std::mem::take(&mut self.held)
                    .into_iter()
                    .partition(|held: &Held| held.group < first);
                self.held = kept;
                for held in &mut self.held {
                    held.group -= first;
                }
                self.count = self.count.saturating_sub(first);
                (emitted, first)
            }
        }
    }

    /// An array for each of `count` groups.
    fn arrays(&self, held: &[Held], count: usize) -> Result<ListArray> {
        let total = count.checked_mul(self.length);
        let Some(total) = total.filter(|total| i32::try_from(*total).is_ok()) else {
            return exec_err!(
                "series of {} intervals for {count} groups are more than can be held",
                self.length
            );
        };
        let mut values = vec![self.default.unwrap_or_default(); total];
        let valid = match self.default {
            Some(_) => None,
            None => Some(BooleanBufferBuilder::new(total)),
        };
        let mut valid = valid.map(|mut valid| {
            valid.append_n(total, false);
            valid
        });
        for held in held {
            let at = held.group * self.length + held.place;
            if let Some(value) = values.get_mut(at) {
                *value = held.value;
                if let Some(valid) = &mut valid {
                    valid.set_bit(at, true);
                }
            }
        }
        let valid = valid.map(|mut valid| NullBuffer::new(valid.finish()));
        Ok(ListArray::new(
            Arc::new(Field::new_list_field(DataType::Float64, true)),
            OffsetBuffer::from_lengths(repeat_n(self.length, count)),
            Arc::new(Float64Array::new(values.into(), valid)),
            None,
        ))
    }
}

/// What groups hold as places and values, a list of each for a group.
fn states(mut held: Vec<Held>, count: usize) -> Vec<ArrayRef> {
    // Keeps the order within a group.
    held.sort_by_key(|held| held.group);
    let mut lengths = vec![0; count];
    for held in &held {
        if let Some(length) = lengths.get_mut(held.group) {
            *length += 1;
        }
    }
    let places: Int64Array = held.iter().map(|held| Some(held.place as i64)).collect();
    let values: Float64Array = held.iter().map(|held| Some(held.value)).collect();
    let lists = |elements: ArrayRef| -> ArrayRef {
        let field = Arc::new(Field::new_list_field(elements.data_type().clone(), true));
        let offsets = OffsetBuffer::from_lengths(lengths.iter().copied());
        Arc::new(ListArray::new(field, offsets, elements, None))
    };
    vec![lists(Arc::new(places)), lists(Arc::new(values))]
}

impl GroupsAccumulator for Groups {
    fn update_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total: usize,
    ) -> Result<()> {
        let [buckets, values, ..] = columns else {
            return exec_err!("dql_series takes buckets and values");
        };
        let buckets = buckets.as_primitive::<Int64Type>();
        let values = values.as_primitive::<Float64Type>();
        let rows = buckets.iter().zip(values).zip(group_indices);
        for (row, ((bucket, value), group)) in rows.enumerate() {
            if filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row)) {
                self.hold(*group, bucket, value);
            }
        }
        self.count = self.count.max(total);
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let (held, count) = self.emit(emit_to);
        Ok(Arc::new(self.arrays(&held, count)?))
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        let (held, count) = self.emit(emit_to);
        Ok(states(held, count))
    }

    fn merge_batch(
        &mut self,
        columns: &[ArrayRef],
        group_indices: &[usize],
        total: usize,
    ) -> Result<()> {
        let lists = |place: usize| columns.get(place)?.as_list_opt::<i32>();
        let (Some(places), Some(values)) = (lists(0), lists(1)) else {
            return exec_err!("the state of dql_series are places and values");
        };
        for ((places, values), group) in places.iter().zip(values.iter()).zip(group_indices) {
            let (Some(places), Some(values)) = (places, values) else {
                continue;
            };
            let places = places.as_primitive::<Int64Type>();
            let values = values.as_primitive::<Float64Type>();
            for (place, value) in places.iter().zip(values) {
                self.hold(*group, place, value);
            }
        }
        self.count = self.count.max(total);
        Ok(())
    }

    fn convert_to_state(
        &self,
        columns: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let count = columns.first().map_or(0, |column| column.len());
        let mut single = Groups {
            held: Vec::new(),
            ..*self
        };
        let groups: Vec<usize> = (0..count).collect();
        single.update_batch(columns, &groups, filter, count)?;
        Ok(states(single.held, count))
    }

    fn size(&self) -> usize {
        size_of::<Self>() + self.held.capacity() * size_of::<Held>()
    }
}

/// The series of one group.
#[derive(Debug)]
struct One {
    groups: Groups,
}

impl Accumulator for One {
    fn update_batch(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let rows = columns.first().map_or(0, |column| column.len());
        GroupsAccumulator::update_batch(&mut self.groups, columns, &vec![0; rows], None, 1)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let array = self.groups.arrays(&self.groups.held, 1)?;
        Ok(ScalarValue::List(Arc::new(array)))
    }

    fn size(&self) -> usize {
        GroupsAccumulator::size(&self.groups)
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let states = states(self.groups.held.clone(), 1);
        let states = states.iter();
        states
            .map(|state| ScalarValue::try_from_array(state, 0))
            .collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, |state| state.len());
        GroupsAccumulator::merge_batch(&mut self.groups, states, &vec![0; rows], 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(default: Option<f64>) -> Groups {
        Groups {
            length: 3,
            default,
            held: Vec::new(),
            count: 0,
        }
    }

    fn rows(rows: &[(Option<i64>, Option<f64>)]) -> Vec<ArrayRef> {
        let buckets: Int64Array = rows.iter().map(|row| row.0).collect();
        let values: Float64Array = rows.iter().map(|row| row.1).collect();
        vec![Arc::new(buckets), Arc::new(values)]
    }

    fn shown(arrays: &ArrayRef) -> Vec<Vec<Option<f64>>> {
        let lists = arrays.as_list::<i32>().iter().flatten();
        lists
            .map(|list| list.as_primitive::<Float64Type>().iter().collect())
            .collect()
    }

    #[test]
    fn each_group_has_an_element_for_each_bucket() {
        let given = rows(&[
            (Some(2), Some(5.0)),
            (Some(0), Some(1.0)),
            // What is in no bucket, or holds nothing, is passed over.
            (Some(3), Some(9.0)),
            (Some(-1), Some(9.0)),
            (None, Some(9.0)),
            (Some(1), None),
            (Some(1), Some(7.0)),
        ]);
        let mut all = groups(None);
        let places = [0, 2, 0, 0, 0, 0, 2];
        GroupsAccumulator::update_batch(&mut all, &given, &places, None, 4).unwrap();
        // The first three go, the last one stays: with what it is given later.
        let first = GroupsAccumulator::evaluate(&mut all, EmitTo::First(3)).unwrap();
        let none = vec![None; 3];
        let expected = [
            vec![None, None, Some(5.0)],
            none.clone(),
            vec![Some(1.0), Some(7.0), None],
        ];
        assert_eq!(shown(&first), expected);
        let more = rows(&[(Some(1), Some(4.0))]);
        GroupsAccumulator::update_batch(&mut all, &more, &[0], None, 1).unwrap();
        let last = GroupsAccumulator::evaluate(&mut all, EmitTo::All).unwrap();
        assert_eq!(shown(&last), [vec![None, Some(4.0), None]]);
    }

    #[test]
    fn states_are_merged_whoever_made_them() {
        let given = rows(&[(Some(0), Some(1.0)), (Some(2), Some(2.0))]);
        let filter = BooleanArray::from(vec![true, false]);
        let mut one = groups(Some(0.0));
        GroupsAccumulator::update_batch(&mut one, &given, &[1, 0], None, 2).unwrap();
        let states = [
            one.convert_to_state(&given, Some(&filter)).unwrap(),
            GroupsAccumulator::state(&mut one, EmitTo::All).unwrap(),
        ];
        let mut merged = groups(Some(0.0));
        for state in &states {
            GroupsAccumulator::merge_batch(&mut merged, state, &[0, 1], 2).unwrap();
        }
        let merged = GroupsAccumulator::evaluate(&mut merged, EmitTo::All).unwrap();
        assert_eq!(
            shown(&merged),
            [vec![1.0, 0.0, 2.0], vec![1.0, 0.0, 0.0]]
                .map(|series| { series.into_iter().map(Some).collect::<Vec<_>>() })
        );
        let mut alone = One {
            groups: groups(None),
        };
        for state in &states {
            Accumulator::merge_batch(&mut alone, state).unwrap();
        }
        let alone = alone.evaluate().unwrap().to_array().unwrap();
        assert_eq!(shown(&alone), [vec![Some(1.0), None, Some(2.0)]]);
    }

    #[test]
    fn more_than_an_array_holds_is_an_error() {
        let mut many = groups(None);
        many.length = 1 << 20;
        assert!(many.arrays(&[], 1 << 12).is_err());
    }
}
