//! Where a few rows of a file came from: object and place in it.

use arrow::array::AsArray;
use arrow::datatypes::{DataType, Int64Type};

use crate::cloudtrail::house;
use crate::contents::selection;
use crate::file::File;
use crate::read::{Opened, column};
use crate::{Error, Lake};

impl Lake {
    /// The object and the place in it of `rows` of `file`: places from 0, ascending, each once. Blocks.
    ///
    /// # Errors
    /// As [`contents`](Lake::contents).
    pub fn origins(&self, file: &File, rows: &[u64]) -> Result<Vec<(String, i64)>, Error> {
        let opened = Opened::open(self, file)?;
        let selection = selection(&opened, rows)?;
        let mut origins = Vec::with_capacity(rows.len());
        for batch in opened.rows(selection, &[house::SOURCE, house::SOURCE_INDEX])? {
            let columns = batch.and_then(|batch| {
                let source = column(&batch, house::SOURCE, &DataType::Utf8View)?;
                Ok((
                    source,
                    column(&batch, house::SOURCE_INDEX, &DataType::Int64)?,
                ))
            });
            let (sources, places) = columns.map_err(|error| Error::arrow(opened.path(), error))?;
            let (sources, places) = (sources.as_string_view(), places.as_primitive::<Int64Type>());
            for (source, place) in sources.iter().zip(places) {
                origins.push((
                    source.unwrap_or_default().to_owned(),
                    place.unwrap_or_default(),
                ));
            }
        }
        Ok(origins)
    }
}
