//! The commands, one file each, and the table that finds them.

mod append;
mod block;
mod data;
mod dedup;
mod describe;
mod expand;
mod fetch;
mod fields;
mod fields_add;
mod fields_flatten;
mod fields_keep;
mod fields_remove;
mod fields_rename;
mod fields_snapshot;
mod fields_summary;
mod filter;
mod interval;
mod is_in;
mod join;
mod join_nested;
mod limit;
mod load;
mod lookup;
mod make_timeseries;
mod parse;
mod places;
mod search;
mod series;
mod series_buckets;
mod series_time;
mod sort;
mod summarize;
mod table;

use std::sync::Arc;

use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder};
use syntax::dql::ast::{Command, Query, Value};
use syntax::dql::write_name;
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Given, Takes};
use crate::catalog::Timeframe;
use crate::context::{Context, Stage};
use crate::expr;
use crate::scope::Scope;

pub(crate) use fields_keep::Pattern;
pub(crate) use is_in::is_in;
pub(crate) use lookup::looked_up;

/// What a command does to the pipeline.
enum Run {
    /// It begins one.
    Start(fn(&mut Context, &Command) -> Option<Stage>),
    /// It goes on from one.
    Then(fn(&mut Context, Stage, &Command) -> Option<Stage>),
}

/// Every command of the language. `None` marks those that are not supported yet.
const COMMANDS: &[(&str, Option<Run>)] = &[
    ("append", Some(Run::Then(append::append))),
    ("data", Some(Run::Start(data::data))),
    ("dedup", Some(Run::Then(dedup::dedup))),
    ("describe", Some(Run::Start(describe::describe))),
    ("expand", Some(Run::Then(expand::expand))),
    ("fetch", Some(Run::Start(fetch::fetch))),
    ("fields", Some(Run::Then(fields::fields))),
    ("fieldsAdd", Some(Run::Then(fields_add::fields_add))),
    (
        "fieldsFlatten",
        Some(Run::Then(fields_flatten::fields_flatten)),
    ),
    ("fieldsKeep", Some(Run::Then(fields_keep::fields_keep))),
    (
        "fieldsRemove",
        Some(Run::Then(fields_remove::fields_remove)),
    ),
    (
        "fieldsRename",
        Some(Run::Then(fields_rename::fields_rename)),
    ),
    (
        "fieldsSnapshot",
        Some(Run::Start(fields_snapshot::fields_snapshot)),
    ),
    (
        "fieldsSummary",
        Some(Run::Then(fields_summary::fields_summary)),
    ),
    ("filter", Some(Run::Then(filter::filter))),
    ("filterOut", Some(Run::Then(filter::filter_out))),
    ("join", Some(Run::Then(join::join))),
    ("joinNested", Some(Run::Then(join_nested::join_nested))),
    ("limit", Some(Run::Then(limit::limit))),
    ("load", Some(Run::Start(load::load))),
    ("lookup", Some(Run::Then(lookup::lookup))),
    (
        "makeTimeseries",
        Some(Run::Then(make_timeseries::make_timeseries)),
    ),
    ("parse", Some(Run::Then(parse::parse))),
    ("search", Some(Run::Then(search::search))),
    ("sort", Some(Run::Then(sort::sort))),
    ("summarize", Some(Run::Then(summarize::summarize))),
];

/// The commands that ask Dynatrace's own stores.
const DYNATRACE: &[&str] = &[
    "metrics",
    "smartscapeEdges",
    "smartscapeNodes",
    "timeseries",
    "traverse",
];

/// The experimental commands, which Dynatrace does not document, and what to do instead.
const EXPERIMENTAL: &[(&str, &str)] = &[
    (
        "experimentalSave",
        "write the result with --output, and put it into the lake's folder `lookups` to `load` it",
    ),
    (
        "failIf",
        "`filter` what must not be; `trailsift detect --exit-code` fails where records are left",
    ),
    (
        "jsonExtract",
        "`parse field, \"JSON:record\"` and then `fieldsFlatten record` make fields of JSON text",
    ),
];

/// What other languages call them.
const HABITS: &[(&str, &str)] = &[
    ("distinct", "dedup"),
    ("drop", "fieldsRemove"),
    ("eval", "fieldsAdd"),
    ("extend", "fieldsAdd"),
    ("from", "fetch"),
    ("group", "summarize"),
    ("having", "filter"),
    ("head", "limit"),
    ("keep", "fieldsKeep"),
    ("order", "sort"),
    ("project", "fields"),
    ("rename", "fieldsRename"),
    ("select", "fields"),
    ("stats", "summarize"),
    ("take", "limit"),
    ("top", "limit"),
    ("where", "filter"),
];

