//! Windows that move over the numbers of an array.

use crate::parameter::{Accepts, Parameter, required};
use crate::value::Value;

/// The size of the window.
pub(super) const WINDOW: Parameter = required(
    "windowSize",
    Accepts::LONG,
    "how many elements the window holds, the one it is for included",
)
.constant()
.within(0, 60);

/// `make` of the numbers in the window of each element of `values`, which are an array and the size of the window. Null
/// where a window has none, and for an array that holds anything but numbers and null.
pub(super) fn moving<'a>(
    values: &[Value<'a>],
    make: impl Fn(&[&Value<'a>]) -> Value<'a>,
) -> Value<'a> {
    let [Value::Array(elements), Value::Long(size)] = values else {
        return Value::Null;
    };
    let number = |value: &Value<'_>| value.as_number().is_some();
    if !elements
        .iter()
        .all(|value| value.is_null() || number(value))
    {
        return Value::Null;
    }
    let size = usize::try_from(*size).unwrap_or(0);
    let results = (1..=elements.len()).map(|end| {
        let window: Vec<_> = elements[end.saturating_sub(size)..end]
            .iter()
            .filter(|value| number(value))
            .collect();
        match window.as_slice() {
            [] => Value::Null,
            window => make(window),
        }
    });
    Value::Array(results.collect())
}
