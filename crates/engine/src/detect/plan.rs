//! The scan that rules share: the columns it reads, and the filter that keeps the events which some rule may meet.
//!
//! The filter is a function over columns, so that the scan decodes records only where it says yes.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, StringViewArray};
use arrow::datatypes::{DataType, Int64Type, TimestampMicrosecondType};
use arrow::record_batch::RecordBatch;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF, TableSource, col, lit,
};
use lake::cloudtrail::house;
use rules::check::Value;
use rules::ecs;

use functions::document::Form;
use translator::EventColumn;

use super::named::NAMED;
use super::row_test::{self, RowTest};
use super::screen::{Memory, Screen, Seeks};

/// The column of the event's time.
const TIME: &str = "event_time";
/// The column of the event's id.
const ID: &str = "event_id";

/// A column whose values are those of one place of the record, as texts or booleans.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) path: Vec<String>,
    pub(super) name: String,
    /// Whether it holds booleans, and not texts.
    pub(super) boolean: bool,
}

impl Column {
    /// The columns of events that tell values as the record has them: numbers and times may be written in other ways, and
    /// objects are read from the record.
    pub(super) fn all(columns: &[EventColumn]) -> Vec<Column> {
        let telling = columns
            .iter()
            .filter(|column| matches!(column.form, Form::Text | Form::Boolean));
        telling
            .map(|column| Column {
                path: column.path.clone(),
                name: column.name.clone(),
                boolean: column.form == Form::Boolean,
            })
            .collect()
    }
}

/// The events at `[from, to)` nanoseconds which some rule of the screen may meet: first the screen's columns, then those
/// of [`Record`], then those that [`Named`] tells of an event, and with `contents` the records' texts.
pub(super) fn scan(
    source: Arc<dyn TableSource>,
    screen: Arc<Screen>,
    reads: (i64, i64),
    contents: bool,
) -> Result<LogicalPlan> {
    let columns: Vec<Expr> = screen
        .columns()
        .iter()
        .map(|column| column.name.as_str())
        .chain([house::MISTYPED])
        .map(col)
        .collect();
    let doubtful = screen.seeks() == Seeks::Doubtful;
    let words = contents && screen.has_words();
    let function = may_match(screen);
    let mut may = function.call(columns.clone());
    if words {
        // Apart, so that texts are only read of rows that columns leave, and other columns only of those that texts leave.
        let content = std::iter::once(col(house::CONTENT));
        may = may.and(function.call(columns.iter().cloned().chain(content).collect()));
    }
    if doubtful {
        // Said apart, since statistics rule out whole files by it.
        may = col(house::MISTYPED).is_not_null().and(may);
    }
    let plan = LogicalPlanBuilder::scan("cloudtrail", source, None)?;
    let columns = columns
        .into_iter()
        .chain(Record::NAMES.map(col))
        .chain(NAMED.map(col))
        .chain(contents.then(|| col(house::CONTENT)))
        .collect::<Vec<_>>();
    let mut different: Vec<Expr> = Vec::new();
    for (place, column) in columns.into_iter().enumerate() {
        // A column may be read for the screen and for the record.
        different.push(column.alias(format!("c{place}")));
    }
    plan.filter(within(reads).and(may))?
        .project(different)?
        .build()
}

/// Whether a rule of the screen is met for certain, where no column is mistyped.
pub(super) fn met(screen: Arc<Screen>) -> Expr {
    let columns = screen.columns().iter().map(|column| column.name.as_str());
    let columns = columns.chain([house::MISTYPED]).map(col).collect();
    may_match(screen).call(columns)
}

/// What events at `[from, to)` nanoseconds meet.
pub(super) fn within((from, to): (i64, i64)) -> Expr {
    // Microseconds, each bound moved to the next one that is not before it.
    let micros = |nanos: i64| {
        let up = nanos.div_euclid(1_000) + i64::from(nanos.rem_euclid(1_000) > 0);
        lit(ScalarValue::TimestampMicrosecond(
            Some(up),
            Some("UTC".into()),
        ))
    };
    let mut bounds = col(TIME).is_not_null();
    if from > i64::MIN {
        bounds = bounds.and(col(TIME).gt_eq(micros(from)));
    }
    if to < i64::MAX {
        bounds = bounds.and(col(TIME).lt(micros(to)));
    }
    bounds
}

