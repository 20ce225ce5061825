//! Tree to program: scopes, names, repetition. Groups and macros are in `group`, single matchers in `matcher`, JSON and
//! its bodies in `json`.

mod group;
mod json;
mod matcher;
mod parameters;

use jiff::tz::TimeZone;
use memchr::memmem::Finder;
use syntax::dpl;
use syntax::dpl::ast::{Constant, Element, Pattern, Primary, Quantifier, Sequence, Side};
use syntax::dpl::matcher::Quantifiers;
use syntax::{Code, Diagnostic, Span};

use super::capture::{Capture, Kind};
use super::first::First;
use super::matcher::class::CharSet;
use super::program::{Export, Json, Literal, NameId, Node, NodeId, Program, Repeat, What};

/// How often `*`, `+` and `{n,}` repeat at most.
const OPEN: usize = 4096;

/// What a pattern takes from its surroundings.
#[derive(Clone, Debug)]
pub struct Options {
    /// The time zone of times that name none.
    pub time_zone: TimeZone,
}

impl Default for Options {
    /// UTC.
    fn default() -> Self {
        Options {
            time_zone: TimeZone::UTC,
        }
    }
}

/// Compiles `pattern`, the DPL text with the escapes of a surrounding DQL string undone, under [`Options::default`].
///
/// # Errors
/// Everything that is wrong with the pattern, and everything in it that is not supported yet
/// ([`Code::UnsupportedPattern`]); spans lie in `pattern`. Warnings alone are no error and are not given.
pub fn compile(pattern: &str) -> Result<Program, Vec<Diagnostic>> {
    compile_with(pattern, &Options::default())
}

/// As [`compile`], under `options`.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(pattern: &str, options: &Options) -> Result<Program, Vec<Diagnostic>> {
    let (tree, diagnostics) = dpl::parse(pattern);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    Compiler::new(options, diagnostics).program(&tree)
}

struct Compiler<'o> {
    options: &'o Options,
    nodes: Vec<Node>,
    /// The type of each node's value.
    kinds: Vec<Kind>,
    names: Vec<String>,
    macros: Vec<(String, Macro)>,
    diagnostics: Vec<Diagnostic>,
}

/// A compiled macro.
#[derive(Clone)]
struct Macro {
    body: Vec<NodeId>,
    scope: Scope,
}

/// The names exported so far at one level, in order, and their types.
#[derive(Clone, Default)]
struct Scope(Vec<(NameId, Kind)>);

impl Scope {
    /// Adds a name; one that has another type already may from now on hold values of any type.
    fn add(&mut self, name: NameId, kind: Kind) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if *known == kind => {}
            Some((_, known)) => *known = Kind::Dynamic,
            None => self.0.push((name, kind)),
        }
    }

    fn extend(&mut self, other: &Scope) {
        for (name, kind) in &other.0 {
            self.add(*name, *kind);
        }
    }

    fn names(&self) -> Vec<NameId> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}

/// A matcher without what stands around it.
struct Compiled {
    what: What,
    kind: Kind,
    /// How often, if nothing else is said.
    repeat: Repeat,
    first: First,
}

impl Compiled {
    /// A matcher that does not count.
    fn once(what: What, kind: Kind, first: First) -> Self {
        Compiled {
            what,
            kind,
            repeat: Repeat::ONCE,
            first,
        }
    }
}

impl<'o> Compiler<'o> {
    fn new(options: &'o Options, diagnostics: Vec<Diagnostic>) -> Self {
        Compiler {
            options,
            nodes: Vec::new(),
            kinds: Vec::new(),
            names: Vec::new(),
            macros: Vec::new(),
            diagnostics,
        }
    }

    fn program(mut self, pattern: &Pattern) -> Result<Program, Vec<Diagnostic>> {
        for definition in &pattern.macros {
            let mut scope = Scope::default();
            let body = self.sequence(&definition.body, &mut scope);
            self.macros
                .push((definition.name.text.clone(), Macro { body, scope }));
        }
        let mut scope = Scope::default();
        let body = self.sequence(&pattern.body, &mut scope);
        if self.diagnostics.iter().any(Diagnostic::is_error) {
            return Err(self.diagnostics);
        }
        let mut slots = vec![None; self.names.len()];
        for (slot, (name, _)) in scope.0.iter().enumerate() {
            slots[*name] = Some(slot);
        }
        let exports = scope.0.iter().map(|(name, kind)| Export {
            name: self.names[*name].clone(),
            kind: *kind,
        });
        let exports = exports.collect();
        Ok(Program {
            first: self.first(&body),
            nodes: self.nodes,
            body,
            names: self.names,
            exports,
            slots,
        })
    }

