//! Values as bytes, for files that this process alone reads again.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

/// Seven bits a byte, the lowest first.
pub(super) fn number(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub(super) fn long(long: i64, out: &mut Vec<u8>) {
    // Numbers near zero are short, whatever their sign.
    number(((long << 1) ^ (long >> 63)).cast_unsigned(), out);
}

pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// Whether there is a value, and what `put` makes of it.
pub(super) fn option<T>(value: Option<T>, out: &mut Vec<u8>, put: impl FnOnce(T, &mut Vec<u8>)) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        put(value, out);
    }
}

/// How many there are, and what `put` makes of each.
pub(super) fn list<T>(
    values: impl ExactSizeIterator<Item = T>,
    out: &mut Vec<u8>,
    mut put: impl FnMut(T, &mut Vec<u8>),
) {
    number(values.len() as u64, out);
    values.for_each(|value| put(value, out));
}

/// Reads what was written.
pub(super) struct Bytes<R>(pub(super) R);

impl<R: BufRead> Bytes<R> {
    /// Whether nothing is left.
    pub(super) fn is_empty(&mut self) -> io::Result<bool> {
        Ok(self.0.fill_buf()?.is_empty())
    }

    pub(super) fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.0.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    pub(super) fn number(&mut self) -> io::Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(damaged())
    }

    pub(super) fn long(&mut self) -> io::Result<i64> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
    }

    pub(super) fn text(&mut self) -> io::Result<String> {
        let length = self.number()?;
        let mut text = Vec::new();
        // A damaged length shall not be taken for the memory that it asks for.
        self.0.by_ref().take(length).read_to_end(&mut text)?;
        match text.len() as u64 == length {
            true => String::from_utf8(text).map_err(|_| damaged()),
            false => Err(damaged()),
        }
    }

    pub(super) fn shared(&mut self) -> io::Result<Arc<str>> {
        self.text().map(Arc::from)
    }

    pub(super) fn option<T>(
        &mut self,
        get: impl FnOnce(&mut Self) -> io::Result<T>,
    ) -> io::Result<Option<T>> {
        match self.byte()? {
            0 => Ok(None),
            1 => get(self).map(Some),
            _ => Err(damaged()),
        }
    }

    pub(super) fn list<T>(
        &mut self,
        mut get: impl FnMut(&mut Self) -> io::Result<T>,
    ) -> io::Result<Vec<T>> {
        let count = self.number()?;
        (0..count).map(|_| get(self)).collect()
    }
}

pub(super) fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a temporary file does not hold what was written to it",
    )
}
