//! `json_sort_key(value)`: bytes that sort as DQL sorts values of different types.
//!
//! Order: boolean, number, string, array, record; false before true, numbers by value, strings by code point, arrays
//! element by element with the shorter prefix first, records by their values in key order.

use std::sync::Arc;

use arrow::array::{Array, AsArray, BinaryBuilder};
use arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

use super::type_rank::rank;

/// The sort key of `value` (JSON text, `Utf8View`).
pub(crate) fn sort_key(value: Expr) -> Expr {
    udf().call(vec![value])
}

pub(super) fn udf() -> Arc<ScalarUDF> {
    Arc::new(ScalarUDF::new_from_impl(JsonSortKey {
        signature: Signature::exact(vec![DataType::Utf8View], Volatility::Immutable),
    }))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct JsonSortKey {
    signature: Signature,
}

impl ScalarUDFImpl for JsonSortKey {
    fn name(&self) -> &str {
        "json_sort_key"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(DataType::Binary)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [value] = args.args.as_slice() else {
            return exec_err!("json_sort_key takes one value");
        };
        let values = value.to_array(args.number_rows)?;
        let Some(values) = values.as_string_view_opt() else {
            return exec_err!("json_sort_key reads JSON text, not {}", values.data_type());
        };
        let mut builder = BinaryBuilder::with_capacity(values.len(), values.len() * 16);
        let mut key = Vec::new();
        for value in values {
            match value {
                Some(value) => {
                    key.clear();
                    write(value, &mut key);
                    builder.append_value(&key);
                }
                None => builder.append_null(),
            }
        }
        Ok(ColumnarValue::Array(Arc::new(builder.finish())))
    }
}

/// Ends a container, so that a prefix sorts first: less than any rank.
const END: u8 = 0;

fn write(value: &str, key: &mut Vec<u8>) {
    key.push(rank(value) as u8);
    match json::classify(value) {
        json::Kind::Boolean => key.push(u8::from(json::as_boolean(value) == Some(true))),
        json::Kind::Long | json::Kind::Double => {
            let double = json::as_double(value).unwrap_or_default();
            let bits = double.to_bits();
            // Flips negative numbers whole and positive ones in the sign, which makes the order that of the bytes.
            let flip = if bits >> 63 == 1 { u64::MAX } else { 1 << 63 };
            key.extend((bits ^ flip).to_be_bytes());
            // What rounding took from a long, at most 512: longs that share a double are in order by it.
            let rest = json::as_long(value).map_or(0, |long| i128::from(long) - double as i128);
            key.extend((rest as i16 ^ i16::MIN).to_be_bytes());
        }
        json::Kind::String => {
            for byte in json::as_string(value).unwrap_or_default().bytes() {
                key.push(byte);
                if byte == END {
                    // Tells a zero byte of the text from its end.
                    key.push(1);
                }
            }
            key.extend([END, END]);
        }
        json::Kind::Array => {
            for element in json::elements(value).ok().flatten().unwrap_or_default() {
                write(element, key);
            }
            key.push(END);
        }
        json::Kind::Object => {
            for (_, member) in json::members(value).ok().flatten().unwrap_or_default() {
                write(member, key);
            }
            key.push(END);
        }
        json::Kind::Null => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DQL's order of types, and of the values of each.
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
            "9007199254740994",
            "9223372036854775807",
            "9223372036854775808",
            "1e300",
            "\"\"",
            "\"\\u0000\"",
            "\"A\"",
            "\"a\"",
            "\"a\\u0000\"",
            "\"aa\"",
            "[]",
            "[0]",
            "[0,1]",
            "[0,\"\"]",
            "[0,null]",
            "{}",
            "{\"b\":1}",
            "{\"a\":2}",
        ];
        let key = |value: &str| {
            let mut key = Vec::new();
            write(value, &mut key);
            key
        };
        for pair in ascending.windows(2) {
            assert!(key(pair[0]) < key(pair[1]), "{} {}", pair[0], pair[1]);
        }
        assert_eq!(key("2"), key("2.0"));
    }
}
