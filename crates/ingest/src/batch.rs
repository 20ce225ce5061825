//! A batch in memory, and Arrow arrays of any of its rows in any order: views into the text, nothing copied.

use std::str::Utf8Error;
use std::sync::Arc;

use arrow::array::builder::{NullBufferBuilder, make_view};
use arrow::array::{
    ArrayRef, BooleanArray, Int64Array, StringViewArray, TimestampMicrosecondArray,
};
use arrow::buffer::{Buffer, ScalarBuffer};
use arrow::error::ArrowError;
use hashbrown::hash_map::Entry;
use hashbrown::{HashMap, HashSet};
use lake::cloudtrail::house;
use lake::{Column, Layout, Texts};

use crate::Error;
use crate::block::{Block, Rows, Slot, Values};

/// A row of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) block: u32,
    pub(crate) row: u32,
}

/// The places of the columns that events are told apart and sorted by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    pub(crate) time: usize,
    pub(crate) id: usize,
    pub(crate) account: usize,
    pub(crate) source: usize,
    pub(crate) name: usize,
}

impl Places {
    pub(crate) fn of(columns: &[Column]) -> Result<Places, Error> {
        let place = |name: &'static str| {
            let place = columns.iter().position(|column| column.name == name);
            place.ok_or(Error::Column(name))
        };
        Ok(Places {
            time: place("event_time")?,
            id: place("event_id")?,
            account: place("recipient_account_id")?,
            source: place("event_source")?,
            name: place("event_name")?,
        })
    }
}

/// The records of many objects.
pub(crate) struct Batch {
    places: Places,
    blocks: Vec<Rows>,
    /// Of each block its text and its side buffer.
    buffers: Arc<[Buffer]>,
    /// The name of the bucket, in the last buffer.
    bucket: String,
}

impl Batch {
    pub(crate) fn new(places: Places, blocks: Vec<Block>, bucket: &str) -> Batch {
        let mut buffers = Vec::with_capacity(blocks.len() * 2 + 1);
        let mut rows = Vec::with_capacity(blocks.len());
        for mut block in blocks {
            buffers.push(Buffer::from(block.text));
            buffers.push(Buffer::from(std::mem::take(&mut block.rows.side)));
            rows.push(block.rows);
        }
        buffers.push(Buffer::from(bucket.as_bytes()));
        Batch {
            places,
            blocks: rows,
            buffers: buffers.into(),
            bucket: bucket.to_owned(),
        }
    }

    /// What it was made of, once no array shares it any more.
    pub(crate) fn into_blocks(mut self) -> Vec<Block> {
        let Some(buffers) = Arc::get_mut(&mut self.buffers) else {
            return Vec::new();
        };
        let taken = |buffer: &mut Buffer| std::mem::take(buffer).into_vec::<u8>().ok();
        let blocks = self.blocks.into_iter().zip(buffers.chunks_mut(2));
        blocks
            .filter_map(|(mut rows, buffers)| {
                let [text, side] = buffers else { return None };
                rows.side = taken(side)?;
                let text = taken(text)?;
                Some(Block { text, rows })
            })
            .collect()
    }

