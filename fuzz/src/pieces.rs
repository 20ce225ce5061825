//! What must hold of any text that is cut into pieces, as objects are that are too large to be held whole. The tests of
//! `ingest` compile this file, too, and put the corpus and what is near it through it.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex};

use json::Cursor;
use libdeflater::Crc;
use memchr::memmem;

use crate::block::Block;
use crate::decode::{decode, decode_piece};
use crate::decoded::{Decoded, Parts};
use crate::flatten::{Flattener, Refusal};
use crate::windows::{Large, Piece, Sizes, Windows};

/// More bytes than any text here unpacks to.
const LIMIT: usize = 1 << 24;

/// What may stand before the cut part of an array of records in a piece of its own, and behind it.
const LEADS: [&str; 6] = [
    "",
    "[",
    "{\"Records\":[",
    "{\"Events\":[",
    "{\"logEvents\":[",
    "{\"records\":[",
];
const CLOSINGS: [&str; 3] = ["", "]", "]}"];

/// The first three bytes say how large pieces and records may be and how many bytes come at a time; what follows is cut
/// with these sizes. It ends, no byte is lost or there twice, it is the same however the bytes come, and the records and
/// what is set aside are those of the text as a whole.
pub fn windows_cut(bytes: &[u8]) {
    let Some((&[window, record, step], text)) = bytes.split_first_chunk() else {
        return;
    };
    // What is packed is unpacked first, which is not what is looked at here.
    if text.starts_with(b"\x1f\x8b") || text.starts_with(b"\x28\xb5\x2f\xfd") {
        return;
    }
    let window = 32 + usize::from(window);
    let sizes = Sizes {
        window,
        record: window * (1 + usize::from(record % 8)),
    };
    let pieces = Cut::all(text, sizes, usize::from(step) + 1);
    assert_eq!(pieces, Cut::all(text, sizes, usize::MAX));
    check_records(text, &pieces);
    // Where every record has room, nothing is passed by.
    let room = Sizes {
        window,
        record: window.max(2 * text.len()),
    };
    let pieces = Cut::all(text, room, usize::MAX);
    assert!(pieces.iter().all(|cut| cut.kind == Kind::Text));
    check_records(text, &pieces);
}

/// A piece of a text.
#[derive(PartialEq)]
struct Cut {
    /// What is decoded: the text, or the value that was too large.
    text: Vec<u8>,
    shift: i64,
    /// Where the part of the whole begins that is in it.
    start: usize,
    /// Where the next one begins.
    end: usize,
    kind: Kind,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Text,
    /// A value in an array that was too large.
    Listed,
    /// One that stands by itself.
    Alone,
    /// One that breaks off.
    Broken,
}

impl fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy(&self.text);
        write!(f, "{} {:?} {text:?}", self.start, self.kind)
    }
}

impl Cut {
    /// All pieces of a text, of which so many bytes come at a time, after a look at where each stood.
    fn all(text: &[u8], sizes: Sizes, step: usize) -> Vec<Cut> {
        let reader = Steps {
            text: text.to_vec(),
            at: 0,
            step,
        };
        let mut windows = Windows::sized(reader, LIMIT as u64, sizes).expect("a reader");
        let mut all = Vec::new();
        let place = |given: u64| usize::try_from(given).expect("a place");
        loop {
            let before = place(windows.given());
            let sink = Sink::default();
            let piece = windows.next(&mut || {
                sink.0.lock().expect("a sink").clear();
                Ok(Box::new(sink.clone()))
            });
            let after = place(windows.given());
            let sunk = std::mem::take(&mut *sink.0.lock().expect("a sink"));
            match piece.expect("a piece") {
                None => break,
                Some(Piece::Text { text: piece, shift }) => {
                    assert!(after > before, "no way forward");
                    let start = start(text, &piece, shift, before, after);
                    all.push(Cut {
                        text: piece,
                        shift,
                        start: start.expect("a piece of the text"),
                        end: after,
                        kind: Kind::Text,
                    });
                }
                Some(Piece::Broken { at }) => {
                    assert!(before <= place(at) && place(at) <= after);
                    assert!(after > before, "no way forward");
                    all.push(Cut {
                        text: Vec::new(),
                        shift: 0,
                        start: before,
                        end: after,
                        kind: Kind::Broken,
                    });
                }
                Some(Piece::Large(Large {
                    at,
                    length,
                    crc,
                    listed,
                })) => {
                    let (at, length) = (place(at), place(length));
                    let value = text.get(at..at + length).expect("a part of the text");
                    assert!(is_gap(&text[before..at]), "what was passed by");
                    let end = at + length;
                    let comma = text.get(end) == Some(&b',');
                    assert!(
                        after == end || after == end + 1 && comma,
                        "a byte is lost, or is there twice: {at} to {end}, then {after}"
                    );
                    let mut sum = Crc::new();
                    sum.update(value);
                    assert_eq!(sum.sum(), crc);
                    assert_eq!(sunk, value);
                    all.push(Cut {
                        text: value.to_vec(),
                        shift: at as i64,
                        start: at,
                        end: after,
                        kind: if listed { Kind::Listed } else { Kind::Alone },
                    });
                }
            }
        }
        assert_eq!(place(windows.given()), text.len(), "the end is reached");
        assert!(windows.fault.is_none());
        all
    }
}

