//! Base64 to text: what CloudWatch Logs sends to Kinesis, Firehose and Lambda is gzip in Base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use libdeflater::Decompressor;

use crate::gunzip::{Fault, MAGIC, gunzip};

/// Why a payload gives no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is no Base64.
    Base64,
    /// The gzip in it is damaged, or unpacks to too much.
    Gzip(Fault),
}

/// The text of a payload, at most `limit` bytes.
pub(crate) fn payload(encoded: &str, limit: usize) -> Result<Vec<u8>, Unreadable> {
    let bytes = STANDARD
        .decode(encoded.trim())
        .map_err(|_| Unreadable::Base64)?;
    // Firehose packs what is packed already, if it is told to.
    let mut bytes = bytes;
    for _ in 0..2 {
        if !bytes.starts_with(&MAGIC) {
            break;
        }
        let mut text = Vec::new();
        gunzip(&mut Decompressor::new(), &bytes, limit, &mut text).map_err(Unreadable::Gzip)?;
        bytes = text;
    }
    match bytes.len() > limit {
        true => Err(Unreadable::Gzip(Fault::TooLarge)),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("packed");
        encoder.finish().expect("packed")
    }

    #[test]
    fn payloads_are_unpacked() {
        let text = br#"{"a":1}"#;
        for bytes in [text.to_vec(), packed(text), packed(&packed(text))] {
            assert_eq!(payload(&STANDARD.encode(bytes), 100), Ok(text.to_vec()));
        }
        assert_eq!(payload("no Base64 at all!", 100), Err(Unreadable::Base64));
        let long = STANDARD.encode(packed(&[0; 1000]));
        assert_eq!(payload(&long, 100), Err(Unreadable::Gzip(Fault::TooLarge)));
        let mut broken = packed(text);
        broken.truncate(12);
        let broken = payload(&STANDARD.encode(broken), 100);
        assert_eq!(broken, Err(Unreadable::Gzip(Fault::Truncated)));
    }
}
