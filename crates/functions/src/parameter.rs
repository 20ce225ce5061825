//! What a function or command takes, and what a call gave it.

use syntax::{Code, Diagnostic, Span};

use crate::typed::Typed;
use crate::types::Type;

/// What a parameter accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepts {
    /// Anything.
    Any,
    /// A boolean.
    Boolean,
    /// A long or a double.
    Number,
    /// A string.
    String,
    /// A timestamp.
    Timestamp,
    /// A duration.
    Duration,
    /// A number, a timestamp or a duration.
    Measure,
    /// A number or a duration.
    Amount,
    /// An array.
    Array,
    /// A boolean, number, string, timestamp or duration.
    Ordered,
}

impl Accepts {
    /// What is accepted, with its article.
    pub fn article(self) -> &'static str {
        match self {
            Accepts::Any => "a value",
            Accepts::Boolean => "a boolean",
            Accepts::Number => "a number",
            Accepts::String => "a string",
            Accepts::Timestamp => "a timestamp",
            Accepts::Duration => "a duration",
            Accepts::Measure => "a number, a timestamp or a duration",
            Accepts::Amount => "a number or a duration",
            Accepts::Array => "an array",
            Accepts::Ordered => "a boolean, a number, a string, a timestamp or a duration",
        }
    }

    /// Whether a value of `ty` may be of an accepted type.
    pub fn takes(self, ty: &Type) -> bool {
        let number = ty.is_number();
        let timestamp = matches!(ty, Type::Timestamp(_));
        let duration = *ty == Type::Duration;
        matches!(ty, Type::Null | Type::Dynamic)
            || match self {
                Accepts::Any => true,
                Accepts::Boolean => *ty == Type::Boolean,
                Accepts::Number => number,
                Accepts::String => *ty == Type::String,
                Accepts::Timestamp => timestamp,
                Accepts::Duration => duration,
                Accepts::Measure => number || timestamp || duration,
                Accepts::Amount => number || duration,
                Accepts::Array => matches!(ty, Type::Array(_)),
                Accepts::Ordered => {
                    number || timestamp || duration || matches!(ty, Type::Boolean | Type::String)
                }
            }
    }
}

/// One parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name, canonical spelling.
    pub name: &'static str,
    /// Another name that it answers to.
    pub alias: Option<&'static str>,
    /// What it accepts.
    pub accepts: Accepts,
    /// Whether it must be given; optional ones must be named.
    pub required: bool,
    /// Whether it takes any number of values.
    pub variadic: bool,
    /// What it is.
    pub doc: &'static str,
}

/// A parameter that must be given.
pub const fn required(name: &'static str, accepts: Accepts, doc: &'static str) -> Parameter {
    Parameter {
        name,
        alias: None,
        accepts,
        required: true,
        variadic: false,
        doc,
    }
}

/// A parameter that may be left out, and must be named where it is given.
pub const fn optional(name: &'static str, accepts: Accepts, doc: &'static str) -> Parameter {
    Parameter {
        name,
        alias: None,
        accepts,
        required: false,
        variadic: false,
        doc,
    }
}

/// A parameter that takes any number of values, at least one.
pub const fn variadic(name: &'static str, accepts: Accepts, doc: &'static str) -> Parameter {
    Parameter {
        name,
        alias: None,
        accepts,
        required: true,
        variadic: true,
        doc,
    }
}

impl Parameter {
    /// The same with another name that it answers to.
    pub const fn or(self, alias: &'static str) -> Parameter {
        Parameter {
            alias: Some(alias),
            ..self
        }
    }
}

/// A value with the place where it was written.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The value.
    pub value: Typed,
    /// Where.
    pub span: Span,
}

/// The arguments of one call, by parameter.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    given: Vec<(&'static str, Argument)>,
    /// The whole call.
    pub span: Span,
}

impl Arguments {
    /// Of a call at `span`.
    pub fn new(span: Span) -> Self {
        Arguments {
            given: Vec::new(),
            span,
        }
    }

    /// Takes one more value for a parameter.
    pub fn push(&mut self, parameter: &'static str, argument: Argument) {
        self.given.push((parameter, argument));
    }

    /// The value of a parameter, if it was given.
    pub fn get(&self, parameter: &str) -> Option<&Argument> {
        self.all(parameter).next()
    }

    /// All values of a variadic parameter.
    pub fn all<'a>(&'a self, parameter: &str) -> impl Iterator<Item = &'a Argument> {
        let parameter = parameter.to_owned();
        self.given
            .iter()
            .filter(move |(name, _)| *name == parameter)
            .map(|(_, value)| value)
    }

    /// The value of a required parameter.
    pub fn required(&self, parameter: &str) -> Result<&Argument, Diagnostic> {
        self.get(parameter).ok_or_else(|| {
            Diagnostic::error(
                Code::MissingParameter,
                self.span,
                format!("the parameter `{parameter}` is missing"),
            )
        })
    }

    /// The value of a boolean option that must be `true` or `false` as written.
    pub fn flag(&self, parameter: &str, default: bool) -> Result<bool, Diagnostic> {
        let Some(argument) = self.get(parameter) else {
            return Ok(default);
        };
        match argument.value.literal() {
            Some(datafusion::common::ScalarValue::Boolean(Some(flag))) => Ok(*flag),
            _ => Err(Diagnostic::error(
                Code::NotConstant,
                argument.span,
                format!("`{parameter}` has to be `true` or `false`"),
            )),
        }
    }
}
