//! `search condition`: the records in which terms are found. The condition is a little language of its own: texts,
//! which are looked for in every field, `field ~ "term"`, comparisons of fields with constants, `and`, `or` and
//! parentheses.

use std::sync::Arc;

use datafusion::logical_expr::{Expr as PlanExpr, LogicalPlanBuilder, Operator, lit};
use functions::compare::Truth;
use functions::{SearchScope, Sought, Step, Typed};
use syntax::dql::ast::{BinaryOp, Command, Expr, ExprKind, Literal, UnaryOp};
use syntax::{Code, Diagnostic};

use super::fields_keep::{Pattern, patterns};
use crate::arguments::{Given, Takes};
use crate::context::{Context, Stage};
use crate::expr::{self, balanced, chain, sought};
use crate::scope::{Field, Scope};

const TAKES: Takes = Takes {
    named: &["caseSensitive", "scope", "fields", "skipFields"],
    unsupported: &[],
};

pub(super) fn search(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let given = super::given(ctx, command, &TAKES);
    let search = Search::new(ctx, &stage.scope, &given);
    let condition = super::single(ctx, command, &given, "a condition");
    let (search, condition) = (search?, condition?);
    let condition = search.condition(ctx, condition)?;
    let built = super::builder(stage.plan).filter(condition);
    stage.plan = ctx.internal(command.span, built.and_then(LogicalPlanBuilder::build))?;
    Some(stage)
}

/// The fields in which terms are looked for that name no field.
enum Fields {
    All,
    Only(Vec<Pattern>, Vec<Typed>),
    But(Vec<Pattern>),
}

/// How a command searches.
struct Search<'s> {
    scope: &'s Scope,
    case_sensitive: bool,
    within: SearchScope,
    fields: Fields,
}

impl<'s> Search<'s> {
    fn new(ctx: &mut Context, scope: &'s Scope, given: &Given<'_>) -> Option<Search<'s>> {
        let mut search = Search {
            scope,
            case_sensitive: false,
            within: SearchScope::All,
            fields: Fields::All,
        };
        if given.named("caseSensitive").is_some() {
            search.case_sensitive = case_sensitive(ctx, given)?;
        }
        if given.named("scope").is_some() {
            search.within = within(ctx, given)?;
        }
        search.fields = match (given.named("fields"), given.named("skipFields")) {
            (Some(_), Some(skipped)) => {
                ctx.report(Diagnostic::error(
                    Code::TooManyParameters,
                    skipped.span,
                    "`search` takes either `fields` or `skipFields`",
                ));
                return None;
            }
            (Some(only), None) => {
                // Keys that no column is known for are fields as well.
                let others = only.elements.iter().filter_map(|element| {
                    let name = &element.field()?.text;
                    scope.get(name).is_none().then(|| scope.key(name))?
                });
                let others = others.collect();
                Fields::Only(patterns(ctx, scope, &only.elements)?, others)
            }
            (None, Some(but)) => Fields::But(patterns(ctx, scope, &but.elements)?),
            (None, None) => Fields::All,
        };
        Some(search)
    }

    fn condition(&self, ctx: &mut Context, condition: &Expr) -> Option<PlanExpr> {
        match &condition.kind {
            ExprKind::Literal(Literal::String(_)) => {
                let sought = sought(ctx, condition, self.case_sensitive, self.within)?;
                self.anywhere(&sought)
            }
            ExprKind::Binary {
                op: op @ (BinaryOp::And | BinaryOp::Or),
                ..
            } => chain(*op, condition, |operand| self.condition(ctx, operand)),
            ExprKind::Binary {
                op: BinaryOp::Search,
                left,
                right,
                ..
            } => {
                let value = self.field(ctx, left);
                let sought = sought(ctx, right, self.case_sensitive, self.within);
                Some(expr::found(ctx, &value?, &sought?, left.span))
            }
            ExprKind::Binary {
                op:
                    BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Less
                    | BinaryOp::LessOrEqual
                    | BinaryOp::Greater
                    | BinaryOp::GreaterOrEqual,
                left,
                right,
                ..
            } => {
                let constant = expr::value(ctx, self.scope, right, Truth::Exact)?
                    .fixed()
                    .is_some();
                if !constant {
                    let message = "`search` compares fields with what is the same for all records";
                    ctx.report(
                        Diagnostic::error(Code::NotConstant, right.span, message)
                            .help("`filter` compares fields with each other"),
                    );
                    return None;
                }
                self.field(ctx, left)?;
                expr::condition(ctx, self.scope, condition)
            }
            // The parser has said what is wrong.
            ExprKind::Error => None,
            _ => {
                ctx.report_unless_broken(condition.span, foreign(condition));
                None
            }
        }
    }

    /// A field of the record itself.
    fn field(&self, ctx: &mut Context, field: &Expr) -> Option<Typed> {
        match &field.kind {
            ExprKind::Field(_) => expr::value(ctx, self.scope, field, Truth::Exact),
            ExprKind::Error => None,
            _ => {
                let message = "a field was expected here: `search` takes them as they are";
                ctx.report_unless_broken(
                    field.span,
                    Diagnostic::error(Code::UnexpectedToken, field.span, message)
                        .help("`filter` takes any condition, and so does `~` in it"),
                );
                None
            }
        }
    }

    /// A term in any of the fields. Their names are not looked at; those of keys inside of them are.
    fn anywhere(&self, sought: &Sought) -> Option<PlanExpr> {
        let wanted = |field: &&Field| match &self.fields {
            Fields::All => !field.hidden,
            Fields::Only(patterns, _) => {
                patterns.iter().any(|pattern| pattern.matches(&field.name))
            }
            Fields::But(patterns) => {
                !field.hidden && !patterns.iter().any(|pattern| pattern.matches(&field.name))
            }
        };
        let fields = self.scope.fields().iter().filter(wanted);
        let mut found = Vec::new();
        match (self.scope.record(), &self.fields) {
            // The keys of a record are looked through at once, but for those that other fields stand for.
            (Some(record), Fields::All | Fields::But(_)) => {
                let own = |field: &Field| match &field.value {
                    Typed::Place(place) => {
                        place.path == [Step::Key(field.name.clone())]
                            && Arc::ptr_eq(&place.document, record)
                    }
                    _ => false,
                };
                let covered = |field: &&Field| own(field) && wanted(field);
                let others = self.scope.fields().iter().filter(|field| !covered(field));
                let names: Vec<&str> = others.map(|field| field.name.as_str()).collect();
                found.push(sought.in_fields(record, &names));
                let values = fields.filter(|field| !own(field));
                found.extend(values.map(|field| sought.in_value(&field.value)));
            }
            (_, Fields::Only(_, others)) => {
                found.extend(fields.map(|field| sought.in_value(&field.value)));
                found.extend(others.iter().map(|value| sought.in_value(value)));
            }
            (None, _) => found.extend(fields.map(|field| sought.in_value(&field.value))),
        }
        let never = lit(false);
        found.retain(|test| *test != never);
        Some(balanced(Operator::Or, found).unwrap_or(never))
    }
}

