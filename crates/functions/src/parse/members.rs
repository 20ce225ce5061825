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
        let record = record(shape.members, parsed, columns.as_ref(), captures)?;
        return Some(vec![(name, Typed::document(&Arc::new(record)))]);
    }
    let mut any = false;
    let fields = super::captured_fields(captures, program)
        .into_iter()
        .map(|(name, value)| {
            let mut members = shape.members.iter();
            let member = members.find(|member| exported(member) == Some(&name));
            let read = member.and_then(|member| field(member, parsed, columns.as_ref(), &value));
            any |= read.is_some();
            (name, read.unwrap_or(value))
        })
        .collect();
    any.then_some(fields)
}

/// The record that the members make, as a document whose fields columns hold.
fn record(
    members: &[Member],
    parsed: &Document,
    columns: &dyn Columns,
    captures: &Expr,
) -> Option<Document> {
    let text = get_field(captures.clone(), "0");
    let whole = Typed::known(text.clone(), Type::Record);
    let held = members.iter().filter_map(|member| {
        let name = exported(member)?;
        let held = columns.held(&path(member))?;
        let (value, form) = stand_in(member, &held)?;
        let column = match held.irregular {
            None => value,
            // A field of the record that the pattern makes, read from its text.
            Some(irregular) => {
                let field = whole.step(Step::Key(name.to_owned()))?;
                either(irregular, of_type(&field, member)?, value)
            }
        };
        Some((name.to_owned(), column, form?))
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
    member: &Member,
    parsed: &Document,
    columns: &dyn Columns,
    value: &Typed,
) -> Option<Typed> {
    let path = path(member);
    let held = columns.held(&path)?;
    let (column, _) = stand_in(member, &held)?;
    // The place itself is what files are pruned by.
    if column == held.column && held.irregular.is_none() {
        let document = Arc::new(parsed.clone());
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

/// Where a member stands in the event.
fn path(member: &Member) -> Vec<Step> {
    vec![Step::Key(member.name.text.clone())]
}

/// What a JSON matcher asks for.
struct Shape<'e> {
    members: &'e [Member],
    /// The name of the record; none where its members are fields themselves.
    record: Option<String>,
}

impl<'e> Shape<'e> {
    fn of(element: &'e Element) -> Option<Shape<'e>> {
        let Element {
            look: None,
            primary: Primary::Matcher(Some(Matcher::Json), Some(Body::Members(members))),
            config,
            quantifier: None,
            optional: false,
            constant: None,
            export,
            ..
        } = element
        else {
            return None;
        };
        let mut flat = false;
        for parameter in config.iter().flat_map(|config| &config.parameters) {
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
        // A member that must be there decides for all others; and of two of one name the later counts.
        let simple = members.iter().enumerate().all(|(place, member)| {
            member.value.element.quantifier.is_none()
                && members[..place]
                    .iter()
                    .all(|earlier| exported(earlier) != exported(member))
        });
        let record = match (flat, export) {
            (true, _) => None,
            (false, export) => Some(export.as_ref()?.text.clone()),
        };
        simple.then_some(Shape { members, record })
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

/// Columns that hold fields of a record.
#[derive(Debug)]
struct Fields(Vec<(String, Expr, Form)>);

impl Columns for Fields {
    fn held(&self, path: &[Step]) -> Option<Held> {
        let [Step::Key(key)] = path else {
            return None;
        };
        let (_, column, form) = self.0.iter().find(|(name, ..)| name == key)?;
        Some(Held {
            column: column.clone(),
            form: *form,
            irregular: None,
        })
    }
}
