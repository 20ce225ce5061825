//! The same lake in SQL: DataFusion's own dialect over the table `cloudtrail`, and over `ecs`, the same events as Elastic's
//! documents, with the functions of the language beside DataFusion's. Only reading.

mod ecs;
mod function;

use std::sync::Arc;
use std::time::Instant;

use arrow::array::{Array, ArrayRef, StringViewBuilder};
use arrow::datatypes::{DataType, TimeUnit};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::catalog::TableProvider;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion::execution::SessionState;
use datafusion::execution::context::SQLOptions;
use datafusion::logical_expr::{
    ColumnarValue, Expr, LogicalPlan, LogicalPlanBuilder, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility, cast, col, lit, try_cast,
};
use datafusion::prelude::SessionContext;
use functions::Type;
use syntax::{Code, Diagnostic, Span};
use translator::{Catalog, OutputField, Timeframe};

use crate::query::{Answer, QueryOptions};
use crate::{Engine, Error};

/// The table that statements read.
pub(crate) const TABLE: &str = "cloudtrail";

impl Engine {
    /// Runs one SQL statement that reads. The timeframe of `options` bounds the table's events; the rest of it does not
    /// concern SQL. Must be called on a runtime made by [`crate::runtime`]: plans can be deep.
    ///
    /// # Errors
    /// [`Error::Query`] where the text is wrong or would change something, [`Error::Run`] where the plan can't be made.
    pub async fn sql(
        &self,
        text: &str,
        options: &QueryOptions,
    ) -> std::result::Result<Answer, Error> {
        let began = Instant::now();
        self.prepare(options).await?;
        let counted = functions::Figures::default();
        let context = self.session(&counted);
        let zone = functions::zone::name(&options.timezone);
        function::register(&context, &zone, self.now(options.now));
        self.tables(&context, options.timeframe, text).await?;
        let plan = plan(&context.state(), text)
            .await
            .map_err(|error| Error::Query {
                diagnostics: vec![self.unfilled(complaint(text, &error))],
            })?;
        let verified = SQLOptions::new()
            .with_allow_ddl(false)
            .with_allow_dml(false)
            .with_allow_statements(false)
            .verify_plan(&plan);
        let explains = matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_));
        if explains {
            return Err(Error::Query {
                diagnostics: vec![Diagnostic::error(
                    Code::BadSql,
                    Span::new(0, text.len()),
                    "EXPLAIN is not supported: `trailsift explain` explains queries in DQL",
                )],
            });
        }
        if verified.is_err() {
            return Err(Error::Query {
                diagnostics: vec![
                    Diagnostic::error(
                        Code::SqlChanges,
                        Span::new(0, text.len()),
                        "this statement would change something, and a lake is only read here",
                    )
                    .help("what reads is SELECT, WITH, VALUES"),
                ],
            });
        }
        let (plan, fields) = shown(plan)?;
        let physical = context.state().create_physical_plan(&plan).await?;
        Ok(self.answer(began, counted, &context, physical, fields, options)?)
    }

    /// The complaint, with what to do where it is of a column that the lake has declared and some of its files lack.
    fn unfilled(&self, complaint: Diagnostic) -> Diagnostic {
        let Some((_, snapshot)) = &self.lake else {
            return complaint;
        };
        let lacking = |since: u32| {
            snapshot
                .files
                .iter()
                .filter(|file| file.layout < since)
                .count()
        };
        let own = snapshot.layout.own().iter();
        let named = own
            .filter(|column| complaint.message.contains(&column.name))
            .map(|column| (&column.name, lacking(column.since)))
            .find(|(_, files)| *files > 0);
        match named {
            Some((name, files)) => {
                let all = snapshot.files.len();
                complaint.help(format!(
                    "{name} is declared, but {files} of {all} files were written before: `trailsift lake compact` fills it in"
                ))
            }
            None => complaint,
        }
    }

    /// Makes the lake or the archives known to a session, as far as a statement asks for it.
    async fn tables(
        &self,
        context: &SessionContext,
        timeframe: Timeframe,
        statement: &str,
    ) -> Result<()> {
        let table: Arc<dyn TableProvider> = match (&self.archive, self.table()) {
            (Some(archive), _) => Arc::new(archive.table(timeframe)),
            (None, Some(table)) => table,
            (None, None) => return Ok(()),
        };
        let events = self.catalog().events(timeframe);
        let events = events.filter(|_| ecs::is_asked(statement));
        let documents = |frame| events.as_ref().map(|events| ecs::documents(frame, events));
        if timeframe == Timeframe::default() {
            if let Some(documents) = documents(context.read_table(Arc::clone(&table))?) {
                context.register_table(ecs::TABLE, documents?.into_view())?;
            }
            context.register_table(TABLE, table)?;
            return Ok(());
        }
        let instant = |nanos: i64| {
            let micros = nanos.div_euclid(1_000) + i64::from(nanos.rem_euclid(1_000) != 0);
            lit(ScalarValue::TimestampMicrosecond(
                Some(micros),
                Some("UTC".into()),
            ))
        };
        let mut frame = context.read_table(table)?;
        if let Some(from) = timeframe.from {
            frame = frame.filter(col("event_time").gt_eq(instant(from)))?;
        }
        if let Some(to) = timeframe.to {
            frame = frame.filter(col("event_time").lt(instant(to)))?;
        }
        if let Some(documents) = documents(frame.clone()) {
            context.register_table(ecs::TABLE, documents?.into_view())?;
        }
        context.register_table(TABLE, frame.into_view())?;
        Ok(())
    }
}

