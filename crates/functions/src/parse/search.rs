//! The plan functions behind `parse`, `parseAll`, `matchesPattern`, `replacePattern` and `splitByPattern`:
//! `dpl_…(text, pattern, zone, base[, replacement])`. All are null where the text is.

use std::sync::Arc;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility,
};

use super::column::ty;
use super::given::{BaseTimes, given, literal, program};
use crate::dpl::{Capture, Export, Matches, Program, Runs, find_all_from};
use crate::figures::Figures;
use crate::types::Type;
use crate::value::Value;
use crate::value::column::Builder;

/// What is made of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    /// What the pattern exports at the beginning.
    First,
    /// What it exports wherever it matches.
    All,
    /// Whether it matches from end to end.
    Whole,
    /// The text with another in place of every match.
    Replaced,
    /// What stands between the matches.
    Split,
}

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::First,
    Operation::All,
    Operation::Whole,
    Operation::Replaced,
    Operation::Split,
];

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Operation::First => "dpl_first",
            Operation::All => "dpl_all",
            Operation::Whole => "dpl_whole",
            Operation::Replaced => "dpl_replaced",
            Operation::Split => "dpl_split",
        }
    }

    /// The type of the result.
    pub(super) fn returns(self, program: &Program) -> Type {
        let exported = match program.exports() {
            [export] => ty(export.kind),
            _ => Type::Record,
        };
        match self {
            Operation::First => exported,
            Operation::All => Type::Array(Box::new(exported)),
            Operation::Whole => Type::Boolean,
            Operation::Replaced => Type::String,
            Operation::Split => Type::Array(Box::new(Type::String)),
        }
    }
}

pub(super) fn udf(operation: Operation) -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(Search {
        operation,
        signature: Signature::variadic_any(Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Search {
    operation: Operation,
    signature: Signature,
}

impl ScalarUDFImpl for Search {
    fn name(&self) -> &str {
        self.operation.name()
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        exec_err!("the type of {} follows from its pattern", self.name())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs) -> Result<FieldRef> {
        let text = |place: usize| literal(args.scalar_arguments.get(place).copied().flatten());
        let program = program(text(1)?, text(2)?)?;
        let returns = self.operation.returns(&program);
        Ok(Arc::new(Field::new(self.name(), returns.arrow(), true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [text, rest @ ..] = args.args.as_slice() else {
            return exec_err!("{} takes a text", self.name());
        };
        let given = given(rest)?;
        let program = program(given.pattern, given.zone)?;
        let strings = |value: &ColumnarValue| value.to_array(args.number_rows);
        let texts = strings(text)?;
        let replacements = given.rest.first().map(strings).transpose()?;
        let Some(texts) = texts.as_string_view_opt() else {
            return exec_err!("{} reads text, not {}", self.name(), texts.data_type());
        };
        let replacements = match &replacements {
            None => None,
            Some(array) => match array.as_string_view_opt() {
                Some(array) => Some(array),
                None => return exec_err!("{} puts in text", self.name()),
            },
        };
        let base = BaseTimes::new(given.base)?;
        let mut one = One {
            program: &program,
            runs: Runs::new(&program, 0),
            given_up: 0,
            json_bytes: 0,
        };
        let mut builder = Builder::new(&self.operation.returns(&program), texts.len());
        for (row, text) in texts.iter().enumerate() {
            let Some(text) = text else {
                builder.push(&Value::Null);
                continue;
            };
            let replacement =
                replacements.map(|array| array.is_valid(row).then(|| array.value(row)));
            builder.push(&one.value(self.operation, text, base.get(row), replacement.flatten()));
        }
        Figures::count_given_up(&args.config_options, one.given_up);
        Figures::count_json(&args.config_options, one.json_bytes + one.runs.json_bytes());
        Ok(ColumnarValue::Array(builder.finish()))
    }
}

/// The work on one text after the other.
struct One<'p, 'i> {
    program: &'p Program,
    runs: Runs<'p, 'i>,
    given_up: u64,
    /// The bytes of JSON text that searches have read.
    json_bytes: usize,
}

impl<'p, 'i> One<'p, 'i> {
    fn value(
        &mut self,
        operation: Operation,
        text: &'i str,
        base: i64,
        replacement: Option<&str>,
    ) -> Value<'i> {
        self.runs.set_base_time(base);
        match operation {
            Operation::First => {
                let exports = self.program.exports();
                let captures = self
                    .runs
                    .run(text)
                    .map(|captures| exported(exports, captures));
                self.given_up += u64::from(self.runs.gave_up());
                captures.unwrap_or(Value::Null)
            }
            Operation::Whole => {
                let whole = self.runs.matches_whole(text);
                self.given_up += u64::from(self.runs.gave_up());
                if self.runs.gave_up() {
                    Value::Null
                } else {
                    Value::Boolean(whole)
                }
            }
            Operation::All => self
                .searched(text, base, |matches, exports| {
                    matches
                        .map(|found| exported(exports, &found.captures))
                        .collect()
                })
                .map_or(Value::Null, Value::Array),
            Operation::Split if text.is_empty() => Value::Array(Vec::new()),
            Operation::Split => self
                .searched(text, base, |matches, _| {
                    let mut pieces = Vec::new();
                    let mut from = 0;
                    for found in matches {
                        pieces.push(Value::string(&text[from..found.range.start]));
                        from = found.range.end;
                    }
                    pieces.push(Value::string(&text[from..]));
                    pieces
                })
                .map_or(Value::Null, Value::Array),
            Operation::Replaced => {
                let Some(replacement) = replacement else {
                    return Value::Null;
                };
                self.searched(text, base, |matches, _| {
                    let mut out = String::with_capacity(text.len());
                    let mut from = 0;
                    for found in matches {
                        out.push_str(&text[from..found.range.start]);
                        out.push_str(replacement);
                        from = found.range.end;
                    }
                    out.push_str(&text[from..]);
                    out
                })
                .map_or(Value::Null, Value::string)
            }
        }
    }

    /// What is made of all matches; none where the work allowed for one text does not suffice for them.
    fn searched<T>(
        &mut self,
        text: &'i str,
        base: i64,
        make: impl FnOnce(&mut Matches<'p, 'i>, &[Export]) -> T,
    ) -> Option<T> {
        let mut matches = find_all_from(self.program, text, base);
        let made = make(&mut matches, self.program.exports());
        self.given_up += u64::from(matches.gave_up());
        self.json_bytes += matches.json_bytes();
        (!matches.gave_up()).then_some(made)
    }
}

/// One export as its value, several as a record.
fn exported<'i>(exports: &[Export], captures: &[Capture<'i>]) -> Value<'i> {
    match captures {
        [capture] => owned(capture),
        captures => Value::Record(
            exports
                .iter()
                .zip(captures)
                .map(|(export, capture)| (export.name.clone().into(), owned(capture)))
                .collect(),
        ),
    }
}

fn owned<'i>(capture: &Capture<'i>) -> Value<'i> {
    match capture {
        Capture::Str(std::borrow::Cow::Borrowed(text)) => Value::string(*text),
        other => other.value().into_owned(),
    }
}
