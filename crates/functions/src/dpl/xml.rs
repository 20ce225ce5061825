//! The XML matchers: a document becomes a record, its elements fields.
//!
//! Attributes become fields with `@` before their names; text beside attributes or elements becomes `#text`, a list where
//! it comes in several parts; elements that come more than once become a list. All values are texts.

use super::matcher::Scan;
use super::program::Xml;

/// How deep elements may be nested.
const MAX_DEPTH: usize = 64;

impl Xml {
    /// The document at `at` as JSON text, and where it ends.
    pub(super) fn read(&self, input: &str, at: usize) -> Scan<(usize, String)> {
        let limit = at.saturating_add(self.limit).min(input.len());
        let mut reader = Reader {
            xml: self,
            input: &input[..input.floor_char_boundary(limit)],
            at,
        };
        let root = reader.document();
        let found = root
            .and_then(|root| self.value(&root))
            .map(|text| (reader.at, text));
        Scan {
            to: reader.at,
            found,
        }
    }

    /// The wanted element of a document, as JSON text.
    fn value(&self, document: &Element) -> Option<String> {
        let root = match &self.root {
            Some(name) => document.find(name)?,
            None => document,
        };
        let mut out = String::new();
        if self.exclude_root {
            root.write(&mut out);
        } else {
            out.push('{');
            json::write_string(&root.name, &mut out);
            out.push(':');
            root.write(&mut out);
            out.push('}');
        }
        Some(out)
    }
}

/// An element, read.
#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// The elements in it.
    children: Vec<Element>,
    /// Its own text: the parts between elements and comments.
    texts: Vec<String>,
}

impl Element {
    /// The first element of this name, itself included.
    fn find(&self, name: &str) -> Option<&Element> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    fn write(&self, out: &mut String) {
        let alone = self.attributes.is_empty() && self.children.is_empty();
        if alone {
            return write_texts(&self.texts, out);
        }
        out.push('{');
        let mut first = true;
        let mut field = |name: &str, out: &mut String| {
            if !std::mem::take(&mut first) {
                out.push(',');
            }
            json::write_string(name, out);
            out.push(':');
        };
        for (name, value) in &self.attributes {
            field(&format!("@{name}"), out);
            json::write_string(value, out);
        }
        // White space between elements only makes a document readable.
        let texts: Vec<_> = self
            .texts
            .iter()
            .filter(|text| !text.trim().is_empty())
            .collect();
        if !texts.is_empty() {
            field("#text", out);
            write_texts(&texts, out);
        }
        let mut places = std::collections::HashMap::<&str, usize>::new();
        let mut groups: Vec<Vec<&Element>> = Vec::new();
        for child in &self.children {
            let place = *places.entry(&child.name).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[place].push(child);
        }
        for group in &groups {
            field(&group[0].name, out);
            match group.as_slice() {
                [only] => only.write(out),
                several => list(several, out, |child, out| child.write(out)),
            }
        }
        out.push('}');
    }
}

fn write_texts(texts: &[impl AsRef<str>], out: &mut String) {
    match texts {
        [] => out.push_str("\"\""),
        [only] => json::write_string(only.as_ref(), out),
        several => list(several, out, |text, out| {
            json::write_string(text.as_ref(), out)
        }),
    }
}

