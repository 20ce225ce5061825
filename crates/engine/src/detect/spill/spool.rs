//! Alerts on disk, in pieces that are read in the order in which they were written.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use functions::Type;
use rules::run::Kind;

use super::bytes::{self, Bytes};
use super::matches::{read_event, write_event};
use crate::detect::Alert;
use crate::value::Value;

/// What a piece is read through, and how much of it is written at a time.
const BUFFER: usize = 64 << 10;

/// The types whose values are only shown.
const SHOWN: [Type; 5] = [
    Type::Ip,
    Type::Uid,
    Type::Smartscape,
    Type::Geopoint,
    Type::Binary,
];

/// A file of alerts, shared by the lists that have pieces in it.
#[derive(Debug)]
pub(in crate::detect) struct Spool(Mutex<File>);

/// A piece of a file: alerts, one behind the other.
#[derive(Clone, Debug)]
pub(in crate::detect) struct Segment {
    spool: Arc<Spool>,
    begin: u64,
    end: u64,
}

impl Spool {
    /// An empty file.
    ///
    /// # Errors
    /// Where the system gives no place for it.
    pub(in crate::detect) fn new() -> io::Result<Arc<Spool>> {
        Ok(Arc::new(Spool(Mutex::new(tempfile::tempfile()?))))
    }

    /// Writes alerts behind what is there.
    ///
    /// # Errors
    /// Where the disk does not take them.
    pub(in crate::detect) fn append<'a>(
        self: &Arc<Spool>,
        alerts: impl IntoIterator<Item = &'a Alert>,
    ) -> io::Result<Segment> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begin = file.seek(SeekFrom::End(0))?;
        let mut end = begin;
        let mut bytes = Vec::with_capacity(BUFFER);
        for alert in alerts {
            write(alert, &mut bytes);
            if bytes.len() >= BUFFER {
                file.write_all(&bytes)?;
                end += bytes.len() as u64;
                bytes.clear();
            }
        }
        file.write_all(&bytes)?;
        end += bytes.len() as u64;
        let spool = Arc::clone(self);
        Ok(Segment { spool, begin, end })
    }
}

impl Segment {
    /// Its alerts, in the order in which they were written.
    pub(in crate::detect) fn alerts(&self) -> impl Iterator<Item = io::Result<Alert>> + use<> {
        let mut bytes = Bytes(BufReader::with_capacity(BUFFER, self.clone()));
        let mut failed = false;
        std::iter::from_fn(move || {
            let next = match bytes.is_empty() {
                _ if failed => return None,
                Ok(true) => return None,
                Ok(false) => read(&mut bytes),
                Err(error) => Err(error),
            };
            failed = next.is_err();
            Some(next)
        })
    }
}

impl Read for Segment {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.begin).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        let mut file = self.spool.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.begin))?;
        let count = file.read(&mut buffer[..room])?;
        self.begin += count as u64;
        Ok(count)
    }
}

fn write(alert: &Alert, out: &mut Vec<u8>) {
    let time = |time: Option<i64>, out: &mut Vec<u8>| bytes::option(time, out, bytes::long);
    bytes::text(&alert.id, out);
    out.push(match alert.kind {
        None => 0,
        Some(Kind::Event) => 1,
        Some(Kind::Threshold) => 2,
        Some(Kind::NewTerms) => 3,
        Some(Kind::Correlation) => 4,
    });
    time(alert.run, out);
    time(alert.window.map(|(from, _)| from), out);
    time(alert.window.map(|(_, to)| to), out);
    time(alert.first, out);
    time(alert.last, out);
    bytes::list(alert.key.iter(), out, |(name, value), out| {
        bytes::text(name, out);
        bytes::option(value.as_deref(), out, bytes::text);
    });
    bytes::number(alert.count, out);
    bytes::option(alert.distinct, out, bytes::number);
    bytes::option(alert.value.map(f64::to_bits), out, bytes::number);
    bytes::number(alert.suppressed, out);
    bytes::list(alert.identities.iter(), out, |text, out| {
        bytes::text(text, out);
    });
    bytes::list(alert.events.iter(), out, |event, out| {
        write_event(event, out)
    });
    bytes::list(alert.record.iter(), out, write_value);
}

