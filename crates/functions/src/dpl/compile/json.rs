//! What the JSON matchers and their bodies become.

use syntax::dpl::Matcher;
use syntax::dpl::ast::{
    Body, Element, Member as Declared, MemberExport, Primary, QuantifierForm, ValueType,
};

use super::parameters::Parameters;
use super::{Compiled, Compiler, Scope};
use crate::dpl::capture::Kind;
use crate::dpl::first::First;
use crate::dpl::program::{Conversion, Json, JsonType, Member, Members, What};

/// The size in bytes beyond which a JSON or XML text is refused, if nothing else is said.
pub(super) const LIMIT: usize = 128_000;

impl Compiler<'_> {
    /// `JSON`, with its members if it has a body.
    pub(super) fn json(
        &mut self,
        body: Option<&Body>,
        element: &Element,
        scope: &mut Scope,
    ) -> Compiled {
        let parameters = Parameters::of(element);
        let flat = parameters.flag("flat").unwrap_or(false);
        let rest = parameters.text("greedy").map(|name| self.name(name));
        let members = match body {
            Some(Body::Members(declared)) => {
                let mut inner = Scope::default();
                let list = declared
                    .iter()
                    .map(|member| self.member(member, &mut inner))
                    .collect();
                if let Some(rest) = rest {
                    inner.add(rest, Kind::Record);
                }
                if flat {
                    scope.extend(&inner);
                }
                Some(Members {
                    list,
                    names: inner.names(),
                    rest,
                    flat,
                })
            }
            // Without declared members all of them are gathered.
            _ if rest.is_some() => {
                let mut inner = Scope::default();
                if let Some(rest) = rest {
                    inner.add(rest, Kind::Record);
                }
                if flat {
                    scope.extend(&inner);
                }
                Some(Members {
                    list: Vec::new(),
                    names: inner.names(),
                    rest,
                    flat,
                })
            }
            // The fields of a record must be known before the first record is read.
            _ if flat => {
                self.unsupported(
                    element.span,
                    "`flat` without declared members",
                    "declare them, as in JSON{STRING:name}(flat=true)",
                );
                None
            }
            _ => None,
        };
        let limit = parameters.count("maxlen").unwrap_or(LIMIT);
        let strict = parameters.flag("strict").unwrap_or(true);
        let kind = if members.is_some() {
            Kind::Record
        } else {
            Kind::Json
        };
        let first = First::bytes(|byte| byte == b'{');
        Compiled::once(
            What::Json(Json {
                limit,
                strict,
                members,
            }),
            kind,
            first,
        )
    }

    /// `JSON_ARRAY` and `JSON_VALUE`, with the type of their values if they have one.
    pub(super) fn json_value(
        &mut self,
        matcher: Matcher,
        body: Option<&Body>,
        element: &Element,
    ) -> Compiled {
        let parameters = Parameters::of(element);
        let (convert, kind) = match body {
            Some(Body::Type(Some(value))) => {
                let (conversion, kind) = self.conversion(value, &mut Scope::default());
                (Some(conversion), kind)
            }
            _ => (None, Kind::Json),
        };
        let limit = parameters.count("maxlen").unwrap_or(LIMIT);
        let strict = parameters.flag("strict").unwrap_or(true);
        let json = JsonType {
            limit,
            strict,
            convert,
        };
        if matcher == Matcher::JsonArray {
            let kind = if json.convert.is_some() {
                Kind::Array
            } else {
                Kind::Json
            };
            return Compiled::once(
                What::JsonArray(json),
                kind,
                First::bytes(|byte| byte == b'['),
            );
        }
        let first = First::bytes(|byte| byte.is_ascii_graphic() || (!strict && !byte.is_ascii()));
        Compiled::once(What::JsonValue(json), kind, first)
    }

    fn member(&mut self, declared: &Declared, scope: &mut Scope) -> Member {
        let (convert, kind) = self.conversion(&declared.value, scope);
        let export = match &declared.export {
            MemberExport::Same => Some(&declared.name.text),
            MemberExport::Renamed(name) => Some(&name.text),
            MemberExport::Hidden => None,
        };
        // The members of a flattened object stand for themselves: the object has no field of its own.
        let export = export
            .filter(|_| !self.is_flat(convert))
            .map(|name| self.name(name));
        if let Some(name) = export {
            scope.add(name, kind);
        }
        let mandatory = declared
            .value
            .element
            .quantifier
            .is_some_and(|quantifier| quantifier.form == QuantifierForm::Plus);
        Member {
            name: declared.name.text.clone(),
            convert,
            mandatory,
            export,
        }
    }

    fn is_flat(&self, convert: Conversion) -> bool {
        matches!(&self.nodes[convert.node].what, What::Json(Json { members: Some(members), .. }) if members.flat)
    }

    /// The conversion to a type, and the type of the outcome.
    fn conversion(&mut self, value: &ValueType, scope: &mut Scope) -> (Conversion, Kind) {
        // In this place a quantifier says whether the member must be there; its own meaning is taken away.
        let mut element = value.element.clone();
        if !matches!(element.primary, Primary::Literal(_) | Primary::Class(_)) {
            element.quantifier = element
                .quantifier
                .filter(|quantifier| quantifier.max.is_some());
        }
        element.optional = false;
        let node = self.plain(&element, scope);
        let kind = if value.dimensions > 0 {
            Kind::Array
        } else {
            self.kinds[node]
        };
        (
            Conversion {
                node,
                dimensions: value.dimensions,
            },
            kind,
        )
    }
}
