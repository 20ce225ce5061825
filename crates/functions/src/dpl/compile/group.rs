//! What groups and macros become.

use syntax::dpl::ast::{Constant, Element, Name, ParameterValue, Sequence};

use super::parameters::Parameters;
use super::{Compiled, Compiler, Scope, literal};
use crate::dpl::capture::Kind;
use crate::dpl::program::{Node, NodeId, Scoped, Separated, What};

impl Compiler<'_> {
    /// A sequence group, with `fs` or without.
    pub(super) fn group(
        &mut self,
        element: &Element,
        sequence: &Sequence,
        scope: &mut Scope,
    ) -> Compiled {
        let items = self.sequence(sequence, scope);
        let first = self.first(&items);
        let separator = match Parameters::of(element).value("fs") {
            None => return Compiled::once(What::Group(items), Kind::String, first),
            Some(ParameterValue::Constant(Constant::Text(text))) => {
                let literal = literal(text);
                let node = Node {
                    what: literal.what,
                    span: element.span,
                    look: None,
                    repeat: literal.repeat,
                    optional: false,
                    constant: None,
                    export: None,
                    first: literal.first,
                };
                vec![self.push(node, Kind::String)]
            }
            Some(ParameterValue::Constant(_)) => Vec::new(),
            Some(ParameterValue::Sequence(sequence)) => {
                self.sequence(sequence, &mut Scope::default())
            }
        };
        let mandatory_end = items
            .iter()
            .rposition(|id| !self.nodes[*id].may_be_absent())
            .map_or(0, |last| last + 1);
        // Where the first member may be missing or empty, its separator may come first.
        let may_be_empty = |id: &NodeId| {
            let node = &self.nodes[*id];
            node.may_be_absent() || node.first.anywhere
        };
        let first = match items.first() {
            Some(id) if may_be_empty(id) => first.or(self.first(&separator)),
            _ => first,
        };
        Compiled::once(
            What::Separated(Separated {
                items,
                separator,
                mandatory_end,
            }),
            Kind::String,
            first,
        )
    }

    /// A macro; `exported` says that it has a name here.
    pub(super) fn macro_use(&mut self, name: &Name, exported: bool, scope: &mut Scope) -> Compiled {
        let Some((_, found)) = self
            .macros
            .iter()
            .rev()
            .find(|(known, _)| *known == name.text)
        else {
            return literal("");
        };
        let found = found.clone();
        let first = self.first(&found.body);
        if !exported {
            scope.extend(&found.scope);
            return Compiled::once(What::Group(found.body), Kind::String, first);
        }
        // With a name: a record of what it exports, or its text if that is nothing.
        if found.scope.0.is_empty() {
            return Compiled::once(What::Group(found.body), Kind::String, first);
        }
        let names = found.scope.names();
        Compiled::once(
            What::Structure(Scoped {
                body: found.body,
                names,
            }),
            Kind::Record,
            first,
        )
    }
}
