//! `parse expression, "pattern"`: fields taken out of a text by a DPL pattern.
//!
//! Here parse elimination begins: a pattern that is nothing but `JSON:name`, applied to the text of an event, makes the
//! field stand for the record itself, whose places are columns; and the members of `JSON{…}` become columns where these
//! hold what the pattern would read.

use std::sync::Arc;

use datafusion::logical_expr::Expr as PlanExpr;
use functions::compare::Truth;
use functions::dpl::Program;
use functions::parameter::{Argument, Arguments};
use functions::{Type, Typed, zone};
use syntax::dql::ast::{Command, Expr};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Given, Takes};
use crate::context::{Context, Stage};
use crate::{expr, pattern};

pub(super) fn parse(ctx: &mut Context, mut stage: Stage, command: &Command) -> Option<Stage> {
    let takes = Takes {
        named: &[
            "expression",
            "pattern",
            "preserveFieldsOnFailure",
            "parsingPrerequisite",
            "baseTime",
        ],
        unsupported: &[],
    };
    let given = super::given(ctx, command, &takes);
    let (subject, written) = subject(ctx, command, &given)?;
    let program = pattern::compile(ctx, written);
    let text = expr::value(ctx, &stage.scope, subject, Truth::Exact);
    let options = Options::read(ctx, &stage, &given);
    let (program, text, options) = (program?, text?, options?);
    if program.exports().is_empty() {
        ctx.report(functions::exports_nothing(written.span));
        return None;
    }
    let string = string(ctx, &text, subject)?;
    let text = match options.prerequisite {
        None => text,
        Some(_) => Typed::known(string.clone(), Type::String),
    };
    let string = match &options.prerequisite {
        None => string,
        Some(prerequisite) => functions::when_present(prerequisite, string),
    };
    let exports = program.exports().iter();
    let before: Vec<Option<Typed>> = exports
        .map(|export| {
            stage
                .scope
                .get(&export.name)
                .map(|field| field.value.clone())
        })
        .collect();
    let work = Work {
        string,
        pattern: pattern::literal(written)?,
        program,
        base: options.base,
        // Only fields that there are can be kept.
        keep: match (options.preserve, options.prerequisite) {
            _ if before.iter().all(Option::is_none) => Keep::Nothing,
            (true, _) => Keep::Failures,
            (false, Some(prerequisite)) => Keep::Unless(prerequisite),
            (false, None) => Keep::Nothing,
        },
        span: command.span,
    };
    let (fields, taken) = work.fields(ctx, &mut stage, &text)?;
    for ((name, value), before) in fields.into_iter().zip(before) {
        let value = match (before, &taken) {
            (Some(before), Some(taken)) => splice(ctx, taken.clone(), value, before, written.span)?,
            _ => value,
        };
        super::set(ctx, &mut stage.scope, &name, value, written.span);
    }
    Some(stage)
}

/// The text and the pattern, by name or by position.
fn subject<'c>(
    ctx: &mut Context,
    command: &Command,
    given: &Given<'c>,
) -> Option<(&'c Expr, &'c Expr)> {
    let mut positional = given.positional.iter();
    let mut value = |ctx: &mut Context, name: &str| match given.named(name) {
        Some(_) => given.one(ctx, name).map(|(expr, _)| expr),
        None => positional.next().and_then(|element| element.expr(ctx)),
    };
    let (subject, pattern) = (value(ctx, "expression"), value(ctx, "pattern"));
    if let Some(element) = positional.next() {
        ctx.report(Diagnostic::error(
            Code::TooManyParameters,
            element.span,
            "`parse` takes a text and a pattern, and no more by position",
        ));
        return None;
    }
    if subject.is_none() || pattern.is_none() {
        super::missing(
            ctx,
            command,
            "a text and a pattern, as in: parse content, \"JSON:event\"",
        );
    }
    Some((subject?, pattern?))
}

/// What may be asked for by name.
struct Options {
    /// Whether a field keeps its value where the pattern does not match.
    preserve: bool,
    /// What must be true of a record for it to be parsed.
    prerequisite: Option<PlanExpr>,
    /// The moment whose year times without a year take.
    base: PlanExpr,
}

impl Options {
    fn read(ctx: &mut Context, stage: &Stage, given: &Given<'_>) -> Option<Options> {
        let named = |ctx: &mut Context, name: &str| match given.named(name) {
            Some(_) => given.one(ctx, name).map(|(expr, _)| Some(expr)),
            None => Some(None),
        };
        let preserve = match named(ctx, "preserveFieldsOnFailure")? {
            None => false,
            Some(flag) => match expr::value(ctx, &stage.scope, flag, Truth::Exact)?.fixed() {
                Some(functions::Value::Boolean(flag)) => flag,
                _ => {
                    ctx.report(Diagnostic::error(
                        Code::NotConstant,
                        flag.span,
                        "`preserveFieldsOnFailure` has to be `true` or `false`",
                    ));
                    return None;
                }
            },
        };
        let prerequisite = match named(ctx, "parsingPrerequisite")? {
            None => None,
            Some(condition) => Some(expr::condition(ctx, &stage.scope, condition)?),
        };
        let base = match named(ctx, "baseTime")? {
            None => functions::instant(ctx.options.now),
            Some(base) => {
                let value = expr::value(ctx, &stage.scope, base, Truth::Exact)?;
                let Some(instant) = value.timestamp() else {
                    ctx.report(Diagnostic::error(
                        Code::WrongType,
                        base.span,
                        format!(
                            "`baseTime` is a timestamp, and this is {}",
                            value.ty().article()
                        ),
                    ));
                    return None;
                };
                instant
            }
        };
        Some(Options {
            preserve,
            prerequisite,
            base,
        })
    }
}

