//! `JSON{…}` over the text of an event, answered from columns as far as they hold what its matchers would read.
//!
//! A column stands in for a matcher only where both give the same for every record that the column is right for. All
//! other records, and all other members, are left to the pattern itself.

use std::sync::Arc;

use datafusion::functions::core::expr_fn::get_field;
use datafusion::logical_expr::{Expr, cast, lit};
use syntax::dpl::ast::{Body, Constant, Element, Member, MemberExport, ParameterValue, Primary};
use syntax::dpl::matcher::Matcher;

use crate::document::{Columns, Document, Form, Held, Place, either, instant_text, only};
use crate::dpl::Program;
use crate::json::{Language, Step};
use crate::typed::Typed;
use crate::types::Type;

/// The fields of `pattern`, where it is nothing but a JSON matcher with members and columns hold some of these. `parsed`
/// is what `JSON` makes of the text, `captures` what [`super::parse_captures`] does, and `program` the pattern compiled.
pub fn json_members(
    pattern: &str,
    program: &Program,
    parsed: &Document,
    captures: &Expr,
) -> Option<Vec<(String, Typed)>> {
    let columns = parsed.columns.as_ref()?;
    let (tree, _) = syntax::dpl::parse(pattern);
    let ([], [element]) = (tree.macros.as_slice(), tree.body.elements.as_slice()) else {
        return None;
    };
    let shape = Shape::of(element)?;
    if let Some(name) = shape.record {
        let record = get_field(captures.clone(), "0");
        let document = document(shape.leaves.iter(), 0, record, parsed, columns.as_ref())?;
        return Some(vec![(name, Typed::document(&Arc::new(document)))]);
    }
    let mut any = false;
    let fields = super::captured_fields(captures, program)
        .into_iter()
        .map(|(name, value)| {
            let of_it = shape.leaves.iter().filter(|leaf| leaf.record[0] == name);
            let read = match of_it.clone().collect::<Vec<_>>().as_slice() {
                [leaf] if leaf.record.len() == 1 => field(leaf, parsed, columns.as_ref(), &value),
                // A record that is a field itself.
                _ => document(of_it, 1, value.expr(), parsed, columns.as_ref())
                    .map(|document| Typed::document(&Arc::new(document))),
            };
            any |= read.is_some();
            (name, read.unwrap_or(value))
        })
        .collect();
    any.then_some(fields)
}

/// The record in `text`, which the pattern makes, as a document whose fields columns hold; `depth` is how deep it stands
/// in what the pattern gives.
fn document<'l, 'm: 'l>(
    leaves: impl Iterator<Item = &'l Leaf<'m>>,
    depth: usize,
    text: Expr,
    parsed: &Document,
    columns: &dyn Columns,
) -> Option<Document> {
    let whole = Typed::known(text.clone(), Type::Record);
    let held = leaves.filter_map(|leaf| {
        let held = columns.held(&leaf.event)?;
        let (value, form) = stand_in(leaf.member, &held)?;
        let path = &leaf.record[depth..];
        let column = match held.irregular {
            None => value,
            // A field of the record that the pattern makes, read from its text.
            Some(irregular) => {
                let mut steps = path.iter().map(|name| Step::Key(name.clone()));
                let field = steps.try_fold(whole.clone(), |field, step| field.step(step))?;
                either(irregular, of_type(&field, leaf.member)?, value)
            }
        };
        Some((path.to_vec(), column, form?))
    });
    let held: Vec<_> = held.collect();
    (!held.is_empty()).then_some(Document {
        text,
        language: Language::Value,
        columns: Some(Arc::new(Fields(held))),
        present: parsed.present.clone(),
    })
}

/// A member as a field of its own; `value` is what the pattern gives.
fn field(
    leaf: &Leaf<'_>,
    parsed: &Document,
    columns: &dyn Columns,
    value: &Typed,
) -> Option<Typed> {
    let held = columns.held(&leaf.event)?;
    let (column, _) = stand_in(leaf.member, &held)?;
    // The place itself is what files are pruned by.
    if column == held.column && held.irregular.is_none() {
        let document = Arc::new(parsed.clone());
        let path = leaf.event.clone();
        return Some(Typed::Place(Place { document, path }));
    }
    let column = match &parsed.present {
        Some(present) => only(present.clone(), column),
        None => column,
    };
    let column = match held.irregular {
        Some(irregular) => either(irregular, value.expr(), column),
        None => column,
    };
    Some(Typed::known(column, value.ty()))
}

/// A member that is no object with members of its own.
#[derive(Clone)]
struct Leaf<'m> {
    member: &'m Member,
    /// Where it stands in the event.
    event: Vec<Step>,
    /// The names by which it is reached in what the pattern gives.
    record: Vec<String>,
}

