//! The values of one export, as an Arrow column under construction.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Float64Builder, Int64Builder, StringViewBuilder,
    TimestampNanosecondBuilder,
};

use crate::dpl::{Capture, Kind};
use crate::types::Type;

/// The type of an export. JSON is a value of any type, read where it stands.
pub(super) fn ty(kind: Kind) -> Type {
    match kind {
        Kind::String => Type::String,
        Kind::Long => Type::Long,
        Kind::Double => Type::Double,
        Kind::Boolean => Type::Boolean,
        Kind::Timestamp => Type::TIMESTAMP,
        Kind::Ip => Type::Ip,
        Kind::Smartscape => Type::Smartscape,
        Kind::Record => Type::Record,
        Kind::Array => Type::Array(Box::new(Type::Dynamic)),
        Kind::Json | Kind::Dynamic => Type::Dynamic,
    }
}

/// A column of captures of one kind.
pub(super) enum Column {
    /// Texts as they stand, JSON too.
    Plain(StringViewBuilder),
    /// Value text, and room to write one.
    Text(StringViewBuilder, String),
    Long(Int64Builder),
    Double(Float64Builder),
    Boolean(BooleanBuilder),
    Timestamp(TimestampNanosecondBuilder),
}

impl Column {
    pub(super) fn new(kind: Kind, rows: usize) -> Column {
        match kind {
            Kind::String | Kind::Json => Column::Plain(StringViewBuilder::with_capacity(rows)),
            Kind::Long => Column::Long(Int64Builder::with_capacity(rows)),
            Kind::Double => Column::Double(Float64Builder::with_capacity(rows)),
            Kind::Boolean => Column::Boolean(BooleanBuilder::with_capacity(rows)),
            Kind::Timestamp => Column::Timestamp(
                TimestampNanosecondBuilder::with_capacity(rows).with_timezone("UTC"),
            ),
            Kind::Ip | Kind::Smartscape | Kind::Record | Kind::Array | Kind::Dynamic => {
                Column::Text(StringViewBuilder::with_capacity(rows), String::new())
            }
        }
    }

    /// Adds a capture; one of another kind is null.
    pub(super) fn append(&mut self, capture: &Capture<'_>) {
        match (self, capture) {
            (Column::Plain(builder), Capture::Str(text) | Capture::Json(text)) => {
                builder.append_value(text);
            }
            (Column::Text(builder, room), capture) if *capture != Capture::Null => {
                room.clear();
                capture.write(room);
                builder.append_value(&*room);
            }
            (Column::Long(builder), Capture::Long(value)) => builder.append_value(*value),
            (Column::Double(builder), Capture::Double(value)) => builder.append_value(*value),
            (Column::Boolean(builder), Capture::Boolean(value)) => builder.append_value(*value),
            (Column::Timestamp(builder), Capture::Timestamp(value)) => {
                builder.append_value(*value);
            }
            (column, _) => column.append_null(),
        }
    }

    pub(super) fn append_null(&mut self) {
        match self {
            Column::Plain(builder) | Column::Text(builder, _) => builder.append_null(),
            Column::Long(builder) => builder.append_null(),
            Column::Double(builder) => builder.append_null(),
            Column::Boolean(builder) => builder.append_null(),
            Column::Timestamp(builder) => builder.append_null(),
        }
    }

    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Column::Plain(mut builder) | Column::Text(mut builder, _) => Arc::new(builder.finish()),
            Column::Long(mut builder) => Arc::new(builder.finish()),
            Column::Double(mut builder) => Arc::new(builder.finish()),
            Column::Boolean(mut builder) => Arc::new(builder.finish()),
            Column::Timestamp(mut builder) => Arc::new(builder.finish()),
        }
    }
}