async fn plan(state: &SessionState, text: &str) -> Result<LogicalPlan> {
    let dialect = state.config_options().sql_parser.dialect;
    let statement = state.sql_to_statement(text, &dialect)?;
    state.statement_to_plan(statement).await
}

/// The plan with its columns in the types that results have, and those.
fn shown(plan: LogicalPlan) -> Result<(LogicalPlan, Vec<OutputField>)> {
    let mut columns = Vec::new();
    let mut fields = Vec::new();
    for (qualifier, field) in plan.schema().iter() {
        let column = Expr::Column((qualifier, field).into());
        let (expr, ty) = typed(column, field.data_type());
        // A name may stand there twice in SQL, and has to in no plan.
        let mut name = field.name().clone();
        while fields.iter().any(|known: &OutputField| known.name == name) {
            name.push('_');
        }
        columns.push(expr.alias(name.clone()));
        fields.push(OutputField { name, ty });
    }
    let plan = LogicalPlanBuilder::from(plan).project(columns)?.build()?;
    Ok((plan, fields))
}

/// A column as one of DQL's types: what it has no type for as text.
fn typed(column: Expr, arrow: &DataType) -> (Expr, Type) {
    let as_type = |ty: Type| (cast(column.clone(), ty.arrow()), ty);
    match arrow {
        DataType::Null => (column, Type::Null),
        DataType::Boolean => (column, Type::Boolean),
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32 => as_type(Type::Long),
        // What is beyond the longs is null, as everywhere.
        DataType::UInt64 => (try_cast(column, DataType::Int64), Type::Long),
        DataType::Float16
        | DataType::Float32
        | DataType::Float64
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..) => as_type(Type::Double),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => as_type(Type::String),
        DataType::Dictionary(_, value) if value.is_string() => as_type(Type::String),
        DataType::Timestamp(..) => as_type(Type::TIMESTAMP),
        DataType::Duration(_) => {
            let nanos = DataType::Duration(TimeUnit::Nanosecond);
            (cast(column, nanos), Type::Duration)
        }
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            let element = typed(lit(true), field.data_type()).1;
            let ty = Type::Array(Box::new(element));
            if ty.is_text() {
                (text().call(vec![column]), Type::String)
            } else {
                as_type(ty)
            }
        }
        _ => (text().call(vec![column]), Type::String),
    }
}

