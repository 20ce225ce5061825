//! What a pattern is compiled to: nodes that refer to each other by number, and the fields they export.

use std::ops::RangeInclusive;

use memchr::memmem::Finder;
use syntax::Span;
use syntax::dpl::ast::Look;

use super::capture::{Capture, Kind};
use super::first::First;
use super::matcher::class::CharSet;
use super::matcher::number::{Decimal, Integer};
use super::time::Format;

/// A field that a pattern exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// The type of its values.
    pub kind: Kind,
}

/// A text that every match holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mandatory<'p> {
    /// The text.
    pub text: &'p str,
    /// Whether every match begins with it.
    pub first: bool,
}

/// A pattern, ready to run. Immutable: share it freely between threads.
#[derive(Debug)]
pub struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) body: Vec<NodeId>,
    /// Where a match may begin.
    pub(super) first: First,
    /// Every name that anything in the pattern is exported by.
    pub(super) names: Vec<String>,
    pub(super) exports: Vec<Export>,
    /// The place in `exports` of each name that has one.
    pub(super) slots: Vec<Option<usize>>,
}

impl Program {
    /// The exported fields in order of their first appearance in the pattern; each name once.
    pub fn exports(&self) -> &[Export] {
        &self.exports
    }

    /// Whether JSON text is read by it.
    pub fn reads_json(&self) -> bool {
        self.nodes.iter().any(|node| {
            matches!(
                node.what,
                What::Json(_) | What::JsonArray(_) | What::JsonValue(_)
            )
        })
    }

    /// The longest text that every match holds, white space alone aside.
    pub fn mandatory(&self) -> Option<Mandatory<'_>> {
        let mut found = None;
        self.mandatory_in(&self.body, true, &mut found);
        found
    }

    fn mandatory_in<'p>(&'p self, body: &[NodeId], first: bool, found: &mut Option<Mandatory<'p>>) {
        for (place, id) in body.iter().enumerate() {
            let node = self.node(*id);
            if node.look.is_some() || node.may_be_absent() {
                continue;
            }
            let first = first && place == 0;
            match &node.what {
                What::Literal(literal) if !literal.text.trim().is_empty() => {
                    let longest = found.map_or(0, |found| found.text.len());
                    if literal.text.len() > longest {
                        *found = Some(Mandatory {
                            text: &literal.text,
                            first,
                        });
                    }
                }
                What::Group(body) => self.mandatory_in(body, first, found),
                What::Structure(scoped) => self.mandatory_in(&scoped.body, first, found),
                _ => {}
            }
        }
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }
}

/// The number of a node.
pub(super) type NodeId = usize;

/// The number of a name.
pub(super) type NameId = usize;

/// One expression.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) what: What,
    /// Where it stands in the pattern.
    pub(super) span: Span,
    pub(super) look: Option<Look>,
    /// How many characters, literals, elements or pairs; read only by matchers that count.
    pub(super) repeat: Repeat,
    /// Whether matching goes on with null where it does not match.
    pub(super) optional: bool,
    pub(super) constant: Option<Capture<'static>>,
    pub(super) export: Option<NameId>,
    /// Where a match may begin.
    pub(super) first: First,
}

impl Node {
    /// Whether the expression may be absent altogether.
    pub(super) fn may_be_absent(&self) -> bool {
        self.look.is_none() && (self.optional || (self.repeat.min == 0 && self.what.counts()))
    }
}

/// At least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeat {
    pub(super) min: usize,
    pub(super) max: usize,
}

impl Repeat {
    pub(super) const ONCE: Repeat = Repeat { min: 1, max: 1 };
}

