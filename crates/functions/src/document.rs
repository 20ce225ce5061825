//! JSON documents behind dynamic values, and the columns that already hold parts of them.
//!
//! This is where parse elimination happens: a place in a document is read from a column wherever one holds it
//! exactly, and from text only where none does.

use std::fmt::Debug;
use std::sync::Arc;

use datafusion::functions::datetime::expr_fn::to_char;
use datafusion::logical_expr::{Expr, lit};

use crate::compare::Truth;
use crate::json::{self, Language, Step, Want};
use crate::types::Type;
use crate::value::udf::text_of;

/// How a column holds the value at a place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON string, escapes undone.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Long,
    /// A JSON string that is an instant `YYYY-MM-DDTHH:MM:SSZ`, as a timestamp in microseconds.
    Timestamp,
    /// Any value but null, as its text in the document.
    Json,
}

/// A column that holds the value at one place of a document.
#[derive(Clone, Debug)]
pub struct Held {
    /// The column.
    pub column: Expr,
    /// How it holds the value.
    pub form: Form,
    /// True at least for every record that holds the value in another form than the column; `None` where no record
    /// does, and the column answers alone.
    pub irregular: Option<Expr>,
}

/// The columns that hold parts of a document.
pub trait Columns: Debug + Send + Sync {
    /// The column for the value at `path`, if there is one.
    fn held(&self, path: &[Step]) -> Option<Held>;
}

/// A document, one a record.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its text (`Utf8View`); null where the record has none.
    pub text: Expr,
    /// What the text is written in.
    pub language: Language,
    /// The columns that hold parts of it.
    pub columns: Option<Arc<dyn Columns>>,
    /// What is true of the records that have the document, where not all have it though columns hold its parts.
    pub present: Option<Expr>,
}

impl Document {
    /// A document in JSON of which only the text is known.
    pub fn json(text: Expr) -> Arc<Document> {
        Arc::new(Document {
            text,
            language: Language::Json,
            columns: None,
            present: None,
        })
    }

    /// A document in value text.
    pub fn value(text: Expr) -> Arc<Document> {
        Arc::new(Document {
            text,
            language: Language::Value,
            columns: None,
            present: None,
        })
    }
}

/// A place in a document: a value whose type is known only record by record, unless a column says more.
#[derive(Clone, Debug)]
pub struct Place {
    /// The document.
    pub document: Arc<Document>,
    /// The steps from its root.
    pub path: Vec<Step>,
}

/// The best source of a value.
enum Source {
    /// A column that holds it.
    Column(Held),
    /// A document's text, and the steps that remain in it.
    Text {
        text: Expr,
        language: Language,
        path: Vec<Step>,
    },
}

impl Place {
    /// The place one step further in.
    pub fn step(&self, step: Step) -> Place {
        let mut path = self.path.clone();
        path.push(step);
        Place {
            document: Arc::clone(&self.document),
            path,
        }
    }

    /// The value with its static type, where a column gives it one.
    pub fn resolved(&self) -> Option<(Expr, Type)> {
        let Source::Column(held) = self.source() else {
            return None;
        };
        if held.irregular.is_some() {
            return None;
        }
        let (expr, ty) = match held.form {
            Form::Text => (held.column, Type::String),
            Form::Boolean => (held.column, Type::Boolean),
            Form::Long => (held.column, Type::Long),
            Form::Timestamp => (instant_text(held.column), Type::String),
            Form::Json => return None,
        };
        Some((self.guarded(expr), ty))
    }

    /// The value where it is a string, else null. `Utf8View`
    pub fn string(&self) -> Expr {
        self.typed(Want::String, |held| match held.form {
            Form::Text => Some(held.column.clone()),
            // The column stands for several spellings of the instant; only regular records have the usual one.
            Form::Timestamp if held.irregular.is_none() => Some(instant_text(held.column.clone())),
            _ => None,
        })
    }

    /// The value where it is a boolean, else null.
    pub fn boolean(&self) -> Expr {
        self.typed(Want::Boolean, |held| {
            (held.form == Form::Boolean).then(|| held.column.clone())
        })
    }

    /// The value where it is a long, else null.
    pub fn long(&self) -> Expr {
        self.typed(Want::Long, |held| {
            (held.form == Form::Long).then(|| held.column.clone())
        })
    }

