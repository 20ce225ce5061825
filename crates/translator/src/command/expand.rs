//! `expand [name =] array`: a record for each element.

use datafusion::common::{Column, UnnestOptions};
use datafusion::functions_nested::expr_fn::{array_length, array_slice, gen_series};
use datafusion::logical_expr::{LogicalPlanBuilder, cast, lit};
use functions::compare::Truth;
use functions::{Type, Typed};
use syntax::dql::ast::Command;
use syntax::{Code, Diagnostic};

use crate::arguments::Takes;
use crate::context::{Context, Stage};
use crate::expr;

/// The most elements of one array, unless `limit:` says less.
const MOST: i64 = 2_147_483_647;

pub(super) fn expand(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &["limit"],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let most = match given.named("limit") {
        Some(_) => given.long(ctx, "limit", (1, i64::MAX)),
        None => Some(MOST),
    };
    if let Some(second) = given.positional.get(1) {
        ctx.report(Diagnostic::error(
            Code::TooManyParameters,
            second.span,
            "`expand` takes an array, and only one",
        ));
    }
    let Some(element) = given.positional.first() else {
        super::missing(ctx, command, "an array");
        return None;
    };
    let expression = element.expr(ctx)?;
    let value = expr::value(ctx, &stage.scope, expression, Truth::Exact)?;
    let most = most?;
    let known = !matches!(value.ty(), Type::Dynamic | Type::Array(_) | Type::Null);
    if known {
        ctx.report(Diagnostic::warning(
            Code::NeverTrue,
            expression.span,
            format!(
                "this is {}, and no array: records are kept as they are",
                value.ty().article()
            ),
        ));
    }
    let (list, ty) = match value.ty() {
        // Null has no elements, and so no record.
        Type::Null => (
            functions::null(&Type::Array(Box::new(Type::String))),
            Type::String,
        ),
        _ => value.elements(),
    };
    let list = match most {
        MOST.. => list,
        most => array_slice(list, lit(1i64), lit(most), None),
    };
    let (plan, mut names) = ctx.with_columns(stage.plan, command.span, vec![list])?;
    let list = names.pop()?;
    let mut unnested = vec![Column::new_unqualified(&list)];
    stage.plan = plan;
    if !stage.order.is_empty() {
        // The places of the elements, next to them, keep their order.
        let length = cast(array_length(crate::column(&list)), Type::Long.arrow());
        let places = gen_series(lit(1i64), length, lit(1i64));
        let (plan, mut names) = ctx.with_columns(stage.plan, command.span, vec![places])?;
        let place = names.pop()?;
        unnested.push(Column::new_unqualified(&place));
        stage.plan = plan;
        stage.order.push(crate::column(&place).sort(true, false));
    }
    let options = UnnestOptions::new().with_preserve_nulls(false);
    let built = super::builder(stage.plan).unnest_columns_with_options(unnested, options);
    stage.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    let one = if known {
        // Read where it stands: it keeps its type.
        value
    } else {
        Typed::of(crate::column(&list), ty)
    };
    let name = element.result_name();
    let in_place = element.name.is_none() && element.field().is_some();
    if in_place {
        stage.scope.set(&name, one);
    } else {
        super::set(ctx, &mut stage.scope, &name, one, element.span);
    }
    Some(stage)
}
