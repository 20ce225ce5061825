//! Reads an archive: every object, every record, repeats folded.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{logic, time};

/// DQL's `JSON` matcher takes objects of at most this many bytes.
pub const JSON_LIMIT: usize = 128_000;

/// One record of the archive.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its exact bytes.
    pub content: String,
    /// What they say.
    pub json: Value,
    /// `eventTime`, nanoseconds since 1970, whole microseconds; none where it is missing or no time.
    pub time: Option<i128>,
    /// The account in the object's path.
    pub path_account: Option<String>,
}

impl Record {
    /// The field `event` after `parse content, "JSON:event"`: none where the record is too long.
    pub fn event(&self) -> Option<&Value> {
        (self.content.len() <= JSON_LIMIT).then_some(&self.json)
    }
}

/// The records below a folder, each once, in no order that means anything.
///
/// # Errors
///
/// If something cannot be read, or is not `{"Records":[…]}`.
pub fn read(folder: &Path) -> Result<Vec<Record>, Box<dyn Error>> {
    delivered(folder).map(fold)
}

/// The records below a folder as they were delivered, repeats included.
///
/// # Errors
///
/// As [`read`].
pub fn delivered(folder: &Path) -> Result<Vec<Record>, Box<dyn Error>> {
    let mut records = Vec::new();
    for object in objects(folder)? {
        let bytes = fs::read(&object)?;
        let mut text = String::new();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text)?;
        } else {
            text = String::from_utf8(bytes)?;
        }
        let account = account_in(&object);
        let file: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&text)?;
        let list = file.get("Records").ok_or("an object without `Records`")?;
        for raw in serde_json::from_str::<Vec<Box<RawValue>>>(list.get())? {
            records.push(record(raw.get(), account.clone())?);
        }
    }
    Ok(records)
}

/// A record out of its text.
///
/// # Errors
///
/// If the text is no JSON.
pub fn record(content: &str, path_account: Option<String>) -> Result<Record, Box<dyn Error>> {
    let json: Value = serde_json::from_str(content)?;
    let time = json
        .get("eventTime")
        .and_then(Value::as_str)
        .and_then(time::parse)
        .and_then(time::kept);
    Ok(Record {
        content: content.to_owned(),
        json,
        time,
        path_account,
    })
}

/// Leaves out the second delivery of a record: the same account, id and time, and equal JSON. Without an id, records
/// are the same if their bytes are. Two records with one id and different content both stay.
pub fn fold(records: Vec<Record>) -> Vec<Record> {
    let mut kept: Vec<Record> = Vec::new();
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for record in records {
        let part = |name: &str| {
            record
                .json
                .get(name)
                .map_or_else(String::new, |value| logic::normal(value).to_string())
        };
        let has_id = record.json.get("eventID").is_some_and(Value::is_string);
        let key = match has_id {
            true => [
                part("recipientAccountId"),
                part("eventID"),
                part("eventTime"),
            ]
            .join(" "),
            false => record.content.clone(),
        };
        let alike = seen.entry(key).or_default();
        let normal = logic::normal(&record.json);
        if alike
            .iter()
            .any(|&place| !has_id || logic::normal(&kept[place].json) == normal)
        {
            continue;
        }
        alike.push(kept.len());
        kept.push(record);
    }
    kept
}

/// Every log object below a folder.
fn objects(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".json.gz") || name.ends_with(".json") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The twelve digits behind `AWSLogs`.
fn account_in(object: &Path) -> Option<String> {
    let parts: Vec<String> = object
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let after = parts.iter().position(|part| part == "AWSLogs")?;
    parts
        .into_iter()
        .skip(after)
        .find(|part| part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(texts: &[&str]) -> usize {
        fold(
            texts
                .iter()
                .map(|text| record(text, None).unwrap())
                .collect(),
        )
        .len()
    }

    #[test]
    fn the_same_record_in_another_order_folds() {
        let a = r#"{"eventID":"1","eventTime":"2024-01-01T00:00:00Z","recipientAccountId":"1","x":{"a":1,"b":2}}"#;
        let b = r#"{"x":{"b":2,"a":1}, "recipientAccountId":"1","eventTime":"2024-01-01T00:00:00Z","eventID":"1"}"#;
        assert_eq!(folded(&[a, b]), 1);
    }

    #[test]
    fn numbers_are_equal_by_value() {
        let a = r#"{"eventID":"1","eventTime":"2024-01-01T00:00:00Z","x":1}"#;
        let b = r#"{"eventID":"1","eventTime":"2024-01-01T00:00:00Z","x":1.0}"#;
        assert_eq!(folded(&[a, b]), 1);
    }

    #[test]
    fn a_forged_record_stays() {
        let a = r#"{"eventID":"1","eventTime":"2024-01-01T00:00:00Z","x":1}"#;
        let b = r#"{"eventID":"1","eventTime":"2024-01-01T00:00:00Z","x":2}"#;
        assert_eq!(folded(&[a, b, a]), 2);
    }

    #[test]
    fn without_an_id_bytes_decide() {
        assert_eq!(
            folded(&[r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, r#"{"a":1,"b":2}"#]),
            2
        );
    }
}