/// Whether a rule of a screen may be met, for rows of the screen's columns and `mistyped`, and of the records' texts if
/// these are given.
#[derive(Debug)]
struct MayMatch {
    screen: Arc<Screen>,
    /// Those that no thread uses at the moment.
    memories: Mutex<Vec<Memory>>,
}

/// Whether a rule of the screen may be met, as a function.
fn may_match(screen: Arc<Screen>) -> ScalarUDF {
    let of = |column: &Column| match column.boolean {
        true => DataType::Boolean,
        false => DataType::Utf8View,
    };
    let columns = screen.columns().iter().map(of);
    let types: Vec<DataType> = columns.chain([DataType::Utf8View]).collect();
    let with_content = types.iter().cloned().chain([DataType::Utf8View]).collect();
    let test = MayMatch {
        screen,
        memories: Mutex::new(Vec::new()),
    };
    row_test::function(test, &[types, with_content])
}

impl PartialEq for MayMatch {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.screen, &other.screen)
    }
}

impl Eq for MayMatch {}

impl std::hash::Hash for MayMatch {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.screen).hash(state);
    }
}

impl RowTest for MayMatch {
    const NAME: &'static str = "may_match";

    fn meets(&self, arrays: &[ArrayRef]) -> Result<BooleanArray> {
        let columns = Columns::new(self.screen.columns(), arrays)?;
        let contents = arrays.get(self.screen.columns().len() + 1);
        let contents = contents.and_then(|array| array.as_string_view_opt());
        let taken = self
            .memories
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut memory = taken.unwrap_or_else(|| self.screen.memory());
        let rows = arrays.first().map_or(0, |array| array.len());
        let may: BooleanArray = (0..rows)
            .map(|row| {
                let content = contents.map(|contents| contents.value(row));
                Some(self.screen.any(&mut memory, &columns, (row, content)))
            })
            .collect();
        self.memories
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(memory);
        Ok(may)
    }
}

/// Rows of a screen's columns.
pub(super) struct Columns<'a> {
    columns: Vec<Values<'a>>,
    mistyped: &'a StringViewArray,
}

enum Values<'a> {
    Text(&'a StringViewArray),
    Boolean(&'a BooleanArray),
}

impl<'a> Columns<'a> {
    /// The first arrays, one for each column and then `mistyped`.
    pub(super) fn new(columns: &[Column], arrays: &'a [ArrayRef]) -> Result<Columns<'a>> {
        let mistyped = arrays
            .get(columns.len())
            .and_then(|array| array.as_string_view_opt());
        let columns = columns
            .iter()
            .zip(arrays)
            .map(|(column, array)| match column.boolean {
                true => array.as_boolean_opt().map(Values::Boolean),
                false => array.as_string_view_opt().map(Values::Text),
            });
        match (columns.collect::<Option<Vec<_>>>(), mistyped) {
            (Some(columns), Some(mistyped)) => Ok(Columns { columns, mistyped }),
            _ => other_columns(),
        }
    }

    /// The names of the row's columns that are not to be believed, if there are any.
    pub(super) fn mistyped(&self, row: usize) -> Option<&str> {
        text(self.mistyped, row)
    }

    /// The text of a row's value; none where it has no value.
    pub(super) fn text(&self, column: usize, row: usize) -> Option<&str> {
        match &self.columns[column] {
            Values::Text(array) => array.is_valid(row).then(|| array.value(row)),
            Values::Boolean(array) => array.is_valid(row).then(|| match array.value(row) {
                true => "true",
                false => "false",
            }),
        }
    }
}

/// Some values of columns, to work out fields of the ECS document from.
pub(super) struct Given<'a> {
    /// All columns there are.
    pub(super) columns: &'a [Column],
    /// Which of them are given.
    pub(super) places: &'a [usize],
    /// Their values' texts.
    pub(super) values: Vec<Option<&'a str>>,
}

impl<'a> Given<'a> {
    /// The value of one of the columns that are given.
    pub(super) fn value(&self, place: usize) -> Option<Value<'a>> {
        let text = (*self.values.get(place)?)?;
        let column = self.columns.get(*self.places.get(place)?)?;
        Some(match column.boolean {
            true => Value::Boolean(text == "true"),
            false => Value::String(Cow::Borrowed(text)),
        })
    }
}

