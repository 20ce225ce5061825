//! What must hold of any bytes that are read as an object of an archive. The tests of `ingest` compile this file, too, and
//! put the corpus and what is near it through it.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use json::Cursor;
use libdeflater::Decompressor;
use memchr::memmem;

use crate::block::Block;
use crate::decode::decode;
use crate::decoded::Decoded;
use crate::flatten::Flattener;
use crate::unpack::{Form, form, unpack};

/// The most bytes that an object, and what is wrapped in it, may unpack to.
const LIMIT: usize = 1 << 20;

/// What stands in the block before the object at hand.
const BEFORE: &[u8] = br#"{"Records":[{"eventName":"before"}]}"#;

/// How deep texts are unwrapped: three times for records, and what is in them is refused.
const WRAPPINGS: usize = 4;

/// How many refusals of an object are described.
const DESCRIBED: u64 = 20;

/// Bytes are read as an object: it ends, every record that comes out stood there, and every value that stood where
/// records stand is a row or is counted and kept. Packed, it gives the same.
pub fn container_read(bytes: &[u8]) {
    let began = Instant::now();
    let Some(form) = form(bytes) else {
        return;
    };
    let (text, _) = unpacked(form, bytes);
    let found = Found::of(&text);
    found.check(&text);
    if form == Form::Plain && bytes.len() <= LIMIT {
        for (form, packed) in [
            (Form::Gzip, gzip(bytes)),
            (Form::Gzip, gzip(&gzip(bytes))),
            (Form::Zstandard, zstandard(bytes)),
        ] {
            assert_eq!(unpacked(form, &packed), (bytes.to_vec(), true), "{form:?}");
            let (start, whole) = unpacked(form, &packed[..packed.len() / 2]);
            // Of what is packed twice not even the magic number of the inner one may have come out.
            assert!(!whole, "{form:?}");
            assert!(start.len() < 3 || bytes.starts_with(&start), "{form:?}");
            Found::of(&start).check(&start);
        }
    }
    assert!(began.elapsed() < Duration::from_secs(10), "no end in sight");
}

/// The text of an object, and whether all of it could be unpacked.
fn unpacked(form: Form, bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut text = BEFORE.to_vec();
    let unpacked = unpack(&mut Decompressor::new(), form, bytes, LIMIT, &mut text);
    assert!(text.starts_with(BEFORE));
    let text = text.split_off(BEFORE.len());
    assert!(form == Form::Plain || text.len() <= LIMIT);
    (text, unpacked.is_ok())
}

/// What was found in a text.
struct Found {
    decoded: Decoded,
    /// The rows' records, in the order of rows.
    records: Vec<Vec<u8>>,
    index: Vec<u32>,
}

impl Found {
    fn of(text: &[u8]) -> Found {
        let columns = lake::cloudtrail::columns();
        let mut block = Block::new(&columns, 0);
        block.text.extend_from_slice(BEFORE);
        block.text.extend_from_slice(text);
        block.rows.begin(0, "object", None);
        let mut flattener = Flattener::new(&columns);
        let decoded = decode(
            &mut block.text,
            BEFORE.len(),
            LIMIT,
            &mut flattener,
            &mut block.rows,
        );
        assert!(block.text.starts_with(BEFORE));
        // No byte is in two rows, and rows stand in the order in which they were found.
        let mut end = BEFORE.len();
        let mut record = |slot: &crate::block::Slot| {
            let (side, at, length) = slot.place().expect("a text");
            assert!(!side && at >= end, "a record was read twice");
            end = at + length;
            block.text.get(at..end).expect("a text").to_vec()
        };
        Found {
            records: block.rows.content.iter().map(&mut record).collect(),
            index: block.rows.index,
            decoded,
        }
    }

    fn check(&self, text: &[u8]) {
        let Found {
            decoded,
            records,
            index,
        } = self;
        let texts = texts(text);
        let stood = |part: &[u8]| texts.iter().any(|text| memmem::find(text, part).is_some());
        for record in records {
            let record_text = std::str::from_utf8(record).expect("UTF-8");
            assert_eq!(json::validate(record_text), Ok(()));
            assert_eq!(json::classify(record_text), json::Kind::Object);
            assert!(stood(record), "a record that stood nowhere");
        }
        assert!(index.is_sorted_by(|a, b| a < b));
        assert!(
            index
                .last()
                .is_none_or(|&last| u64::from(last) < decoded.records)
        );

        // Every record is a row or was refused; what was refused is described, and kept.
        assert_eq!(records.len() as u64 + decoded.refused, decoded.records);
        assert_eq!(
            decoded.refusals.len() as u64,
            decoded.refused.min(DESCRIBED)
        );
        let kept: u64 = decoded.aside.iter().map(|aside| aside.count).sum();
        assert_eq!(kept, decoded.refused);
        for aside in &decoded.aside {
            let place = usize::try_from(aside.at).expect("a place");
            let there = text.get(place..).expect("a place in the text");
            assert!(there.starts_with(&aside.bytes) || stood(&aside.bytes));
            assert!(aside.index <= decoded.records);
        }
        let places = decoded.refusals.iter().map(|(at, _)| *at);
        let broken = decoded.broken.map(|error| error.at as u64);
        assert!(places.chain(broken).all(|at| at <= text.len() as u64));
        if decoded.other.is_some() {
            assert!(records.is_empty(), "an object without records has some");
        }

        // What is said to break off or to be malformed is, and nothing else.
        let sound = is_sound(text);
        assert!(!sound || decoded.broken.is_none(), "nothing breaks off");
        assert!(
            sound || decoded.broken.is_some() || decoded.refused > 0,
            "a break that nobody told"
        );
        if let Some(expected) = expected(text).filter(|_| sound) {
            assert_eq!(decoded.records, expected, "records of a log");
        }
    }
}