fn read<R: io::BufRead>(bytes: &mut Bytes<R>) -> io::Result<Alert> {
    let id = bytes.text()?;
    let kind = match bytes.byte()? {
        0 => None,
        1 => Some(Kind::Event),
        2 => Some(Kind::Threshold),
        3 => Some(Kind::NewTerms),
        4 => Some(Kind::Correlation),
        _ => return Err(bytes::damaged()),
    };
    let mut time = || bytes.option(Bytes::long);
    let run = time()?;
    let window = time()?.zip(time()?);
    let (first, last) = (time()?, time()?);
    Ok(Alert {
        id,
        kind,
        run,
        window,
        first,
        last,
        key: bytes.list(|bytes| Ok((bytes.text()?, bytes.option(Bytes::shared)?)))?,
        count: bytes.number()?,
        distinct: bytes.option(Bytes::number)?,
        value: bytes.option(Bytes::number)?.map(f64::from_bits),
        suppressed: bytes.number()?,
        identities: bytes.list(Bytes::shared)?,
        // Their events are named by now.
        reach: None,
        events: bytes.list(|bytes| read_event(bytes).map(Arc::new))?,
        record: bytes.list(read_value)?,
    })
}

fn write_value(value: &Value, out: &mut Vec<u8>) {
    let numbers = |kind: u8, numbers: &[i64], out: &mut Vec<u8>| {
        out.push(kind);
        numbers.iter().for_each(|number| bytes::long(*number, out));
    };
    match value {
        Value::Null => out.push(0),
        Value::Boolean(value) => numbers(1, &[i64::from(*value)], out),
        Value::Long(value) => numbers(2, &[*value], out),
        Value::Double(value) => numbers(3, &[value.to_bits().cast_signed()], out),
        Value::String(value) => {
            out.push(4);
            bytes::text(value, out);
        }
        Value::Timestamp(value) => numbers(5, &[*value], out),
        Value::Duration(value) => numbers(6, &[*value], out),
        Value::Timeframe(start, end) => numbers(7, &[*start, *end], out),
        Value::Array(values) => {
            out.push(8);
            bytes::list(values.iter(), out, write_value);
        }
        Value::Record(members) => {
            out.push(9);
            bytes::list(members.iter(), out, |(name, value), out| {
                bytes::text(name, out);
                write_value(value, out);
            });
        }
        Value::Shown(name, value) => {
            out.push(10);
            bytes::text(name, out);
            write_value(value, out);
        }
    }
}

fn read_value<R: io::BufRead>(bytes: &mut Bytes<R>) -> io::Result<Value> {
    Ok(match bytes.byte()? {
        0 => Value::Null,
        1 => Value::Boolean(bytes.long()? != 0),
        2 => Value::Long(bytes.long()?),
        3 => Value::Double(f64::from_bits(bytes.long()?.cast_unsigned())),
        4 => Value::String(bytes.text()?),
        5 => Value::Timestamp(bytes.long()?),
        6 => Value::Duration(bytes.long()?),
        7 => Value::Timeframe(bytes.long()?, bytes.long()?),
        8 => Value::Array(bytes.list(read_value)?),
        9 => Value::Record(bytes.list(|bytes| Ok((bytes.text()?, read_value(bytes)?)))?),
        10 => {
            let name = bytes.text()?;
            let mut shown = SHOWN.iter().map(Type::api_name);
            let known = shown.find(|known| *known == name);
            let known = known.ok_or_else(bytes::damaged)?;
            Value::Shown(known, Box::new(read_value(bytes)?))
        }
        _ => return Err(bytes::damaged()),
    })
}
