//! What a function or command takes, and what a call gave it.

use syntax::{Code, Diagnostic, Span};

use crate::typed::Typed;
use crate::types::Type;
use crate::value::Value;

/// The types that a parameter accepts: a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepts(u32);

impl Accepts {
    /// A boolean.
    pub const BOOLEAN: Accepts = Accepts(1);
    /// A long.
    pub const LONG: Accepts = Accepts(1 << 1);
    /// A double.
    pub const DOUBLE: Accepts = Accepts(1 << 2);
    /// A string.
    pub const STRING: Accepts = Accepts(1 << 3);
    /// A timestamp.
    pub const TIMESTAMP: Accepts = Accepts(1 << 4);
    /// A duration.
    pub const DURATION: Accepts = Accepts(1 << 5);
    /// A timeframe.
    pub const TIMEFRAME: Accepts = Accepts(1 << 6);
    /// An IP address.
    pub const IP: Accepts = Accepts(1 << 7);
    /// A uid.
    pub const UID: Accepts = Accepts(1 << 8);
    /// A Smartscape id.
    pub const SMARTSCAPE: Accepts = Accepts(1 << 9);
    /// A geo point.
    pub const GEOPOINT: Accepts = Accepts(1 << 10);
    /// A binary value.
    pub const BINARY: Accepts = Accepts(1 << 11);
    /// An array.
    pub const ARRAY: Accepts = Accepts(1 << 12);
    /// A record.
    pub const RECORD: Accepts = Accepts(1 << 13);
    /// A long or a double.
    pub const NUMBER: Accepts = Accepts::LONG.or(Accepts::DOUBLE);
    /// A number or a duration.
    pub const AMOUNT: Accepts = Accepts::NUMBER.or(Accepts::DURATION);
    /// A number, a timestamp or a duration.
    pub const MEASURE: Accepts = Accepts::AMOUNT.or(Accepts::TIMESTAMP);
    /// A boolean, number, string, timestamp or duration.
    pub const ORDERED: Accepts = Accepts::MEASURE.or(Accepts::BOOLEAN).or(Accepts::STRING);
    /// Anything.
    pub const ANY: Accepts = Accepts(u32::MAX);

    /// The types of both.
    pub const fn or(self, other: Accepts) -> Accepts {
        Accepts(self.0 | other.0)
    }

    /// What is accepted, with its article.
    pub fn article(self) -> String {
        const NAMES: &[(Accepts, &str)] = &[
            (Accepts::BOOLEAN, "a boolean"),
            (Accepts::NUMBER, "a number"),
            (Accepts::LONG, "a long"),
            (Accepts::DOUBLE, "a double"),
            (Accepts::STRING, "a string"),
            (Accepts::TIMESTAMP, "a timestamp"),
            (Accepts::DURATION, "a duration"),
            (Accepts::TIMEFRAME, "a timeframe"),
            (Accepts::IP, "an IP address"),
            (Accepts::UID, "a uid"),
            (Accepts::SMARTSCAPE, "a Smartscape id"),
            (Accepts::GEOPOINT, "a geo point"),
            (Accepts::BINARY, "a binary value"),
            (Accepts::ARRAY, "an array"),
            (Accepts::RECORD, "a record"),
        ];
        if self == Accepts::ANY {
            return "a value".to_owned();
        }
        let mut left = self.0;
        let mut names = Vec::new();
        for (set, name) in NAMES {
            if left & set.0 == set.0 {
                names.push(*name);
                left &= !set.0;
            }
        }
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, before)) => format!("{} or {last}", before.join(", ")),
            None => "a value".to_owned(),
        }
    }

    /// Whether a value of `ty` may be of an accepted type.
    pub fn takes(self, ty: &Type) -> bool {
        let one = match ty {
            Type::Null | Type::Dynamic => return true,
            Type::Boolean => Accepts::BOOLEAN,
            Type::Long => Accepts::LONG,
            Type::Double => Accepts::DOUBLE,
            Type::String => Accepts::STRING,
            Type::Timestamp(_) => Accepts::TIMESTAMP,
            Type::Duration => Accepts::DURATION,
            Type::Timeframe => Accepts::TIMEFRAME,
            Type::Ip => Accepts::IP,
            Type::Uid => Accepts::UID,
            Type::Smartscape => Accepts::SMARTSCAPE,
            Type::Geopoint => Accepts::GEOPOINT,
            Type::Binary => Accepts::BINARY,
            Type::Array(_) => Accepts::ARRAY,
            Type::Record => Accepts::RECORD,
        };
        self.0 & one.0 != 0
    }
}