/// Where in the whole the part begins that a piece has of it, with the brackets around it that belong there.
fn start(whole: &[u8], piece: &[u8], shift: i64, before: usize, after: usize) -> Option<usize> {
    let comma = after
        .checked_sub(1)
        .filter(|&end| whole.get(end) == Some(&b','));
    for lead in LEADS {
        let start = usize::try_from(shift + lead.len() as i64).ok();
        let Some(start) = start.filter(|&start| start >= before) else {
            continue;
        };
        for end in [Some(after), comma].into_iter().flatten() {
            let Some(part) = whole.get(start..end) else {
                continue;
            };
            let is_it =
                |closing: &&str| piece == [lead.as_bytes(), part, closing.as_bytes()].concat();
            if is_gap(&whole[before..start]) && CLOSINGS.iter().any(is_it) {
                return Some(start);
            }
        }
    }
    None
}

/// Whether this may be left out between two pieces: nothing, or what stands before an array of records in its object, or
/// behind it.
fn is_gap(text: &[u8]) -> bool {
    text.is_empty() || text.ends_with(b"[") || text.starts_with(b"]") && text.ends_with(b"}")
}

/// The records of the pieces, and what is set aside of them, are those of the whole, where what a piece is shows in it.
fn check_records(text: &[u8], pieces: &[Cut]) {
    let Some(brackets) = brackets(text) else {
        return;
    };
    // In a value that is too large, a line that begins one is taken for the end of a broken line.
    let is_line = |cut: &Cut| {
        let (before, behind) = text.split_at(cut.end);
        let open =
            before.last() == cut.text.last() && brackets.iter().all(|(end, _)| *end != cut.end);
        cut.kind == Kind::Broken || cut.kind == Kind::Text && open && behind.starts_with(b"\n{")
    };
    if pieces.iter().any(is_line) {
        return;
    }
    let whole = Taken::of(text, None);
    let (mut parts, mut records) = (Parts::default(), Vec::new());
    let (mut count, mut refused, mut aside) = (0, 0, Vec::new());
    for cut in pieces {
        // What is too large is set aside in one piece, whatever it holds.
        let around = brackets.iter().find(|(end, _)| *end > cut.start);
        let lead = around.map_or("", |(_, lead)| lead).as_bytes();
        let closing = if lead.len() > 1 { "]}" } else { "]" };
        let closed = [lead, cut.text.as_slice(), closing.as_bytes()].concat();
        let (piece, shift) = match cut.kind {
            Kind::Listed => (&closed, cut.shift - lead.len() as i64),
            _ => (&cut.text, cut.shift),
        };
        let mut taken = Taken::of(piece, Some(parts.records));
        records.append(&mut taken.records);
        let mut part = parts.enter(taken.decoded, shift);
        count += part.records;
        refused += part.refused;
        aside.append(&mut part.aside);
    }
    records.sort();
    assert_eq!(
        shown(&records),
        shown(&whole.records),
        "records of {:?} in {pieces:?}",
        String::from_utf8_lossy(text)
    );
    assert_eq!(count, records.len() as u64 + refused);
    // What is too large and stands in an array is taken for a record.
    let listed = pieces.iter().any(|cut| cut.kind == Kind::Listed);
    // Where nothing stands between two commas, that is a malformed value unless a piece ends there.
    let is_malformed = |(_, refusal): &(u64, Refusal)| matches!(refusal, Refusal::Json(_));
    if !listed && !whole.decoded.refusals.iter().any(is_malformed) {
        let what = |decoded: &Decoded| (decoded.records, decoded.refused, decoded.other);
        assert_eq!(
            (count, refused, parts.other()),
            what(&whole.decoded),
            "what counts of {:?} in {pieces:?}",
            String::from_utf8_lossy(text)
        );
    }
    let set_aside = |all: &[crate::decoded::Aside]| {
        let (mut places, mut wrapped) = (BTreeSet::new(), Vec::new());
        for one in all {
            if listed && one.refusal == Refusal::Foreign {
                continue;
            }
            let at = usize::try_from(one.at).expect("a place");
            let stands = text
                .get(at..)
                .is_some_and(|rest| rest.starts_with(&one.bytes));
            match stands {
                true => places.extend(
                    (at..at + one.bytes.len()).filter(|&at| !b" \t\r\n,".contains(&text[at])),
                ),
                false => wrapped.push((at, one.bytes.clone())),
            }
        }
        wrapped.sort();
        (places, wrapped)
    };
    assert_eq!(
        set_aside(&aside),
        set_aside(&whole.decoded.aside),
        "set aside of {:?} in {pieces:?}",
        String::from_utf8_lossy(text)
    );
}