/// What a node matches.
#[derive(Debug)]
pub(super) enum What {
    Literal(Literal),
    Class(CharSet),
    Line(Line),
    Quoted(Quoted),
    Word,
    Begin,
    Middle,
    End,
    Integer(Integer),
    Decimal(Decimal),
    Boolean,
    Ip(Versions),
    CreditCard,
    Uuid,
    SmartscapeId,
    Time(Format),
    Json(Json),
    JsonArray(JsonType),
    JsonValue(JsonType),
    Xml(Xml),
    Pairs(Vec<NodeId>),
    Array(Scoped),
    Structure(Scoped),
    Enum(Enum),
    Group(Vec<NodeId>),
    Separated(Separated),
    Alternatives(Vec<Vec<NodeId>>),
}

impl What {
    /// Whether [`Node::repeat`] means something.
    fn counts(&self) -> bool {
        matches!(
            self,
            What::Literal(_)
                | What::Class(_)
                | What::Line(_)
                | What::Quoted(_)
                | What::Word
                | What::Pairs(_)
                | What::Array(_)
        )
    }
}

/// A text to be found as it is.
#[derive(Debug)]
pub(super) struct Literal {
    pub(super) text: Box<str>,
    /// Boxed: it is several times the size of all other nodes.
    pub(super) finder: Box<Finder<'static>>,
}

/// `LD` and `DATA`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Whether line feeds are passed.
    pub(super) across: bool,
    /// Written with `?` and without quantifier: skips some text or none, null if none.
    pub(super) skip: bool,
}

/// A quoted string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoted {
    pub(super) mark: u8,
    /// Whether an inner quote is written twice; otherwise a backslash stands before it.
    pub(super) doubled: bool,
}

/// Which versions of IP addresses are meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct Versions {
    pub(super) v4: bool,
    pub(super) v6: bool,
}

/// A body with a scope of its own, and the names it exports there.
#[derive(Debug)]
pub(super) struct Scoped {
    pub(super) body: Vec<NodeId>,
    pub(super) names: Vec<NameId>,
}

/// Texts and their numbers, the longest first.
#[derive(Debug)]
pub(super) struct Enum {
    pub(super) entries: Vec<(Box<str>, i64)>,
    pub(super) ignore_case: bool,
}

/// A group whose members are separated.
#[derive(Debug)]
pub(super) struct Separated {
    pub(super) items: Vec<NodeId>,
    pub(super) separator: Vec<NodeId>,
    /// The items from here on may all be absent.
    pub(super) mandatory_end: usize,
}

/// A JSON object.
#[derive(Debug)]
pub(super) struct Json {
    pub(super) limit: usize,
    pub(super) strict: bool,
    /// None: any object as it is.
    pub(super) members: Option<Members>,
}

/// The declared members of a JSON object.
#[derive(Debug)]
pub(super) struct Members {
    pub(super) list: Vec<Member>,
    /// The fields that the record gets.
    pub(super) names: Vec<NameId>,
    /// Where undeclared members are gathered.
    pub(super) rest: Option<NameId>,
    /// Whether the fields go to the surrounding scope, not into a record.
    pub(super) flat: bool,
}

/// A declared member.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) convert: Conversion,
    pub(super) mandatory: bool,
    pub(super) export: Option<NameId>,
}

/// How a JSON value is converted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Conversion {
    /// Applied to the innermost values.
    pub(super) node: NodeId,
    /// How many arrays are around them.
    pub(super) dimensions: usize,
}

/// A JSON array or value.
#[derive(Debug)]
pub(super) struct JsonType {
    pub(super) limit: usize,
    pub(super) strict: bool,
    /// None: any value as it is.
    pub(super) convert: Option<Conversion>,
}

/// An XML document.
#[derive(Debug)]
pub(super) struct Xml {
    pub(super) limit: usize,
    /// The name of the element to begin with, wherever it stands; none for the outermost.
    pub(super) root: Option<String>,
    /// Whether the value is what is in that element, not a record that holds it by its name.
    pub(super) exclude_root: bool,
    /// Whether names lose their prefixes.
    pub(super) ignore_namespace: bool,
    /// Whether attributes are kept.
    pub(super) attributes: bool,
}

/// The bounds of a number.
pub(super) type Bounds<T> = RangeInclusive<T>;
