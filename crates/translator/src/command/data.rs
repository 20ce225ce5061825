//! `data record(…), …` and `data json: "…"`: records written in the query.

use std::borrow::Cow;

use functions::Value;
use functions::compare::Truth;
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic, Span};

use super::table::{self, Table};
use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

pub(super) fn data(ctx: &mut Context, command: &Command) -> Option<Stage> {
    let given = super::given(
        ctx,
        command,
        &Takes {
            named: &["json"],
            unsupported: &[],
        },
    );
    let mut table = Table::default();
    if let Some((expression, span)) = given.one(ctx, "json") {
        if let Some(record) = given.positional.first() {
            ctx.report(Diagnostic::error(
                Code::TooManyParameters,
                record.span,
                "`data` takes either records or `json:`",
            ));
            return None;
        }
        let value = expr::value(ctx, &Scope::closed(), expression, Truth::Exact)?;
        let Some(text) = value.string_value() else {
            ctx.report(Diagnostic::error(
                Code::WrongType,
                span,
                "`json:` has to be a string literal",
            ));
            return None;
        };
        read_json(ctx, text, span, &mut table)?;
    } else {
        if !super::some(
            ctx,
            command,
            &given,
            "a record, as in: data record(a = 1, b = \"x\")",
        ) {
            return None;
        }
        let mut fine = true;
        for element in &given.positional {
            let Some(expression) = element.expr(ctx) else {
                fine = false;
                continue;
            };
            match expr::fixed(ctx, expression) {
                Some(Value::Record(members)) => table.push(members),
                Some(value) => {
                    ctx.report(
                        Diagnostic::error(
                            Code::WrongType,
                            expression.span,
                            format!("`data` takes records, and this is {}", value.ty().article()),
                        )
                        .help("write the fields of a record as record(name = value, …)"),
                    );
                    fine = false;
                }
                None => fine = false,
            }
        }
        if !fine {
            return None;
        }
    }
    table::stage(ctx, table, command.span)
}

/// The object of a JSON text, or the objects of an array.
fn read_json(ctx: &mut Context, text: &str, span: Span, table: &mut Table<'static>) -> Option<()> {
    let mut wrong = |message: String| {
        ctx.report(
            Diagnostic::error(Code::WrongType, span, message)
                .help("`json:` holds one object, or an array of objects: [{\"a\": 1}, {\"a\": 2}]"),
        );
        None
    };
    let records = match functions::value::parse_json(text) {
        Err(error) => return wrong(format!("this is not JSON: {error}")),
        Ok(Value::Array(elements)) => elements,
        Ok(value) => vec![value],
    };
    for record in records {
        let Value::Record(members) = record else {
            return wrong("a record of `data` has to be a JSON object".to_owned());
        };
        let owned = |(key, value): (Cow<'_, str>, Value<'_>)| {
            (Cow::Owned(key.into_owned()), value.into_owned())
        };
        table.push(members.into_iter().map(owned).collect());
    }
    Some(())
}
