//! The text form of values: what `toString` gives, and `concat`, `arrayToString` and `~` go by.

use std::fmt::Write;
use std::net::{IpAddr, Ipv6Addr};

use jiff::Timestamp;

use super::{Uid, Value};

impl Value<'_> {
    /// The text form; none for null.
    ///
    /// Timestamps are in UTC with nine digits of a second, durations `[hh:]mm:ss.nnnnnnnnn`, binary values hexadecimal
    /// bytes in Base64, arrays in brackets with `, ` between their elements, records JSON.
    pub fn text(&self) -> Option<String> {
        let mut out = String::new();
        match self {
            Value::Null => return None,
            Value::String(text) => out.push_str(text),
            Value::Array(_) => nested(self, ", ", &mut out),
            other => nested(other, ",", &mut out),
        }
        Some(out)
    }
}

/// As JSON, as far as JSON goes; texts of other types in quotes where they are nested.
fn nested(value: &Value<'_>, between: &str, out: &mut String) {
    // Writing to a text does not fail.
    let _ = match value {
        Value::Null => write!(out, "null"),
        Value::Boolean(boolean) => write!(out, "{boolean}"),
        Value::Long(long) => write!(out, "{long}"),
        Value::Double(double) => write!(out, "{double:?}"),
        Value::String(text) => {
            json::write_string(text, out);
            Ok(())
        }
        Value::Timestamp(nanos) => write!(out, "{}", stamp(*nanos)),
        Value::Duration(nanos) => {
            duration(*nanos, out);
            Ok(())
        }
        Value::Timeframe(start, end) => write!(out, "{}/{}", stamp(*start), stamp(*end)),
        Value::Ip(ip) => write!(out, "{}", ip_text(*ip)),
        Value::Uid(uid) => write!(out, "{}", uid_text(*uid)),
        Value::Smartscape(id) => write!(out, "{id}"),
        Value::Geopoint(latitude, longitude) => write!(out, "{latitude:?},{longitude:?}"),
        Value::Binary(bytes) => {
            use base64::Engine;
            out.push_str(&base64::engine::general_purpose::STANDARD.encode(bytes));
            Ok(())
        }
        Value::Array(elements) => {
            out.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push_str(between);
                }
                inside(element, between, out);
            }
            out.push(']');
            Ok(())
        }
        Value::Record(members) => {
            out.push('{');
            for (place, (key, value)) in members.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                json::write_string(key, out);
                out.push(':');
                inside(value, ",", out);
            }
            out.push('}');
            Ok(())
        }
    };
}

/// A value inside another: what JSON has no type for is a JSON string.
fn inside(value: &Value<'_>, between: &str, out: &mut String) {
    let plain = matches!(
        value,
        Value::Null
            | Value::Boolean(_)
            | Value::Long(_)
            | Value::Double(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Record(_)
    );
    if plain {
        return nested(value, between, out);
    }
    out.push('"');
    nested(value, between, out);
    out.push('"');
}

/// An instant in nanoseconds since the epoch as `2019-08-01T13:30:00.000000000 +0000`.
pub fn stamp(nanos: i64) -> String {
    // Every long is within the years that the calendar has.
    Timestamp::from_nanosecond(i128::from(nanos)).map_or_else(
        |_| nanos.to_string(),
        |instant| format!("{} +0000", instant.strftime("%Y-%m-%dT%H:%M:%S%.9f")),
    )
}

fn duration(nanos: i64, out: &mut String) {
    const SECOND: u64 = 1_000_000_000;
    let (sign, size) = (if nanos < 0 { "-" } else { "" }, nanos.unsigned_abs());
    let (seconds, rest) = (size / SECOND, size % SECOND);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    out.push_str(sign);
    let _ = match hours {
        0 => write!(out, "{minutes:02}:{seconds:02}.{rest:09}"),
        _ => write!(out, "{hours:02}:{minutes:02}:{seconds:02}.{rest:09}"),
    };
}

/// An address: version 4 with dots; version 6 in groups of four digits, the longest run of two or more zero groups as
/// `::`, except that the last group is always written.
pub fn ip_text(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => v6_text(ip),
    }
}

fn v6_text(ip: Ipv6Addr) -> String {
    let groups = ip.segments();
    // The last group is not part of any run.
    let (mut best, mut start) = (0..0, 0);
    for place in 0..groups.len() {
        if groups[place] != 0 || place == groups.len() - 1 {
            if place - start > best.len() {
                best = start..place;
            }
            start = place + 1;
        }
    }
    let group = |group: &u16| format!("{group:04x}");
    let join = |groups: &[u16]| groups.iter().map(group).collect::<Vec<_>>().join(":");
    if best.len() < 2 {
        return join(&groups);
    }
    format!(
        "{}::{}",
        join(&groups[..best.start]),
        join(&groups[best.end..])
    )
}

/// An identifier: 16 or 32 hexadecimal digits, a UUID with dashes.
pub fn uid_text(uid: Uid) -> String {
    match uid {
        Uid::Uid64(bits) => format!("{bits:016x}"),
        Uid::Uid128(bits) => format!("{bits:032x}"),
        Uid::Uuid(bits) => {
            let digits = format!("{bits:032x}");
            let part = |from: usize, to: usize| &digits[from..to];
            format!(
                "{}-{}-{}-{}-{}",
                part(0, 8),
                part(8, 12),
                part(12, 16),
                part(16, 20),
                part(20, 32)
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_text_forms() {
        let table = [
            (Value::Boolean(true), "true"),
            (Value::Double(3.0), "3.0"),
            (Value::string("a\"b"), "a\"b"),
            (Value::Duration(300_000_000_000), "05:00.000000000"),
            (Value::Duration(-3_661_000_000_001), "-01:01:01.000000001"),
            (
                Value::Timestamp(1_564_666_200_000_000_000),
                "2019-08-01T13:30:00.000000000 +0000",
            ),
            (Value::Timestamp(-1), "1969-12-31T23:59:59.999999999 +0000"),
            (
                Value::Array(vec![Value::Long(1), Value::string("x"), Value::Null]),
                "[1, \"x\", null]",
            ),
            (
                Value::Record(vec![("t".into(), Value::Timestamp(0))]),
                "{\"t\":\"1970-01-01T00:00:00.000000000 +0000\"}",
            ),
            (Value::Binary(b"DQL".into()), "RFFM"),
        ];
        for (value, text) in table {
            assert_eq!(value.text().as_deref(), Some(text));
        }
        assert_eq!(Value::Null.text(), None);
    }

    #[test]
    fn addresses_have_one_text() {
        let table = [
            ("127.0.0.1", "127.0.0.1"),
            ("2001:db8:0:0:0:8a2e:370:7334", "2001:0db8::8a2e:0370:7334"),
            ("::1", "::0001"),
            ("2000::", "2000::0000"),
            ("::", "::0000"),
            ("1:0:2:3:4:5:6:7", "0001:0000:0002:0003:0004:0005:0006:0007"),
        ];
        for (written, text) in table {
            assert_eq!(ip_text(written.parse().expect("an address")), text);
        }
    }
}