/// The most commands of one query: every one of them is a level of the plan.
const MOST: usize = 1_000;

/// The names of the supported commands.
pub(crate) fn supported() -> impl Iterator<Item = &'static str> {
    COMMANDS
        .iter()
        .filter(|(_, run)| run.is_some())
        .map(|(name, _)| *name)
}

/// The names of all commands, those that are not supported yet included.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS
        .iter()
        .map(|(name, _)| *name)
        .chain(DYNATRACE.iter().copied())
}

/// Runs the commands of a query one after the other. A command that fails is reported and left out, so that those
/// behind it are checked as well; `None` where there is none.
pub(crate) fn pipeline(ctx: &mut Context, query: &Query) -> Option<Stage> {
    if let Some(command) = query.commands.get(MOST) {
        ctx.report(Diagnostic::error(
            Code::TooDeep,
            command.name.span,
            format!("a query has at most {MOST} commands"),
        ));
        return None;
    }
    let mut commands = query.commands.iter();
    let first = commands.next()?;
    let started = start(ctx, first);
    let mut stage = match started {
        Some(stage) => stage,
        None => unknown(),
    };
    for command in commands {
        stage = then(ctx, stage, command);
    }
    Some(stage)
}

/// What stands for the records of a command that is wrong.
fn unknown() -> Stage {
    Stage {
        plan: block::nothing(),
        scope: Scope::unknown(),
        timeframe: Timeframe::default(),
        shown_by: Vec::new(),
        order: Vec::new(),
    }
}

fn start(ctx: &mut Context, command: &Command) -> Option<Stage> {
    match find(ctx, command)? {
        Run::Start(run) => run(ctx, command),
        Run::Then(_) => {
            ctx.report(
                Diagnostic::error(
                    Code::NotAStartingCommand,
                    command.name.span,
                    format!(
                        "`{}` can't come first: it needs records to work on",
                        command.name.text
                    ),
                )
                .help("begin with `fetch logs` or `data record(…)`"),
            );
            None
        }
    }
}

fn then(ctx: &mut Context, stage: Stage, command: &Command) -> Stage {
    let before = Stage {
        plan: stage.plan.clone(),
        scope: stage.scope.clone(),
        timeframe: stage.timeframe,
        shown_by: stage.shown_by.clone(),
        order: stage.order.clone(),
    };
    let after = match find(ctx, command) {
        Some(Run::Then(run)) => {
            let stage = expr::join_all(ctx, stage, command);
            run(ctx, stage, command)
        }
        Some(Run::Start(_)) => {
            ctx.report(Diagnostic::error(
                Code::StartingCommandLater,
                command.name.span,
                format!("`{}` can only begin a query", command.name.text),
            ));
            None
        }
        None => None,
    };
    after.unwrap_or(before)
}

/// Runs commands of our own making behind a stage.
fn run_text(ctx: &mut Context, mut stage: Stage, text: &str) -> Option<Stage> {
    let (query, _) = syntax::dql::parse(text);
    for command in &query.commands {
        stage = then(ctx, stage, command);
    }
    Some(stage)
}

fn find(ctx: &mut Context, command: &Command) -> Option<&'static Run> {
    let name = command.name.text.as_str();
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    match COMMANDS.iter().find(|(known, _)| same(known)) {
        Some((_, Some(run))) => return Some(run),
        Some((known, None)) => ctx.report(Diagnostic::error(
            Code::UnsupportedCommand,
            command.name.span,
            format!("the command `{known}` is not supported yet"),
        )),
        None if EXPERIMENTAL.iter().any(|(known, _)| same(known)) => {
            let found = EXPERIMENTAL.iter().find(|(known, _)| same(known));
            let help = found.map_or("", |(_, help)| *help);
            ctx.report(
                Diagnostic::error(
                    Code::UnsupportedCommand,
                    command.name.span,
                    format!("`{name}` is an experiment of Dynatrace's, and is not supported"),
                )
                .help(help),
            );
        }
        None => match DYNATRACE.iter().find(|known| same(known)) {
            Some(known) => ctx.report(Diagnostic::error(
                Code::NeedsDynatrace,
                command.name.span,
                format!(
                    "`{known}` asks Dynatrace's own metrics or topology, which a lake does not have"
                ),
            )),
            None => {
                let known = COMMANDS
                    .iter()
                    .map(|(name, _)| *name)
                    .chain(DYNATRACE.iter().copied());
                let diagnostic = Diagnostic::error(
                    Code::UnknownCommand,
                    command.name.span,
                    format!("there is no command `{name}`"),
                );
                let habit = HABITS.iter().find(|(habit, _)| same(habit));
                ctx.report(match habit {
                    Some((_, ours)) => diagnostic.suggest(ours, [*ours]),
                    None => diagnostic.suggest(name, known),
                });
            }
        },
    }
    None
}

