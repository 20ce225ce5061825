//! Gzip to bytes: whole buffers at once where the object is one sound member, else as a stream that keeps what comes
//! before a break.

use std::io::{ErrorKind, Read};

use flate2::bufread::GzDecoder;
use libdeflater::{Crc, Decompressor};
use memchr::memmem;

/// What a gzip object begins with: the magic number and the only method there is.
pub(crate) const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// Deflate can't do better than this, so a trailer that promises more lies.
const MAX_RATIO: usize = 1032;

/// What JSON hardly ever packs to: a trailer that promises more is mostly none.
const LIKELY_RATIO: usize = 64;

/// How much a stream is read on at a time.
const STEP: usize = 256 * 1024;

/// What is wrong with a gzip object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends before its end.
    Truncated,
    /// Its bytes are not what was packed: no deflate stream from some place on, or another checksum.
    Corrupt,
    /// Something follows that is no further member.
    Trailing,
    /// It unpacks to more than is allowed.
    TooLarge,
}

/// Appends what `input`, one gzip member or several, unpacks to, at most `limit` bytes. At a fault, what came before it
/// has been appended. Never allocates for more than `limit`, whatever the object claims of itself.
///
/// # Errors
/// The [`Fault`].
pub(crate) fn gunzip(
    decompressor: &mut Decompressor,
    input: &[u8],
    limit: usize,
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    match whole(decompressor, input, limit, out) {
        true => Ok(()),
        false => stream(input, limit, out),
    }
}

/// Whether an object of `packed` bytes that ends with `last` says so that it unpacks to more than `limit` bytes, and may well:
/// for a rough choice of how to read it, since any object may say so.
pub(crate) fn claims_more(last: [u8; 4], packed: usize, limit: usize) -> bool {
    let claimed = u32::from_le_bytes(last) as usize;
    claimed > limit && claimed / LIKELY_RATIO <= packed
}

/// How many bytes an object of one member says that it unpacks to, unless it can't be so many.
pub(crate) fn claimed(input: &[u8]) -> Option<usize> {
    let claimed = u32::from_le_bytes(*input.last_chunk()?) as usize;
    (claimed / MAX_RATIO <= input.len()).then_some(claimed)
}

/// Unpacks an object of one sound member. If it is something else, nothing is appended.
fn whole(decompressor: &mut Decompressor, input: &[u8], limit: usize, out: &mut Vec<u8>) -> bool {
    let (Some(trailer), Some(claimed)) = (input.last_chunk::<8>(), claimed(input)) else {
        return false;
    };
    if claimed > limit {
        return false;
    }
    let start = out.len();
    out.resize(start + claimed, 0);
    let unpacked = decompressor.gzip_decompress(input, &mut out[start..]);
    if unpacked == Ok(claimed) && is_alone(input, *trailer, &out[start..]) {
        return true;
    }
    out.truncate(start);
    false
}

/// Whether nothing follows the first member, which unpacked to `unpacked`: libdeflate is content with the first and
/// does not tell where it ends. It ends with its checksum and length, so it ends where these eight bytes stand; if
/// that is at the end of the object and nowhere before, it is the whole object.
fn is_alone(input: &[u8], trailer: [u8; 8], unpacked: &[u8]) -> bool {
    let mut crc = Crc::new();
    crc.update(unpacked);
    let [a, b, c, d] = crc.sum().to_le_bytes();
    trailer[..4] == [a, b, c, d] && memmem::find(input, &trailer) == Some(input.len() - 8)
}

/// Unpacks one member after the other.
fn stream(input: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let end = out.len().saturating_add(limit);
    let mut rest = input;
    while !rest.is_empty() {
        if !rest.starts_with(&MAGIC) && rest.len() < input.len() {
            return Err(Fault::Trailing);
        }
        let mut member = GzDecoder::new(rest);
        read(&mut member, end, out)?;
        rest = member.into_inner();
    }
    Ok(())
}

