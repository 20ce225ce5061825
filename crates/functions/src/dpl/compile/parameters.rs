//! The parameters of an expression, looked up by name. Their names and types have been checked by the parser.

use syntax::dpl::ast::{Config, Constant, Element, Parameter, ParameterValue};

/// The parameters that stand behind an expression.
pub(super) struct Parameters<'e>(&'e [Parameter]);

impl<'e> Parameters<'e> {
    pub(super) fn of(element: &'e Element) -> Self {
        Parameters(
            element
                .config
                .as_ref()
                .map_or(&[], |Config { parameters, .. }| parameters),
        )
    }

    fn find(&self, name: &str) -> Option<&'e Parameter> {
        self.0.iter().find(|parameter| {
            // Only the format of a timestamp comes without its name.
            parameter
                .name
                .as_ref()
                .map_or("format", |given| &given.text)
                .eq_ignore_ascii_case(name)
        })
    }

    pub(super) fn value(&self, name: &str) -> Option<&'e ParameterValue> {
        self.find(name).map(|parameter| &parameter.value)
    }

    fn constant(&self, name: &str) -> Option<&'e Constant> {
        match self.value(name) {
            Some(ParameterValue::Constant(value)) => Some(value),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&'e str> {
        match self.constant(name) {
            Some(Constant::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self.constant(name) {
            Some(Constant::Boolean(value)) => Some(*value),
            _ => None,
        }
    }

    pub(super) fn count(&self, name: &str) -> Option<usize> {
        match self.constant(name) {
            Some(Constant::Long(value)) => usize::try_from(*value).ok(),
            _ => None,
        }
    }

    /// The lower bound for whole numbers: of 1.5 it is 2.
    pub(super) fn whole_min(&self) -> Option<i64> {
        match self.constant("min") {
            Some(Constant::Long(value)) => Some(*value),
            Some(Constant::Double(value)) => Some(value.ceil() as i64),
            _ => None,
        }
    }

    /// The upper bound for whole numbers: of 1.5 it is 1.
    pub(super) fn whole_max(&self) -> Option<i64> {
        match self.constant("max") {
            Some(Constant::Long(value)) => Some(*value),
            Some(Constant::Double(value)) => Some(value.floor() as i64),
            _ => None,
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<f64> {
        match self.constant(name) {
            Some(Constant::Long(value)) => Some(*value as f64),
            Some(Constant::Double(value)) => Some(*value),
            _ => None,
        }
    }
}
