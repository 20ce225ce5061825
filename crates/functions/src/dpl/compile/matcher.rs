//! What a matcher and its parameters become.

use syntax::dpl::Matcher;
use syntax::dpl::ast::{Body, Constant, Element, EnumEntry};
use syntax::{Code, Span};

use super::json::LIMIT;
use super::parameters::Parameters;
use super::{Compiled, Compiler, OPEN, Scope, literal};
use crate::dpl::capture::Kind;
use crate::dpl::first::First;
use crate::dpl::matcher::class::CharSet;
use crate::dpl::matcher::number::{Decimal, Integer};
use crate::dpl::program::{Enum, Line, Quoted, Repeat, Scoped, Versions, What, Xml};
use crate::dpl::time::{self, Format};

/// The most elements that an array may have.
pub(super) const MAX_ITEMS: usize = 32_768;

/// The number of pairs that `KVP` collects if nothing else is said.
const PAIRS: usize = 128;

impl Compiler<'_> {
    /// The matcher of `element` with its body.
    pub(super) fn matcher(
        &mut self,
        matcher: Matcher,
        body: Option<&Body>,
        element: &Element,
        scope: &mut Scope,
    ) -> Compiled {
        let parameters = Parameters::of(element);
        match matcher {
            Matcher::LineData => line(false),
            Matcher::Data => line(true),
            Matcher::String => Compiled {
                what: What::Word,
                kind: Kind::String,
                repeat: Repeat { min: 1, max: OPEN },
                first: First::bytes(|byte| byte > b' ' && byte != 0x7f),
            },
            Matcher::SingleQuoted => quoted(b'\'', false),
            Matcher::DoubleQuoted => quoted(b'"', false),
            Matcher::CsvSingleQuoted => quoted(b'\'', true),
            Matcher::CsvDoubleQuoted => quoted(b'"', true),
            Matcher::LineFeed => literal("\n"),
            Matcher::CarriageReturn => literal("\r"),
            Matcher::WindowsLineBreak => literal("\r\n"),
            Matcher::Begin => Compiled::once(What::Begin, Kind::String, First::EMPTY),
            Matcher::Middle => Compiled::once(What::Middle, Kind::String, First::EMPTY),
            Matcher::End => Compiled::once(What::End, Kind::String, First::END),
            Matcher::Posix(class) => {
                let set = CharSet::posix(class);
                let first = set.first();
                Compiled {
                    what: What::Class(set),
                    kind: Kind::String,
                    repeat: Repeat { min: 1, max: OPEN },
                    first,
                }
            }
            Matcher::Integer => integer(&parameters, false, true),
            Matcher::Long => integer(&parameters, false, false),
            Matcher::HexInteger => integer(&parameters, true, true),
            Matcher::HexLong => integer(&parameters, true, false),
            Matcher::Float | Matcher::Double => decimal(&parameters, b'.'),
            Matcher::CommaFloat | Matcher::CommaDouble => decimal(&parameters, b','),
            Matcher::Boolean => Compiled::once(
                What::Boolean,
                Kind::Boolean,
                First::bytes(|byte| b"tTfF".contains(&byte)),
            ),
            Matcher::Timestamp => self.timestamp(element, &parameters),
            Matcher::Iso8601 => self.fixed_time(element.span, time::ISO_8601),
            Matcher::HttpDate => self.fixed_time(element.span, time::HTTP_DATE),
            Matcher::JsonTimestamp => self.fixed_time(element.span, time::JSON_TIMESTAMP),
            Matcher::Ip => ip(Versions { v4: true, v6: true }),
            Matcher::Ipv4 => ip(Versions {
                v4: true,
                v6: false,
            }),
            Matcher::Ipv6 => ip(Versions {
                v4: false,
                v6: true,
            }),
            Matcher::CreditCard => Compiled::once(
                What::CreditCard,
                Kind::Long,
                First::bytes(|byte| byte.is_ascii_digit()),
            ),
            Matcher::Uuid => Compiled::once(
                What::Uuid,
                Kind::String,
                First::bytes(|byte| byte.is_ascii_hexdigit()),
            ),
            Matcher::SmartscapeId => Compiled::once(
                What::SmartscapeId,
                Kind::Smartscape,
                First::bytes(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':'),
            ),
            Matcher::Enum => {
                let ignore_case = parameters.flag("cis").unwrap_or(false);
                match body {
                    Some(Body::Enum(entries)) => enumeration(entries, ignore_case),
                    _ => literal(""),
                }
            }
            Matcher::Structure | Matcher::Array | Matcher::Kvp => match body {
                Some(Body::Sequence(sequence)) => {
                    let mut inner = Scope::default();
                    let body = self.sequence(sequence, &mut inner);
                    self.composite(matcher, body, &inner)
                }
                _ => literal(""),
            },
            Matcher::Json => self.json(body, element, scope),
            Matcher::JsonArray | Matcher::JsonValue => self.json_value(matcher, body, element),
            Matcher::Xml => xml(&parameters, true),
            Matcher::XmlPlain => xml(&parameters, false),
            Matcher::XmlVerbose => {
                self.unsupported(
                    element.primary_span,
                    "`XML_VERBOSE`, whose layout is not documented,",
                    "`XML` keeps attributes, `XML_PLAIN` does without",
                );
                literal("")
            }
        }
    }

    fn composite(&mut self, matcher: Matcher, body: Vec<usize>, inner: &Scope) -> Compiled {
        let first = self.first(&body);
        let scoped = Scoped {
            names: inner.names(),
            body,
        };
        match matcher {
            Matcher::Array => Compiled::once(What::Array(scoped), Kind::Array, first),
            Matcher::Kvp => Compiled {
                what: What::Pairs(scoped.body),
                kind: Kind::Record,
                repeat: Repeat { min: 1, max: PAIRS },
                first,
            },
            _ => Compiled::once(What::Structure(scoped), Kind::Record, first),
        }
    }

    fn timestamp(&mut self, element: &Element, parameters: &Parameters<'_>) -> Compiled {
        let mut zone = self.options.time_zone.clone();
        if let Some(name) = parameters
            .text("timezone")
            .or_else(|| parameters.text("tz"))
        {
            match time::zone::named(name) {
                Some(found) => zone = found,
                None => self.error(
                    Code::BadPatternParameter,
                    element.span,
                    format!("there is no time zone `{name}`"),
                ),
            }
        }
        let text = parameters.text("format").unwrap_or(time::DEFAULT_FORMAT);
        self.format(element.span, text, zone, parameters.text("locale"))
    }

    fn fixed_time(&mut self, span: Span, format: &str) -> Compiled {
        self.format(span, format, self.options.time_zone.clone(), None)
    }

    fn format(
        &mut self,
        span: Span,
        text: &str,
        zone: jiff::tz::TimeZone,
        locale: Option<&str>,
    ) -> Compiled {
        let names = match locale.map(time::Names::find) {
            None => Some(time::Names::ENGLISH),
            Some(found) => found,
        };
        match Format::new(text, zone, names.unwrap_or(time::Names::ENGLISH)) {
            Ok(format) => {
                if names.is_none() && format.has_names() {
                    let known: Vec<_> = time::Names::languages().collect();
                    self.unsupported(
                        span,
                        "this locale, for the names of months and days,",
                        &format!("the languages known are {}", known.join(", ")),
                    );
                }
                let first = format.first();
                Compiled::once(What::Time(format), Kind::Timestamp, first)
            }
            Err(time::Fault::Unclosed) => {
                self.error(
                    Code::BadPatternParameter,
                    span,
                    "a quote in the time format is not closed",
                );
                literal("")
            }
            Err(time::Fault::Empty) => {
                self.error(
                    Code::BadPatternParameter,
                    span,
                    "a time format without any part of a time",
                );
                literal("")
            }
        }
    }
}