/// Appends what is left of a member, until `out` is `end` bytes long.
fn read(member: &mut impl Read, end: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    loop {
        let filled = out.len();
        let room = end - filled;
        // One byte more than allowed shows that there is more.
        out.resize(filled + STEP.min(room + 1), 0);
        let read = member.read(&mut out[filled..]);
        out.truncate(filled + (*read.as_ref().unwrap_or(&0)).min(room));
        match read {
            Ok(0) => return Ok(()),
            Ok(count) if count > room => return Err(Fault::TooLarge),
            Ok(_) => (),
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(Fault::Truncated),
            Err(_) => return Err(Fault::Corrupt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use libdeflater::{CompressionLvl, Compressor};

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut compressor = Compressor::new(CompressionLvl::default());
        let mut out = vec![0; compressor.gzip_compress_bound(text.len())];
        let length = compressor
            .gzip_compress(text, &mut out)
            .expect("room enough");
        out.truncate(length);
        out
    }

    fn unpack(input: &[u8], limit: usize) -> (Result<(), Fault>, Vec<u8>) {
        let mut out = b"before".to_vec();
        let result = gunzip(&mut Decompressor::new(), input, limit, &mut out);
        assert!(out.starts_with(b"before"));
        (result, out.split_off(6))
    }

    /// Text that does not compress well, so that a member has some length.
    fn noise(length: u32) -> Vec<u8> {
        (0..length)
            .flat_map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect()
    }

    #[test]
    fn one_member() {
        let text = noise(100_000);
        assert_eq!(unpack(&gzip(&text), 1 << 20), (Ok(()), text));
        assert_eq!(unpack(&gzip(b""), 0), (Ok(()), Vec::new()));
    }

    #[test]
    fn what_an_object_claims_at_its_end() {
        let packed = gzip(&noise(100_000));
        let last = *packed.last_chunk().expect("an end");
        assert!(claims_more(last, packed.len(), 399_999));
        assert!(!claims_more(last, packed.len(), 400_000));
        // Nothing so small holds so much.
        assert!(!claims_more([0xff; 4], 100, 1_000));
    }

    #[test]
    fn several_members_are_all_read() {
        let (a, b) = (noise(50_000), b"second".to_vec());
        let members = [gzip(&a), gzip(b""), gzip(&b)].concat();
        assert_eq!(unpack(&members, 1 << 20), (Ok(()), [a.clone(), b].concat()));
        // The same member twice: the trailer of the last fits the first.
        let twice = [gzip(&a), gzip(&a)].concat();
        assert_eq!(unpack(&twice, 1 << 20), (Ok(()), [a.clone(), a].concat()));
    }

    #[test]
    fn what_follows_is_noticed() {
        let text = noise(1_000);
        let packed = gzip(&text);
        let trailer = packed[packed.len() - 8..].to_vec();
        for garbage in [
            b"x".to_vec(),
            vec![0; 8],
            b"garbage".to_vec(),
            [vec![7; 5], trailer].concat(),
        ] {
            let object = [packed.clone(), garbage].concat();
            assert_eq!(
                unpack(&object, 1 << 20),
                (Err(Fault::Trailing), text.clone())
            );
        }
    }

    #[test]
    fn a_truncated_object_gives_what_it_has() {
        let text = noise(100_000);
        let packed = gzip(&text);
        for length in [
            packed.len() - 1,
            packed.len() - 8,
            packed.len() - 9,
            packed.len() / 2,
            12,
            3,
        ] {
            let (result, unpacked) = unpack(&packed[..length], 1 << 20);
            assert_eq!(result, Err(Fault::Truncated), "{length}");
            assert!(text.starts_with(&unpacked), "{length}");
            // What is still in the decoder's window when the input ends may be missing.
            assert!(
                length < 1_000 || unpacked.len() > text.len() / 3,
                "{length} {}",
                unpacked.len()
            );
        }
    }

    #[test]
    fn damage_is_noticed() {
        let text = noise(100_000);
        let packed = gzip(&text);
        for place in [packed.len() / 2, packed.len() - 6, packed.len() - 2] {
            let mut damaged = packed.clone();
            damaged[place] ^= 0xff;
            let (result, _) = unpack(&damaged, 1 << 20);
            assert!(
                matches!(result, Err(Fault::Corrupt | Fault::Truncated)),
                "{place} {result:?}"
            );
        }
        assert_eq!(
            unpack(b"\x1f\x8b\x08not gzip at all", 1 << 20).0,
            Err(Fault::Corrupt)
        );
    }

    #[test]
    fn a_bomb_is_stopped_at_the_limit() {
        let bomb = gzip(&vec![0; 50_000_000]);
        let (result, unpacked) = unpack(&bomb, 1_000_000);
        assert_eq!((result, unpacked.len()), (Err(Fault::TooLarge), 1_000_000));
        assert!(unpacked.capacity() < 4_000_000);
        // The same with a trailer that denies it, and with one that overdoes it.
        for claimed in [10_u32, u32::MAX] {
            let mut liar = bomb.clone();
            let length = liar.len();
            liar[length - 4..].copy_from_slice(&claimed.to_le_bytes());
            let (result, unpacked) = unpack(&liar, 1_000_000);
            assert_eq!((result, unpacked.len()), (Err(Fault::TooLarge), 1_000_000));
            assert!(unpacked.capacity() < 4_000_000);
        }
        assert_eq!(unpack(&gzip(b"12345"), 5), (Ok(()), b"12345".to_vec()));
        assert_eq!(
            unpack(&gzip(b"12345"), 4),
            (Err(Fault::TooLarge), b"1234".to_vec())
        );
    }
}
