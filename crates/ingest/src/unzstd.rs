//! Zstandard to bytes, bounded.

use std::io::{self, Read};

use crate::gunzip::Fault;

/// What a frame begins with.
pub(crate) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How much is read at a time.
const STEP: u64 = 256 * 1024;

/// How many bytes the first frame says that it unpacks to, if it does.
pub(crate) fn claimed(input: &[u8]) -> Option<usize> {
    let size = zstd::zstd_safe::get_frame_content_size(input).ok()??;
    usize::try_from(size).ok()
}

/// Appends what `input`, one frame or several, unpacks to, at most `limit` bytes. At a fault, what came before it has
/// been appended.
///
/// # Errors
/// The [`Fault`].
pub(crate) fn unzstd(input: &[u8], limit: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
    let end = out.len().saturating_add(limit);
    let mut decoder =
        zstd::stream::read::Decoder::with_buffer(input).map_err(|_| Fault::Corrupt)?;
    loop {
        // One byte more than allowed shows that there is more.
        let room = (end - out.len()) as u64;
        match decoder.by_ref().take(STEP.min(room + 1)).read_to_end(out) {
            Ok(0) => return Ok(()),
            Ok(_) if out.len() > end => {
                out.truncate(end);
                return Err(Fault::TooLarge);
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                out.truncate(end);
                return Err(Fault::Truncated);
            }
            Err(_) => {
                out.truncate(end);
                return Err(Fault::Corrupt);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_unpacked() {
        let text: Vec<u8> = (0..100_000u32).flat_map(u32::to_le_bytes).collect();
        let packed = zstd::encode_all(text.as_slice(), 3).expect("packed");
        let unpack = |input: &[u8], limit| {
            let mut out = Vec::new();
            (unzstd(input, limit, &mut out), out)
        };
        assert_eq!(unpack(&packed, text.len()), (Ok(()), text.clone()));
        let twice = [packed.clone(), packed.clone()].concat();
        assert_eq!(
            unpack(&twice, 1 << 20),
            (Ok(()), [text.clone(), text.clone()].concat())
        );
        let (result, out) = unpack(&packed, 1_000);
        assert_eq!((result, out.len()), (Err(Fault::TooLarge), 1_000));
        let (result, out) = unpack(&packed[..packed.len() / 2], 1 << 20);
        assert_eq!(result, Err(Fault::Truncated));
        assert!(text.starts_with(&out));
        let garbage = [packed, b"garbage".to_vec()].concat();
        assert_eq!(unpack(&garbage, 1 << 20), (Err(Fault::Corrupt), text));
    }
}
