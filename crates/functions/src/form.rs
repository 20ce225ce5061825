//! Forms: what looks like a function, but takes names or is fixed for the query. The translator reads their arguments.

use crate::function::{Body, Function};
use crate::parameter::{Accepts, Parameter, required, variadic};

/// The list.
pub(crate) const ALL: &[Function] = &[EXISTS, GET_RECORD_FIELD, NOW, RECORD];

const EXISTS: Function = Function {
    name: "exists",
    summary: "Whether a record has a field, with a value other than null.",
    parameters: &[required("field", Accepts::ANY, "the name of the field")],
    examples: &[("exists(x)", "true"), ("exists(no.such.field)", "false")],
    body: Body::Form,
};

const GET_RECORD_FIELD: Function = Function {
    name: "getRecordField",
    summary: "The value of a key of a record, or an end of a timeframe: as `record[key]`.",
    parameters: &[
        required(
            "expression",
            Accepts::RECORD.or(Accepts::TIMEFRAME),
            "the record or timeframe",
        ),
        required("fieldName", Accepts::ANY, "the key"),
    ],
    examples: &[
        ("getRecordField(record(a = 1), a)", "1"),
        ("getRecordField(record(a = 1), b)", "null"),
    ],
    body: Body::Form,
};

const NOW: Function = Function {
    name: "now",
    summary: "The time at which the query began, the same everywhere in it.",
    parameters: &[],
    examples: &[("now() - now()", "0ns")],
    body: Body::Form,
};

const RECORD: Function = Function {
    name: "record",
    summary: "A record of its arguments: the key is assigned, as in `key = value`, or else that of a field.",
    parameters: &[Parameter {
        required: false,
        ..variadic("expression", Accepts::ANY, "the members in order")
    }],
    examples: &[
        ("record(a = 1, b = \"x\")[b]", "\"x\""),
        ("record(x)[x]", "1"),
        ("record(a = 1, b = 2) == record(b = 2, a = 1)", "true"),
    ],
    body: Body::Form,
};
