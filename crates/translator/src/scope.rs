//! The fields that are visible at one point of a pipeline.
//!
//! Here fields meet columns, and nowhere else: a field is a name for a typed expression over the columns of the plan
//! beneath. Most commands only change what names stand for.

use std::sync::Arc;

use functions::document::{Document, Place};
use functions::{Step, Typed};

/// A field.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// What it stands for.
    pub(crate) value: Typed,
    /// Whether it is left out of results unless it is named.
    pub(crate) hidden: bool,
    /// The texts it may hold, where they are few and known.
    pub(crate) values: Option<Vec<String>>,
}

/// The visible fields, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    fields: Vec<Field>,
    /// The record that unknown fields are keys of.
    record: Option<Arc<Document>>,
}

impl Scope {
    /// A scope without fields; those it does not know are null.
    pub(crate) fn closed() -> Scope {
        Scope::default()
    }

    /// A scope without fields; those it does not know are keys of `record`.
    pub(crate) fn open(record: Arc<Document>) -> Scope {
        Scope {
            record: Some(record),
            ..Scope::default()
        }
    }

    /// The field of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The value of a name that no field has: a key of the record behind the scope.
    pub(crate) fn key(&self, name: &str) -> Option<Typed> {
        let document = Arc::clone(self.record.as_ref()?);
        Some(Typed::Place(Place {
            document,
            path: vec![Step::Key(name.to_owned())],
        }))
    }

    /// The record whose keys are fields too.
    pub(crate) fn record(&self) -> Option<&Arc<Document>> {
        self.record.as_ref()
    }

    /// The names of the fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.name.as_str())
    }

    /// The fields in order.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Adds a field, or gives a known one its new value in its old place. Whether it was known.
    pub(crate) fn set(&mut self, name: &str, value: Typed) -> bool {
        let field = Field {
            name: name.to_owned(),
            value,
            hidden: false,
            values: None,
        };
        self.put(field)
    }

    /// As [`Scope::set`], with all that is known of the field.
    pub(crate) fn put(&mut self, field: Field) -> bool {
        match self
            .fields
            .iter_mut()
            .find(|known| known.name == field.name)
        {
            Some(known) => {
                *known = field;
                true
            }
            None => {
                self.fields.push(field);
                false
            }
        }
    }
}