/// Whether a text is values of JSON, one after the other.
fn is_sound(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut cursor = Cursor::new(text);
    while cursor.peek().is_some() {
        if cursor.skip().is_err() {
            return false;
        }
        cursor.space();
    }
    true
}

/// How many records a text has that is one log, with its records first: the elements of all its arrays `Records`. None for
/// other texts, and where elements may be notifications that wrap records.
fn expected(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let mut cursor = Cursor::new(text.as_bytes());
    if text.contains("\"aws:") || json::validate(text).is_err() || cursor.peek() != Some(b'{') {
        return None;
    }
    let mut count = None;
    let mut member = cursor.first_member().ok()?;
    while let Some(name) = member {
        let name = json::unescape(&text[name.start..name.end]);
        if name == "Records" && cursor.peek() == Some(b'[') {
            let mut more = cursor.first_element().ok()?;
            let count = count.get_or_insert(0);
            while more {
                cursor.skip().ok()?;
                *count += 1;
                more = cursor.next_element().ok()?;
            }
        } else {
            cursor.skip().ok()?;
        }
        // What does not begin with its records is looked at whole, and may be something else.
        count?;
        member = cursor.next_member().ok()?;
    }
    count
}

/// A text, and all that may be wrapped in it: the values of its strings, and what is packed in those. Found without looking
/// at what stands around them, so that there are far more than are read.
fn texts(text: &[u8]) -> HashSet<Vec<u8>> {
    let mut all = HashSet::from([text.to_vec()]);
    let mut last = all.clone();
    for _ in 0..WRAPPINGS {
        let mut next = HashSet::new();
        for value in last.iter().flat_map(|text| strings(text)) {
            next.extend(STANDARD.decode(value.trim()).ok().and_then(payload));
            next.insert(value.into_bytes());
        }
        next.retain(|text| !all.contains(text));
        all.extend(next.iter().cloned());
        last = next;
    }
    all
}

/// The values of all that may be a string in a text: from a quote behind what stands before strings to the next one that is
/// not escaped.
fn strings(text: &[u8]) -> Vec<String> {
    let mut values = Vec::new();
    for start in memchr::memchr_iter(b'"', text) {
        let before = start.checked_sub(1).map(|before| text[before]);
        if !before.is_none_or(|before| b"{[,: \t\r\n".contains(&before)) {
            continue;
        }
        let body = &text[start + 1..];
        let mut end = 0;
        while body.get(end).is_some_and(|&byte| byte != b'"') {
            end += 1 + usize::from(body[end] == b'\\');
        }
        if let Some(body) = body.get(..end) {
            values.extend(std::str::from_utf8(body).ok().and_then(unescaped));
        }
    }
    values
}

/// The value of a string, if its escapes are right.
fn unescaped(body: &str) -> Option<String> {
    let (mut value, mut units) = (String::new(), Vec::new());
    let mut rest = body.chars();
    while let Some(char) = rest.next() {
        if char != '\\' {
            value.push_str(&String::from_utf16_lossy(&units));
            units.clear();
            value.push(char);
            continue;
        }
        let unit = match rest.next()? {
            'b' => 8,
            't' => 9,
            'n' => 10,
            'f' => 12,
            'r' => 13,
            'u' => {
                let (digits, after) = rest.as_str().split_at_checked(4)?;
                rest = after.chars();
                u16::from_str_radix(digits, 16).ok()?
            }
            char @ ('"' | '\\' | '/') => char as u16,
            _ => return None,
        };
        units.push(unit);
    }
    value.push_str(&String::from_utf16_lossy(&units));
    Some(value)
}

/// What a payload is unpacked to.
fn payload(bytes: Vec<u8>) -> Option<Vec<u8>> {
    let mut bytes = bytes;
    for _ in 0..2 {
        if !bytes.starts_with(b"\x1f\x8b\x08") {
            break;
        }
        let mut text = Vec::new();
        let decoder = MultiGzDecoder::new(bytes.as_slice());
        decoder.take(LIMIT as u64).read_to_end(&mut text).ok()?;
        bytes = text;
    }
    Some(bytes)
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).expect("packed");
    encoder.finish().expect("packed")
}

fn zstandard(text: &[u8]) -> Vec<u8> {
    zstd::encode_all(text, 1).expect("packed")
}
