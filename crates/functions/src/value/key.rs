//! Values as keys: a text that is equal for equal values, for grouping, and bytes that sort as values do.

use super::{Uid, Value, encode, rank};

/// Appends a value text that is the same for equal values and for no others: keys are in order, and a double that is a
/// whole long is written as one.
pub fn canonical(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Double(double) if double.fract() == 0.0 && in_longs(*double) => {
            encode(&Value::Long(*double as i64), out);
        }
        Value::Array(elements) => {
            out.push('[');
            for (place, element) in elements.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                canonical(element, out);
            }
            out.push(']');
        }
        Value::Record(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            out.push('{');
            for (place, (key, value)) in members.into_iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                json::write_string(key, out);
                out.push(':');
                canonical(value, out);
            }
            out.push('}');
        }
        other => encode(other, out),
    }
}

fn in_longs(double: f64) -> bool {
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&double)
}

/// Ends a container or a text, so that a prefix sorts first: less than any rank.
const END: u8 = 0;

/// Appends bytes that are in order as [`super::total`] orders the values.
pub fn sort_key(value: &Value<'_>, key: &mut Vec<u8>) {
    key.push(rank(value));
    match value {
        Value::Null => {}
        Value::Boolean(boolean) => key.push(u8::from(*boolean)),
        Value::Long(long) => {
            let double = *long as f64;
            number(double, key);
            // What rounding took from the long, at most 512: longs that share a double are in order by it.
            let rest = i128::from(*long) - double as i128;
            key.extend((rest as i16 ^ i16::MIN).to_be_bytes());
        }
        Value::Double(double) => {
            number(*double, key);
            key.extend(i16::MIN.to_be_bytes());
        }
        Value::String(text) | Value::Smartscape(text) => bytes(text.as_bytes(), key),
        Value::Binary(binary) => bytes(binary, key),
        Value::Timestamp(nanos) | Value::Duration(nanos) => long(*nanos, key),
        Value::Timeframe(start, end) => {
            long(*start, key);
            long(*end, key);
        }
        Value::Uid(uid) => {
            key.push(match uid {
                Uid::Uid64(_) => 0,
                Uid::Uid128(_) => 1,
                Uid::Uuid(_) => 2,
            });
            key.extend(uid.bits().to_be_bytes());
        }
        Value::Ip(ip) => match ip {
            std::net::IpAddr::V4(ip) => {
                key.push(4);
                key.extend(ip.octets());
            }
            std::net::IpAddr::V6(ip) => {
                key.push(6);
                key.extend(ip.octets());
            }
        },
        Value::Geopoint(latitude, longitude) => {
            number(*latitude, key);
            number(*longitude, key);
        }
        Value::Array(elements) => {
            elements.iter().for_each(|element| sort_key(element, key));
            key.push(END);
        }
        Value::Record(members) => {
            members.iter().for_each(|(_, value)| sort_key(value, key));
            key.push(END);
        }
    }
}

fn long(long: i64, key: &mut Vec<u8>) {
    key.extend((long ^ i64::MIN).to_be_bytes());
}

fn number(double: f64, key: &mut Vec<u8>) {
    let bits = (double + 0.0).to_bits();
    // Flips negative numbers whole and positive ones in the sign, which makes the order that of the bytes.
    let flip = if bits >> 63 == 1 { u64::MAX } else { 1 << 63 };
    key.extend((bits ^ flip).to_be_bytes());
}

fn bytes(bytes: &[u8], key: &mut Vec<u8>) {
    for byte in bytes {
        key.push(*byte);
        if *byte == END {
            // Tells a zero byte of the text from its end.
            key.push(1);
        }
    }
    key.extend([END, END]);
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;
    use crate::value::order::{same, total};
    use crate::value::testing::value;
    use crate::value::{decode, from_json};

    #[test]
    fn keys_sort_as_values_do() {
        let ascending = [
            "false",
            "true",
            "-9223372036854775808",
            "-9223372036854775807",
            "-1.5",
            "0",
            "0.1",
            "9007199254740992.0",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "1e300",
            "\"\\/b00\"",
            "\"\"",
            "\"\\u0000\"",
            "\"A\"",
            "\"a\"",
            "\"a\\u0000\"",
            "\"aa\"",
            "\"\\/t-1\"",
            "\"\\/t1\"",
            "\"\\/d0\"",
            "\"\\/f0/1\"",
            "\"\\/i9.0.0.1\"",
            "\"\\/i10.0.0.1\"",
            "\"\\/i::1\"",
            "[]",
            "[0]",
            "[0,1]",
            "[0,\"\"]",
            "[0,null]",
            "{}",
            "{\"b\":1}",
            "{\"a\":2}",
            "null",
        ];
        let key = |text: &str| {
            let mut key = Vec::new();
            sort_key(&decode(text), &mut key);
            key
        };
        for pair in ascending.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{} {}", pair[0], pair[1]);
            assert_eq!(total(&decode(pair[0]), &decode(pair[1])), Ordering::Less);
        }
        assert_eq!(key("2"), key("2.0"));
    }

    proptest! {
        #[test]
        fn keys_agree_with_the_order(a in value(), b in value()) {
            let (mut left, mut right) = (Vec::new(), Vec::new());
            sort_key(&a, &mut left);
            sort_key(&b, &mut right);
            prop_assert_eq!(left.cmp(&right), total(&a, &b));
        }

        #[test]
        fn canonical_texts_are_those_of_equal_values(a in value(), b in value()) {
            let (mut left, mut right) = (String::new(), String::new());
            canonical(&a, &mut left);
            canonical(&b, &mut right);
            prop_assert_eq!(left == right, same(&a, &b));
            prop_assert!(same(&decode(&left), &a));
        }
    }

    /// The canonical text of JSON is the same whichever way it is made.
    #[test]
    fn json_has_one_canonical_text() {
        for text in [
            "{\"b\":1.0,\"a\":[1e2,\"\\u0041\",null]}",
            "-0.0",
            "1e30",
            "\"a/b\"",
        ] {
            let (mut ours, mut theirs) = (String::new(), String::new());
            canonical(&from_json(text), &mut ours);
            json::canonical(text, &mut theirs).expect("JSON");
            assert_eq!(ours, theirs);
        }
    }
}
