//! The column table as two schemas: Arrow's, of a data file, and Delta's, of the table.

use arrow::datatypes::{DataType, Schema, SchemaRef, TimeUnit};
use deltalake_core::kernel::{DataType as DeltaType, MetadataValue, PrimitiveType, StructField};

use crate::cloudtrail::{LAYOUT, columns, house};
use crate::layout::{JSON_PATH, KIND, SINCE, kind_of, text};
use crate::{Column, Kind, Layout};

/// The house's columns that stand in data files, after the declared ones: name, kind, whether null occurs, documentation.
const HOUSE: &[(&str, Kind, bool, &str)] = &[
    (
        house::ACCOUNT_ID,
        Kind::Text,
        true,
        "the account that received the event, by the record or else by the object's path",
    ),
    (
        house::BUCKET,
        Kind::Text,
        false,
        "the bucket given at ingest",
    ),
    (
        house::SOURCE,
        Kind::Text,
        false,
        "the object that the record came from",
    ),
    (
        house::SOURCE_INDEX,
        Kind::Long,
        false,
        "the record's place in its object, from 0",
    ),
    (
        house::CONFLICT,
        Kind::Boolean,
        true,
        "true where the lake has another record with this eventID but other content",
    ),
    (
        house::MISTYPED,
        Kind::Text,
        true,
        "the columns whose value the record holds in another form, comma separated",
    ),
    (
        house::CONTENT,
        Kind::Text,
        false,
        "the record's exact bytes",
    ),
];

/// What the partition column holds, for the table's comment and the documentation.
pub(crate) const EVENT_DATE_DOC: &str =
    "the UTC day of event_time; null where the time is missing or absurd";

/// The places in `schema`, that of a layout, of the columns that are never null.
pub(crate) fn required_columns(schema: &Schema) -> impl Iterator<Item = usize> {
    let declared = schema.fields().len() - HOUSE.len();
    let required = HOUSE.iter().enumerate().filter(|(_, column)| !column.2);
    required.map(move |(place, _)| declared + place)
}

/// The house's columns: name, kind, documentation.
pub(crate) fn house_columns() -> impl Iterator<Item = (&'static str, Kind, &'static str)> {
    HOUSE.iter().map(|&(name, kind, _, doc)| (name, kind, doc))
}

/// The Arrow schema of a data file of a lake without columns of its own: the declared columns in their order, then the house's (`account_id`, `bucket`,
/// `source`, `source_index`, `conflict`, `mistyped`, `content`). `event_date` is not in it: the partition holds it.
/// Every field is nullable, as in the Delta table, so that files rewritten by other engines have the same schema;
/// `bucket`, `source`, `source_index` and `content` never are null in a file of ours.
pub fn schema() -> SchemaRef {
    Layout::built_in().schema()
}

