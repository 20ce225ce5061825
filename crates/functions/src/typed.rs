//! Expressions with their DQL type: what translation passes around instead of bare DataFusion expressions.
//!
//! DataFusion never coerces for us: whoever needs a value of a type asks for it here, and gets null where the record
//! holds another type, as DQL has it.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::{get_field, named_struct};
use datafusion::logical_expr::{Expr, cast, lit};

use crate::document::{Document, Form, Place, null};
use crate::json::Step;
use crate::types::{Precision, Type};
use crate::value::column::{Builder, Reader};
use crate::value::udf::{sort_key_of, text_of};
use crate::value::{self, Value};

/// An expression and what DQL knows of its type.
#[derive(Clone, Debug)]
pub enum Typed {
    /// A value of a static type, neither [`Type::Dynamic`] nor [`Type::Timeframe`].
    Known {
        /// Of the Arrow type that [`Type::arrow`] says.
        expr: Expr,
        /// The static type.
        ty: Type,
    },
    /// The text of an event.
    Text {
        /// The text, `Utf8View`.
        text: Expr,
        /// What parsing it as JSON gives.
        parsed: Arc<Document>,
    },
    /// A place in a JSON document.
    Place(Place),
    /// A span of time.
    Timeframe {
        /// Its start, `Timestamp(Nanosecond)`.
        start: Box<Expr>,
        /// Its end, `Timestamp(Nanosecond)`.
        end: Box<Expr>,
    },
}

impl Typed {
    /// The literal null.
    pub fn null() -> Typed {
        Typed::known(Expr::Literal(ScalarValue::Null, None), Type::Null)
    }

    /// A value of a static type.
    pub fn known(expr: Expr, ty: Type) -> Typed {
        Typed::Known { expr, ty }
    }

    /// A boolean.
    pub fn boolean_of(expr: Expr) -> Typed {
        Typed::known(expr, Type::Boolean)
    }

    /// A value of any type that stands in `text` (`Utf8View`) as value text.
    pub fn dynamic(text: Expr) -> Typed {
        Typed::document(&Document::value(text))
    }

    /// A value whose Arrow type is that of `ty`.
    pub fn of(expr: Expr, ty: Type) -> Typed {
        match ty {
            Type::Dynamic => Typed::dynamic(expr),
            Type::Timeframe => Typed::Timeframe {
                start: Box::new(get_field(expr.clone(), "start")),
                end: Box::new(get_field(expr, "end")),
            },
            ty => Typed::known(expr, ty),
        }
    }

