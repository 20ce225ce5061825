//! What stands in braces behind a matcher: sequences, JSON members, value types, enumerations.

use super::MAX_DEPTH;
use super::ast::{Body, Element, EnumEntry, Member, MemberExport, Primary, ValueType};
use super::lexer::Kind;
use super::matcher::{BodyForm, Matcher};
use super::parser::{Parsed, Parser};

impl Parser {
    /// A body of this form; the opening brace is the next token.
    pub(super) fn body(&mut self, form: BodyForm) -> Parsed<Body> {
        let open = self.span();
        self.advance();
        let body = match form {
            BodyForm::Members => Body::Members(self.members()?),
            BodyForm::Type if self.at('}') => Body::Type(None),
            BodyForm::Type => Body::Type(Some(Box::new(self.value_type()?))),
            BodyForm::Enum => Body::Enum(self.entries()?),
            BodyForm::Sequence | BodyForm::None => Body::Sequence(self.sequence()?),
        };
        if self.kind(0).is_none() {
            return self.fault(open, "a brace without its partner");
        }
        self.expect('}', "`}`")?;
        Ok(body)
    }

    fn members(&mut self) -> Parsed<Vec<Member>> {
        let mut members = vec![self.member()?];
        // The comma between two members may be left out.
        while self.eat(',') || !(self.at('}') || self.kind(0).is_none()) {
            members.push(self.member()?);
        }
        Ok(members)
    }

    fn member(&mut self) -> Parsed<Member> {
        let start = self.span();
        let value = if self.at('{') {
            self.any_object()?
        } else {
            self.value_type()?
        };
        self.expect(':', "`:` and the name of the member")?;
        let name = self.name("the name of the member")?;
        let export = if !self.eat(':') {
            MemberExport::Same
        } else if matches!(self.kind(0), Some(Kind::Word(word)) if word.eq_ignore_ascii_case("null"))
        {
            self.advance();
            MemberExport::Hidden
        } else {
            MemberExport::Renamed(self.name("a field name")?)
        };
        Ok(Member {
            value,
            name,
            export,
            span: start.to(self.previous()),
        })
    }

    /// `{}`: any JSON object.
    fn any_object(&mut self) -> Parsed<ValueType> {
        let start = self.span();
        self.advance();
        self.expect('}', "`}`; a typed object is written `JSON{…}`")?;
        let mut element = Element::plain(
            Primary::Matcher(Some(Matcher::Json), None),
            start.to(self.previous()),
        );
        self.quantifier_into(&mut element)?;
        element.span = start.to(self.previous());
        Ok(ValueType {
            element,
            dimensions: 0,
        })
    }

    fn value_type(&mut self) -> Parsed<ValueType> {
        let mut element = self.unnamed()?;
        let mut dimensions = 0;
        while self.kind(0) == Some(&Kind::Brackets) {
            if dimensions == MAX_DEPTH {
                return self.fault(
                    self.span(),
                    format!("an array of more than {MAX_DEPTH} dimensions"),
                );
            }
            self.advance();
            dimensions += 1;
        }
        // `INT[]+:items`: behind the brackets the quantifier still belongs to the member.
        if dimensions > 0 {
            self.quantifier_into(&mut element)?;
            element.span = element.span.to(self.previous());
        }
        Ok(ValueType {
            element,
            dimensions,
        })
    }

    fn entries(&mut self) -> Parsed<Vec<EnumEntry>> {
        let mut entries = Vec::new();
        loop {
            let start = self.span();
            let Some(Kind::Text(text)) = self.kind(0) else {
                return self.unexpected("a quoted text");
            };
            let text = text.clone();
            self.advance();
            self.expect('=', "`=` and a number")?;
            let value = self.constant()?;
            entries.push(EnumEntry {
                text,
                value,
                span: start.to(self.previous()),
            });
            if !self.eat(',') {
                return Ok(entries);
            }
        }
    }
}
