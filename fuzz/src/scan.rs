//! What must hold of the JSON scanner for any text, with `serde_json` as the judge. The tests of `json` compile this file,
//! too, and put the corpus through it.

use serde_json::Value;
use serde_json::value::RawValue;

/// A text is JSON for both or for neither, and where it is, both read the same values.
pub fn json_scan(text: &str) {
    let ours = json::validate(text);
    if let Err(error) = &ours {
        assert!(error.at <= text.len(), "{text:?}");
    }
    // Kept as text, values are checked by the grammar alone: no bound of depth or of numbers, and no surrogates.
    let raw = serde_json::from_str::<&RawValue>(text);
    match (&ours, &raw) {
        (Err(error), Ok(_)) => assert_eq!(error.problem, json::Problem::Depth, "{text:?}"),
        (Ok(()), Err(_)) => panic!("serde_json refuses {text:?}"),
        _ => {}
    }
    if let (Ok(()), Ok(tree)) = (ours, serde_json::from_str::<Value>(text)) {
        same(text.trim_matches([' ', '\t', '\r', '\n']), &tree);
    }
}

fn same(raw: &str, tree: &Value) {
    match tree {
        Value::Object(due) => {
            let members = json::members(raw).ok().flatten().unwrap_or_default();
            assert_eq!(members.len(), due.len(), "{raw:?}");
            for ((name, raw), (key, value)) in members.iter().zip(due) {
                assert_eq!(name.as_ref(), key);
                same(raw, value);
            }
        }
        Value::Array(due) => {
            let elements = json::elements(raw).ok().flatten().unwrap_or_default();
            assert_eq!(elements.len(), due.len(), "{raw:?}");
            for (raw, value) in elements.iter().zip(due) {
                same(raw, value);
            }
        }
        Value::String(due) => assert_eq!(json::as_string(raw).as_deref(), Some(due.as_str())),
        Value::Bool(due) => assert_eq!(json::as_boolean(raw), Some(*due)),
        Value::Null => assert_eq!(json::classify(raw), json::Kind::Null),
        Value::Number(due) => match due.as_i64() {
            Some(due) => assert_eq!(json::as_long(raw), Some(due), "{raw:?}"),
            // serde_json's own reading of doubles may be off by the last bit.
            None => {
                let (ours, due) = (json::as_double(raw), due.as_f64());
                let near = ours
                    .zip(due)
                    .is_some_and(|(a, b)| (a - b).abs() <= a.abs() * 1e-15);
                assert!(near || ours == due, "{raw:?}");
            }
        },
    }
}
