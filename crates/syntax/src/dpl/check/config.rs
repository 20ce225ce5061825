//! Checks the parameters in parentheses behind an expression.

use super::Check;
use crate::dpl::ast::{Config, Constant, Element, Parameter, ParameterValue, Primary};
use crate::dpl::matcher::{Matcher, ParameterForm, ParameterType};
use crate::{Code, Diagnostic};

impl<'a> Check<'a> {
    /// Checks the parameters of `element`, if it has any.
    pub(super) fn config(&mut self, element: &'a Element) {
        let Some(config) = &element.config else {
            return;
        };
        let (what, forms) = match &element.primary {
            Primary::Literal(_) => ("a literal", Matcher::text_parameters()),
            Primary::Class(_) => ("a character group", Matcher::text_parameters()),
            Primary::Alternatives(_) => ("a group of alternatives", Matcher::text_parameters()),
            Primary::Group(_) => ("a group", Matcher::group_parameters()),
            Primary::Macro(_) => ("a macro", &[][..]),
            Primary::Matcher(Some(matcher), _) => {
                (&*format!("`{}`", matcher.name()), matcher.parameters())
            }
            Primary::Matcher(None, _) => return,
        };
        if forms.is_empty() {
            self.error(
                Code::BadPatternParameter,
                config.span,
                format!("{what} takes no parameters"),
            );
            return;
        }
        let mut seen: Vec<&str> = Vec::new();
        for parameter in &config.parameters {
            let Some((name, form)) = self.find_parameter(what, forms, parameter) else {
                continue;
            };
            // `tz` is short for `timezone`: they exclude each other.
            let canonical = if name == "tz" { "timezone" } else { name };
            if seen.contains(&canonical) {
                self.error(
                    Code::BadPatternParameter,
                    parameter.span,
                    format!("`{canonical}` is given twice"),
                );
            }
            seen.push(canonical);
            self.parameter_value(name, form, parameter);
        }
        self.order(config);
    }

    fn find_parameter(
        &mut self,
        what: &str,
        forms: &[ParameterForm],
        parameter: &Parameter,
    ) -> Option<(&'static str, ParameterType)> {
        // Only the format of a timestamp gets here without a name.
        let (name, span) = parameter
            .name
            .as_ref()
            .map_or(("format", parameter.span), |name| (&name.text, name.span));
        let found = forms
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .copied();
        if found.is_none() {
            let message = format!("{what} has no parameter `{name}`");
            let diagnostic = Diagnostic::error(Code::BadPatternParameter, span, message);
            self.push(diagnostic.suggest(name, forms.iter().map(|(known, _)| *known)));
        }
        found
    }

    fn parameter_value(&mut self, name: &str, form: ParameterType, parameter: &'a Parameter) {
        if let (ParameterType::Separator, ParameterValue::Sequence(sequence)) =
            (form, &parameter.value)
        {
            return self.sequence(sequence);
        }
        let ParameterValue::Constant(value) = &parameter.value else {
            let message = format!("`{name}` takes a constant, not matchers");
            return self.error(Code::BadPatternParameter, parameter.span, message);
        };
        let (fits, expected) = match form {
            ParameterType::Text => (matches!(value, Constant::Text(_)), "a string"),
            ParameterType::Separator => (
                matches!(value, Constant::Text(_)),
                "a string, or matchers in braces",
            ),
            ParameterType::Number => (number(value).is_some(), "a number"),
            ParameterType::Count => (
                matches!(value, Constant::Long(0..)),
                "a whole number that is not negative",
            ),
            ParameterType::Boolean => (matches!(value, Constant::Boolean(_)), "`true` or `false`"),
        };
        if !fits {
            self.error(
                Code::BadPatternParameter,
                parameter.span,
                format!("`{name}` takes {expected}"),
            );
        }
    }

    /// `min` must not exceed `max`.
    fn order(&mut self, config: &Config) {
        let bound = |wanted: &str| {
            config.parameters.iter().find_map(|parameter| {
                match (&parameter.name, &parameter.value) {
                    (Some(name), ParameterValue::Constant(value))
                        if name.text.eq_ignore_ascii_case(wanted) =>
                    {
                        number(value)
                    }
                    _ => None,
                }
            })
        };
        if let (Some(min), Some(max)) = (bound("min"), bound("max"))
            && min > max
        {
            self.error(
                Code::BadPatternParameter,
                config.span,
                "`min` is greater than `max`",
            );
        }
    }
}

fn number(value: &Constant) -> Option<f64> {
    match value {
        Constant::Long(value) => Some(*value as f64),
        Constant::Double(value) => Some(*value),
        _ => None,
    }
}