fn shown(records: &[Vec<u8>]) -> Vec<std::borrow::Cow<'_, str>> {
    records
        .iter()
        .map(|record| String::from_utf8_lossy(record))
        .collect()
}

/// What is taken in of a text.
struct Taken {
    decoded: Decoded,
    /// The rows' records, sorted: those that are wrapped come behind all others of their piece.
    records: Vec<Vec<u8>>,
}

impl Taken {
    /// Of a whole text, or of a piece before which so many records came.
    fn of(text: &[u8], before: Option<u64>) -> Taken {
        let columns = lake::cloudtrail::columns();
        let mut block = Block::new(&columns, 0);
        block.text.extend_from_slice(text);
        block.rows.begin(0, "object", None);
        let mut flattener = Flattener::new(&columns);
        let (text, rows) = (&mut block.text, &mut block.rows);
        let decoded = match before {
            None => decode(text, 0, LIMIT, &mut flattener, rows),
            Some(before) => decode_piece(text, 0, LIMIT, &mut flattener, rows, before),
        };
        let record = |slot: &crate::block::Slot| {
            let (_, at, length) = slot.place().expect("a text");
            block.text.get(at..at + length).expect("a text").to_vec()
        };
        let mut records: Vec<Vec<u8>> = block.rows.content.iter().map(record).collect();
        records.sort();
        Taken { decoded, records }
    }
}

/// What stands around the records of a text, for each of its values with where that ends; none where pieces don't show
/// what they are: the text is not whole but for records of a log whose brackets are, or an object with an array that
/// records come in has something else in it that says more.
fn brackets(text: &[u8]) -> Option<Vec<(usize, &'static str)>> {
    // Notifications in an array are known by the first one.
    if std::str::from_utf8(text).is_err() || memmem::find(text, b"\"aws:").is_some() {
        return None;
    }
    let mark = usize::from(text.starts_with(b"\xef\xbb\xbf")) * 3;
    let mut cursor = Cursor::starting(text, mark);
    let mut all = Vec::new();
    while let Some(first) = cursor.peek() {
        let lead = match first {
            b'{' => object_lead(text, &mut cursor).ok()??,
            other => {
                cursor.skip().ok()?;
                if other == b'[' { "[" } else { "" }
            }
        };
        all.push((cursor.at(), lead));
        cursor.space();
    }
    Some(all)
}

/// Passes the records of a log. Some may be broken that end all the same.
fn skip_elements(text: &[u8], cursor: &mut Cursor<'_>) -> Result<(), json::Error> {
    let mut more = cursor.first_element()?;
    while more {
        let before = cursor.clone();
        match cursor.skip() {
            Err(error) if error.problem == json::Problem::End => return Err(error),
            Err(_) => {
                *cursor = before;
                cursor.skip_balanced(text.len())?;
            }
            Ok(()) => {}
        }
        more = cursor.next_element()?;
    }
    Ok(())
}

fn object_lead(text: &[u8], cursor: &mut Cursor<'_>) -> Result<Option<&'static str>, json::Error> {
    let (mut lists, mut others, mut first) = (Vec::new(), 0, true);
    // No member that says more has so short a name.
    let mut short = true;
    let mut log = false;
    let mut member = cursor.first_member()?;
    while let Some(name) = member {
        let key = text.get(name.start..name.end).unwrap_or_default();
        let array = cursor.peek() == Some(b'[');
        let lead = LEADS.into_iter().find(|lead| {
            let lead = lead
                .strip_prefix("{\"")
                .and_then(|lead| lead.strip_suffix("\":["));
            lead.is_some_and(|name| name.as_bytes() == key)
        });
        match lead {
            // A cut looks for these as they are mostly written.
            _ if key.contains(&b'\\') => return Ok(None),
            Some(lead) if array => {
                log |= first && key == b"Records";
                lists.push(lead);
            }
            _ => {
                others += 1;
                short &= key.len() < 3;
            }
        }
        first = false;
        match log && array && key == b"Records" {
            true => skip_elements(text, cursor)?,
            false => cursor.skip()?,
        }
        member = cursor.next_member()?;
    }
    let lead = lists.first().copied().unwrap_or_default();
    let records = lead == "{\"Records\":[";
    let shows = match log || records && short {
        true => lists.iter().all(|other| *other == lead),
        false => lists.is_empty() || lists.len() == 1 && others == 0,
    };
    Ok(shows.then_some(lead))
}

/// A text that comes so many bytes at a time.
struct Steps {
    text: Vec<u8>,
    at: usize,
    step: usize,
}

impl Read for Steps {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let count = rest.len().min(self.step).min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// What goes past.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("a sink").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
