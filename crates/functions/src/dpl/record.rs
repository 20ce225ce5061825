//! The JSON matchers: whole values as they stand, and bodies that pick and convert members.

use std::borrow::Cow;

use ::json::{Cursor, Kind};

use super::capture::Capture;
use super::follow::Cont;
use super::matcher::Scan;
use super::program::{Conversion, Json, JsonType, Members, Node, What};
use super::relaxed::relaxed;
use super::run::{Match, Runner};

impl<'p, 'i> Runner<'p, 'i> {
    /// `JSON` at `at`.
    pub(super) fn json(&mut self, form: &'p Json, at: usize) -> Option<Match<'i>> {
        if self.input.as_bytes().get(at) != Some(&b'{') {
            return None;
        }
        let (end, text) = self.document(at, form.limit, form.strict)?;
        let Some(members) = &form.members else {
            return Some((end, Some(Capture::Json(text))));
        };
        let mark = self.events.len();
        match text {
            Cow::Borrowed(text) => self.members(members, text)?,
            Cow::Owned(text) => {
                self.elsewhere(&text, |inner, text| inner.members(members, text))?
            }
        }
        if members.flat {
            return Some((end, Some(Capture::Null)));
        }
        let mut record = String::new();
        self.record(mark, &members.names, &mut record);
        Some((end, Some(Capture::Text(record.into()))))
    }

    /// `JSON_ARRAY` at `at`; one element that can't be converted spoils it.
    pub(super) fn json_array(&mut self, form: &'p JsonType, at: usize) -> Option<Match<'i>> {
        if self.input.as_bytes().get(at) != Some(&b'[') {
            return None;
        }
        let (end, text) = self.document(at, form.limit, form.strict)?;
        let Some(convert) = form.convert else {
            return Some((end, Some(Capture::Json(text))));
        };
        let list = Conversion {
            dimensions: convert.dimensions + 1,
            ..convert
        };
        Some((end, Some(self.convert_text(list, text)?)))
    }

    /// `JSON_VALUE` at `at`.
    pub(super) fn json_value(&mut self, form: &'p JsonType, at: usize) -> Option<Match<'i>> {
        // The scanner passes white space before a value; a matcher does not.
        if self
            .input
            .as_bytes()
            .get(at)
            .is_none_or(u8::is_ascii_whitespace)
        {
            return None;
        }
        let (end, text) = self.document(at, form.limit, form.strict)?;
        let value = match form.convert {
            Some(convert) => self.convert_text(convert, text)?,
            None if text == "null" => Capture::Null,
            None => Capture::Json(text),
        };
        Some((end, Some(value)))
    }

    /// The JSON text that begins at `at`, and its end in the input.
    fn document(&mut self, at: usize, limit: usize, strict: bool) -> Option<(usize, Cow<'i, str>)> {
        let input = self.input;
        if strict {
            let scan = strict_end(input, at, limit);
            self.json_bytes += scan.to - at;
            let end = self.scanned(at, scan)?;
            return Some((end, Cow::Borrowed(&input[at..end])));
        }
        let scan = relaxed(input, at, limit);
        self.json_bytes += scan.to - at;
        let (end, text) = self.scanned(at, scan)?;
        Some((end, Cow::Owned(text)))
    }

    /// Captures the declared members of an object.
    fn members(&mut self, members: &'p Members, text: &'i str) -> Option<()> {
        if !self.charge(text.len() / 16) {
            return None;
        }
        let mut found = ::json::members(text).ok()??;
        for member in &members.list {
            let Some((_, raw)) = found.iter().find(|(name, _)| *name == member.name) else {
                if member.mandatory {
                    return None;
                }
                continue;
            };
            match (self.convert(member.convert, raw), member.export) {
                (Some(value), Some(name)) => self.events.push((name, value)),
                (None, _) if member.mandatory => return None,
                _ => {}
            }
        }
        if let Some(rest) = members.rest {
            found.retain(|(name, _)| !members.list.iter().any(|member| member.name == *name));
            let mut record = String::from("{");
            for (index, (name, raw)) in found.iter().enumerate() {
                if index > 0 {
                    record.push(',');
                }
                ::json::write_string(name, &mut record);
                record.push(':');
                Capture::Json(Cow::Borrowed(raw)).write(&mut record);
            }
            record.push('}');
            self.events.push((rest, Capture::Text(record.into())));
        }
        (!self.gave_up).then_some(())
    }

    fn convert_text(&mut self, convert: Conversion, text: Cow<'i, str>) -> Option<Capture<'i>> {
        match text {
            Cow::Borrowed(text) => self.convert(convert, text),
            Cow::Owned(text) => self.elsewhere(&text, |inner, text| {
                inner.convert(convert, text).map(Capture::into_owned)
            }),
        }
    }

    /// Converts a JSON value; none if it can't be converted.
    fn convert(&mut self, convert: Conversion, raw: &'i str) -> Option<Capture<'i>> {
        let kind = ::json::classify(raw);
        if kind == Kind::Null {
            return Some(Capture::Null);
        }
        let program = self.program;
        let node = program.node(convert.node);
        if let Some(dimensions) = convert.dimensions.checked_sub(1) {
            let elements = ::json::elements(raw).ok()??;
            let mut text = String::from("[");
            for (index, element) in elements.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                self.convert(
                    Conversion {
                        dimensions,
                        ..convert
                    },
                    element,
                )?
                .write(&mut text);
            }
            text.push(']');
            return Some(Capture::Text(text.into()));
        }
        match (&node.what, kind) {
            (What::Json(_) | What::JsonArray(_) | What::JsonValue(_), _) => self.within(node, raw),
            (What::Word, Kind::String) => ::json::as_string(raw).map(Capture::Str),
            (What::Word, Kind::Object | Kind::Array) => None,
            (What::Word, _) => Some(Capture::Str(raw.into())),
            (_, Kind::String) => match ::json::as_string(raw)? {
                Cow::Borrowed(text) => self.within(node, text),
                Cow::Owned(text) => self.elsewhere(&text, |inner, text| {
                    inner.within(node, text).map(Capture::into_owned)
                }),
            },
            _ => self.within(node, raw),
        }
    }

    /// Applies a node to the whole of another text.
    fn within(&mut self, node: &'p Node, text: &'i str) -> Option<Capture<'i>> {
        let mark = self.events.len();
        let outer = self.enter(text);
        // What is taken of another text is not shown.
        if let Some(tracer) = &mut self.tracer {
            tracer.begin_test();
        }
        let found = self.attempt(node, 0, &Cont::End);
        if let Some(tracer) = &mut self.tracer {
            tracer.end_test();
        }
        self.enter(outer);
        match found {
            Some((end, value)) if end == text.len() && self.charge(1) => Some(
                node.constant
                    .clone()
                    .or(value)
                    .unwrap_or(Capture::Str(text.into())),
            ),
            _ => {
                self.events.truncate(mark);
                None
            }
        }
    }

    /// Runs something over a text that does not live as long as the input; captures are copied.
    fn elsewhere<T>(
        &mut self,
        text: &str,
        run: impl for<'t> FnOnce(&mut Runner<'p, 't>, &'t str) -> Option<T>,
    ) -> Option<T> {
        let mut inner = Runner::new(self.program, text, self.work);
        inner.base_time = self.base_time;
        let result = run(&mut inner, text);
        self.work = inner.work;
        self.json_bytes += inner.json_bytes;
        self.gave_up |= inner.gave_up;
        let events = std::mem::take(&mut inner.events);
        self.events.extend(
            events
                .into_iter()
                .map(|(name, value)| (name, value.into_owned())),
        );
        result
    }
}

/// Where the strict JSON value at `at` ends, if it is no longer than `limit` bytes.
fn strict_end(input: &str, at: usize, limit: usize) -> Scan<usize> {
    // One byte more than allowed, for a number that the cut would make shorter than it is.
    let cut = at.saturating_add(limit).saturating_add(1).min(input.len());
    let mut cursor = Cursor::starting(&input.as_bytes()[..cut], at);
    match cursor.skip() {
        Ok(()) => {
            let end = cursor.at();
            Scan {
                to: end,
                found: (end - at <= limit).then_some(end),
            }
        }
        Err(error) => Scan {
            to: error.at.max(at),
            found: None,
        },
    }
}