/// What a parameter's value may depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constancy {
    /// The record.
    Any,
    /// Nothing: the same for all records, though it may be computed.
    Constant,
    /// Nothing, and it stands there as it is.
    Literal,
    /// The same, and it is a DPL pattern.
    Pattern,
}

/// Says what is wrong with a text, if anything.
pub type Check = fn(&str) -> Result<(), String>;

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
    /// What its value may depend on.
    pub constancy: Constancy,
    /// The least and the greatest number that it may be.
    pub range: Option<(i64, i64)>,
    /// What is wrong with a constant text, if anything.
    pub check: Option<Check>,
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
        constancy: Constancy::Any,
        range: None,
        check: None,
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
        constancy: Constancy::Any,
        range: None,
        check: None,
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
        constancy: Constancy::Any,
        range: None,
        check: None,
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

    /// The same for values that are the same for all records.
    pub const fn constant(self) -> Parameter {
        Parameter {
            constancy: Constancy::Constant,
            ..self
        }
    }

    /// The same for values that stand there as they are.
    pub const fn literal(self) -> Parameter {
        Parameter {
            constancy: Constancy::Literal,
            ..self
        }
    }

    /// The same for DPL patterns.
    pub const fn pattern(self) -> Parameter {
        Parameter {
            constancy: Constancy::Pattern,
            ..self
        }
    }

    /// The same for constant texts that `check` finds nothing wrong with.
    pub const fn checked(self, check: Check) -> Parameter {
        Parameter {
            check: Some(check),
            ..self
        }
    }

    /// The same for constant numbers within bounds, which are included.
    pub const fn within(self, least: i64, greatest: i64) -> Parameter {
        Parameter {
            range: Some((least, greatest)),
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
    /// The name of the query's time zone, as `jiff` reads it.
    pub zone: String,
    /// `now()`, in nanoseconds since 1970-01-01 UTC.
    pub now: i64,
    /// The place of a record among all, for aggregates that depend on their order. `Int64`
    pub place: Option<datafusion::logical_expr::Expr>,
}

impl Arguments {
    /// Of a call at `span`, in a query in the time zone of that name at that time.
    pub fn new(span: Span, zone: String, now: i64) -> Self {
        Arguments {
            given: Vec::new(),
            span,
            zone,
            now,
            place: None,
        }
    }

    /// Takes one more value for a parameter.
    pub fn push(&mut self, parameter: &'static str, argument: Argument) {
        self.given.push((parameter, argument));
    }

    /// Puts another value in the place of a parameter's.
    pub fn replace(&mut self, parameter: &str, make: impl FnOnce(&Typed) -> Typed) {
        let mut all = self.given.iter_mut();
        if let Some((_, argument)) = all.find(|(name, _)| *name == parameter) {
            argument.value = make(&argument.value);
        }
    }

    /// All that was given.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Argument)> {
        self.given.iter().map(|(name, argument)| (*name, argument))
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

    /// The value of a parameter that is the same for all records; none where it is not given.
    pub fn constant(&self, parameter: &str) -> Option<Value<'static>> {
        self.get(parameter)?.value.fixed()
    }

    /// The value of a parameter that is a constant long.
    pub fn long(&self, parameter: &str) -> Option<i64> {
        self.constant(parameter)?.as_long()
    }

    /// The place of a record among all, a long; null where nobody has asked for it.
    pub fn place(&self) -> Typed {
        match &self.place {
            Some(place) => Typed::known(place.clone(), Type::Long),
            None => Typed::null(),
        }
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