    fn unsupported(&mut self, span: Span, what: &str, help: &str) {
        let message = format!("{what} is not supported");
        let diagnostic = Diagnostic::error(Code::UnsupportedPattern, span, message).help(help);
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message));
    }

    fn name(&mut self, name: &str) -> NameId {
        if let Some(known) = self.names.iter().position(|known| known == name) {
            return known;
        }
        self.names.push(name.to_owned());
        self.names.len() - 1
    }

    fn push(&mut self, node: Node, kind: Kind) -> NodeId {
        self.nodes.push(node);
        self.kinds.push(kind);
        self.nodes.len() - 1
    }

    fn sequence(&mut self, sequence: &Sequence, scope: &mut Scope) -> Vec<NodeId> {
        sequence
            .elements
            .iter()
            .map(|element| self.element(element, scope))
            .collect()
    }

    fn element(&mut self, element: &Element, scope: &mut Scope) -> NodeId {
        let Some(look) = element.look else {
            return self.plain(element, scope);
        };
        // What a test captures is thrown away.
        let inner = self.plain(element, &mut Scope::default());
        let node = &mut self.nodes[inner];
        node.look = Some(look);
        node.export = None;
        node.first = match (look.side, look.negated) {
            (Side::Ahead, false) => node.first,
            _ => First::EMPTY,
        };
        inner
    }

    /// An expression without its look-around.
    fn plain(&mut self, element: &Element, scope: &mut Scope) -> NodeId {
        let compiled = self.primary(element, scope);
        let (repeat, absent) = match element.quantifier {
            Some(quantifier) if takes_counts(&element.primary) => {
                (repeat(quantifier, &compiled.what), false)
            }
            // For all others `*` means that the value may be absent.
            Some(quantifier) => (compiled.repeat, quantifier.min == 0),
            None => (compiled.repeat, false),
        };
        let mut node = Node {
            what: compiled.what,
            span: element.span,
            look: None,
            repeat,
            optional: element.optional || absent,
            constant: element.constant.as_ref().map(constant),
            export: None,
            first: compiled.first,
        };
        if let What::Line(line) = &mut node.what
            && element.optional
            && element.quantifier.is_none()
        {
            line.skip = true;
            node.repeat.min = 0;
        }
        let kind = node.constant.as_ref().map_or(compiled.kind, constant_kind);
        // The members of a flattened object stand for themselves: it has no field of its own.
        let flat =
            matches!(&node.what, What::Json(Json { members: Some(members), .. }) if members.flat);
        if let Some(name) = element.export.as_ref().filter(|_| !flat) {
            let name = self.name(&name.text);
            node.export = Some(name);
            scope.add(name, kind);
        }
        self.push(node, kind)
    }

    fn primary(&mut self, element: &Element, scope: &mut Scope) -> Compiled {
        match &element.primary {
            Primary::Literal(text) => literal(text),
            Primary::Class(class) => {
                let set = CharSet::new(class);
                let first = set.first();
                Compiled::once(What::Class(set), Kind::String, first)
            }
            Primary::Group(sequence) => self.group(element, sequence, scope),
            Primary::Alternatives(branches) => {
                let branches: Vec<_> = branches
                    .iter()
                    .map(|branch| self.sequence(branch, scope))
                    .collect();
                let first = branches
                    .iter()
                    .fold(First::default(), |all, branch| all.or(self.first(branch)));
                Compiled::once(What::Alternatives(branches), Kind::String, first)
            }
            Primary::Macro(name) => self.macro_use(name, element.export.is_some(), scope),
            Primary::Matcher(Some(matcher), body) => {
                self.matcher(*matcher, body.as_ref(), element, scope)
            }
            // A name that is no matcher has been reported; the program will not be used.
            Primary::Matcher(None, _) => literal(""),
        }
    }

    fn first(&self, body: &[NodeId]) -> First {
        First::sequence(
            body.iter()
                .map(|id| (self.nodes[*id].first, self.nodes[*id].may_be_absent())),
        )
    }
}

fn repeat(quantifier: Quantifier, what: &What) -> Repeat {
    let min = quantifier.min as usize;
    let open = if matches!(what, What::Array(_)) {
        matcher::MAX_ITEMS
    } else {
        OPEN
    };
    Repeat {
        min,
        max: quantifier.max.map_or(open.max(min), |max| max as usize),
    }
}

fn literal(text: &str) -> Compiled {
    let first = match text.as_bytes().first() {
        Some(start) => First::bytes(|byte| byte == *start),
        None => First::EMPTY,
    };
    let finder = Box::new(Finder::new(text.as_bytes()).into_owned());
    Compiled::once(
        What::Literal(Literal {
            text: text.into(),
            finder,
        }),
        Kind::String,
        first,
    )
}

/// Whether a quantifier of this expression counts, where with others it says whether the value must be there.
fn takes_counts(primary: &Primary) -> bool {
    match primary {
        Primary::Literal(_) | Primary::Class(_) => true,
        Primary::Matcher(Some(matcher), _) => {
            matches!(
                matcher.quantifiers(),
                Quantifiers::All | Quantifiers::Required
            )
        }
        _ => false,
    }
}

fn constant(value: &Constant) -> Capture<'static> {
    match value {
        Constant::Text(text) => Capture::Str(text.clone().into()),
        Constant::Long(value) => Capture::Long(*value),
        Constant::Double(value) => Capture::Double(*value),
        Constant::Boolean(value) => Capture::Boolean(*value),
        Constant::Null => Capture::Null,
    }
}

fn constant_kind(value: &Capture<'_>) -> Kind {
    match value {
        Capture::Long(_) => Kind::Long,
        Capture::Double(_) => Kind::Double,
        Capture::Boolean(_) => Kind::Boolean,
        _ => Kind::String,
    }
}
