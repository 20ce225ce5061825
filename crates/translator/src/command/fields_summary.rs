//! `fieldsSummary field, … [, topValues:] [, extrapolateSamples:]`: how often fields have a value, and which are the most
//! frequent.
//!
//! It says in one command what others say in several, and is made of them: each record becomes one for each field, and
//! those are counted by value.

use functions::Typed;
use functions::compare::Truth;
use syntax::dql::ast::{Command, Expr, ExprKind};
use syntax::{Code, Diagnostic};

use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

/// How many values are listed unless something else is asked for.
const TOP_VALUES: i64 = 20;

pub(super) fn fields_summary(
    ctx: &mut Context,
    mut stage: Stage,
    command: &Command,
) -> Option<Stage> {
    let takes = Takes {
        named: &["topValues", "extrapolateSamples"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let top = match given.named("topValues") {
        Some(_) => given.long(ctx, "topValues", (0, i64::MAX))?,
        None => TOP_VALUES,
    };
    let extrapolate = match given.named("extrapolateSamples") {
        Some(_) => given.flag(ctx, "extrapolateSamples")?,
        None => false,
    };
    if !super::some(ctx, command, &given, "a field") {
        return None;
    }
    let ratio = stage.scope.get("dt.system.sampling_ratio");
    let ratio = ratio
        .filter(|_| extrapolate)
        .map(|field| field.value.clone());
    let mut scope = Scope::closed();
    scope.set("ratio", ratio.unwrap_or_else(one));
    let mut names = Vec::new();
    let mut fine = true;
    for element in &given.positional {
        let expression: &Expr = element.expr(ctx)?;
        let ExprKind::Field(name) = &expression.kind else {
            ctx.report(Diagnostic::error(
                Code::WrongType,
                expression.span,
                "`fieldsSummary` takes fields",
            ));
            fine = false;
            continue;
        };
        let value = expr::value(ctx, &stage.scope, expression, Truth::Exact)?;
        scope.set(&format!("field{}", names.len()), value);
        names.push(name.text.clone());
    }
    if !fine {
        return None;
    }
    stage.scope = scope;
    stage.order = Vec::new();
    let text = steps(&names, top);
    super::run_text(ctx, stage, &text)
}

fn one() -> Typed {
    Typed::constant(&functions::Value::Long(1), &functions::Type::Long)
}

/// The commands that it stands for, over the fields `field0`, `field1` … and `ratio`.
fn steps(names: &[String], top: i64) -> String {
    let mut rows = Vec::new();
    let mut nothing = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let quoted = syntax::dql::write_string(name);
        rows.push(format!(
            "record(p = {place}, f = {quoted}, v = field{place}, r = ratio)"
        ));
        nothing.push(format!(
            "record(p = {place}, f = {quoted}, v = null, r = 1, c = 0)"
        ));
    }
    format!(
        "fields x = array({})
        | expand x
        | fields p = x[p], f = x[f], v = x[v], r = x[r]
        | filter isNotNull(v)
        | summarize c = count(), r = takeAny(r), by: {{p, f, v}}
        | append [data {}]
        | sort p, c desc, v
        | summarize field = takeFirst(f), rawCount = toLong(sum(c)), count = toLong(sum(c * r)),
            values = arraySlice(arrayRemoveNulls(collectArray(if(c > 0, record(value = v, count = c)))), to: {top}),
            by: {{p}}
        | sort p
        | fieldsRemove p",
        rows.join(", "),
        nothing.join(", ")
    )
}
