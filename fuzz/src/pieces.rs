//! What must hold of any text that is cut into pieces, however it is read. The tests of `ingest` compile this file, too, and put
//! the corpus and what is near it through it.

use std::io::{self, Read, Write};

use json::Cursor;

use crate::block::Block;
use crate::decode::{Decoded, decode, decode_on};
use crate::flatten::Flattener;
use crate::windows::{Piece, Windows};

/// The most bytes of a text.
const LIMIT: usize = 1 << 20;

/// A text, read a few bytes at a time.
struct Drops {
    text: Vec<u8>,
    at: usize,
    size: usize,
}

impl Read for Drops {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let rest = &self.text[self.at..];
        let count = rest.len().min(into.len()).min(self.size);
        into[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

/// A record, and where it stands if it was not wrapped.
type Record = (Option<i64>, Vec<u8>);

/// What was found: the rows' records, where in the text those stand that were not wrapped, how many records
/// there were.
#[derive(Debug, Default)]
struct Found {
    records: Vec<Vec<u8>>,
    places: Vec<Option<i64>>,
    count: u64,
}

/// The first two bytes say how large pieces are and how many bytes are read at a time; the rest is a text. Each record that
/// comes out of pieces stands where it is said to. Of values of JSON one after the other the pieces give the records that
/// the whole gives.
pub fn pieces_cut(bytes: &[u8]) {
    let Some((&[size, drop], text)) = bytes.split_first_chunk() else {
        return;
    };
    if text.len() > LIMIT || text.starts_with(&[0x1f, 0x8b]) || text.starts_with(&[0x28, 0xb5]) {
        return;
    }
    let (size, drop) = (usize::from(size) * 4 + 1, usize::from(drop) + 1);
    let pieces = cut(text, size, drop, LIMIT * 2);
    let whole = whole(text);
    if is_sound(text) {
        // Of each text that is decoded at once, what is wrapped comes last.
        let (pieces, whole) = (pieces.sorted(), whole.sorted());
        assert!(
            pieces == whole,
            "pieces of {size} bytes, read by {drop}: {}",
            told(&pieces, &whole)
        );
    }
    // Where a record is too large for a piece, it is passed, and no other is touched.
    let _ = cut(text, size, drop, size * 2);
}

/// The records of a text as a whole.
fn whole(text: &[u8]) -> Found {
    let mut found = Found::default();
    let columns = lake::cloudtrail::columns();
    let mut block = Block::new(&columns, 0);
    block.text.extend_from_slice(text);
    block.rows.begin(0, "object", None);
    let mut flattener = Flattener::new(&columns);
    let decoded = decode(&mut block.text, 0, LIMIT, &mut flattener, &mut block.rows);
    found.add(&block, 0, text, text, &decoded);
    found
}

/// The records of the pieces of a text, of which none above `record` bytes is held.
fn cut(text: &[u8], size: usize, drop: usize, record: usize) -> Found {
    let drops = Drops {
        text: text.to_vec(),
        at: 0,
        size: drop,
    };
    let mut windows = Windows::new(drops, u64::MAX / 2, size).expect("read");
    windows.record = record;
    let columns = lake::cloudtrail::columns();
    let mut flattener = Flattener::new(&columns);
    let (mut found, mut given) = (Found::default(), 0);
    let mut passed = 0;
    loop {
        let piece = windows.next(&mut || Ok(Box::new(io::sink()) as Box<dyn Write>));
        let (piece, shift) = match piece.expect("a sink takes all") {
            None => break,
            Some(Piece::Large { at, length, .. }) => {
                assert!(at + length <= text.len() as u64);
                passed += 1;
                continue;
            }
            Some(Piece::Text { text, shift }) => (text, shift),
        };
        // No piece begins before what was given, and each takes something away.
        assert!(windows.given() > given || windows.given() == text.len() as u64);
        given = windows.given();
        let mut block = Block::new(&columns, 0);
        block.text.extend_from_slice(&piece);
        block.rows.begin(0, "object", None);
        let decoded = Decoded::after(found.count, false);
        let (text_of, rows) = (&mut block.text, &mut block.rows);
        let decoded = decode_on(text_of, 0, LIMIT, &mut flattener, rows, decoded);
        found.add(&block, shift, &piece, text, &decoded);
        windows.reuse(piece);
    }
    assert!(windows.fault.is_none());
    assert_eq!(windows.given(), text.len() as u64, "all was given");
    assert!(record > LIMIT || passed <= text.len());
    found
}

/// What of two findings differs first.
fn told(pieces: &[Record], whole: &[Record]) -> String {
    let text = |record: Option<&Record>| {
        record.map(|(place, text)| (*place, String::from_utf8_lossy(text).into_owned()))
    };
    let differ = |at: &usize| pieces.get(*at) != whole.get(*at);
    let first = (0..pieces.len().max(whole.len())).find(differ);
    let at = first.unwrap_or_default();
    format!(
        "{} and {} records, first {:?} and {:?}",
        pieces.len(),
        whole.len(),
        text(pieces.get(at)),
        text(whole.get(at))
    )
}

impl Found {
    fn sorted(&self) -> Vec<Record> {
        let places = self.places.iter().copied();
        let mut all: Vec<_> = places.zip(self.records.iter().cloned()).collect();
        all.sort();
        all
    }

    fn add(&mut self, block: &Block, shift: i64, piece: &[u8], whole: &[u8], decoded: &Decoded) {
        // A piece without records makes room for what is wrapped in it.
        let stays = block.text.starts_with(piece);
        for slot in &block.rows.content {
            let (_, at, long) = slot.place().expect("a text");
            let record = &block.text[at..at + long];
            let place = (stays && at < piece.len()).then_some(at as i64 + shift);
            if let Some(place) = place {
                let there = usize::try_from(place).ok().and_then(|at| whole.get(at..));
                let there = there.expect("a place in the text");
                assert!(there.starts_with(record), "a record that stood elsewhere");
            }
            self.records.push(record.to_vec());
            self.places.push(place);
        }
        self.count = decoded.records;
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
