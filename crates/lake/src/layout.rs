//! What one lake's data files hold: the built-in columns, and those that were declared for this lake alone. Its own
//! declarations stand in the Delta table's schema, so that every writer and reader of the lake sees the same.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::{Field, Schema, SchemaRef};
use deltalake_core::kernel::{MetadataValue, StructField, StructType};

use crate::cloudtrail::{LAYOUT, columns};
use crate::schema::{arrow_type, house_columns, own_field};
use crate::{Column, Kind};

/// Metadata of a field that a lake declared for itself, besides `comment` and `since`.
pub(crate) const JSON_PATH: &str = "json_path";
/// The layout that declared the field.
pub(crate) const SINCE: &str = "since";
/// What the column takes, which Delta's own types do not tell: text or JSON text.
pub(crate) const KIND: &str = "kind";

/// The columns of a lake's data files. Layouts of one lake are numbered, each has what the ones before it had.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Which one it is. Files written under it are tagged with this, and have every column whose `since` is not above.
    pub number: u32,
    /// The declared columns in the order in which files hold them: the built-in ones, then the lake's own.
    pub columns: Vec<Column>,
    schema: SchemaRef,
}

static BUILT_IN: LazyLock<Arc<Layout>> =
    LazyLock::new(|| Arc::new(Layout::new(LAYOUT, Vec::new())));

impl Layout {
    /// The layout of a lake without columns of its own.
    pub fn built_in() -> Arc<Layout> {
        Arc::clone(&BUILT_IN)
    }

    fn new(number: u32, own: Vec<Column>) -> Layout {
        let mut columns = columns();
        columns.extend(own);
        let field = |name: String, kind| Field::new(name, arrow_type(kind), true);
        let declared = columns
            .iter()
            .map(|column| field(column.name.clone(), column.kind));
        let house = house_columns().map(|(name, kind, _)| field(name.to_owned(), kind));
        let schema = Schema::new(declared.chain(house).collect::<Vec<_>>());
        Layout {
            number,
            columns,
            schema: Arc::new(schema),
        }
    }

    /// The layout that a table of this schema is written under. Fields that are no declarations of ours, such as other
    /// engines add, are not columns of it.
    pub(crate) fn of(schema: &StructType) -> Arc<Layout> {
        let built_in = Layout::built_in();
        let unknown = |field: &&StructField| built_in.schema.index_of(field.name()).is_err();
        let own: Vec<Column> = schema
            .fields()
            .filter(unknown)
            .filter_map(own_field)
            .collect();
        let since = own.iter().map(|column| column.since).max();
        match since {
            None => built_in,
            Some(since) => Arc::new(Layout::new(since.max(LAYOUT), own)),
        }
    }

    /// The layout with one more column, which `since` numbers.
    #[cfg(test)]
    pub(crate) fn with(&self, column: Column) -> Layout {
        let mut own = self.own().to_vec();
        let number = column.since;
        own.push(column);
        Layout::new(number, own)
    }

    /// The columns that were declared for this lake.
    pub fn own(&self) -> &[Column] {
        self.columns
            .get(Layout::built_in().columns.len()..)
            .unwrap_or_default()
    }

    /// This layout without the lake's own columns that files of layout `number` do not have.
    pub fn within(&self, number: u32) -> Layout {
        let own = self.own().iter().filter(|column| column.since <= number);
        Layout::new(number.min(self.number).max(LAYOUT), own.cloned().collect())
    }

    /// The Arrow schema of a data file: the declared columns, then the house's, as [`schema`](crate::schema()) has
    /// them for a lake without columns of its own.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// A kind as the metadata of a field name it, and as a person does.
pub(crate) fn kind_of(name: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.name() == name)
}

/// The text of a metadata value.
pub(crate) fn text<'a>(field: &'a StructField, key: &str) -> Option<&'a str> {
    match field.metadata().get(key)? {
        MetadataValue::String(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{delta_fields, own_delta_field};

    fn own(name: &str, since: u32) -> Column {
        Column {
            path: vec!["requestParameters".to_owned(), "a.b".to_owned()],
            name: name.to_owned(),
            kind: Kind::Json,
            bloom: false,
            statistics: false,
            since,
            doc: "declared for this lake".to_owned(),
        }
    }

    fn table(more: Vec<StructField>) -> StructType {
        StructType::try_new(delta_fields().into_iter().chain(more)).unwrap()
    }

    #[test]
    fn a_declaration_survives_the_tables_schema() {
        let columns = [own("request_parameters_a_b", 2), own("other", 5)];
        let layout = Layout::of(&table(columns.iter().map(own_delta_field).collect()));
        assert_eq!((layout.number, layout.own()), (5, &columns[..]));
        let names = |layout: &Layout| -> Vec<String> {
            let schema = layout.schema();
            let places = layout.columns.len() - layout.own().len() - 1;
            let fields = schema.fields()[places..].iter();
            fields.map(|field| field.name().clone()).take(4).collect()
        };
        let expected = [
            "event_context",
            "request_parameters_a_b",
            "other",
            "account_id",
        ];
        assert_eq!(names(&layout), expected);
        assert_eq!(layout.within(4).own(), &columns[..1]);
        assert_eq!(layout.within(0), *Layout::built_in());
        assert_eq!(layout.within(9), *layout);
    }

    #[test]
    fn a_field_that_nobody_declared_is_no_column() {
        let mut strange = own_delta_field(&own("strange", 2));
        strange = strange.with_metadata([("json_path", "[\"a\"]")]);
        let plain = StructField::nullable("plain", deltalake_core::kernel::DataType::STRING);
        assert_eq!(Layout::of(&table(vec![strange, plain])), Layout::built_in());
    }
}
