//! What was given to a command: positional values and named ones, groups opened.

use syntax::dql::ast::{
    Argument, Direction, Expr, FieldName, Name, Parameter, ParameterKind, Value,
};
use syntax::{Code, Diagnostic, Span};

use crate::context::Context;

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
    for parameter in parameters {
        collect(ctx, command, parameter, takes, &mut given);
    }
    given
}

fn collect<'a>(
    ctx: &mut Context,
    command: &str,
    parameter: &'a Parameter,
    takes: &Takes,
    given: &mut Given<'a>,
) {
    match &parameter.kind {
        ParameterKind::Argument(argument) => {
            given.positional.push(element(argument, parameter.span));
        }
        ParameterKind::Group(inner) => {
            for parameter in inner {
                collect(ctx, command, parameter, takes, given);
            }
        }
        ParameterKind::Named { name, value } if name.text.eq_ignore_ascii_case("alias") => {
            alias(ctx, value, given);
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
                let mut elements = Vec::new();
                flatten(ctx, value, &mut elements);
                given.named.push(Named {
                    name,
                    elements,
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

/// `alias: name` names the element before it.
fn alias(ctx: &mut Context, value: &Parameter, given: &mut Given) {
    let name = match &value.kind {
        ParameterKind::Argument(argument) => element(argument, value.span).field().cloned(),
        _ => None,
    };
    match (name, given.positional.last_mut()) {
        (Some(name), Some(last)) => last.name = Some(name.text),
        _ => ctx.report(Diagnostic::error(
            Code::UnexpectedToken,
            value.span,
            "`alias:` takes a field name, and names the value before it",
        )),
    }
}

fn flatten<'a>(ctx: &mut Context, parameter: &'a Parameter, elements: &mut Vec<Element<'a>>) {
    match &parameter.kind {
        ParameterKind::Argument(argument) => elements.push(element(argument, parameter.span)),
        ParameterKind::Group(inner) => {
            for parameter in inner {
                flatten(ctx, parameter, elements);
            }
        }
        ParameterKind::Named { name, value } if name.text.eq_ignore_ascii_case("alias") => {
            let mut aliased = Given {
                positional: std::mem::take(elements),
                named: Vec::new(),
            };
            alias(ctx, value, &mut aliased);
            *elements = aliased.positional;
        }
        ParameterKind::Named { name, .. } => ctx.report(Diagnostic::error(
            Code::UnknownParameter,
            name.span,
            format!("there is no parameter `{}` here", name.text),
        )),
    }
}

fn element(argument: &Argument, span: Span) -> Element<'_> {
    Element {
        name: argument.name.as_ref().map(|name| name.text.clone()),
        value: &argument.value,
        direction: argument.direction,
        span,
    }
}
