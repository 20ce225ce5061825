//! What was given to a command: positional values and named ones, groups opened.

use syntax::dql::ast::{
    Argument, Direction, Expr, FieldName, Name, Parameter, ParameterKind, Value,
};
use syntax::{Code, Diagnostic, Span};

use crate::context::Context;
use crate::elements::Elements;

/// A value with the name it is assigned to.
#[derive(Clone, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) name: Option<String>,
    pub(crate) value: &'a Value,
    pub(crate) direction: Option<Direction>,
    pub(crate) span: Span,
}

impl<'a> Element<'a> {
    /// The expression; a sub-query is reported.
    pub(crate) fn expr(&self, ctx: &mut Context) -> Option<&'a Expr> {
        match self.value {
            Value::Expr(expr) => Some(expr),
            Value::Block(block) => {
                ctx.report(Diagnostic::error(
                    Code::UnexpectedToken,
                    block.span,
                    "a sub-query can't stand here",
                ));
                None
            }
        }
    }

    /// The field that the value is a bare reference to.
    pub(crate) fn field(&self) -> Option<&'a FieldName> {
        use syntax::dql::ast::ExprKind;
        match self.value {
            Value::Expr(Expr {
                kind: ExprKind::Field(name),
                ..
            }) => Some(name),
            _ => None,
        }
    }

    /// The name of the result: the assigned one, or the canonical text of the expression.
    pub(crate) fn result_name(&self) -> String {
        if let (None, Some(field)) = (&self.name, self.field()) {
            return field.text.clone();
        }
        match (&self.name, self.value) {
            (Some(name), _) => name.clone(),
            (None, Value::Expr(expr)) => {
                crate::pattern::result_name(expr).unwrap_or_else(|| crate::canonical(expr))
            }
            (None, Value::Block(_)) => String::new(),
        }
    }
}

/// A named parameter.
#[derive(Clone, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) name: &'a Name,
    pub(crate) elements: Vec<Element<'a>>,
    pub(crate) span: Span,
}

/// All that was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given<'a> {
    pub(crate) positional: Vec<Element<'a>>,
    named: Vec<Named<'a>>,
}

impl<'a> Given<'a> {
    /// The parameter of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Named<'a>> {
        self.named
            .iter()
            .find(|named| named.name.text.eq_ignore_ascii_case(name))
    }

    /// The values of the parameter of that name; none where it is not given.
    pub(crate) fn elements(&self, name: &str) -> &[Element<'a>] {
        self.named(name).map_or(&[], |named| &named.elements)
    }

    /// The parameter of that name as one of a few words, which are written bare.
    pub(crate) fn word(
        &self,
        ctx: &mut Context,
        name: &str,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let (expr, span) = self.one(ctx, name)?;
        let given = match &expr.kind {
            syntax::dql::ast::ExprKind::Field(word) => Some(word),
            _ => None,
        };
        let same = |word: &&&str| given.is_some_and(|given| word.eq_ignore_ascii_case(&given.text));
        let found = words.iter().find(same);
        if found.is_none() {
            let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let diagnostic = Diagnostic::error(
                Code::WrongType,
                given.map_or(span, |given| given.span),
                format!("`{name}:` is one of the words {}", all.join(", ")),
            );
            ctx.report(match given {
                Some(given) => diagnostic.suggest(&given.text, words.iter().copied()),
                None => diagnostic,
            });
        }
        found.copied()
    }

    /// The parameter of that name as a text that is the same for all records.
    pub(crate) fn text(&self, ctx: &mut Context, name: &str) -> Option<String> {
        let (expr, span) = self.one(ctx, name)?;
        let value = crate::expr::fixed(ctx, expr)?;
        if let functions::Value::String(text) = &value {
            return Some(text.to_string());
        }
        let message = format!(
            "`{name}:` has to be a string, and this is {}",
            value.ty().article()
        );
        ctx.report(Diagnostic::error(Code::WrongType, span, message));
        None
    }

    /// The parameter of that name as a boolean that is the same for all records.
    pub(crate) fn flag(&self, ctx: &mut Context, name: &str) -> Option<bool> {
        let (expr, span) = self.one(ctx, name)?;
        let value = crate::expr::fixed(ctx, expr)?;
        if value.as_bool().is_none() {
            let found = value.ty().article();
            let message = format!("`{name}:` has to be a boolean, and this is {found}");
            ctx.report(Diagnostic::error(Code::WrongType, span, message));
        }
        value.as_bool()
    }

    /// The parameter of that name as a long that is the same for all records, within bounds that are included.
    pub(crate) fn long(
        &self,
        ctx: &mut Context,
        name: &str,
        (least, greatest): (i64, i64),
    ) -> Option<i64> {
        let (expr, span) = self.one(ctx, name)?;
        let value = crate::expr::fixed(ctx, expr)?;
        let Some(long) = value.as_long() else {
            let found = value.ty().article();
            let message = format!("`{name}:` has to be a long, and this is {found}");
            ctx.report(Diagnostic::error(Code::WrongType, span, message));
            return None;
        };
        if (least..=greatest).contains(&long) {
            return Some(long);
        }
        let message = match greatest {
            i64::MAX => format!("`{name}:` has to be {least} or more"),
            _ => format!("`{name}:` has to be between {least} and {greatest}"),
        };
        ctx.report(Diagnostic::error(Code::OutOfRange, span, message));
        None
    }

    /// The one value of the parameter of that name.
    pub(crate) fn one(&self, ctx: &mut Context, name: &str) -> Option<(&'a Expr, Span)> {
        let named = self.named(name)?;
        match named.elements.as_slice() {
            [element] => Some((element.expr(ctx)?, named.span)),
            _ => {
                ctx.report(Diagnostic::error(
                    Code::TooManyParameters,
                    named.span,
                    format!("`{name}` takes one value"),
                ));
                None
            }
        }
    }
}

