//! An object as it is stored to its text. What it is shows in its first bytes, not in its name.

use libdeflater::Decompressor;

use crate::decode::BYTE_ORDER_MARK;
use crate::gunzip::{self, Fault, gunzip};
use crate::unzstd;

/// How an object is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Gzip,
    Zstandard,
    /// As JSON of records begins.
    Plain,
}

/// The form of an object by its first bytes, if it may hold records.
pub(crate) fn form(head: &[u8]) -> Option<Form> {
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    match text.trim_ascii_start().first() {
        _ if head.starts_with(&gunzip::MAGIC) => Some(Form::Gzip),
        _ if head.starts_with(&unzstd::MAGIC) => Some(Form::Zstandard),
        Some(b'{' | b'[') => Some(Form::Plain),
        _ => None,
    }
}

/// How many bytes an object says that it unpacks to, at most `limit`: to have room for them, and no more than that, since
/// any object may say what it likes. Nothing where it says nothing.
pub(crate) fn unpacked_size(form: Form, input: &[u8], limit: usize) -> usize {
    let size = match form {
        Form::Gzip => gunzip::claimed(input),
        Form::Zstandard => unzstd::claimed(input),
        Form::Plain => Some(input.len()),
    };
    size.filter(|size| *size <= limit).unwrap_or_default()
}

/// Appends the text of an object: what is packed unpacks to at most `limit` bytes. At a fault, what came before it has been
/// appended.
///
/// # Errors
/// The [`Fault`].
pub(crate) fn unpack(
    decompressor: &mut Decompressor,
    form: Form,
    input: &[u8],
    limit: usize,
    text: &mut Vec<u8>,
) -> Result<(), Fault> {
    let start = text.len();
    let outer = match form {
        Form::Gzip => gunzip(decompressor, input, limit, text),
        Form::Zstandard => unzstd::unzstd(input, limit, text),
        Form::Plain => {
            text.extend_from_slice(input);
            Ok(())
        }
    };
    // Firehose packs once more what CloudWatch Logs has packed. Where the outer one is damaged the inner one breaks off, too.
    let unpacked = text.get(start..).unwrap_or_default();
    if outer == Err(Fault::TooLarge) || !unpacked.starts_with(&gunzip::MAGIC) {
        return outer;
    }
    let inner = text.split_off(start);
    let inner = gunzip(decompressor, &inner, limit, text);
    match inner {
        Err(Fault::TooLarge) => inner,
        _ => outer.and(inner),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        // Stored as it is, so that some of it comes out of any part.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(text).expect("packed");
        encoder.finish().expect("packed")
    }

    fn unpacked(form: Form, input: &[u8], limit: usize) -> (Result<(), Fault>, Vec<u8>) {
        let mut text = b"before".to_vec();
        let unpacked = unpack(&mut Decompressor::new(), form, input, limit, &mut text);
        assert!(text.starts_with(b"before"));
        (unpacked, text.split_off(6))
    }

    #[test]
    fn the_form_shows_in_the_first_bytes() {
        for (head, expected) in [
            (&b"\x1f\x8b\x08\x00"[..], Some(Form::Gzip)),
            (b"\x28\xb5\x2f\xfd", Some(Form::Zstandard)),
            (b"{", Some(Form::Plain)),
            (b"\xef\xbb\xbf \r\n\t[", Some(Form::Plain)),
            (b"\x1f\x8b\x00", None),
            (b"PAR1", None),
            (b"", None),
        ] {
            assert_eq!(form(head), expected, "{head:?}");
        }
    }

    #[test]
    fn what_an_object_says_of_its_size() {
        let text = vec![b'x'; 100_000];
        let size = |form, input: &[u8]| unpacked_size(form, input, 200_000);
        let packed = zstd::encode_all(text.as_slice(), 1).expect("packed");
        let sized = zstd::bulk::compress(&text, 1).expect("packed");
        assert_eq!(size(Form::Gzip, &gzip(&text)), 100_000);
        assert_eq!(size(Form::Zstandard, &sized), 100_000);
        assert_eq!(size(Form::Plain, &text), 100_000);
        // A stream that was packed as it came says nothing; others say more than may be, or than can be.
        assert_eq!(size(Form::Zstandard, &packed), 0);
        assert_eq!(unpacked_size(Form::Gzip, &gzip(&text), 99_999), 0);
        assert_eq!(size(Form::Gzip, b"\x1f\x8b\x08\xff\xff\x02\x00"), 0);
        assert_eq!(size(Form::Gzip, b""), 0);
        assert_eq!(size(Form::Zstandard, b"\x28\xb5\x2f\xfd"), 0);
    }

    #[test]
    fn of_a_damaged_object_that_is_packed_twice_what_stands_before_is_kept() {
        let text: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let twice = gzip(&gzip(&text));
        assert_eq!(
            unpacked(Form::Gzip, &twice, 1 << 20),
            (Ok(()), text.clone())
        );
        let (result, start) = unpacked(Form::Gzip, &twice[..twice.len() / 2], 1 << 20);
        assert_eq!(result, Err(Fault::Truncated));
        assert!(text.starts_with(&start) && start.len() > text.len() / 3);
        let (result, _) = unpacked(Form::Gzip, &twice, 1_000);
        assert_eq!(result, Err(Fault::TooLarge));
        let packed = zstd::encode_all(gzip(&text).as_slice(), 1).expect("packed");
        assert_eq!(unpacked(Form::Zstandard, &packed, 1 << 20), (Ok(()), text));
    }
}
