//! Rows of an older layout, or of another engine's file, flattened anew from their records, as an ingest would.

use arrow::array::{Array, ArrayRef, AsArray};
use json::Cursor;
use lake::Layout;
use lake::cloudtrail::house;

use super::Fault;
use crate::batch::{Batch, Places, Row};
use crate::block::Block;
use crate::flatten::{Flattener, Source};

/// Bytes of records that are flattened at once: places in a block are of 32 bits.
const BLOCK: usize = 256 << 20;

/// Flattens records under one layout.
pub(super) struct Backfill<'a> {
    layout: &'a Layout,
    places: Places,
    flattener: Flattener,
}

impl<'a> Backfill<'a> {
    pub(super) fn new(layout: &'a Layout) -> Result<Backfill<'a>, Fault> {
        Ok(Backfill {
            layout,
            places: Places::of(&layout.columns).map_err(|_| Fault::Columns)?,
            flattener: Flattener::new(&layout.columns),
        })
    }

    /// The same rows, in as many pieces as it takes, with every declared column and `mistyped` as their records have
    /// them now.
    pub(super) fn rows(&mut self, arrays: &[ArrayRef]) -> Result<Vec<Vec<ArrayRef>>, Fault> {
        let schema = self.layout.schema();
        let content = schema.index_of(house::CONTENT)?;
        let mistyped = schema.index_of(house::MISTYPED)?;
        let records = arrays[content].as_string_view();
        let mut pieces = Vec::new();
        let mut row = 0;
        while row < records.len() {
            let first = row;
            let mut block = Block::new(&self.layout.columns, 0);
            block.rows.begin(0, "", None);
            while row < records.len() && (row == first || block.text.len() < BLOCK) {
                if records.is_null(row) {
                    return Err(Fault::Record);
                }
                let at = block.text.len();
                block.text.extend_from_slice(records.value(row).as_bytes());
                self.flatten(&mut block, at)?;
                row += 1;
            }
            let rows: Vec<Row> = (0..row - first)
                .map(|row| Row {
                    block: 0,
                    row: row as u32,
                })
                .collect();
            let batch = Batch::new(self.places, vec![block], "");
            let mut piece: Vec<ArrayRef> = arrays
                .iter()
                .map(|array| array.slice(first, rows.len()))
                .collect();
            for (place, array) in batch.declared(&rows)?.into_iter().enumerate() {
                piece[place] = array;
            }
            piece[mistyped] = batch.mistyped(&rows)?;
            pieces.push(piece);
        }
        Ok(pieces)
    }

    /// Makes a row of the record that stands at `at` to the end of the block.
    fn flatten(&mut self, block: &mut Block, at: usize) -> Result<(), Fault> {
        let source = Source {
            text: &block.text,
            checked: true,
        };
        let mut cursor = Cursor::starting(&block.text, at);
        self.flattener
            .record(source, &mut cursor, 0, &mut block.rows)
            .map_err(|_| Fault::Record)?;
        match cursor.at() == block.text.len() {
            true => Ok(()),
            false => Err(Fault::Record),
        }
    }
}