    /// The value where it is a timestamp, else null. In nanoseconds
    pub fn timestamp(&self) -> Expr {
        match self.document.language {
            Language::Json => null(&Type::TIMESTAMP),
            Language::Value => self.typed(Want::Timestamp, |_| None),
        }
    }

    /// The value where it is a duration, else null.
    pub fn duration(&self) -> Expr {
        match self.document.language {
            Language::Json => null(&Type::Duration),
            Language::Value => self.typed(Want::Duration, |_| None),
        }
    }

    /// The value where it is a long or a double, as a double, else null.
    pub fn number(&self) -> Expr {
        self.typed(Want::Number, |_| None)
    }

    /// The value whatever its type, as value text; null for null. `Utf8View`
    pub fn value(&self) -> Expr {
        self.any(Want::Value)
    }

    /// The value in two parts, where a column holds it but for a few records, and holds strings: the string of the column,
    /// and of the other records, for which the first expression is true, the value as value text where it is no string.
    pub fn apart(&self) -> Option<(Expr, Expr, Expr)> {
        let Source::Column(Held {
            column,
            form: Form::Text,
            irregular: Some(irregular),
        }) = self.source()
        else {
            return None;
        };
        let string = self.guarded(column);
        let other = only(string.clone().is_null(), self.extracted(Want::Value));
        let other = choice(irregular.clone(), other, &Type::Dynamic);
        Some((irregular, string, other))
    }

    /// The same in a form that is equal for equal values, for grouping. `Utf8View`
    pub fn canonical(&self) -> Expr {
        self.any(Want::Canonical)
    }

    /// A test of the value: `of_string` asks the column where that holds strings and is right, `of_json` the value as
    /// JSON text everywhere else.
    pub(crate) fn tested(
        &self,
        truth: Truth,
        of_string: impl FnOnce(Expr) -> Expr,
        of_json: impl FnOnce(Expr) -> Expr,
    ) -> Expr {
        let held = match self.source() {
            Source::Column(held) if held.form == Form::Text => held,
            _ => return of_json(self.value()),
        };
        let regular = match (truth, &self.document.present) {
            // Told apart, the column's test is one that files are pruned by.
            (Truth::OnlyTrue, Some(present)) => of_string(held.column).and(present.clone()),
            _ => self.guarded(of_string(held.column)),
        };
        match (truth, held.irregular) {
            (_, None) => regular,
            (Truth::OnlyTrue, Some(irregular)) => {
                regular.or(irregular.and(of_json(self.extracted(Want::Value))))
            }
            (Truth::Exact, Some(irregular)) => {
                either(irregular, of_json(self.extracted(Want::Value)), regular)
            }
        }
    }

    /// Whether there is a value other than null.
    pub fn is_not_null(&self) -> Expr {
        match self.source() {
            Source::Column(held) => {
                let regular = self.guarded(held.column).is_not_null();
                match held.irregular {
                    None => regular,
                    Some(irregular) => {
                        let other = self.extracted(Want::Value).is_not_null();
                        either(irregular, other, regular)
                    }
                }
            }
            Source::Text {
                text,
                language,
                path,
            } => json::get(Want::Value, language, text, &path).is_not_null(),
        }
    }

    /// The column that holds the value, if there is one.
    pub fn column(&self) -> Option<Held> {
        match self.source() {
            Source::Column(held) => Some(held),
            Source::Text { .. } => None,
        }
    }

    /// The typed reading: the column where it holds values of the wanted type, and the text only where the column
    /// could be missing them.
    fn typed(&self, want: Want, direct: impl Fn(&Held) -> Option<Expr>) -> Expr {
        match self.source() {
            Source::Column(held) => match direct(&held) {
                Some(column) => self.guarded(column),
                None if held.form == Form::Json => {
                    json::get(want, Language::Json, self.guarded(held.column), &[])
                }
                None => {
                    let regular = match (held.form, want) {
                        (Form::Timestamp, Want::String) => instant_text(held.column.clone()),
                        (Form::Long, Want::Number) => datafusion::logical_expr::cast(
                            held.column.clone(),
                            Type::Double.arrow(),
                        ),
                        _ => null(&want.ty()),
                    };
                    self.corrected(want, held.irregular, regular)
                }
            },
            Source::Text {
                text,
                language,
                path,
            } => json::get(want, language, text, &path),
        }
    }