fn line(across: bool) -> Compiled {
    Compiled {
        what: What::Line(Line {
            across,
            skip: false,
        }),
        kind: Kind::String,
        repeat: Repeat { min: 1, max: OPEN },
        first: First::bytes(|byte| across || byte != b'\n'),
    }
}

fn quoted(mark: u8, doubled: bool) -> Compiled {
    Compiled {
        what: What::Quoted(Quoted { mark, doubled }),
        kind: Kind::String,
        repeat: Repeat { min: 1, max: OPEN },
        first: First::bytes(|byte| byte == mark),
    }
}

fn integer(parameters: &Parameters<'_>, hex: bool, narrow: bool) -> Compiled {
    let (low, high) = if narrow {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    };
    let min = parameters.whole_min().unwrap_or(low).max(low);
    let max = parameters.whole_max().unwrap_or(high).min(high);
    let first = First::bytes(|byte| match byte {
        b'+' | b'-' | b'0'..=b'9' => true,
        b'x' | b'a'..=b'f' | b'A'..=b'F' => hex,
        _ => false,
    });
    Compiled::once(
        What::Integer(Integer {
            hex,
            bounds: min..=max,
        }),
        Kind::Long,
        first,
    )
}

fn decimal(parameters: &Parameters<'_>, mark: u8) -> Compiled {
    let min = parameters.number("min").unwrap_or(f64::MIN);
    let max = parameters.number("max").unwrap_or(f64::MAX);
    let first = First::bytes(|byte| byte.is_ascii_digit() || byte == b'+' || byte == b'-');
    Compiled::once(
        What::Decimal(Decimal {
            mark,
            bounds: min..=max,
        }),
        Kind::Double,
        first,
    )
}

fn ip(versions: Versions) -> Compiled {
    let first = First::bytes(|byte| {
        byte.is_ascii_digit() || (versions.v6 && (byte.is_ascii_hexdigit() || byte == b':'))
    });
    Compiled::once(What::Ip(versions), Kind::Ip, first)
}

fn xml(parameters: &Parameters<'_>, attributes: bool) -> Compiled {
    let xml = Xml {
        limit: parameters.count("maxlen").unwrap_or(LIMIT),
        root: parameters.text("rootTag").map(str::to_owned),
        exclude_root: parameters.flag("excludeRoot").unwrap_or(false),
        ignore_namespace: parameters.flag("ignoreNamespace").unwrap_or(false),
        attributes,
    };
    // What is in an element may be a text alone, or a list of them.
    let kind = if xml.exclude_root {
        Kind::Dynamic
    } else {
        Kind::Record
    };
    Compiled::once(What::Xml(xml), kind, First::bytes(|byte| byte == b'<'))
}

fn enumeration(entries: &[EnumEntry], ignore_case: bool) -> Compiled {
    let mut list: Vec<(Box<str>, i64)> = entries
        .iter()
        .filter_map(|entry| match entry.value {
            Constant::Long(value) => Some((entry.text.as_str().into(), value)),
            _ => None,
        })
        .collect();
    // The longest first, so that a text never hides one that begins with it.
    list.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    let first = list.iter().fold(First::default(), |all, (text, _)| {
        all.or(match text.as_bytes().first() {
            Some(start) if ignore_case => First::bytes(|byte| byte.eq_ignore_ascii_case(start)),
            Some(start) => First::bytes(|byte| byte == *start),
            None => First::EMPTY,
        })
    });
    Compiled::once(
        What::Enum(Enum {
            entries: list,
            ignore_case,
        }),
        Kind::Long,
        first,
    )
}