fn case_sensitive(ctx: &mut Context, given: &Given<'_>) -> Option<bool> {
    let (value, _) = given.one(ctx, "caseSensitive")?;
    match value.kind {
        ExprKind::Literal(Literal::Boolean(value)) => Some(value),
        _ => {
            let message = "`caseSensitive` has to be `true` or `false`";
            ctx.report(Diagnostic::error(Code::NotConstant, value.span, message));
            None
        }
    }
}

fn within(ctx: &mut Context, given: &Given<'_>) -> Option<SearchScope> {
    let (value, _) = given.one(ctx, "scope")?;
    let text = match &value.kind {
        ExprKind::Literal(Literal::String(text)) => text.as_str(),
        _ => "",
    };
    let found = SearchScope::ALL
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    if found.is_none() {
        let names: Vec<String> = SearchScope::ALL
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let message = format!("`scope` is one of {}", names.join(", "));
        ctx.report(Diagnostic::error(Code::OutOfRange, value.span, message));
    }
    found.map(|(_, scope)| *scope)
}

/// What `search` does not take, and how else it may be said.
fn foreign(condition: &Expr) -> Diagnostic {
    let error = |message: &str| Diagnostic::error(Code::UnexpectedToken, condition.span, message);
    match &condition.kind {
        ExprKind::Field(name) => {
            error("a text to search for was expected here, and this is a field")
                .help("texts stand in double quotes")
                .fix(condition.span, syntax::dql::write_string(&name.text))
        }
        ExprKind::Unary {
            op: UnaryOp::Not, ..
        } => error("`search` has no `not`")
            .help("`filterOut` drops what matches: filterOut content ~ \"term\""),
        _ => error(
            "`search` takes texts, `field ~ \"term\"`, and comparisons of fields with constants",
        )
        .help("`filter` takes any condition"),
    }
}
