//! What stands behind a primary: parameters in parentheses, a quantifier, `?`, a constant.

use super::ast::{
    Config, Constant, Element, Parameter, ParameterValue, Primary, Quantifier, QuantifierForm,
};
use super::lexer::Kind;
use super::matcher::Matcher;
use super::parser::{Parsed, Parser, Stop};
use crate::{Code, Diagnostic, Span};

impl Parser {
    /// Whether the parenthesis ahead opens parameters, not a group that follows.
    pub(super) fn at_config(&self, primary: &Primary) -> bool {
        if !self.at('(') {
            return false;
        }
        match (self.kind(1), self.kind(2)) {
            (Some(Kind::Word(_)), Some(Kind::Mark('='))) => true,
            // The format of a timestamp may come without its name.
            (Some(Kind::Text(_)), Some(Kind::Mark(mark))) => {
                matches!(primary, Primary::Matcher(Some(Matcher::Timestamp), _))
                    && matches!(mark, ')' | ',')
            }
            _ => false,
        }
    }

    pub(super) fn config(&mut self) -> Parsed<Config> {
        let open = self.span();
        self.advance();
        let mut parameters = vec![self.parameter()?];
        while self.eat(',') {
            parameters.push(self.parameter()?);
        }
        self.close(open)?;
        Ok(Config {
            parameters,
            span: open.to(self.previous()),
        })
    }

    fn parameter(&mut self) -> Parsed<Parameter> {
        let start = self.span();
        let name = match (self.kind(0), self.kind(1)) {
            (Some(Kind::Word(_)), Some(Kind::Mark('='))) => {
                let name = self.name("a parameter name")?;
                self.advance();
                Some(name)
            }
            _ => None,
        };
        let value = if name.is_some() && self.at('{') {
            self.nested(|parser| {
                parser.advance();
                let sequence = parser.sequence()?;
                parser.expect('}', "`}`")?;
                Ok(ParameterValue::Sequence(sequence))
            })?
        } else {
            ParameterValue::Constant(self.constant()?)
        };
        Ok(Parameter {
            name,
            value,
            span: start.to(self.previous()),
        })
    }

    pub(super) fn constant(&mut self) -> Parsed<Constant> {
        let value = match self.kind(0) {
            Some(Kind::Text(text)) => Constant::Text(text.clone()),
            Some(Kind::Number(number)) => number.clone(),
            Some(Kind::Word(word)) if word.eq_ignore_ascii_case("true") => Constant::Boolean(true),
            Some(Kind::Word(word)) if word.eq_ignore_ascii_case("false") => {
                Constant::Boolean(false)
            }
            Some(Kind::Word(word)) if word.eq_ignore_ascii_case("null") => Constant::Null,
            _ => return self.unexpected("a constant"),
        };
        self.advance();
        Ok(value)
    }

    fn quantifier(&mut self) -> Parsed<Option<Quantifier>> {
        let start = self.span();
        let (form, min, max) = if self.eat('*') {
            (QuantifierForm::Star, 0, None)
        } else if self.eat('+') {
            (QuantifierForm::Plus, 1, None)
        } else if self.eat('{') {
            let (min, max) = self.bounds(start)?;
            (QuantifierForm::Counted, min, max)
        } else {
            return Ok(None);
        };
        Ok(Some(Quantifier {
            form,
            min,
            max,
            span: start.to(self.previous()),
        }))
    }

    /// `n}`, `n,}`, `,m}` or `n,m}`.
    fn bounds(&mut self, open: Span) -> Parsed<(u32, Option<u32>)> {
        let min = self.count()?;
        let comma = self.eat(',');
        let max = if comma { self.count()? } else { min };
        let end = self.expect('}', "a count or `}`")?;
        if min.is_none() && max.is_none() {
            let message = "a quantifier without counts";
            self.diagnostics.push(Diagnostic::error(
                Code::BadQuantifier,
                open.to(end),
                message,
            ));
            return Err(Stop);
        }
        Ok((min.unwrap_or(0), max))
    }

    fn count(&mut self) -> Parsed<Option<u32>> {
        let Some(Kind::Number(number)) = self.kind(0) else {
            return Ok(None);
        };
        let count = match number {
            Constant::Long(value) => u32::try_from(*value).ok(),
            _ => None,
        };
        match count {
            Some(count) => {
                self.advance();
                Ok(Some(count))
            }
            None => {
                let message = format!("a count must be a whole number from 0 to {}", u32::MAX);
                self.diagnostics
                    .push(Diagnostic::error(Code::BadQuantifier, self.span(), message));
                Err(Stop)
            }
        }
    }

    /// `quantifier ? <constant>`; apart because in JSON bodies `[]` stands before it.
    pub(super) fn quantifier_into(&mut self, element: &mut Element) -> Parsed<()> {
        if let Some(quantifier) = self.quantifier()? {
            element.quantifier = Some(quantifier);
            self.constant_into(element)?;
        }
        if self.eat('?') {
            element.optional = true;
            self.constant_into(element)?;
        }
        Ok(())
    }

    pub(super) fn constant_into(&mut self, element: &mut Element) -> Parsed<()> {
        if element.constant.is_some() || !self.eat('<') {
            return Ok(());
        }
        element.constant = Some(self.constant()?);
        self.expect('>', "`>` behind the constant").map(|_| ())
    }
}
