//! Whether a condition holds for one event: compiled once into a [`Program`], then asked event by event.
//!
//! ```
//! use rules::evaluate::{JsonEvent, Program};
//! use rules::{Check, Condition, Field, Test};
//!
//! let condition = Condition::Test(Test {
//!     field: Field::Path(vec!["userIdentity".into(), "type".into()]),
//!     check: Check::Text { text: "root".into(), cased: false },
//! });
//! let program = Program::of(&condition).expect("a sound condition");
//! let event = JsonEvent::new(r#"{"userIdentity":{"type":"Root"}}"#).expect("a record");
//! assert!(program.holds(&event));
//! ```

mod record;
#[cfg(test)]
mod tests;

use crate::check::{Compiled, Value, relates};
use crate::condition::{Affix, Check, Condition, Field};
use crate::ecs::{self, EcsField};

pub use record::JsonEvent;

/// Takes a value and says whether that is enough.
pub type Visit<'v> = dyn FnMut(&Value<'_>) -> bool + 'v;

/// Gives the values of an event's fields. Each function calls `visit` with one value after the other until it says that
/// it has enough, and gives whether it did.
pub trait Event {
    /// The values at a path of keys, as [`Field::Path`] has it: arrays stand for their elements, at every level. An array
    /// at the end also gives itself, after its elements; a path that leads nowhere gives nothing.
    fn path(&self, path: &[String], visit: &mut Visit<'_>) -> bool;

    /// The values of a field of the event's ECS document.
    fn ecs(&self, field: &EcsField, visit: &mut Visit<'_>) -> bool;

    /// All values of the record that are no object and no array.
    fn anywhere(&self, visit: &mut Visit<'_>) -> bool;
}

/// A condition ready to be asked. It may be shared between threads.
#[derive(Clone, Debug)]
pub struct Program(Node);

#[derive(Clone, Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// One value passes one of the checks.
    Test(Source, Vec<Compiled>),
    Other(Source, Source, Affix),
}

#[derive(Clone, Debug)]
enum Source {
    Path(Vec<String>),
    /// None where documents have no such field.
    Ecs(Option<EcsField>),
    Anywhere,
}

impl Program {
    /// The condition made ready.
    ///
    /// # Errors
    /// What is wrong with an expression or a network, in words.
    pub fn of(condition: &Condition) -> Result<Program, String> {
        node(condition).map(Program)
    }

    /// Whether the condition holds for the event.
    pub fn holds(&self, event: &dyn Event) -> bool {
        holds(&self.0, event)
    }
}

fn node(condition: &Condition) -> Result<Node, String> {
    Ok(match condition {
        Condition::All(parts) => Node::All(parts.iter().map(node).collect::<Result<_, _>>()?),
        Condition::Any(parts) => any_of(parts)?,
        Condition::Not(part) => Node::Not(Box::new(node(part)?)),
        Condition::Test(test) => {
            let source = source(&test.field);
            match &test.check {
                Check::Other(field, affix) => Node::Other(source, self::source(field), *affix),
                check => Node::Test(source, vec![Compiled::new(check)?]),
            }
        }
    })
}

/// Tests of one field become one, so that a list of values looks the field up once.
fn any_of(parts: &[Condition]) -> Result<Node, String> {
    let mut fields: Vec<(&Field, Vec<Compiled>)> = Vec::new();
    let mut nodes = Vec::new();
    for part in parts {
        match part {
            Condition::Test(test) if !matches!(test.check, Check::Other(..)) => {
                let check = Compiled::new(&test.check)?;
                match fields.iter_mut().find(|(field, _)| **field == test.field) {
                    Some((_, checks)) => checks.push(check),
                    None => fields.push((&test.field, vec![check])),
                }
            }
            part => nodes.push(node(part)?),
        }
    }
    let tests = fields
        .into_iter()
        .map(|(field, checks)| Node::Test(source(field), checks));
    // Single tests first: they are the cheapest.
    Ok(Node::Any(tests.chain(nodes).collect()))
}

fn source(field: &Field) -> Source {
    match field {
        Field::Path(path) => Source::Path(path.clone()),
        Field::Ecs(name) => Source::Ecs(ecs::find(name)),
        Field::Anywhere => Source::Anywhere,
    }
}

fn holds(node: &Node, event: &dyn Event) -> bool {
    match node {
        Node::All(parts) => parts.iter().all(|part| holds(part, event)),
        Node::Any(parts) => parts.iter().any(|part| holds(part, event)),
        Node::Not(part) => !holds(part, event),
        Node::Test(source, checks) => any(source, event, &mut |value| {
            checks.iter().any(|check| check.passes(value))
        }),
        Node::Other(source, other, affix) => any(source, event, &mut |value| {
            any(other, event, &mut |other| relates(value, *affix, other))
        }),
    }
}

/// Whether a value of the source is enough.
fn any(source: &Source, event: &dyn Event, visit: &mut Visit<'_>) -> bool {
    match source {
        Source::Path(path) => event.path(path, visit),
        Source::Ecs(Some(field)) => event.ecs(field, visit),
        Source::Ecs(None) => false,
        Source::Anywhere => event.anywhere(visit),
    }
}