/// What was given to a command that orders nothing.
fn given<'a>(ctx: &mut Context, command: &'a Command, takes: &Takes) -> Given<'a> {
    let given = ordering(ctx, command, takes);
    let named = takes.named.iter().filter(|name| **name != "sort");
    let named = named.flat_map(|name| given.elements(name));
    for element in given
        .positional
        .iter()
        .chain(named)
        .filter(|element| element.direction.is_some())
    {
        ctx.report(
            Diagnostic::error(
                Code::UnexpectedToken,
                element.span,
                format!("`{}` takes no direction", command.name.text),
            )
            .help("`asc` and `desc` belong to `sort`"),
        );
    }
    given
}

/// What was given to a command whose values may have a direction.
fn ordering<'a>(ctx: &mut Context, command: &'a Command, takes: &Takes) -> Given<'a> {
    crate::arguments::given(ctx, &command.name.text, &command.parameters, takes)
}

/// A command that takes one value, and got it.
fn single<'a>(
    ctx: &mut Context,
    command: &'a Command,
    given: &Given<'a>,
    what: &str,
) -> Option<&'a syntax::dql::ast::Expr> {
    match given.positional.as_slice() {
        [element] => {
            if let Some(name) = &element.name {
                let mut diagnostic = Diagnostic::error(
                    Code::WrongType,
                    element.span,
                    format!("`{}` takes {what}, not an assignment", command.name.text),
                )
                .help("`==` compares; `=` gives a name to a value");
                if let Value::Expr(value) = element.value {
                    let head = Span::new(element.span.start, value.span.start);
                    diagnostic = diagnostic.fix(head, format!("{} == ", write_name(name)));
                }
                ctx.report_unless_broken(element.span, diagnostic);
                return None;
            }
            element.expr(ctx)
        }
        [] => {
            missing(ctx, command, what);
            None
        }
        [_, second, ..] => {
            ctx.report(Diagnostic::error(
                Code::TooManyParameters,
                second.span,
                format!("`{}` takes {what}, and only one", command.name.text),
            ));
            None
        }
    }
}

/// A command that takes any number of values, and got at least one. Says so where it did not.
fn some(ctx: &mut Context, command: &Command, given: &Given<'_>, what: &str) -> bool {
    if given.positional.is_empty() {
        missing(ctx, command, what);
    }
    !given.positional.is_empty()
}

/// Reports that a command was not given what it needs.
fn missing(ctx: &mut Context, command: &Command, what: &str) {
    ctx.report_unless_broken(
        command.span,
        Diagnostic::error(
            Code::MissingParameter,
            command.name.span,
            format!("`{}` needs {what}", command.name.text),
        ),
    );
}

/// The plan with its records in the order that they have; any order stays any.
fn in_order(ctx: &mut Context, stage: &Stage, span: Span) -> Option<LogicalPlan> {
    let order = stage.visible_order();
    let sorted = matches!(&stage.plan, LogicalPlan::Sort(sort) if sort.expr == order);
    if order.is_empty() || sorted {
        return Some(stage.plan.clone());
    }
    let built = builder(stage.plan.clone()).sort(order);
    ctx.internal(span, built.and_then(LogicalPlanBuilder::build))
}

/// A builder over a plan.
fn builder(plan: LogicalPlan) -> LogicalPlanBuilder {
    LogicalPlanBuilder::new_from_arc(Arc::new(plan))
}

/// Sets a field, with a warning where it replaces another.
fn set(
    ctx: &mut Context,
    scope: &mut crate::scope::Scope,
    name: &str,
    value: functions::Typed,
    span: syntax::Span,
) {
    if scope.set(name, value) {
        ctx.report(overrides(name, span));
    }
}

/// The warning about a field that replaces another.
fn overrides(name: &str, span: syntax::Span) -> Diagnostic {
    let message = format!("the field `{name}` overrides an existing field");
    Diagnostic::warning(Code::OverriddenField, span, message)
}
