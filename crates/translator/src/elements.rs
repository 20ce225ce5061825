//! Lists of values in which single ones have settings: `alias: name`, `direction: "descending"`.

use syntax::dql::ast::{Direction, ExprKind, Literal, Name, Parameter, ParameterKind};
use syntax::{Code, Diagnostic, Span};

use crate::arguments::{Element, element};
use crate::context::Context;

/// Values on the way into a list, and the settings of single ones: `alias: name`, `direction: "descending"`. They bind
/// to the value before them, or to the one behind them where they come first.
pub(crate) struct Elements<'a> {
    list: Vec<Element<'a>>,
    /// Whether the values have a direction.
    ordering: bool,
    /// Where the innermost group begins.
    start: usize,
    waiting: Vec<(Setting, Span)>,
}

/// What may be said of a value behind it.
enum Setting {
    Alias(String),
    Direction(Direction),
}

impl<'a> Elements<'a> {
    /// A list whose values have a direction where `ordering` says so.
    pub(crate) fn new(ordering: bool) -> Elements<'a> {
        Elements {
            list: Vec::new(),
            ordering,
            start: 0,
            waiting: Vec::new(),
        }
    }

    /// Takes a value.
    pub(crate) fn push(&mut self, mut element: Element<'a>) {
        for (setting, _) in self.waiting.drain(..) {
            setting.apply(&mut element);
        }
        self.list.push(element);
    }

    /// Begins a group.
    pub(crate) fn open(&mut self) -> usize {
        std::mem::replace(&mut self.start, self.list.len())
    }

    /// Ends a group, within one that begins at `outer`.
    pub(crate) fn close(&mut self, ctx: &mut Context, outer: usize) {
        self.start = outer;
        self.leave(ctx);
    }

    /// Whether a parameter of that name is said of a single value.
    pub(crate) fn binds(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("alias")
            || self.ordering && name.eq_ignore_ascii_case("direction")
    }

    /// Takes a parameter that is said of a single value.
    pub(crate) fn setting(&mut self, ctx: &mut Context, name: &Name, value: &Parameter) {
        let given = match &value.kind {
            ParameterKind::Argument(argument) => Some(element(argument, value.span)),
            _ => None,
        };
        let setting = if name.text.eq_ignore_ascii_case("alias") {
            alias(ctx, given, value.span)
        } else {
            direction(ctx, given, value.span)
        };
        let Some(setting) = setting else {
            return;
        };
        match self.list.get_mut(self.start..).and_then(<[_]>::last_mut) {
            Some(last) => setting.apply(last),
            None => self.waiting.push((setting, value.span)),
        }
    }

    /// Reports settings that have no value to be said of.
    fn leave(&mut self, ctx: &mut Context) {
        for (_, span) in self.waiting.drain(..) {
            ctx.report(
                Diagnostic::error(
                    Code::UnexpectedToken,
                    span,
                    "there is no value here that this could be said of",
                )
                .help("write it behind a value: expression, alias: name"),
            );
        }
    }

    /// The list.
    pub(crate) fn finish(mut self, ctx: &mut Context) -> Vec<Element<'a>> {
        self.leave(ctx);
        self.list
    }
}

impl Setting {
    fn apply(self, element: &mut Element<'_>) {
        match self {
            Setting::Alias(name) => element.name = Some(name),
            Setting::Direction(direction) => element.direction = Some(direction),
        }
    }
}

/// `alias: name`
fn alias(ctx: &mut Context, given: Option<Element<'_>>, span: Span) -> Option<Setting> {
    let name = given.and_then(|element| element.field().cloned());
    if name.is_none() {
        ctx.report_unless_broken(
            span,
            Diagnostic::error(Code::UnexpectedToken, span, "`alias:` takes a field name"),
        );
    }
    name.map(|name| Setting::Alias(name.text))
}

/// `direction: "ascending"` and `direction: "descending"`
fn direction(ctx: &mut Context, given: Option<Element<'_>>, span: Span) -> Option<Setting> {
    let value = given.and_then(|element| element.expr(ctx));
    let text = match value.map(|expr| &expr.kind) {
        Some(ExprKind::Literal(Literal::String(text))) => Some(text),
        Some(ExprKind::Field(name)) => Some(&name.text),
        _ => None,
    };
    let named = |full: &str, short: &str| {
        text.is_some_and(|text| text.eq_ignore_ascii_case(full) || text.eq_ignore_ascii_case(short))
    };
    if named("ascending", "asc") {
        return Some(Setting::Direction(Direction::Ascending));
    }
    if named("descending", "desc") {
        return Some(Setting::Direction(Direction::Descending));
    }
    ctx.report_unless_broken(
        span,
        Diagnostic::error(
            Code::WrongType,
            span,
            "`direction:` is either \"ascending\" or \"descending\"",
        ),
    );
    None
}
