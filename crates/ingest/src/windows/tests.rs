//! Pieces of logs, arrays and lines, with records of every size.

use std::io::Cursor;
use std::sync::{Arc, Mutex};

use super::read::STEP;
use super::*;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("unpoisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The pieces of a text, and what went to the sink.
fn pieces(text: &[u8]) -> (Vec<Piece>, Vec<u8>) {
    let mut windows = Windows::new(Cursor::new(text.to_vec()), u64::MAX / 2, WINDOW).expect("read");
    let sink = Kept::default();
    let mut pieces = Vec::new();
    while let Some(piece) = windows
        .next(&mut || Ok(Box::new(sink.clone())))
        .expect("cut")
    {
        pieces.push(piece);
    }
    assert_eq!(windows.fault, None);
    let sunk = sink.0.lock().expect("unpoisoned").clone();
    (pieces, sunk)
}

/// All elements of the pieces, each a valid text that holds the array, with where they stand in the whole.
fn elements(pieces: &[Piece], whole: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    for piece in pieces {
        let Piece::Text { text, shift } = piece else {
            continue;
        };
        assert!(text.len() <= RECORD + STEP);
        let text = std::str::from_utf8(text).expect("UTF-8");
        let mut from = 0;
        let mut values = serde_json::Deserializer::from_str(text).into_iter();
        for value in values.by_ref() {
            let value: serde_json::Value = value.expect("a piece is valid");
            let list = value.get("Records").cloned().unwrap_or(value);
            for element in list.as_array().cloned().unwrap_or_else(|| vec![list]) {
                let id = element["id"].as_str().expect("an id").to_owned();
                let quoted = format!("{{\"id\":\"{id}\"");
                let found = text[from..].find(&quoted).expect("it is there") + from;
                from = found + 1;
                let place = (found as i64 + shift) as usize;
                assert!(whole[place..].starts_with(quoted.as_bytes()));
                all.push(id);
            }
        }
    }
    all
}

fn many(count: usize) -> Vec<String> {
    let fill = "x\\\"]}, {[".repeat(100);
    let one = |id| format!("{{\"id\":\"{id}\",\"a\":[1,{{\"b\":\"{fill}\"}}]}}");
    (0..count).map(one).collect()
}

#[test]
fn every_record_is_in_one_piece() {
    let records = many(15_000);
    let ids: Vec<String> = (0..15_000).map(|id| id.to_string()).collect();
    for whole in [
        format!(
            "{{\"a\":[1,2],\"Records\":[{}],\"b\":{{}}}}",
            records.join(",")
        ),
        format!(" [{}] ", records.join(" ,\n")),
        records.join("\n"),
        records.join(""),
    ] {
        let (pieces, sunk) = pieces(whole.as_bytes());
        assert!(pieces.len() > 1 && sunk.is_empty());
        assert_eq!(elements(&pieces, whole.as_bytes()), ids);
    }
}

#[test]
fn a_record_that_is_too_large_goes_past() {
    let records = many(3);
    let large = format!("{{\"id\":\"large\",\"a\":[\"{}\"]}}", "y,".repeat(RECORD));
    for (before, behind) in [("{\"Records\":[", "]}"), ("[", "]")] {
        for order in [
            vec![&records[0], &large, &records[1], &records[2]],
            vec![&large, &records[0], &records[1], &records[2]],
            vec![&records[0], &records[1], &records[2], &large],
        ] {
            let texts: Vec<&str> = order.iter().map(|text| text.as_str()).collect();
            let whole = format!("{before}{}{behind}", texts.join(","));
            let (pieces, sunk) = pieces(whole.as_bytes());
            assert_eq!(elements(&pieces, whole.as_bytes()), ["0", "1", "2"]);
            assert!(sunk == large.as_bytes());
            let found = pieces.iter().find_map(|piece| match piece {
                Piece::Large(large) => Some((large.at as usize, large.length as usize)),
                _ => None,
            });
            assert_eq!(found, whole.find(&large).map(|at| (at, large.len())));
        }
    }
}
