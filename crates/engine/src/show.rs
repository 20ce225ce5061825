//! One event, whole.

use crate::value::Value;
use crate::{Engine, Error};

/// An event as the lake holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The record's exact text.
    pub content: String,
    /// The object that it came from.
    pub source: String,
    /// The record's place in that object, from 0.
    pub source_index: i64,
    /// Whether another record with this id but other content is in the lake.
    pub conflict: bool,
}

impl Engine {
    /// The events of that id: one, none, or several with different contents.
    ///
    /// # Errors
    /// [`Error::Run`] where the lake can't be read.
    pub async fn show(&self, event_id: &str) -> Result<Vec<Event>, Error> {
        use datafusion::logical_expr::{col, lit};
        let context = self.session(&functions::Figures::default());
        let Some(table) = self.table() else {
            return Ok(Vec::new());
        };
        let frame = context
            .read_table(table)?
            .filter(col("event_id").eq(lit(event_id)))?
            .select_columns(&["content", "source", "source_index", "conflict"])?
            .sort(vec![
                col("source").sort(true, false),
                col("source_index").sort(true, false),
            ])?;
        let types = [
            functions::Type::String,
            functions::Type::String,
            functions::Type::Long,
            functions::Type::Boolean,
        ];
        let mut events = Vec::new();
        for batch in frame.collect().await? {
            let columns: Vec<Vec<Value>> = batch
                .columns()
                .iter()
                .zip(&types)
                .map(|(column, ty)| crate::value::values(column, ty))
                .collect::<datafusion::common::Result<_>>()?;
            let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
            while let [Some(content), Some(source), Some(index), Some(conflict)] =
                [0, 1, 2, 3].map(|place: usize| columns.get_mut(place).and_then(Iterator::next))
            {
                let text = |value: Value| match value {
                    Value::String(text) => text,
                    _ => String::new(),
                };
                events.push(Event {
                    content: text(content),
                    source: text(source),
                    source_index: if let Value::Long(index) = index {
                        index
                    } else {
                        0
                    },
                    conflict: conflict == Value::Boolean(true),
                });
            }
        }
        Ok(events)
    }
}