/// What a command takes.
pub(crate) struct Takes {
    /// The named parameters that it knows.
    pub(crate) named: &'static [&'static str],
    /// Those of DQL's that are not supported yet.
    pub(crate) unsupported: &'static [&'static str],
}

impl Takes {
    /// Of a command whose values are all positional.
    pub(crate) const NOTHING_NAMED: Takes = Takes {
        named: &[],
        unsupported: &[],
    };
}

/// Sorts what was given to a command; reports unknown, repeated and unsupported names.
pub(crate) fn given<'a>(
    ctx: &mut Context,
    command: &str,
    parameters: &'a [Parameter],
    takes: &Takes,
) -> Given<'a> {
    let mut given = Given::default();
    let mut list = Elements::new(takes.named.contains(&"direction"));
    for parameter in parameters {
        collect(ctx, command, parameter, takes, &mut given, &mut list);
    }
    given.positional = list.finish(ctx);
    given
}

fn collect<'a>(
    ctx: &mut Context,
    command: &str,
    parameter: &'a Parameter,
    takes: &Takes,
    given: &mut Given<'a>,
    list: &mut Elements<'a>,
) {
    match &parameter.kind {
        ParameterKind::Argument(argument) => list.push(element(argument, parameter.span)),
        ParameterKind::Group(inner) => {
            let outer = list.open();
            for parameter in inner {
                collect(ctx, command, parameter, takes, given, list);
            }
            list.close(ctx, outer);
        }
        ParameterKind::Named { name, value } if list.binds(&name.text) => {
            list.setting(ctx, name, value);
        }
        ParameterKind::Named { name, value } => {
            let known = |names: &[&str]| {
                names
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(&name.text))
            };
            if given.named(&name.text).is_some() {
                ctx.report(Diagnostic::error(
                    Code::DuplicateParameter,
                    name.span,
                    format!("`{}` is given twice", name.text),
                ));
            } else if known(takes.unsupported) {
                ctx.report(Diagnostic::error(
                    Code::UnsupportedParameter,
                    parameter.span,
                    format!(
                        "the parameter `{}` of `{command}` is not supported yet",
                        name.text
                    ),
                ));
            } else if !known(takes.named) {
                ctx.report(unknown_parameter(
                    command,
                    name,
                    takes.named.iter().copied(),
                ));
            } else {
                let mut elements = Elements::new(name.text.eq_ignore_ascii_case("sort"));
                flatten(ctx, value, &mut elements);
                given.named.push(Named {
                    name,
                    elements: elements.finish(ctx),
                    span: parameter.span,
                });
            }
        }
    }
}

/// The complaint about a parameter that there is not.
pub(crate) fn unknown_parameter<'n>(
    of: &str,
    name: &Name,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        Code::UnknownParameter,
        name.span,
        format!("`{of}` has no parameter `{}`", name.text),
    )
    .suggest(&name.text, known.clone());
    let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        _ if diagnostic.fix.is_some() => diagnostic,
        [] => diagnostic,
        [only] => diagnostic.help(format!("its only named parameter is {only}")),
        names => diagnostic.help(format!("its named parameters are {}", names.join(", "))),
    }
}

fn flatten<'a>(ctx: &mut Context, parameter: &'a Parameter, elements: &mut Elements<'a>) {
    match &parameter.kind {
        ParameterKind::Argument(argument) => elements.push(element(argument, parameter.span)),
        ParameterKind::Group(inner) => {
            let outer = elements.open();
            for parameter in inner {
                flatten(ctx, parameter, elements);
            }
            elements.close(ctx, outer);
        }
        ParameterKind::Named { name, value } if elements.binds(&name.text) => {
            elements.setting(ctx, name, value);
        }
        ParameterKind::Named { name, .. } => ctx.report(Diagnostic::error(
            Code::UnknownParameter,
            name.span,
            format!("there is no parameter `{}` here", name.text),
        )),
    }
}

pub(crate) fn element(argument: &Argument, span: Span) -> Element<'_> {
    Element {
        name: argument.name.as_ref().map(|name| name.text.clone()),
        value: &argument.value,
        direction: argument.direction,
        span,
    }
}
