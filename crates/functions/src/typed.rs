//! Expressions with their DQL type: what translation passes around instead of bare DataFusion expressions.
//!
//! DataFusion never coerces for us: whoever needs a value of a type asks for it here, and gets null where the record
//! holds another type, as DQL has it.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::functions::core::expr_fn::named_struct;
use datafusion::logical_expr::{Expr, cast, lit};

use crate::document::{Document, Form, Place, null};
use crate::json::{self, Step};
use crate::types::{Precision, Type};

/// An expression and what DQL knows of its type.
#[derive(Clone, Debug)]
pub enum Typed {
    /// A value of a static type, never [`Type::Dynamic`].
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

    /// A value that stands in `text` (`Utf8View`) as JSON, whatever its type.
    pub fn dynamic(text: Expr) -> Typed {
        Typed::document(&Document::text(text))
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
            _ => self.expr(),
        }
    }

    /// The value as a sort key.
    pub fn sort_key(&self) -> Expr {
        match self.ty() {
            Type::Dynamic => json::sort_key(self.expr()),
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
            // JSON holds no timestamps, but a place may still be null.
            Typed::Place(_) | Typed::Known { ty: Type::Null, .. } => Some(null(&Type::TIMESTAMP)),
            _ => None,
        }
    }

    /// The value as JSON text, whatever its type; `None` for types that JSON can't tell from others.
    pub fn json(&self) -> Option<Expr> {
        match self {
            Typed::Text { text, .. } => Some(json::quote(text.clone())),
            Typed::Place(place) => Some(place.value()),
            Typed::Known { expr, ty } => match ty {
                Type::Null => Some(null(&Type::String)),
                Type::String => Some(json::quote(expr.clone())),
                Type::Boolean | Type::Long => Some(cast(expr.clone(), Type::String.arrow())),
                Type::Double => Some(json::number_text(expr.clone())),
                _ => None,
            },
            Typed::Timeframe { .. } => None,
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
        match self.literal()? {
            ScalarValue::Utf8View(Some(text)) => Some(text),
            _ => None,
        }
    }

    /// The element or value one step in.
    pub fn step(&self, step: Step) -> Option<Typed> {
        match (self, &step) {
            (Typed::Place(place), _) => Some(Typed::Place(place.step(step))),
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
