//! The header of a Parquet page: Thrift's compact protocol, of which only what a reader of plain pages needs is kept.

/// What a header says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageHeader {
    /// 0 for data, 2 for a dictionary.
    pub(crate) kind: u64,
    /// Bytes of the page before compression.
    pub(crate) inflated: usize,
    /// Bytes of the page as it is stored.
    pub(crate) stored: usize,
    /// Values, nulls among them.
    pub(crate) values: usize,
    /// How they are encoded.
    pub(crate) encoding: u64,
    /// How the levels of definition are encoded; of data alone.
    pub(crate) levels: u64,
}

/// The most structs within structs that are passed over.
const DEPTH: usize = 16;

/// The header that `bytes` begin with, and its length; none where there is no such.
pub(crate) fn read(bytes: &[u8]) -> Option<(PageHeader, usize)> {
    let mut reader = Reader { bytes, at: 0 };
    let mut header = PageHeader::default();
    let mut field = 0;
    while let Some(kind) = reader.field(&mut field)? {
        match (field, kind) {
            (1, I32) => header.kind = reader.number()?,
            (2, I32) => header.inflated = usize::try_from(reader.number()?).ok()?,
            (3, I32) => header.stored = usize::try_from(reader.number()?).ok()?,
            (5 | 7, STRUCT) => {
                let mut inner = 0;
                while let Some(kind) = reader.field(&mut inner)? {
                    match (inner, kind) {
                        (1, I32) => header.values = usize::try_from(reader.number()?).ok()?,
                        (2, I32) => header.encoding = reader.number()?,
                        (3, I32) => header.levels = reader.number()?,
                        _ => reader.pass(kind, DEPTH)?,
                    }
                }
            }
            _ => reader.pass(kind, DEPTH)?,
        }
    }
    Some((header, reader.at))
}

const I32: u8 = 5;
const STRUCT: u8 = 12;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number that is not below zero, which none of a header's is.
    fn number(&mut self) -> Option<u64> {
        let zigzag = self.varint()?;
        (zigzag & 1 == 0).then_some(zigzag >> 1)
    }

    /// The type of the next field, whose number becomes `field`; none within at the end of the struct.
    fn field(&mut self, field: &mut u64) -> Option<Option<u8>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        *field = match byte >> 4 {
            0 => self.number()?,
            more => field.checked_add(u64::from(more))?,
        };
        Some(Some(byte & 0xf))
    }

    /// Passes over a value of that type.
    fn pass(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // A boolean field is its type.
            1 | 2 => {}
            3 => self.skip(1)?,
            4..=6 => {
                self.varint()?;
            }
            7 => self.skip(8)?,
            8 => {
                let length = self.varint()?;
                self.skip(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = match head >> 4 {
                    15 => self.varint()?,
                    count => u64::from(count),
                };
                for _ in 0..count {
                    match head & 0xf {
                        1 | 2 => self.skip(1)?,
                        kind => self.pass(kind, depth)?,
                    }
                }
            }
            STRUCT => {
                let mut field = 0;
                while let Some(kind) = self.field(&mut field)? {
                    self.pass(kind, depth)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn skip(&mut self, count: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        self.bytes.get(self.at..end)?;
        self.at = end;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out by hand from Thrift's compact protocol: numbers are zigzag, a field's head has what is to be added to the
    /// number of the field before, and its type.
    #[test]
    fn a_header_of_data_with_statistics() {
        let bytes = [
            0x15, 0, // type: data
            0x15, 200, 1, // 100 bytes before compression
            0x15, 80, // 40 as stored
            0x15, 13,   // a checksum, -7
            0x1c, // data, field 5
            0x15, 20, // ten values
            0x15, 16, // encoding 8, from a dictionary
            0x15, 6, // levels are runs
            0x15, 6,    // and these too
            0x1c, // statistics
            0x18, 3, b'a', b'b', b'c', // a text
            0x26, 4,    // a long
            0x11, // a boolean
            0, 0, 0, // three ends
            99,
        ];
        let header = PageHeader {
            kind: 0,
            inflated: 100,
            stored: 40,
            values: 10,
            encoding: 8,
            levels: 3,
        };
        // The checksum is passed over, whatever it is.
        assert_eq!(read(&bytes), Some((header, bytes.len() - 1)));
        for length in 0..bytes.len() - 1 {
            assert_eq!(read(&bytes[..length]), None, "{length}");
        }
    }

    #[test]
    fn what_is_none_is_none() {
        // A size below zero, a type that does not exist, structs without end.
        assert_eq!(read(&[0x25, 13, 0]), None);
        assert_eq!(read(&[0x1e, 0]), None);
        assert_eq!(read(&[0x1c; 100]), None);
        assert_eq!(read(&[0x19, 0xf8, 0xff, 0xff, 0xff, 0xff, 0xf, 0]), None);
    }
}