/// The text as a string; null where it is one of another type.
fn string(ctx: &mut Context, text: &Typed, subject: &Expr) -> Option<PlanExpr> {
    if let Some(string) = text.string() {
        return Some(string);
    }
    let article = text.ty().article();
    if expr::is_variant(subject, text) {
        ctx.report(Diagnostic::warning(
            Code::NeverTrue,
            subject.span,
            format!("`parse` reads a string, and this is {article} in every event"),
        ));
        return Some(functions::null(&Type::String));
    }
    ctx.report(Diagnostic::error(
        Code::WrongType,
        subject.span,
        format!("`parse` reads a string, and this is {article}"),
    ));
    None
}

/// When fields that there were before keep their values.
enum Keep {
    /// Never.
    Nothing,
    /// Where the pattern does not match.
    Failures,
    /// Where this is not true.
    Unless(PlanExpr),
}

/// Fields that a pattern gives; and what is true where they take the place of fields that there were before, if that
/// is not so everywhere.
type Parsed = (Vec<(String, Typed)>, Option<PlanExpr>);

/// What is to be matched.
struct Work<'q> {
    string: PlanExpr,
    pattern: &'q str,
    program: Arc<Program>,
    base: PlanExpr,
    keep: Keep,
    span: Span,
}

impl Work<'_> {
    /// The fields of the pattern, from columns as far as they hold them.
    fn fields(self, ctx: &mut Context, stage: &mut Stage, text: &Typed) -> Option<Parsed> {
        let zone = zone::name(&ctx.options.timezone);
        let captures = functions::parse_captures(self.string, self.pattern, &zone, self.base);
        if let (Typed::Text { parsed, .. }, Keep::Nothing) = (text, &self.keep) {
            if let Some(name) = functions::sole_json(self.pattern) {
                // There is a condition where records of the data are too long.
                if parsed.present.is_some() {
                    overlong(ctx, stage, &name, self.span);
                }
                return Some((vec![(name, Typed::document(parsed))], None));
            }
            let members = functions::json_members(self.pattern, &self.program, parsed, &captures);
            if let Some(fields) = members {
                return Some((fields, None));
            }
        }
        // One column holds all that a match gives, so that the pattern runs once a record.
        let mut captured = Typed::known(captures, Type::Null);
        let plan = stage.plan.clone();
        stage.plan = ctx.materialize(plan, self.span, &mut [&mut captured])?;
        let captured = captured.expr();
        let taken = match self.keep {
            Keep::Nothing => None,
            Keep::Failures => Some(captured.clone().is_not_null()),
            Keep::Unless(prerequisite) => Some(prerequisite),
        };
        let fields = functions::captured_fields(&captured, &self.program);
        Some((fields, taken))
    }
}

/// Says where records are too long for DQL's `JSON`, so that nobody hides in a long one.
fn overlong(ctx: &mut Context, stage: &Stage, name: &str, span: Span) {
    let Some(events) = ctx.catalog.events(stage.timeframe) else {
        return;
    };
    // Where nobody has counted the events, nobody has counted these.
    let count = events.over_limit.min(events.events);
    if count == 0 {
        return;
    }
    let (records, have) = match count {
        1 => ("1 record".to_owned(), "has"),
        many => (format!("{many} records"), "have"),
    };
    let message = format!(
        "{records} of the data read {have} more than {} bytes, which `JSON` does not read: there `{name}` is null",
        events.house.json_limit
    );
    let diagnostic = Diagnostic::info(Code::OverLimit, span, message);
    ctx.report(diagnostic.help("`fetch cloudtrail` reads records of any length"));
}

/// `value` where `condition` is true, else `before`.
fn splice(
    ctx: &mut Context,
    condition: PlanExpr,
    value: Typed,
    before: Typed,
    span: Span,
) -> Option<Typed> {
    let choose = functions::find("if")?;
    let mut arguments = Arguments::new(span, zone::name(&ctx.options.timezone), ctx.options.now);
    let argument = |value| Argument { value, span };
    arguments.push("condition", argument(Typed::boolean_of(condition)));
    arguments.push("then", argument(value));
    arguments.push("else", argument(before));
    let built = choose.call(&arguments, Truth::Exact);
    ctx.check(built)
}
