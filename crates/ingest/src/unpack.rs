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
    match form {
        Form::Gzip => gunzip(decompressor, input, limit, text)?,
        Form::Zstandard => unzstd::unzstd(input, limit, text)?,
        Form::Plain => text.extend_from_slice(input),
    }
    // Firehose packs once more what CloudWatch Logs has packed.
    let unpacked = text.get(start..).unwrap_or_default();
    if !unpacked.starts_with(&gunzip::MAGIC) {
        return Ok(());
    }
    let inner = text.split_off(start);
    gunzip(decompressor, &inner, limit, text)
}
