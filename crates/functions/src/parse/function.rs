//! `parse(…)`, `parseAll(…)`, `matchesPattern(…)`, `replacePattern(…)`, `splitByPattern(…)`: they differ in what is made
//! of the matches alone, and so stand together.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use syntax::{Code, Diagnostic};

use super::search::{Operation, udf};
use crate::function::{Body, Function};
use crate::parameter::{Accepts, Arguments, Parameter, optional, required};
use crate::typed::Typed;

const EXPRESSION: Parameter = required("expression", Accepts::STRING, "the text");
const PATTERN: Parameter = required("pattern", Accepts::STRING, "a DPL pattern").pattern();
const BASE_TIME: Parameter = optional(
    "baseTime",
    Accepts::TIMESTAMP,
    "the moment whose year is taken where a time has none; now, unless given",
);

/// The list.
pub(crate) const ALL: &[Function] = &[
    Function {
        name: "matchesPattern",
        summary: "Whether a DPL pattern matches all of a text, from its beginning to its end.",
        parameters: &[EXPRESSION, PATTERN],
        examples: &[
            (
                "matchesPattern(\"2023-11-01 12:52:12 : 766\", \"TIME ' : ' LONG\")",
                "true",
            ),
            ("matchesPattern(\"7 of 9\", \"INT\")", "false"),
            ("isNull(matchesPattern(null, \"INT\"))", "true"),
        ],
        body: Body::Build(|arguments, _| build(arguments, Operation::Whole)),
    },
    Function {
        name: "parse",
        summary: "What a DPL pattern exports at the beginning of a text: one value, or a record of several; null where \
                  it does not match.",
        parameters: &[EXPRESSION, PATTERN, BASE_TIME],
        examples: &[
            ("parse(\"45 46\", \"LONG:r\")", "45"),
            (
                "parse(\"45 46 47\", \"LONG:a ' ' LONG:b\")",
                "record(a = 45, b = 46)",
            ),
            ("isNull(parse(\"x\", \"LONG:r\"))", "true"),
            (
                "parse(\"Jul 4\", \"TIMESTAMP('MMM d'):t\", baseTime: timestamp(2020, 1, 1, 0, 0, 0))",
                "timestamp(2020, 7, 4, 0, 0, 0)",
            ),
        ],
        body: Body::Build(|arguments, _| build(arguments, Operation::First)),
    },
    Function {
        name: "parseAll",
        summary: "What a DPL pattern exports wherever it matches in a text: an array of values, or of records.",
        parameters: &[EXPRESSION, PATTERN, BASE_TIME],
        examples: &[
            ("parseAll(\"1 2\", \"LONG:r\")", "array(1, 2)"),
            (
                "parseAll(\"a=1, b=2\", \"WORD:k '=' INT:v\")",
                "array(record(k = \"a\", v = 1), record(k = \"b\", v = 2))",
            ),
            ("parseAll(\"x\", \"LONG:r\")", "array()"),
        ],
        body: Body::Build(|arguments, _| build(arguments, Operation::All)),
    },
    Function {
        name: "replacePattern",
        summary: "A text with another in place of everything that a DPL pattern matches.",
        parameters: &[
            EXPRESSION,
            PATTERN,
            required("replacement", Accepts::STRING, "what is put in, as it is"),
        ],
        examples: &[
            (
                "replacePattern(\"L4nguage\", \"LONG\", \"a\")",
                "\"Language\"",
            ),
            ("replacePattern(\"a1b22\", \"INT\", \"$0\")", "\"a$0b$0\""),
            ("replacePattern(\"none\", \"INT\", \"x\")", "\"none\""),
        ],
        body: Body::Build(|arguments, _| build(arguments, Operation::Replaced)),
    },
    Function {
        name: "splitByPattern",
        summary: "The parts of a text between everything that a DPL pattern matches.",
        parameters: &[EXPRESSION, PATTERN],
        examples: &[
            (
                "splitByPattern(\"one $1 two $4 three\", \"' $' LONG ' '\")",
                "array(\"one\", \"two\", \"three\")",
            ),
            (
                "splitByPattern(\",a,\", \"','\")",
                "array(\"\", \"a\", \"\")",
            ),
            ("splitByPattern(\"\", \"','\")", "array()"),
        ],
        body: Body::Build(|arguments, _| build(arguments, Operation::Split)),
    },
];

fn build(arguments: &Arguments, operation: Operation) -> Result<Typed, Diagnostic> {
    let pattern = arguments.required("pattern")?;
    let Some(text) = pattern.value.string_value() else {
        let message = "a pattern has to be a text written in the query";
        return Err(Diagnostic::error(Code::NotConstant, pattern.span, message));
    };
    let program = super::pattern(text, &arguments.zone).map_err(|diagnostics| {
        // Where it stands in the text has been said before.
        let first = diagnostics.into_iter().find(Diagnostic::is_error);
        let message = first.map_or_else(String::new, |first| first.message);
        Diagnostic::error(Code::PatternSyntax, pattern.span, message)
    })?;
    if matches!(operation, Operation::First | Operation::All) && program.exports().is_empty() {
        return Err(super::exports_nothing(pattern.span));
    }
    let returns = operation.returns(&program);
    let Some(subject) = arguments.required("expression")?.value.string() else {
        return Ok(Typed::of(crate::document::null(&returns), returns));
    };
    let base = match arguments.get("baseTime") {
        Some(base) => base.value.timestamp(),
        None => Some(super::instant(arguments.now)),
    };
    let mut all = super::pattern_arguments(
        subject,
        text,
        &arguments.zone,
        base.unwrap_or_else(|| super::instant(arguments.now)),
    );
    if operation == Operation::Replaced {
        let replacement = arguments.required("replacement")?.value.string();
        all.push(replacement.unwrap_or_else(|| Expr::Literal(ScalarValue::Utf8View(None), None)));
    }
    let value = udf(operation).call(all);
    Ok(Typed::of(value, returns))
}
