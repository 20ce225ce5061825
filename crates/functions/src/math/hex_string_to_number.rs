//! `hexStringToNumber(expression)`

use crate::function::{Body, Function};
use crate::parameter::{Accepts, required};
use crate::row::{self, Row};
use crate::value::Value;

pub(super) const HEX_STRING_TO_NUMBER: Function = Function {
    name: "hexStringToNumber",
    summary: "The number of a hexadecimal text, with or without `0x`; a double where it is beyond the longs.",
    parameters: &[required("expression", Accepts::STRING, "the text")],
    examples: &[
        ("hexStringToNumber(\"0x7f\")", "127"),
        ("hexStringToNumber(\"100\")", "256"),
        ("hexStringToNumber(\"0X80000000\")", "2147483648"),
        ("hexStringToNumber(\"xyz\")", "null"),
        ("hexStringToNumber(\"\")", "null"),
        (
            "hexStringToNumber(\"10000000000000000\")",
            "18446744073709551616.0",
        ),
    ],
    body: Body::Row(Row::new(row::dynamic, |values| match values {
        [Value::String(text)] => number(text).unwrap_or_default(),
        _ => Value::Null,
    })),
};

fn number<'a>(text: &str) -> Option<Value<'a>> {
    let digits = text
        .strip_prefix("0x")
        .or(text.strip_prefix("0X"))
        .unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    if let Ok(long) = i64::from_str_radix(digits, 16) {
        return Some(Value::Long(long));
    }
    let double = digits.chars().filter_map(|digit| digit.to_digit(16));
    Some(Value::double(
        double.fold(0.0, |sum, digit| sum * 16.0 + f64::from(digit)),
    ))
}
