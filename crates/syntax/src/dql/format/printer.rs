//! Queries, commands and parameters to text.

use super::super::ast::{
    Argument, Block, Command, Direction, Parameter, ParameterKind, Query, Value,
};
use super::super::literal::write_name;
use super::arrange::{Element, Item, arrange};
use super::{Definition, Definitions};

/// How blocks are laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// All on one line.
    Line,
    /// Each command on its own line.
    Lines,
}

pub(super) struct Printer<'d> {
    pub(super) out: String,
    pub(super) definitions: &'d dyn Definitions,
    layout: Layout,
    /// How many tabs begin a line.
    indent: usize,
}

impl<'d> Printer<'d> {
    pub(super) fn new(definitions: &'d dyn Definitions, layout: Layout) -> Self {
        Printer {
            out: String::new(),
            definitions,
            layout,
            indent: 0,
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn query(&mut self, query: &Query) {
        for (index, command) in query.commands.iter().enumerate() {
            if index > 0 {
                match self.layout {
                    Layout::Line => self.out.push(' '),
                    Layout::Lines => self.new_line(),
                }
                self.out.push_str("| ");
            }
            self.command(command);
        }
    }

    fn command(&mut self, command: &Command) {
        let definition = self.definitions.command(&command.name.text);
        let name = definition
            .as_ref()
            .map_or(command.name.text.as_str(), |definition| definition.name);
        self.out.push_str(name);
        self.out.push(' ');
        let start = self.out.len();
        self.parameters(definition.as_ref(), &command.parameters);
        // Of empty braces nothing may be left.
        if self.out.len() == start {
            self.out.pop();
        }
    }

    /// The parameters of a command or function, without brackets around them.
    pub(super) fn parameters(&mut self, definition: Option<&Definition>, parameters: &[Parameter]) {
        let Some(definition) = definition else {
            self.separated(parameters.iter(), Self::parameter);
            return;
        };
        self.separated(
            arrange(&definition.parameters, parameters).iter(),
            Self::item,
        );
    }

    fn item(&mut self, item: &Item) {
        if let Some(name) = item.name {
            self.out.push_str(name);
            self.out.push(':');
        }
        if item.braces {
            self.out.push('{');
        }
        let alone = item.elements.len() == 1;
        self.separated(item.elements.iter(), |printer, element| {
            printer.element(element, alone)
        });
        if item.braces {
            self.out.push('}');
        }
    }

    /// A value with the named parameters that belong to it, in braces unless it stands alone.
    fn element(&mut self, element: &Element, alone: bool) {
        let braces = !alone && !element.settings.is_empty();
        if braces {
            self.out.push('{');
        }
        let all = element
            .value
            .into_iter()
            .chain(element.settings.iter().copied());
        self.separated(all, Self::parameter);
        if braces {
            self.out.push('}');
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        match &parameter.kind {
            ParameterKind::Named { name, value } => {
                self.out.push_str(&name.text);
                self.out.push(':');
                self.parameter(value);
            }
            ParameterKind::Group(parameters) => {
                self.out.push('{');
                self.separated(parameters.iter(), Self::parameter);
                self.out.push('}');
            }
            ParameterKind::Argument(argument) => self.argument(argument),
        }
    }

    fn argument(&mut self, argument: &Argument) {
        if let Some(name) = &argument.name {
            self.out.push_str(&write_name(&name.text));
            self.out.push_str(" = ");
        }
        match &argument.value {
            Value::Block(block) => self.block(block),
            Value::Expr(expr) => self.expression(expr),
        }
        match argument.direction {
            Some(Direction::Ascending) => self.out.push_str(" asc"),
            Some(Direction::Descending) => self.out.push_str(" desc"),
            None => {}
        }
    }

    pub(super) fn block(&mut self, block: &Block) {
        let Some(query) = &block.query else {
            self.out.push_str("[]");
            return;
        };
        if self.layout == Layout::Line {
            self.out.push('[');
            self.query(query);
            self.out.push(']');
            return;
        }
        self.indent += 1;
        self.new_line();
        self.out.push('[');
        self.indent += 1;
        self.new_line();
        self.query(query);
        self.indent -= 1;
        self.new_line();
        self.out.push(']');
        self.indent -= 1;
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n('\t', self.indent));
    }

    fn separated<T>(&mut self, items: impl Iterator<Item = T>, print: impl Fn(&mut Self, T)) {
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            print(self, item);
        }
    }
}