impl ecs::Source for Given<'_> {
    fn raw(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        let place = self.places.iter().position(|place| {
            self.columns
                .get(*place)
                .is_some_and(|known| known.path == path)
        })?;
        Some(match self.value(place)? {
            Value::String(text) => {
                let mut out = String::with_capacity(text.len() + 2);
                json::write_string(&text, &mut out);
                Cow::Owned(out)
            }
            Value::Boolean(true) => Cow::Borrowed("true"),
            _ => Cow::Borrowed("false"),
        })
    }
}

/// The columns of a batch that say which record a row is.
pub(super) struct Record<'a> {
    time: &'a arrow::array::PrimitiveArray<TimestampMicrosecondType>,
    id: &'a StringViewArray,
    account: &'a StringViewArray,
    conflict: &'a BooleanArray,
    source: &'a StringViewArray,
    index: &'a Int64Array,
}

impl<'a> Record<'a> {
    /// The columns' names, in the order in which batches have them.
    pub(super) const NAMES: [&'static str; 6] = [
        TIME,
        ID,
        house::ACCOUNT_ID,
        house::CONFLICT,
        house::SOURCE,
        house::SOURCE_INDEX,
    ];

    /// The columns of `batch` from the place `first` on.
    pub(super) fn new(batch: &'a RecordBatch, first: usize) -> Result<Record<'a>> {
        Record::of(batch.columns().get(first..).unwrap_or_default())
    }

    /// The first of these columns, in the order of [`Record::NAMES`].
    pub(super) fn of(columns: &'a [ArrayRef]) -> Result<Record<'a>> {
        let column = |place: usize| columns.get(place);
        let text = |place| column(place).and_then(|array| array.as_string_view_opt());
        let read = || {
            Some(Record {
                time: column(0)?.as_primitive_opt()?,
                id: text(1)?,
                account: text(2)?,
                conflict: column(3)?.as_boolean_opt()?,
                source: text(4)?,
                index: column(5)?.as_primitive_opt::<Int64Type>()?,
            })
        };
        match read() {
            Some(record) => Ok(record),
            None => other_columns(),
        }
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.time.len()
    }

    /// Whether the event has a time.
    pub(super) fn is_timed(&self, row: usize) -> bool {
        self.time.is_valid(row)
    }

    /// `eventTime`, nanoseconds.
    pub(super) fn time(&self, row: usize) -> i64 {
        self.time.value(row).saturating_mul(1_000)
    }

    /// `eventID`.
    pub(super) fn id(&self, row: usize) -> Option<&'a str> {
        text(self.id, row)
    }

    /// The account that received the event.
    pub(super) fn account(&self, row: usize) -> Option<&'a str> {
        text(self.account, row)
    }

    /// The object that the record came from.
    pub(super) fn source(&self, row: usize) -> Option<&'a str> {
        text(self.source, row)
    }

    /// The record's place there, from 0.
    pub(super) fn index(&self, row: usize) -> i64 {
        self.index.value(row)
    }

    /// What tells the event from all others: its id in its account, its time, and its place where that is not enough.
    pub(super) fn identity(&self, row: usize) -> Arc<str> {
        let (account, id) = (self.account(row), self.id(row));
        let conflict = self.conflict.is_valid(row) && self.conflict.value(row);
        let (known, account) = (id.is_some(), account.unwrap_or_default());
        let (id, time) = (id.unwrap_or_default(), self.time.value(row));
        // [`id_of`] takes it apart again, whatever stands in the id.
        let identity = format!("{}:{id}/{account}/{time}", id.len());
        if known && !conflict {
            return identity.into();
        }
        let source = self.source(row).unwrap_or_default();
        format!("{identity}/{source}#{}", self.index(row)).into()
    }
}

fn text(array: &StringViewArray, row: usize) -> Option<&str> {
    array.is_valid(row).then(|| array.value(row))
}

/// The event's own id in its identity; empty where it has none.
pub(super) fn id_of(identity: &str) -> &str {
    let parts = identity.split_once(':');
    let id = parts.and_then(|(length, rest)| rest.get(..length.parse().ok()?));
    id.unwrap_or_default()
}

/// The error of a scan that did not give the columns that rules ask it for.
pub(super) fn other_columns<T>() -> Result<T> {
    exec_err!("the scan gave other columns than the rules ask for")
}
