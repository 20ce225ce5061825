//! A batch of records as it comes from a plan: values are made of its columns only where somebody asks for them.

use arrow::array::{Array, Float64Array};
use arrow::record_batch::RecordBatch;
use datafusion::common::Result;
use functions::value::column::Reader;
use translator::OutputField;

use crate::Error;
use crate::query::records;
use crate::value::Value;

/// Some records of a result. Its first columns are those of the fields.
#[derive(Clone, Debug)]
pub struct Batch {
    batch: RecordBatch,
    fields: Vec<OutputField>,
}

/// One value, made as far as it has to be.
#[derive(Clone, Debug)]
pub enum Part<'a> {
    /// A string.
    String(&'a str),
    /// An array of doubles.
    Doubles(Doubles<'a>),
    /// Any other value.
    Value(Value),
}

/// An array of doubles and nulls.
#[derive(Clone, Debug)]
pub struct Doubles<'a> {
    values: &'a Float64Array,
    start: usize,
    end: usize,
}

impl Batch {
    /// The first columns of `batch` are to be of the Arrow types that stand for those of `fields`.
    pub fn new(batch: RecordBatch, fields: &[OutputField]) -> Batch {
        Batch {
            batch,
            fields: fields.to_vec(),
        }
    }

    /// The fields, in order.
    pub fn fields(&self) -> &[OutputField] {
        &self.fields
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first records, `most` at most.
    pub fn first(&self, most: usize) -> Batch {
        Batch {
            batch: self.batch.slice(0, most.min(self.len())),
            fields: self.fields.clone(),
        }
    }

    /// The records, each with a value a field.
    ///
    /// # Errors
    /// [`Error::Run`] where a column is not what its field says.
    pub fn records(&self) -> Result<Vec<Vec<Value>>, Error> {
        Ok(records(&self.batch, &self.fields)?)
    }

    /// Its columns, in the order of the fields.
    ///
    /// # Errors
    /// As [`Batch::records`].
    pub fn columns(&self) -> Result<Vec<BatchColumn<'_>>, Error> {
        let columns = self.batch.columns().iter().zip(&self.fields);
        let columns: Result<_> = columns
            .map(|(column, field)| Ok(BatchColumn(Reader::new(column.as_ref(), &field.ty)?)))
            .collect();
        Ok(columns?)
    }
}

/// The values of one field.
pub struct BatchColumn<'a>(Reader<'a>);

impl BatchColumn<'_> {
    /// The value of the record `row`, which is less than [`Batch::len`].
    pub fn part(&self, row: usize) -> Part<'_> {
        match &self.0 {
            Reader::String(texts) if texts.is_valid(row) => Part::String(texts.value(row)),
            Reader::Array { list, elements } if list.is_valid(row) => {
                let offsets = list.value_offsets();
                match elements.as_ref() {
                    Reader::Double(values) => Part::Doubles(Doubles {
                        values,
                        start: offsets[row] as usize,
                        end: offsets[row + 1] as usize,
                    }),
                    _ => Part::Value(Value::from(self.0.get(row))),
                }
            }
            reader => Part::Value(Value::from(reader.get(row))),
        }
    }
}

impl Doubles<'_> {
    /// How many elements there are, nulls among them.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives `take` the elements that are not null, which are finite, in order, each with its place.
    pub fn present(&self, mut take: impl FnMut(usize, f64)) {
        let take = |place: usize| {
            // There is one zero, and what is not finite is no value.
            let value = self.values.value(self.start + place) + 0.0;
            if value.is_finite() {
                take(place, value);
            }
        };
        match self.values.nulls() {
            Some(nulls) => nulls
                .slice(self.start, self.len())
                .valid_indices()
                .for_each(take),
            None => (0..self.len()).for_each(take),
        }
    }
}