/// How a kind of column is stored in Arrow.
pub(crate) fn arrow_type(kind: Kind) -> DataType {
    match kind {
        Kind::Text | Kind::Json => DataType::Utf8View,
        Kind::Boolean => DataType::Boolean,
        Kind::Long => DataType::Int64,
        Kind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

/// How a kind of column is declared in Delta.
fn delta_type(kind: Kind) -> PrimitiveType {
    match kind {
        Kind::Text | Kind::Json => PrimitiveType::String,
        Kind::Boolean => PrimitiveType::Boolean,
        Kind::Long => PrimitiveType::Long,
        Kind::Timestamp => PrimitiveType::Timestamp,
    }
}

/// The fields of the Delta table, the partition last. A declared column carries `json_path` (a JSON array of its keys)
/// and `since`; all carry `comment`. Delta has no cheap "not null" (it is an invariant, which makes a table unwritable
/// for many), so every field is nullable.
pub(crate) fn delta_fields() -> Vec<StructField> {
    let declared = columns().into_iter().map(|column| declared(&column));
    let house = HOUSE
        .iter()
        .map(|&(name, kind, _, doc)| field(name, delta_type(kind), doc, LAYOUT));
    let date = field(
        house::EVENT_DATE,
        PrimitiveType::Date,
        EVENT_DATE_DOC,
        LAYOUT,
    );
    declared.chain(house).chain([date]).collect()
}

/// The field of a declared column.
fn declared(column: &Column) -> StructField {
    let path = serde_json::Value::from(column.path.clone()).to_string();
    field(
        &column.name,
        delta_type(column.kind),
        &column.doc,
        column.since,
    )
    .add_metadata([(JSON_PATH, MetadataValue::String(path))])
}

/// The field of a column that a lake declares for itself: it has to tell what the code tells of the others.
pub(crate) fn own_delta_field(column: &Column) -> StructField {
    let kind = MetadataValue::String(column.kind.name().to_owned());
    declared(column).add_metadata([(KIND, kind)])
}

/// The column that a field of the table declares, if it is one of [`own_delta_field`]'s.
pub(crate) fn own_field(field: &StructField) -> Option<Column> {
    let kind = kind_of(text(field, KIND)?)?;
    let path: Vec<String> = serde_json::from_str(text(field, JSON_PATH)?).ok()?;
    let since = match field.metadata().get(SINCE)? {
        MetadataValue::Number(since) => u32::try_from(*since).ok()?,
        _ => return None,
    };
    let same = *field.data_type() == DeltaType::Primitive(delta_type(kind));
    (same && !path.is_empty()).then(|| Column {
        path,
        name: field.name().clone(),
        kind,
        bloom: false,
        statistics: false,
        since,
        doc: text(field, "comment").unwrap_or_default().to_owned(),
    })
}

fn field(name: &str, kind: PrimitiveType, doc: &str, since: u32) -> StructField {
    StructField::nullable(name, DeltaType::Primitive(kind)).with_metadata([
        ("comment", MetadataValue::String(doc.to_owned())),
        (SINCE, MetadataValue::Number(since.into())),
    ])
}

/// The declared columns that have statistics in the log, each with its place in every layout.
pub(crate) fn statistics_columns() -> impl Iterator<Item = (usize, Column)> {
    columns()
        .into_iter()
        .enumerate()
        .filter(|(_, column)| column.statistics)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// All columns of the table: the declared ones, the house's, the partition.
    fn names() -> Vec<String> {
        delta_fields()
            .iter()
            .map(|field| field.name().clone())
            .collect()
    }

    #[test]
    fn names_are_unique_without_regard_to_case() {
        let names = names();
        let folded: HashSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(folded.len(), names.len());
        let paths: HashSet<Vec<String>> = columns().into_iter().map(|column| column.path).collect();
        assert_eq!(paths.len(), columns().len());
    }

    #[test]
    fn names_are_snake_case() {
        for name in names() {
            let words: Vec<&str> = name.split('_').collect();
            let lower = |word: &&str| {
                word.bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            };
            assert!(
                words.iter().all(|word| !word.is_empty() && lower(word)),
                "{name}"
            );
            assert!(
                name.starts_with(|first: char| first.is_ascii_lowercase()),
                "{name}"
            );
        }
    }

    /// A name says its path: the same letters in the same order.
    #[test]
    fn names_follow_their_paths() {
        for column in columns() {
            let path = column.path.concat().to_lowercase();
            assert_eq!(column.name.replace('_', ""), path);
        }
    }

    #[test]
    fn every_column_with_statistics_is_declared() {
        assert_eq!(statistics_columns().count(), 11);
        for (place, column) in statistics_columns() {
            assert_eq!(schema().field(place).name(), &column.name);
            assert_ne!(column.kind, Kind::Json);
        }
    }

    #[test]
    fn a_data_file_ends_with_the_houses_columns_and_leaves_out_the_partition() {
        let schema = schema();
        let names: Vec<&str> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        let house = [
            "account_id",
            "bucket",
            "source",
            "source_index",
            "conflict",
            "mistyped",
            "content",
        ];
        assert_eq!(names[names.len() - 7..], house);
        assert_eq!(names[0], "event_time");
        let required: Vec<&str> = required_columns(&schema)
            .map(|place| names[place])
            .collect();
        assert_eq!(required, ["bucket", "source", "source_index", "content"]);
        let time = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
        assert_eq!(schema.field(0).data_type(), &time);
    }

    #[test]
    fn fields_carry_path_layout_and_documentation() {
        let fields = delta_fields();
        let field = fields
            .iter()
            .find(|field| field.name() == "user_identity_arn")
            .unwrap();
        let text = |text: &str| Some(MetadataValue::String(text.to_owned()));
        assert_eq!(
            field.metadata().get("json_path").cloned(),
            text(r#"["userIdentity","arn"]"#)
        );
        assert_eq!(
            field.metadata().get("comment").cloned(),
            text("the ARN of the caller")
        );
        assert_eq!(
            field.metadata().get("since"),
            Some(&MetadataValue::Number(1))
        );
        let date = fields.last().unwrap();
        assert_eq!(date.name(), "event_date");
        assert_eq!(date.data_type(), &DeltaType::Primitive(PrimitiveType::Date));
    }
}
