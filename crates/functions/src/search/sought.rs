//! The operator `~` and the terms of `search`, over typed expressions.

use std::borrow::Cow;

use datafusion::logical_expr::{Expr, lit};

use super::term::Scope;
use super::test::{Kind, Options, Test};
use super::udf;
use super::wildcard::{Fault, STAR};
use crate::compare::Truth;
use crate::document::{Document, Place};
use crate::json::Language;
use crate::parameter::Accepts;
use crate::typed::Typed;
use crate::types::Type;

/// What is looked for: letters, digits and `_` make words, `*` stands for any part of one.
#[derive(Clone, Debug)]
pub struct Sought {
    text: String,
    options: Options,
}

impl Sought {
    /// A term that is looked for in `scope`.
    ///
    /// # Errors
    /// Where there are too many wildcards in it, or two of them in a row.
    pub fn new(text: &str, case_sensitive: bool, scope: Scope) -> Result<Sought, Fault> {
        let options = Options {
            fold: !case_sensitive,
            scope,
            ..Options::default()
        };
        Test::new(Kind::Term, &options, &[Cow::Borrowed(text)])?;
        Ok(Sought {
            text: text.to_owned(),
            options,
        })
    }

    /// The types that a term without wildcards is compared with as a whole.
    pub const WHOLE: Accepts = Accepts::NUMBER
        .or(Accepts::IP)
        .or(Accepts::UID)
        .or(Accepts::SMARTSCAPE);

    /// Whether it has wildcards.
    pub fn is_wild(&self) -> bool {
        self.text.contains(STAR)
    }

    /// Whether values of a type may hold the term at all.
    pub fn may_be_in(&self, ty: &Type) -> bool {
        match ty {
            Type::String | Type::Array(_) | Type::Record | Type::Dynamic => true,
            Type::Null => false,
            ty => Sought::WHOLE.takes(ty) && !self.is_wild(),
        }
    }

    /// Whether the term is in a value; never null.
    pub fn in_value(&self, value: &Typed) -> Expr {
        if !self.may_be_in(&value.ty()) {
            return lit(false);
        }
        if let Some(fixed) = value.fixed() {
            let patterns = [Cow::Borrowed(self.text.as_str())];
            let test = Test::new(Kind::Term, &self.options, &patterns);
            let test = test.ok().flatten();
            return lit(test.and_then(|test| test.value(&fixed)).unwrap_or(false));
        }
        match value {
            Typed::Place(place) => self.in_place(place),
            value => self.call(Kind::Term, value.expr(), &value.ty(), &[]),
        }
    }

    /// Whether the term is in a field of a record in JSON, those of the names in `but` left out.
    pub fn in_fields(&self, record: &Document, but: &[&str]) -> Expr {
        self.call(Kind::Fields, record.text.clone(), &Type::String, but)
    }

    fn in_place(&self, place: &Place) -> Expr {
        let document = &place.document;
        if place.path.is_empty() && document.language == Language::Json {
            // Texts that do not hold the term anywhere need no parsing.
            return self.call(Kind::Json, document.text.clone(), &Type::String, &[]);
        }
        // These tests are never null, so that the form that only truth is asked of is exact.
        place.tested(
            Truth::OnlyTrue,
            |text| self.call(Kind::Term, text, &Type::String, &[]),
            |value| self.call(Kind::Term, value, &Type::Dynamic, &[]),
        )
    }

    fn call(&self, kind: Kind, value: Expr, ty: &Type, but: &[&str]) -> Expr {
        let patterns = std::iter::once(self.text.as_str()).chain(but.iter().copied());
        let patterns = patterns
            .map(|text| Typed::string_literal(text).expr())
            .collect();
        udf::call(kind, (value, ty), &self.options, patterns)
    }
}