    /// A constant; `ty` is its static type, which says more of null and of arrays than they do themselves.
    pub fn constant(value: &Value<'_>, ty: &Type) -> Typed {
        let literal = |value: &Value<'_>, ty: &Type| {
            let mut builder = Builder::new(ty, 1);
            builder.push(value);
            let scalar = ScalarValue::try_from_array(&builder.finish(), 0);
            Expr::Literal(scalar.unwrap_or(ScalarValue::Null), None)
        };
        match (ty, value) {
            (Type::Null, _) => Typed::null(),
            (Type::Timeframe, Value::Timeframe(start, end)) => {
                let end_of = |nanos| Box::new(literal(&Value::Timestamp(nanos), &Type::TIMESTAMP));
                Typed::Timeframe {
                    start: end_of(*start),
                    end: end_of(*end),
                }
            }
            (Type::Timeframe, _) => Typed::Timeframe {
                start: Box::new(null(&Type::TIMESTAMP)),
                end: Box::new(null(&Type::TIMESTAMP)),
            },
            (Type::Timestamp(_), _) => {
                Typed::known(literal(value, &Type::TIMESTAMP), Type::TIMESTAMP)
            }
            (ty, value) => Typed::of(literal(value, ty), ty.clone()),
        }
    }

    /// A whole document.
    pub fn document(document: &Arc<Document>) -> Typed {
        Typed::Place(Place {
            document: Arc::clone(document),
            path: Vec::new(),
        })
    }

    /// A string literal.
    pub fn string_literal(text: &str) -> Typed {
        Typed::known(
            Expr::Literal(ScalarValue::Utf8View(Some(text.to_owned())), None),
            Type::String,
        )
    }

    /// The static type; [`Type::Dynamic`] where it is known only record by record.
    pub fn ty(&self) -> Type {
        match self {
            Typed::Known { ty, .. } => ty.clone(),
            Typed::Text { .. } => Type::String,
            Typed::Place(place) => place.resolved().map_or(Type::Dynamic, |(_, ty)| ty),
            Typed::Timeframe { .. } => Type::Timeframe,
        }
    }

    /// Whether the value is read off records, whose next one may hold another type. What a column says of the type then
    /// is true of this lake as it is now: a query is not wrong by it, and a value of another type is null.
    pub fn is_variant(&self) -> bool {
        matches!(self, Typed::Place(_))
    }

    /// The value as one expression of the Arrow type of [`Typed::ty`]; dynamic values as normal JSON text.
    pub fn expr(&self) -> Expr {
        match self {
            Typed::Known { expr, .. } => expr.clone(),
            Typed::Text { text, .. } => text.clone(),
            Typed::Place(place) => place
                .resolved()
                .map_or_else(|| place.value(), |(expr, _)| expr),
            Typed::Timeframe { start, end } => named_struct(vec![
                lit("start"),
                start.as_ref().clone(),
                lit("end"),
                end.as_ref().clone(),
            ]),
        }
    }

    /// The value as a grouping key: as [`Typed::expr`], but equal for equal dynamic values.
    pub fn group_key(&self) -> Expr {
        match self {
            Typed::Place(place) if place.resolved().is_none() => place.canonical(),
            Typed::Known { expr, ty } if ty.is_text() => value::udf::group(expr.clone()),
            _ => self.expr(),
        }
    }

    /// The value as a sort key.
    pub fn sort_key(&self) -> Expr {
        match self.ty() {
            Type::Dynamic
            | Type::Timeframe
            | Type::Ip
            | Type::Uid
            | Type::Geopoint
            | Type::Binary
            | Type::Array(_)
            | Type::Record => sort_key_of(self.value_text()),
            _ => self.expr(),
        }
    }

    /// The value where it is a string, else null; `None` where it can't ever be one.
    pub fn string(&self) -> Option<Expr> {
        match self {
            Typed::Known {
                expr,
                ty: Type::String,
            } => Some(expr.clone()),
            Typed::Text { text, .. } => Some(text.clone()),
            Typed::Place(place) => match place.resolved() {
                Some((expr, Type::String)) => Some(expr),
                Some(_) => None,
                None => Some(place.string()),
            },
            Typed::Known { ty: Type::Null, .. } => Some(null(&Type::String)),
            _ => None,
        }
    }

    /// The value where it is a boolean, else null; `None` where it can't ever be one.
    pub fn boolean(&self) -> Option<Expr> {
        match self {
            Typed::Known {
                expr,
                ty: Type::Boolean,
            } => Some(expr.clone()),
            Typed::Place(place) => match place.resolved() {
                Some((expr, Type::Boolean)) => Some(expr),
                Some(_) => None,
                None => Some(place.boolean()),
            },
            Typed::Known { ty: Type::Null, .. } => Some(null(&Type::Boolean)),
            _ => None,
        }
    }

    /// The value where it is a number, as a double, else null; `None` where it can't ever be one.
    pub fn double(&self) -> Option<Expr> {
        match self {
            Typed::Known {
                expr,
                ty: Type::Double,
            } => Some(expr.clone()),
            Typed::Known {
                expr,
                ty: Type::Long,
            } => Some(cast(expr.clone(), Type::Double.arrow())),
            Typed::Place(place) => match place.resolved() {
                Some((expr, Type::Long)) => Some(cast(expr, Type::Double.arrow())),
                Some(_) => None,
                None => Some(place.number()),
            },
            Typed::Known { ty: Type::Null, .. } => Some(null(&Type::Double)),
            _ => None,
        }
    }

    /// The value where it is a timestamp, in nanoseconds, else null; `None` where it can't ever be one.
    pub fn timestamp(&self) -> Option<Expr> {
        match self {
            Typed::Known {
                expr,
                ty: Type::Timestamp(Precision::Nano),
            } => Some(expr.clone()),
            Typed::Known {
                expr,
                ty: Type::Timestamp(Precision::Micro),
            } => Some(cast(expr.clone(), Type::TIMESTAMP.arrow())),
            Typed::Place(place) if place.resolved().is_none() => Some(place.timestamp()),
            Typed::Known { ty: Type::Null, .. } => Some(null(&Type::TIMESTAMP)),
            _ => None,
        }
    }

    /// The value where it is a duration, else null; `None` where it can't ever be one.
    pub fn duration(&self) -> Option<Expr> {
        match self {
            Typed::Known {
                expr,
                ty: Type::Duration,
            } => Some(expr.clone()),
            Typed::Place(place) if place.resolved().is_none() => Some(place.duration()),
            Typed::Known { ty: Type::Null, .. } => Some(null(&Type::Duration)),
            _ => None,
        }
    }

    /// The value where it is a long, else null; `None` where it can't ever be one.
    pub fn long(&self) -> Option<Expr> {
        match self {
            Typed::Known {
                expr,
                ty: Type::Long,
            } => Some(expr.clone()),
            Typed::Place(place) => match place.resolved() {
                Some((expr, Type::Long)) => Some(expr),
                Some(_) => None,
                None => Some(place.long()),
            },
            Typed::Known { ty: Type::Null, .. } => Some(null(&Type::Long)),
            _ => None,
        }
    }

    /// The value as value text, whatever its type. `Utf8View`
    pub fn value_text(&self) -> Expr {
        match self {
            Typed::Place(place) => place.value(),
            Typed::Known { ty: Type::Null, .. } => null(&Type::String),
            other => match other.fixed() {
                Some(value) => {
                    let mut text = String::new();
                    value::encode(&value, &mut text);
                    let text = (!value.is_null()).then_some(text);
                    Expr::Literal(ScalarValue::Utf8View(text), None)
                }
                None => text_of(other.expr(), &other.ty()),
            },
        }
    }

    /// The value in the Arrow type of `ty`, which is [`Type::or`] of its own type and others.
    pub fn as_type(&self, ty: &Type) -> Expr {
        match ty {
            _ if self.ty() == Type::Null => null(ty),
            Type::Timestamp(_) => cast(self.expr(), ty.arrow()),
            ty if ty.is_text() => self.value_text(),
            _ => self.expr(),
        }
    }

    /// The type that all of the values have, or that holds them all.
    pub fn common<'t>(values: impl IntoIterator<Item = &'t Typed>) -> Type {
        values
            .into_iter()
            .fold(Type::Null, |common, value| common.or(&value.ty()))
    }

    /// The value where it is the same for all records.
    pub fn fixed(&self) -> Option<Value<'static>> {
        let read = |literal: &Expr, ty: &Type| {
            let Expr::Literal(scalar, _) = literal else {
                return None;
            };
            let column = scalar.to_array_of_size(1).ok()?;
            let reader = Reader::new(column.as_ref(), ty).ok()?;
            Some(reader.get(0).into_owned())
        };
        match self {
            Typed::Known { ty: Type::Null, .. } => Some(Value::Null),
            Typed::Known { expr, ty } => read(expr, ty),
            Typed::Text { text, .. } => read(text, &Type::String),
            Typed::Place(place) if place.document.columns.is_none() => {
                if place.document.language == crate::json::Language::Json {
                    return None;
                }
                let mut value = read(&place.document.text, &Type::Dynamic)?;
                for step in &place.path {
                    value = match step {
                        Step::Key(key) => value.member(key),
                        Step::Index(index) => value.element(*index),
                    };
                }
                Some(value)
            }
            Typed::Place(_) => None,
            Typed::Timeframe { start, end } => {
                match (read(start, &Type::TIMESTAMP)?, read(end, &Type::TIMESTAMP)?) {
                    (Value::Timestamp(start), Value::Timestamp(end)) => {
                        Some(Value::Timeframe(start, end))
                    }
                    _ => Some(Value::Null),
                }
            }
        }
    }

    /// Whether there is a value other than null. Never null itself.
    pub fn is_not_null(&self) -> Expr {
        match self {
            Typed::Place(place) => place.is_not_null(),
            Typed::Timeframe { start, end } => start
                .as_ref()
                .clone()
                .is_not_null()
                .and(end.as_ref().clone().is_not_null()),
            _ => self.expr().is_not_null(),
        }
    }

    /// The literal behind it, if it is one.
    pub fn literal(&self) -> Option<&ScalarValue> {
        match self {
            Typed::Known {
                expr: Expr::Literal(value, _),
                ..
            } => Some(value),
            _ => None,
        }
    }

    /// The text of a string literal.
    pub fn string_value(&self) -> Option<&str> {
        match (self, self.literal()?) {
            (
                Typed::Known {
                    ty: Type::String, ..
                },
                ScalarValue::Utf8View(Some(text)),
            ) => Some(text),
            _ => None,
        }
    }

    /// The element or value one step in.
    pub fn step(&self, step: Step) -> Option<Typed> {
        match (self, &step) {
            (Typed::Place(place), _) => Some(Typed::Place(place.step(step))),
            (Typed::Known { expr, ty }, _) if ty.is_text() => {
                let may = match &step {
                    Step::Key(_) => *ty == Type::Record,
                    Step::Index(_) => matches!(ty, Type::Array(_)),
                };
                let document = Document::value(expr.clone());
                may.then(|| {
                    Typed::Place(Place {
                        document,
                        path: vec![step],
                    })
                })
            }
            (
                Typed::Known {
                    expr,
                    ty: Type::Array(element),
                },
                Step::Index(index),
            ) => {
                // SQL counts from 1, and from the end as DQL does.
                let place = if *index < 0 {
                    *index
                } else {
                    index.checked_add(1)?
                };
                let element_of = datafusion::functions_nested::extract::array_element;
                Some(Typed::known(
                    element_of(expr.clone(), lit(place)),
                    element.as_ref().clone(),
                ))
            }
            (Typed::Timeframe { start, .. }, Step::Key(key)) if key == "start" => {
                Some(Typed::known(start.as_ref().clone(), Type::TIMESTAMP))
            }
            (Typed::Timeframe { end, .. }, Step::Key(key)) if key == "end" => {
                Some(Typed::known(end.as_ref().clone(), Type::TIMESTAMP))
            }
            _ => None,
        }
    }

    /// `test` of the value, to be asked only whether it is true, on a bare column, by which files and row groups are
    /// pruned. `None` where the value reads as such a column anyway, or no column of strings holds it.
    pub(crate) fn test_bare(&self, test: impl FnOnce(Expr) -> Expr) -> Option<Expr> {
        let Typed::Place(place) = self else {
            return None;
        };
        let held = place.column()?;
        let present = place.document.present.clone()?;
        (held.form == Form::Text).then(|| test(held.column).and(present))
    }
}