/// `sql_text(value)`: a value of any Arrow type as text.
fn text() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Text {
        signature: Signature::any(1, Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Text {
    signature: Signature,
}

impl ScalarUDFImpl for Text {
    fn name(&self) -> &str {
        "sql_text"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = args.args.as_slice() else {
            return exec_err!("sql_text takes one value");
        };
        let column: ArrayRef = value.to_array(args.number_rows)?;
        let options = FormatOptions::default();
        let formatter = ArrayFormatter::try_new(column.as_ref(), &options)?;
        let mut builder = StringViewBuilder::with_capacity(column.len());
        for row in 0..column.len() {
            match column.is_null(row) {
                true => builder.append_null(),
                false => builder.append_value(formatter.value(row).to_string()),
            }
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}

/// What DataFusion has against a statement, where it says so.
fn complaint(text: &str, error: &DataFusionError) -> Diagnostic {
    let whole = Span::new(0, text.len());
    if let Some(said) = error.diagnostic() {
        let span = said.span.map_or(whole, |span| {
            let place = |line: u64, column: u64| offset(text, line, column);
            Span::new(
                place(span.start.line, span.start.column),
                place(span.end.line, span.end.column),
            )
        });
        let mut diagnostic = Diagnostic::error(Code::BadSql, span, said.message.clone());
        if let Some(help) = said.helps.first() {
            diagnostic = diagnostic.help(help.message.clone());
        } else if let Some(note) = said.notes.first() {
            diagnostic = diagnostic.help(note.message.clone());
        }
        return diagnostic;
    }
    let message = error.strip_backtrace();
    if message.contains("single SQL statement") {
        let several = "there are several statements, and one is run at a time";
        return Diagnostic::error(Code::BadSql, whole, several);
    }
    let message = message
        .trim_start_matches("SQL error: ParserError(\"")
        .trim_start_matches("Error during planning: ")
        .trim_end_matches("\")")
        .to_owned();
    // The parser writes the place behind its words.
    let Some((said, place)) = message.rsplit_once(" at Line: ") else {
        return Diagnostic::error(Code::BadSql, whole, message);
    };
    let numbers: Vec<u64> = place
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let span = match numbers[..] {
        [line, column] => {
            let start = offset(text, line, column);
            let rest = text.get(start..).unwrap_or_default();
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            Span::new(start, start + word)
        }
        _ => whole,
    };
    Diagnostic::error(Code::BadSql, span, said.to_owned())
}

/// The byte at a line and column, both from 1, in characters.
fn offset(text: &str, line: u64, column: u64) -> usize {
    let skipped = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut start = 0;
    for line in text.split_inclusive('\n').take(skipped) {
        start += line.len();
    }
    let rest = text.get(start..).unwrap_or_default();
    let characters = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    start
        + rest
            .char_indices()
            .nth(characters)
            .map_or(rest.len(), |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use arrow::datatypes::Field;

    use super::*;

    #[test]
    fn places_are_found() {
        let text = "SELECT é\nFROM x";
        assert_eq!(offset(text, 1, 1), 0);
        assert_eq!(offset(text, 1, 8), 7);
        assert_eq!(offset(text, 2, 1), 10);
        assert_eq!(offset(text, 2, 6), 15);
        assert_eq!(offset(text, 9, 9), text.len());
    }

    #[test]
    fn columns_have_types() {
        let of = |arrow: DataType| typed(lit(true), &arrow).1;
        assert_eq!(of(DataType::UInt8), Type::Long);
        assert_eq!(of(DataType::Decimal128(10, 2)), Type::Double);
        assert_eq!(of(DataType::Date32), Type::String);
        assert_eq!(
            of(DataType::Timestamp(TimeUnit::Second, None)),
            Type::TIMESTAMP
        );
        let list = |element| DataType::List(Arc::new(Field::new_list_field(element, true)));
        assert_eq!(of(list(DataType::Int32)), Type::Array(Box::new(Type::Long)));
        assert_eq!(of(list(list(DataType::Int32))), Type::String);
    }
}
