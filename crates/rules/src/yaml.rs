//! YAML with the place of every node, for messages that name line and column.

use std::collections::HashMap;

use ::syntax::Span as Bytes;
use granit_parser::{Event, Parser, ScalarStyle, Span};

/// A place in a file, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

impl Place {
    /// The place of a byte of a text.
    pub(crate) fn of(text: &str, at: usize) -> Place {
        let before = text.get(..at).unwrap_or(text);
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        Place {
            line: before.matches('\n').count() + 1,
            column: before[line..].chars().count() + 1,
        }
    }

    /// The place as an empty span of bytes in the text.
    pub fn span(self, text: &str) -> Bytes {
        let mut lines = text.split_inclusive('\n');
        let before = lines.by_ref().take(self.line.saturating_sub(1));
        let start: usize = before.map(str::len).sum();
        let line = lines.next().unwrap_or_default();
        let column = line.char_indices().nth(self.column.saturating_sub(1));
        Bytes::at(start + column.map_or(line.trim_end_matches(['\r', '\n']).len(), |(at, _)| at))
    }
}

/// What is wrong at a place, and with which construct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where.
    pub place: Place,
    /// The construct: a key, a modifier, `YAML`.
    pub construct: String,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

impl Wrong {
    pub(crate) fn new(place: Place, construct: &str, reason: impl Into<String>) -> Wrong {
        let construct = match construct {
            "" => "an empty name".to_owned(),
            construct => construct.to_owned(),
        };
        let reason = reason.into();
        Wrong {
            place,
            construct,
            reason,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Yaml {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Null,
    Boolean(bool),
    /// A number, as written.
    Number(String),
    Text(String),
    List(Vec<Yaml>),
    Map(Vec<(Key, Yaml)>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) name: String,
}

impl Yaml {
    pub(crate) fn map(&self) -> Option<&[(Key, Yaml)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Yaml> {
        let entry = self.map()?.iter().find(|(key, _)| key.name == name)?;
        Some(&entry.1).filter(|value| value.kind != Kind::Null)
    }

    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<String> {
        match &self.kind {
            Kind::Text(text) | Kind::Number(text) => Some(text.clone()),
            Kind::Boolean(value) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The texts of a scalar, or of a list of them.
    pub(crate) fn texts(&self) -> Vec<String> {
        match &self.kind {
            Kind::List(items) => items.iter().filter_map(Yaml::text).collect(),
            _ => self.text().into_iter().collect(),
        }
    }

    /// The node as compact JSON. Numbers that JSON writes otherwise are rewritten, as `007` is.
    pub(crate) fn json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Number(text) if json::validate(text).is_ok() => out.push_str(text),
            Kind::Number(text) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => out.push_str(&number.to_string()),
                _ => json::write_string(text, out),
            },
            Kind::Text(text) => json::write_string(text, out),
            Kind::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            Kind::Map(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    json::write_string(&key.name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Nodes that a file may have, aliases written out, and how deep they may nest.
const NODES: usize = 200_000;
const DEPTH: usize = 64;

/// The documents of a file that are not empty.
///
/// # Errors
/// The first thing that is not YAML, or that nests or repeats beyond reason.
pub(crate) fn documents(text: &str) -> Result<Vec<Yaml>, Wrong> {
    let mut documents = Vec::new();
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let marker = error.marker();
            let place = Place {
                line: marker.line(),
                column: marker.col() + 1,
            };
            Wrong::new(place, "YAML", error.info())
        })?;
        if let Event::DocumentEnd = event {
            let document = builder.root.take();
            documents.extend(document.filter(|document| document.kind != Kind::Null));
            builder.anchors.clear();
        } else {
            builder.event(event, span)?;
        }
    }
    Ok(documents)
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Yaml>,
    anchors: HashMap<usize, Yaml>,
    nodes: usize,
}

struct Open {
    place: Place,
    anchor: usize,
    key: Option<Key>,
    content: Content,
}

enum Content {
    List(Vec<Yaml>),
    Map(Vec<(Key, Yaml)>),
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Wrong> {
        let place = Place {
            line: span.start.line(),
            column: span.start.col() + 1,
        };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let kind = match style {
                    ScalarStyle::Plain if tag.is_none() => plain(&text),
                    _ => Kind::Text(text.into_owned()),
                };
                self.node(Yaml { place, kind }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.enter(place, anchor, Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, _) => {
                self.enter(place, anchor, Content::Map(Vec::new()))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Ok(());
                };
                let kind = match open.content {
                    Content::List(items) => Kind::List(items),
                    Content::Map(entries) => Kind::Map(entries),
                };
                self.node(
                    Yaml {
                        place: open.place,
                        kind,
                    },
                    open.anchor,
                )
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => {
                    self.nodes += size(&node);
                    self.node(node, 0)
                }
                None => Err(Wrong::new(
                    place,
                    "YAML",
                    "the alias stands within its own anchor",
                )),
            },
            _ => Ok(()),
        }
    }

    fn enter(&mut self, place: Place, anchor: usize, content: Content) -> Result<(), Wrong> {
        if self.open.len() >= DEPTH {
            return Err(Wrong::new(
                place,
                "YAML",
                format!("this nests deeper than {DEPTH} levels"),
            ));
        }
        self.open.push(Open {
            place,
            anchor,
            key: None,
            content,
        });
        Ok(())
    }

    fn node(&mut self, node: Yaml, anchor: usize) -> Result<(), Wrong> {
        self.nodes += 1;
        if self.nodes > NODES {
            return Err(Wrong::new(
                node.place,
                "YAML",
                format!("more than {NODES} nodes"),
            ));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.content, open.key.take()) {
            (Content::List(items), _) => items.push(node),
            (Content::Map(entries), Some(key)) => entries.push((key, node)),
            (Content::Map(entries), None) => {
                let name = match node.kind {
                    Kind::Null => Some(String::new()),
                    _ => node.text(),
                };
                let Some(name) = name else {
                    return Err(Wrong::new(node.place, "YAML", "a key must be a text"));
                };
                if entries.iter().any(|(key, _)| key.name == name) {
                    let reason = format!("the key `{name}` stands twice in one map");
                    return Err(Wrong::new(node.place, "YAML", reason));
                }
                open.key = Some(Key {
                    place: node.place,
                    name,
                });
            }
        }
        Ok(())
    }
}

fn size(node: &Yaml) -> usize {
    1 + match &node.kind {
        Kind::List(items) => items.iter().map(size).sum(),
        Kind::Map(entries) => entries.iter().map(|(_, value)| 1 + size(value)).sum(),
        _ => 0,
    }
}

/// A plain scalar by the core schema of YAML 1.2.
fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Boolean(true),
        "false" | "False" | "FALSE" => return Kind::Boolean(false),
        _ => {}
    }
    let digits = text.trim_start_matches(['-', '+']);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && text.parse::<f64>().is_ok();
    match numeric {
        true => Kind::Number(text.to_owned()),
        false => Kind::Text(text.to_owned()),
    }
}