fn list<T>(items: &[T], out: &mut String, write: impl Fn(&T, &mut String)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

struct Reader<'x, 'i> {
    xml: &'x Xml,
    /// The text up to the greatest length of a document.
    input: &'i str,
    at: usize,
}

impl<'i> Reader<'_, 'i> {
    fn rest(&self) -> &'i str {
        &self.input[self.at..]
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Passes everything up to `end` and `end` itself; gives what stood before it.
    fn until(&mut self, end: &str) -> Option<&'i str> {
        let rest = self.rest();
        let Some(length) = memchr::memmem::find(rest.as_bytes(), end.as_bytes()) else {
            self.at = self.input.len();
            return None;
        };
        self.at += length + end.len();
        Some(&rest[..length])
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    /// Declaration, comments, document type, and the element they introduce.
    fn document(&mut self) -> Option<Element> {
        if !self.rest().starts_with('<') {
            return None;
        }
        loop {
            self.blanks();
            if self.eat("<!--") {
                self.until("-->")?;
            } else if self.eat("<?") {
                self.until("?>")?;
            } else if self.eat("<!DOCTYPE") {
                self.document_type()?;
            } else if self.eat("<") {
                return self.element(0);
            } else {
                return None;
            }
        }
    }

    /// The rest of a document type; declarations inside it may be bracketed.
    fn document_type(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            let rest = self.rest();
            let length = rest.find(['[', ']', '>', '"', '\''])?;
            self.at += length + 1;
            match rest.as_bytes()[length] {
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                b'>' if depth == 0 => return Some(()),
                b'"' => drop(self.until("\"")?),
                b'\'' => drop(self.until("'")?),
                _ => {}
            }
        }
    }

    /// An element behind its opening bracket.
    fn element(&mut self, depth: usize) -> Option<Element> {
        if depth > MAX_DEPTH {
            return None;
        }
        let tag = self.name()?;
        let mut element = Element {
            name: self.known_as(tag).to_owned(),
            ..Element::default()
        };
        loop {
            self.blanks();
            if self.eat("/>") {
                return Some(element);
            }
            if self.eat(">") {
                break;
            }
            self.attribute(&mut element)?;
        }
        self.content(&mut element, depth)?;
        (self.name()? == tag).then_some(())?;
        self.blanks();
        self.eat(">").then_some(element)
    }

    fn attribute(&mut self, element: &mut Element) -> Option<()> {
        let name = self.name()?;
        self.blanks();
        self.eat("=").then_some(())?;
        self.blanks();
        let value = if self.eat("\"") {
            self.until("\"")?
        } else if self.eat("'") {
            self.until("'")?
        } else {
            return None;
        };
        let declares = name == "xmlns" || name.starts_with("xmlns:");
        if self.xml.attributes && !(declares && self.xml.ignore_namespace) {
            let mut text = String::new();
            unescape(value, &mut text)?;
            element
                .attributes
                .push((self.known_as(name).to_owned(), text));
        }
        Some(())
    }

    /// All up to the closing tag, of which `</` is passed.
    fn content(&mut self, element: &mut Element, depth: usize) -> Option<()> {
        let mut text = String::new();
        let end = |text: &mut String, element: &mut Element| {
            if !text.is_empty() {
                element.texts.push(std::mem::take(text));
            }
        };
        loop {
            let rest = self.rest();
            let length = memchr::memchr(b'<', rest.as_bytes())?;
            unescape(&rest[..length], &mut text)?;
            self.at += length;
            if self.eat("<![CDATA[") {
                text.push_str(self.until("]]>")?);
            } else if self.eat("<!--") {
                self.until("-->")?;
                end(&mut text, element);
            } else if self.eat("<?") {
                self.until("?>")?;
            } else if self.eat("</") {
                end(&mut text, element);
                return Some(());
            } else {
                self.at += 1;
                end(&mut text, element);
                let child = self.element(depth + 1)?;
                element.children.push(child);
            }
        }
    }

    fn name(&mut self) -> Option<&'i str> {
        let rest = self.rest();
        let ends = |c: char| {
            c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=' | '<' | '"' | '\'' | '&')
        };
        let name = &rest[..rest.find(ends)?];
        let begins = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
        self.at += name.len();
        name.starts_with(begins).then_some(name)
    }

    /// The name of a field for this name of a document.
    fn known_as<'n>(&self, name: &'n str) -> &'n str {
        match name.split_once(':') {
            Some((_, local)) if self.xml.ignore_namespace => local,
            _ => name,
        }
    }
}

/// Appends `text`, its entities undone.
fn unescape(text: &str, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let (entity, after) = rest[start + 1..].split_once(';')?;
        let decoded = match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = entity.strip_prefix('#')?;
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(code.ok()?)?
            }
        };
        out.push(decoded);
        rest = after;
    }
    out.push_str(rest);
    Some(())
}
