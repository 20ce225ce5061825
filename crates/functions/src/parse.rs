//! `dpl_parse(text, pattern)`: what a pattern exports from a text, as a struct with a field an export.
//!
//! Every field is null where the text is null or the pattern does not match it.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Float64Builder, Int64Builder, StringViewBuilder,
    StructArray, TimestampNanosecondBuilder,
};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};
use syntax::dpl::ast::{Element, Primary};
use syntax::dpl::matcher::Matcher;

use crate::document::Document;
use crate::dpl::{self, Capture, Kind, Program};
use crate::figures::Figures;
use crate::json;
use crate::typed::Typed;
use crate::types::Type;

/// The JSON object that `text` (`Utf8View`) begins with, as a document; none where it is longer than `limit` bytes.
pub fn json_object(text: Expr, limit: usize) -> Arc<Document> {
    Document::json(json::object(text, limit))
}

/// The captures of `pattern` in `text` (`Utf8View`), as a struct.
pub fn parse_captures(text: Expr, pattern: &str) -> Expr {
    udf().call(vec![text, Typed::string_literal(pattern).expr()])
}

/// The exports of a pattern as fields of the struct that [`parse_captures`] gives.
pub fn captured_fields(captures: &Expr, program: &Program) -> Vec<(String, Typed)> {
    let field = |place: usize| get_field(captures.clone(), place.to_string());
    program
        .exports()
        .iter()
        .enumerate()
        .map(|(place, export)| {
            let value = match export.kind {
                Kind::Json => Typed::document(&Document::json(field(place))),
                kind => Typed::known(field(place), ty(kind)),
            };
            (export.name.clone(), value)
        })
        .collect()
}

/// The export of a pattern that is nothing but `JSON:name`.
pub fn sole_json(pattern: &str) -> Option<String> {
    let (pattern, _) = syntax::dpl::parse(pattern);
    let ([], [element]) = (pattern.macros.as_slice(), pattern.body.elements.as_slice()) else {
        return None;
    };
    match element {
        Element {
            look: None,
            primary: Primary::Matcher(Some(Matcher::Json), None),
            config: None,
            quantifier: None,
            optional: false,
            constant: None,
            export: Some(name),
            ..
        } => Some(name.text.clone()),
        _ => None,
    }
}

/// The type of an export; addresses have none of their own yet.
fn ty(kind: Kind) -> Type {
    match kind {
        Kind::String | Kind::Ip => Type::String,
        Kind::Long => Type::Long,
        Kind::Double => Type::Double,
        Kind::Boolean => Type::Boolean,
        Kind::Timestamp => Type::TIMESTAMP,
        Kind::Json => Type::Dynamic,
    }
}

pub(crate) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(DplParse {
        signature: Signature::exact(
            vec![DataType::Utf8View, DataType::Utf8View],
            Volatility::Immutable,
        ),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct DplParse {
    signature: Signature,
}

impl ScalarUDFImpl for DplParse {
    fn name(&self) -> &str {
        "dpl_parse"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        exec_err!("the type of dpl_parse follows from its pattern")
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let Some(Some(ScalarValue::Utf8View(Some(pattern)))) = args.scalar_arguments.get(1) else {
            return exec_err!("the pattern of dpl_parse is a literal");
        };
        let fields = fields(&compiled(pattern)?);
        Ok(Arc::new(Field::new(
            self.name(),
            DataType::Struct(fields),
            true,
        )))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [
            text,
            ColumnarValue::Scalar(ScalarValue::Utf8View(Some(pattern))),
        ] = args.args.as_slice()
        else {
            return exec_err!("dpl_parse takes a text and a literal pattern");
        };
        let program = compiled(pattern)?;
        let texts = text.to_array(args.number_rows)?;
        let Some(texts) = texts.as_string_view_opt() else {
            return exec_err!("dpl_parse reads text, not {}", texts.data_type());
        };
        let mut columns: Vec<Column> = program
            .exports()
            .iter()
            .map(|export| Column::new(export.kind))
            .collect();
        let mut given_up = 0;
        for text in texts {
            let outcome = text.map_or_else(Default::default, |text| dpl::run(&program, text));
            given_up += u64::from(outcome.gave_up);
            let mut captures = outcome.captures.unwrap_or_default().into_iter();
            for column in &mut columns {
                column.append(captures.next().unwrap_or(Capture::Null));
            }
        }
        Figures::count_given_up(&args.config_options, given_up);
        let arrays: Vec<ArrayRef> = columns.into_iter().map(Column::finish).collect();
        let rows = StructArray::try_new_with_length(fields(&program), arrays, None, texts.len())?;
        Ok(ColumnarValue::Array(Arc::new(rows)))
    }
}

fn compiled(pattern: &str) -> Result<Program> {
    match dpl::compile(pattern) {
        Ok(program) => Ok(program),
        Err(_) => exec_err!("the pattern of dpl_parse does not compile"),
    }
}

/// Fields are named by their place: names of exports may hold anything.
fn fields(program: &Program) -> Fields {
    program
        .exports()
        .iter()
        .enumerate()
        .map(|(place, export)| Field::new(place.to_string(), ty(export.kind).arrow(), true))
        .collect()
}

/// The values of one export.
enum Column {
    Text(StringViewBuilder),
    Long(Int64Builder),
    Double(Float64Builder),
    Boolean(BooleanBuilder),
    Timestamp(TimestampNanosecondBuilder),
}

impl Column {
    fn new(kind: Kind) -> Column {
        match kind {
            Kind::String | Kind::Ip | Kind::Json => Column::Text(StringViewBuilder::new()),
            Kind::Long => Column::Long(Int64Builder::new()),
            Kind::Double => Column::Double(Float64Builder::new()),
            Kind::Boolean => Column::Boolean(BooleanBuilder::new()),
            Kind::Timestamp => {
                Column::Timestamp(TimestampNanosecondBuilder::new().with_timezone("UTC"))
            }
        }
    }

    fn append(&mut self, capture: Capture<'_>) {
        match (self, capture) {
            (Column::Text(builder), Capture::Str(text) | Capture::Json(text)) => {
                builder.append_value(text);
            }
            (Column::Text(builder), Capture::Ip(address)) => {
                builder.append_value(address.to_string());
            }
            (Column::Text(builder), _) => builder.append_null(),
            (Column::Long(builder), Capture::Long(value)) => builder.append_value(value),
            (Column::Long(builder), _) => builder.append_null(),
            (Column::Double(builder), Capture::Double(value)) => builder.append_value(value),
            (Column::Double(builder), _) => builder.append_null(),
            (Column::Boolean(builder), Capture::Boolean(value)) => builder.append_value(value),
            (Column::Boolean(builder), _) => builder.append_null(),
            (Column::Timestamp(builder), Capture::Timestamp(value)) => builder.append_value(value),
            (Column::Timestamp(builder), _) => builder.append_null(),
        }
    }

    fn finish(self) -> ArrayRef {
        match self {
            Column::Text(mut builder) => Arc::new(builder.finish()),
            Column::Long(mut builder) => Arc::new(builder.finish()),
            Column::Double(mut builder) => Arc::new(builder.finish()),
            Column::Boolean(mut builder) => Arc::new(builder.finish()),
            Column::Timestamp(mut builder) => Arc::new(builder.finish()),
        }
    }
}