    /// The untyped reading, as JSON text.
    fn any(&self, want: Want) -> Expr {
        match self.source() {
            Source::Column(held) => {
                let regular = match held.form {
                    Form::Text => text_of(held.column.clone(), &Type::String),
                    Form::Timestamp => text_of(instant_text(held.column.clone()), &Type::String),
                    Form::Boolean | Form::Long => {
                        datafusion::logical_expr::cast(held.column.clone(), Type::String.arrow())
                    }
                    Form::Json => json::get(want, Language::Json, held.column.clone(), &[]),
                };
                self.corrected(want, held.irregular, regular)
            }
            Source::Text {
                text,
                language,
                path,
            } => json::get(want, language, text, &path),
        }
    }

    /// What a column says, but for the records that it is not right for.
    fn corrected(&self, want: Want, irregular: Option<Expr>, regular: Expr) -> Expr {
        let regular = self.guarded(regular);
        match irregular {
            None => regular,
            Some(irregular) => either(irregular, self.extracted(want), regular),
        }
    }

    /// The value read from the document's own text.
    fn extracted(&self, want: Want) -> Expr {
        json::get(
            want,
            self.document.language,
            self.document.text.clone(),
            &self.path,
        )
    }

    /// `value` where the record has the document, else null.
    fn guarded(&self, value: Expr) -> Expr {
        match &self.document.present {
            Some(present) => only(present.clone(), value),
            None => value,
        }
    }

    /// The column at this very place, or the nearest text around it.
    fn source(&self) -> Source {
        let whole = || Source::Text {
            text: self.document.text.clone(),
            language: self.document.language,
            path: self.path.clone(),
        };
        let Some(columns) = &self.document.columns else {
            return whole();
        };
        if let Some(held) = columns.held(&self.path) {
            return Source::Column(held);
        }
        for depth in (1..self.path.len()).rev() {
            match columns.held(&self.path[..depth]) {
                Some(held) if held.form == Form::Json => {
                    return Source::Text {
                        text: self.guarded(held.column),
                        language: Language::Json,
                        path: self.path[depth..].to_vec(),
                    };
                }
                _ => {}
            }
        }
        whole()
    }
}

/// The usual CloudTrail spelling of an instant.
pub(crate) fn instant_text(column: Expr) -> Expr {
    let text = to_char(column, lit("%Y-%m-%dT%H:%M:%SZ"));
    datafusion::logical_expr::cast(text, Type::String.arrow())
}

/// `value`, of type `ty`, where `condition` is true, else null, as a choice of two: where files settle the condition, one of
/// them is left.
pub fn choice(condition: Expr, value: Expr, ty: &Type) -> Expr {
    either(condition, value, null(ty))
}

/// Null of a type.
pub fn null(ty: &Type) -> Expr {
    datafusion::logical_expr::cast(
        Expr::Literal(datafusion::common::ScalarValue::Null, None),
        ty.arrow(),
    )
}

/// `value` where `condition` is true, else null.
pub(crate) fn only(condition: Expr, value: Expr) -> Expr {
    Expr::Case(datafusion::logical_expr::Case::new(
        None,
        vec![(Box::new(condition), Box::new(value))],
        None,
    ))
}

/// `text` where the record has the document that it is the text of, else null.
pub fn when_present(present: &Expr, text: Expr) -> Expr {
    only(present.clone(), text)
}

/// The first of the values, of one type, that is not null: a choice, which needs no rule of the optimizer to run, as
/// DataFusion's own function does.
pub fn first_present(values: Vec<Expr>) -> Expr {
    values
        .into_iter()
        .rev()
        .reduce(|rest, value| either(value.clone().is_not_null(), value, rest))
        .unwrap_or_else(|| null(&Type::Null))
}

/// `yes` where `condition` is true, else `no`.
pub(crate) fn either(condition: Expr, yes: Expr, no: Expr) -> Expr {
    Expr::Case(datafusion::logical_expr::Case::new(
        None,
        vec![(Box::new(condition), Box::new(yes))],
        Some(Box::new(no)),
    ))
}