/// Gathers the leaves of `members`, which stand at `event` and are reached through `record`. None where one of them
/// decides for all others.
fn leaves<'m>(
    members: &'m [Member],
    event: &[Step],
    record: &[String],
    all: &mut Vec<Leaf<'m>>,
) -> Option<()> {
    for member in members {
        let element = &member.value.element;
        if element.quantifier.is_some() {
            return None;
        }
        let event = [event, &[Step::Key(member.name.text.clone())]].concat();
        let named = exported(member).map(|name| [record, &[name.to_owned()]].concat());
        match &element.primary {
            Primary::Matcher(Some(Matcher::Json), Some(Body::Members(inner)))
                if member.value.dimensions == 0
                    && element.constant.is_none()
                    && element.look.is_none() =>
            {
                let record = if flat(element)? {
                    Some(record.to_vec())
                } else {
                    named
                };
                // What is in a hidden member is only checked.
                if let Some(record) = record {
                    leaves(inner, &event, &record, all)?;
                }
            }
            _ => all.extend(named.map(|record| Leaf {
                member,
                event,
                record,
            })),
        }
    }
    Some(())
}

/// Whether the members of an object are fields of what is around it. None where it has other parameters.
fn flat(element: &Element) -> Option<bool> {
    let mut flat = false;
    for parameter in element.config.iter().flat_map(|config| &config.parameters) {
        let name = parameter.name.as_ref()?;
        match &parameter.value {
            ParameterValue::Constant(Constant::Boolean(value))
                if name.text.eq_ignore_ascii_case("flat") =>
            {
                flat = *value;
            }
            _ => return None,
        }
    }
    Some(flat)
}

/// What a JSON matcher asks for.
struct Shape<'e> {
    leaves: Vec<Leaf<'e>>,
    /// The name of the record; none where its members are fields themselves.
    record: Option<String>,
}

impl<'e> Shape<'e> {
    fn of(element: &'e Element) -> Option<Shape<'e>> {
        let Element {
            look: None,
            primary: Primary::Matcher(Some(Matcher::Json), Some(Body::Members(members))),
            quantifier: None,
            optional: false,
            constant: None,
            export,
            ..
        } = element
        else {
            return None;
        };
        let mut all = Vec::new();
        leaves(members, &[], &[], &mut all)?;
        // Of two of one name the later counts; a name inside another is none of its own.
        let clear = all.iter().enumerate().all(|(place, leaf)| {
            all[..place].iter().all(|other| {
                !leaf.record.starts_with(&other.record) && !other.record.starts_with(&leaf.record)
            })
        });
        let record = match (flat(element)?, export) {
            (true, _) => None,
            (false, export) => Some(export.as_ref()?.text.clone()),
        };
        clear.then_some(Shape {
            leaves: all,
            record,
        })
    }
}

/// The name of the field that a member becomes.
fn exported(member: &Member) -> Option<&str> {
    match &member.export {
        MemberExport::Same => Some(&member.name.text),
        MemberExport::Renamed(name) => Some(&name.text),
        MemberExport::Hidden => None,
    }
}

/// The bare matcher of a member.
fn matcher(member: &Member) -> Option<Matcher> {
    let element = &member.value.element;
    match &element.primary {
        Primary::Matcher(Some(matcher), None)
            if member.value.dimensions == 0
                && element.config.is_none()
                && element.constant.is_none()
                && element.look.is_none() =>
        {
            Some(*matcher)
        }
        _ => None,
    }
}

/// What a column says in the place of a matcher, of the type of that matcher; and how it then holds a value of a record,
/// if it can.
fn stand_in(member: &Member, held: &Held) -> Option<(Expr, Option<Form>)> {
    let column = held.column.clone();
    Some(match (matcher(member)?, held.form) {
        (Matcher::String, Form::Text) => (column, Some(Form::Text)),
        (Matcher::String, Form::Timestamp) => (instant_text(column), Some(Form::Text)),
        (Matcher::Long, Form::Long) => (column, Some(Form::Long)),
        (Matcher::Integer, Form::Long) => {
            let least = column.clone().gt_eq(lit(i64::from(i32::MIN)));
            let greatest = column.clone().lt_eq(lit(i64::from(i32::MAX)));
            (only(least.and(greatest), column), Some(Form::Long))
        }
        (Matcher::Boolean, Form::Boolean) => (column, Some(Form::Boolean)),
        (Matcher::Iso8601, Form::Timestamp) => (cast(column, Type::TIMESTAMP.arrow()), None),
        _ => return None,
    })
}

/// A field of a record as a value of the type that its matcher gives.
fn of_type(field: &Typed, member: &Member) -> Option<Expr> {
    let Typed::Place(place) = field else {
        return None;
    };
    match matcher(member)? {
        Matcher::String => Some(place.string()),
        Matcher::Long | Matcher::Integer => Some(place.long()),
        Matcher::Boolean => Some(place.boolean()),
        _ => None,
    }
}

/// Columns that hold fields of a record, by the keys that lead to them.
#[derive(Debug)]
struct Fields(Vec<(Vec<String>, Expr, Form)>);

impl Columns for Fields {
    fn held(&self, path: &[Step]) -> Option<Held> {
        let leads = |keys: &[String]| {
            keys.len() == path.len()
                && keys.iter().zip(path).all(|(key, step)| match step {
                    Step::Key(known) => known == key,
                    Step::Index(_) => false,
                })
        };
        let (_, column, form) = self.0.iter().find(|(keys, ..)| leads(keys))?;
        Some(Held {
            column: column.clone(),
            form: *form,
            irregular: None,
        })
    }
}
