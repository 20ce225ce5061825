//! The repeats that were folded, one line of JSON each, for whoever wants to see them.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::batch::{Batch, Row};
use crate::fold::{Fold, Kept};

/// Where repeats are listed. Cheap to clone.
#[derive(Clone)]
pub struct Repeats(Arc<Mutex<dyn Write + Send>>);

impl fmt::Debug for Repeats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Repeats")
    }
}

impl Repeats {
    /// Lists them in `writer`, which should be buffered.
    pub fn new(writer: impl Write + Send + 'static) -> Repeats {
        Repeats(Arc::new(Mutex::new(writer)))
    }

    /// Lists the repeats of a batch that is in the lake.
    pub(crate) fn list(&self, batch: &Batch, fold: &Fold) -> io::Result<()> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (row, kept) in fold.repeats() {
            writeln!(writer, "{}", line(batch, row, &kept))?;
        }
        writer.flush()
    }
}

fn text(bytes: Option<&[u8]>) -> Option<String> {
    bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned())
}

fn line(batch: &Batch, row: Row, kept: &Kept<'_>) -> Value {
    let time = batch
        .time(row)
        .and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let place = |row| {
        let (source, (_, index)) = (batch.object(row), batch.place(row));
        (text(source).unwrap_or_default(), i64::from(index))
    };
    let kept = match kept {
        Kept::Batch(row) => Some(place(*row)),
        Kept::Lake(found) => found.cloned(),
    };
    let folded = place(row);
    json!({
        "event_id": text(batch.id(row)),
        "account": text(batch.account(row)),
        "event_time": time.map(|time| format!("{time:.6}")),
        "kept_source": kept.as_ref().map(|kept| &kept.0),
        "kept_index": kept.as_ref().map(|kept| kept.1),
        "folded_source": folded.0,
        "folded_index": folded.1,
    })
}