    /// All rows, in the order of the objects in the listing, and of the records in them.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut origins: Vec<_> = self
            .blocks
            .iter()
            .enumerate()
            .flat_map(|(block, rows)| {
                rows.origins
                    .iter()
                    .map(move |origin| (origin.ordinal, block, &origin.rows))
            })
            .collect();
        origins.sort_unstable_by_key(|(ordinal, ..)| *ordinal);
        origins
            .into_iter()
            .flat_map(|(_, block, rows)| {
                rows.clone().map(move |row| Row {
                    block: block as u32,
                    row: row as u32,
                })
            })
            .collect()
    }

    pub(crate) fn content(&self, row: Row) -> &[u8] {
        self.bytes(
            row,
            self.blocks[row.block as usize].content[row.row as usize],
        )
        .unwrap_or_default()
    }

    /// The object that a row came from, by its place in the listing, and the row's place in it.
    pub(crate) fn place(&self, row: Row) -> (usize, u32) {
        let index = self.blocks[row.block as usize].index[row.row as usize];
        (self.origin(row).ordinal, index)
    }

    /// The path of the object that a row came from.
    pub(crate) fn object(&self, row: Row) -> Option<&[u8]> {
        self.bytes(row, self.origin(row).source)
    }

    /// `eventTime` in microseconds.
    pub(crate) fn time(&self, row: Row) -> Option<i64> {
        match &self.blocks[row.block as usize].columns[self.places.time] {
            Values::Timestamp(values) => values.get(row.row as usize).copied().flatten(),
            _ => None,
        }
    }

    pub(crate) fn id(&self, row: Row) -> Option<&[u8]> {
        self.bytes(row, self.slot(row, self.places.id))
    }

    pub(crate) fn account(&self, row: Row) -> Option<&[u8]> {
        self.bytes(row, self.slot(row, self.places.account))
    }

    pub(crate) fn event_source(&self, row: Row) -> Option<&[u8]> {
        self.bytes(row, self.slot(row, self.places.source))
    }

    pub(crate) fn name(&self, row: Row) -> Option<&[u8]> {
        self.bytes(row, self.slot(row, self.places.name))
    }

    /// The values of a column of data files for these rows, which the layout has at `place`: the declared ones come
    /// first in every layout, then the house's.
    pub(crate) fn values_of(
        &self,
        rows: &[Row],
        conflicts: &HashSet<Row>,
        place: usize,
        layout: &Layout,
    ) -> Result<lake::Values<'_>, ArrowError> {
        let schema = layout.schema();
        let name = schema.field(place).name().as_str();
        let declared = place < self.declared_columns();
        if layout.takes_texts(place) {
            let texts = match (declared, name) {
                (true, _) => {
                    let slots = self.slots(place);
                    self.distinct(rows, |row| value(&slots, row).unwrap_or(Slot::NULL))?
                }
                (_, house::ACCOUNT_ID) => self.distinct(rows, |row| self.account_slot(row))?,
                (_, house::SOURCE) => self.distinct(rows, |row| self.origin(row).source)?,
                _ => return Ok(self.house(name, rows, conflicts)?.into()),
            };
            return Ok(lake::Values::Texts(texts));
        }
        if layout.takes_long(place) {
            let slots = match declared {
                true => self.slots(place),
                false => self.values(|block| block.content.as_slice()),
            };
            let text = |&row: &Row| self.bytes(row, value(&slots, row)?);
            return Ok(lake::Values::Long(rows.iter().map(text).collect()));
        }
        let array = match declared {
            true => self.column(rows, place)?,
            false => self.house(name, rows, conflicts)?,
        };
        Ok(array.into())
    }

    /// A column of the house's that stands in data files.
    pub(crate) fn house(
        &self,
        name: &str,
        rows: &[Row],
        conflicts: &HashSet<Row>,
    ) -> Result<ArrayRef, ArrowError> {
        Ok(match name {
            house::ACCOUNT_ID => self.texts(rows, |row| self.account_slot(row))?,
            house::BUCKET => self.buckets(rows.len())?,
            house::SOURCE => self.texts(rows, |row| self.origin(row).source)?,
            house::SOURCE_INDEX => {
                Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| {
                    i64::from(self.blocks[row.block as usize].index[row.row as usize])
                })))
            }
            house::CONFLICT => {
                let conflict = |row| conflicts.contains(row).then_some(true);
                Arc::new(rows.iter().map(conflict).collect::<BooleanArray>())
            }
            house::MISTYPED => self.mistyped(rows)?,
            house::CONTENT => {
                let slots = self.values(|block| block.content.as_slice());
                self.texts(rows, |row| value(&slots, row).unwrap_or(Slot::NULL))?
            }
            name => {
                return Err(ArrowError::SchemaError(format!(
                    "nothing fills column `{name}`"
                )));
            }
        })
    }

    /// The declared columns.
    pub(crate) fn declared(&self, rows: &[Row]) -> Result<Vec<ArrayRef>, ArrowError> {
        (0..self.declared_columns())
            .map(|column| self.column(rows, column))
            .collect()
    }

    fn declared_columns(&self) -> usize {
        self.blocks.first().map_or(0, |block| block.columns.len())
    }

    /// The names of the columns whose value has another form.
    pub(crate) fn mistyped(&self, rows: &[Row]) -> Result<ArrayRef, ArrowError> {
        self.texts(rows, |row| {
            let slots = &self.blocks[row.block as usize].mistyped;
            slots.get(row.row as usize).copied().unwrap_or(Slot::NULL)
        })
    }

    /// A declared column, by its place among those that were read.
    pub(crate) fn column(&self, rows: &[Row], column: usize) -> Result<ArrayRef, ArrowError> {
        let kind = self.blocks.first().map(|block| &block.columns[column]);
        Ok(match kind {
            Some(Values::Text(_)) | None => {
                let slots = self.slots(column);
                self.texts(rows, |row| value(&slots, row).unwrap_or(Slot::NULL))?
            }
            Some(Values::Boolean(_)) => {
                let values = self.values(|block| match &block.columns[column] {
                    Values::Boolean(values) => values,
                    _ => &[],
                });
                let values = rows.iter().map(|&row| value(&values, row).flatten());
                Arc::new(values.collect::<BooleanArray>())
            }
            Some(kind @ (Values::Long(_) | Values::Timestamp(_))) => {
                let values = self.values(|block| match &block.columns[column] {
                    Values::Long(values) | Values::Timestamp(values) => values,
                    _ => &[],
                });
                let values = rows.iter().map(|&row| value(&values, row).flatten());
                match kind {
                    Values::Long(_) => Arc::new(values.collect::<Int64Array>()),
                    _ => Arc::new(
                        values
                            .collect::<TimestampMicrosecondArray>()
                            .with_timezone("UTC"),
                    ),
                }
            }
        })
    }

    /// The values of something in all blocks, so that going through rows looks nothing else up.
    fn values<'a, T>(&'a self, values: impl Fn(&'a Rows) -> &'a [T]) -> Vec<&'a [T]> {
        self.blocks.iter().map(values).collect()
    }

    /// The slots of a column in all blocks.
    fn slots(&self, column: usize) -> Vec<&[Slot]> {
        self.values(|block| match &block.columns[column] {
            Values::Text(slots) => slots.as_slice(),
            _ => &[],
        })
    }

    /// The texts in the slots of `rows`, each once. Slots are compared before texts: most rows share theirs with others.
    fn distinct(&self, rows: &[Row], slot: impl Fn(Row) -> Slot) -> Result<Texts<'_>, ArrowError> {
        let mut texts = Texts::with_capacity(rows.len());
        let mut slots: HashMap<(u32, Slot), u32> = HashMap::new();
        let mut known: HashMap<&str, u32> = HashMap::new();
        let (mut last, mut last_place) = ((0, Slot::NULL), None);
        for &row in rows {
            let key = (row.block, slot(row));
            if key.1 == Slot::NULL {
                texts.push_null();
                continue;
            }
            let place = match last_place {
                Some(place) if last == key => place,
                _ => match slots.entry(key) {
                    Entry::Occupied(entry) => *entry.get(),
                    Entry::Vacant(entry) => {
                        let bytes = self.bytes(row, key.1).unwrap_or_default();
                        let text = std::str::from_utf8(bytes).map_err(not_utf8)?;
                        let place = *known.entry(text).or_insert_with(|| texts.add(text));
                        *entry.insert(place)
                    }
                },
            };
            (last, last_place) = (key, Some(place));
            texts.push(place);
        }
        Ok(texts)
    }

    /// An array of the texts in the slots of `rows`.
    fn texts(&self, rows: &[Row], slot: impl Fn(Row) -> Slot) -> Result<ArrayRef, ArrowError> {
        let mut views = Vec::with_capacity(rows.len());
        let mut nulls = NullBufferBuilder::new(rows.len());
        for &row in rows {
            let found = slot(row).place().and_then(|(side, at, length)| {
                let buffer = row.block * 2 + u32::from(side);
                let text = self.buffers[buffer as usize].get(at..at + length)?;
                Some(make_view(text, buffer, at as u32))
            });
            nulls.append(found.is_some());
            views.push(found.unwrap_or_default());
        }
        self.views(views, nulls)
    }

    /// An array of the bucket's name.
    fn buckets(&self, rows: usize) -> Result<ArrayRef, ArrowError> {
        let view = make_view(self.bucket.as_bytes(), self.buffers.len() as u32 - 1, 0);
        let mut nulls = NullBufferBuilder::new(rows);
        nulls.append_n_non_nulls(rows);
        self.views(vec![view; rows], nulls)
    }

    fn views(
        &self,
        views: Vec<u128>,
        mut nulls: NullBufferBuilder,
    ) -> Result<ArrayRef, ArrowError> {
        let views = ScalarBuffer::from(views);
        let array = StringViewArray::try_new(views, self.buffers.clone(), nulls.finish())?;
        Ok(Arc::new(array))
    }

    fn slot(&self, row: Row, column: usize) -> Slot {
        match &self.blocks[row.block as usize].columns[column] {
            Values::Text(values) => values.get(row.row as usize).copied().unwrap_or(Slot::NULL),
            _ => Slot::NULL,
        }
    }

    fn origin(&self, row: Row) -> &crate::block::Origin {
        let rows = &self.blocks[row.block as usize];
        &rows.origins[rows.origin[row.row as usize] as usize]
    }

    /// The account that received the record, by itself or else by its object's path.
    fn account_slot(&self, row: Row) -> Slot {
        match self.slot(row, self.places.account) {
            Slot::NULL => self.origin(row).account,
            slot => slot,
        }
    }

    fn bytes(&self, row: Row, slot: Slot) -> Option<&[u8]> {
        let (side, at, length) = slot.place()?;
        self.buffers[row.block as usize * 2 + usize::from(side)].get(at..at + length)
    }
}

/// What `values`, those of each block, have for a row; rows at the end of a block may be left out.
#[inline]
fn value<T: Copy>(values: &[&[T]], row: Row) -> Option<T> {
    values
        .get(row.block as usize)?
        .get(row.row as usize)
        .copied()
}

/// Records are checked before they become rows; what stands in one is in no message.
fn not_utf8(_: Utf8Error) -> ArrowError {
    ArrowError::InvalidArgumentError("a text is not UTF-8".to_owned())
}
