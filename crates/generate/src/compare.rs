//! Measures archives: how close what is made comes to what was captured.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::path::Path;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::Error;

/// What was measured of one folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Records; only objects with an `eventName` are taken for such.
    pub records: u64,
    /// Bytes of compact JSON.
    pub bytes: u64,
    /// Bytes of all records in one gzip member, level 6.
    pub compressed: u64,
    /// Different paths to leaves, array elements counted as one.
    pub paths: usize,
    /// Records with an `errorCode`.
    pub errors: u64,
    /// Records whose `responseElements` is null or absent.
    pub without_response: u64,
    /// Different `eventSource` values.
    pub services: usize,
    /// Different `eventName` values.
    pub names: usize,
    /// How many records each `userIdentity.type` has; the empty text where there is none.
    pub identities: BTreeMap<String, u64>,
    /// The median size of a record, in bytes.
    pub median: usize,
    /// The size that one record in a hundred exceeds, in bytes.
    pub large: usize,
}

/// Measures every file below a folder, or one file: JSON, NDJSON, gzip of either. What cannot be read as JSON is
/// passed over.
///
/// # Errors
///
/// If a folder or a file cannot be read.
pub fn measure(path: &Path) -> Result<Figures, Error> {
    let mut tally = Tally::default();
    tally.walk(path)?;
    tally.finish(path)
}

/// A Markdown table, one column for each folder.
pub fn table(columns: &[(String, Figures)]) -> String {
    let mut out = String::from("| |");
    columns
        .iter()
        .for_each(|(name, _)| push(&mut out, format_args!(" {name} |")));
    out.push_str("\n|---|");
    columns.iter().for_each(|_| out.push_str("---:|"));
    let mut row = |label: &str, cell: &dyn Fn(&Figures) -> String| {
        push(&mut out, format_args!("\n| {label} |"));
        columns
            .iter()
            .for_each(|(_, figures)| push(&mut out, format_args!(" {} |", cell(figures))));
    };
    row("records", &|f| f.records.to_string());
    row("bytes per record, mean", &|f| {
        (f.bytes / f.records.max(1)).to_string()
    });
    row("bytes per record, median / 99th percentile", &|f| {
        format!("{} / {}", f.median, f.large)
    });
    row("compression, all records in one gzip", &|f| {
        format!("{:.1} : 1", f.bytes as f64 / f.compressed.max(1) as f64)
    });
    row("different JSON paths", &|f| f.paths.to_string());
    row("services / APIs", &|f| {
        format!("{} / {}", f.services, f.names)
    });
    row("errors", &|f| percent(f.errors, f.records));
    row("without a response", &|f| {
        percent(f.without_response, f.records)
    });
    let kinds: BTreeSet<&String> = columns
        .iter()
        .flat_map(|(_, figures)| figures.identities.keys())
        .collect();
    for kind in kinds {
        let label = if kind.is_empty() {
            "no identity type"
        } else {
            kind
        };
        row(label, &|f| {
            percent(f.identities.get(kind).copied().unwrap_or(0), f.records)
        });
    }
    out.push('\n');
    out
}

#[derive(Default)]
struct Tally {
    figures: Figures,
    paths: BTreeSet<String>,
    services: BTreeSet<String>,
    names: BTreeSet<String>,
    sizes: Vec<usize>,
    packed: Option<GzEncoder<Vec<u8>>>,
}

impl Tally {
    fn walk(&mut self, path: &Path) -> Result<(), Error> {
        let failed = |source| Error::Read {
            path: path.to_owned(),
            source,
        };
        if path.is_dir() {
            let mut entries = fs::read_dir(path)
                .and_then(Iterator::collect::<Result<Vec<_>, _>>)
                .map_err(failed)?;
            entries.sort_by_key(fs::DirEntry::path);
            return entries
                .iter()
                .try_for_each(|entry| self.walk(&entry.path()));
        }
        let bytes = fs::read(path).map_err(failed)?;
        self.file(&bytes).map_err(failed)
    }

    fn file(&mut self, bytes: &[u8]) -> Result<(), std::io::Error> {
        let mut unpacked = Vec::new();
        let bytes = match bytes.starts_with(&[0x1f, 0x8b]) {
            true => {
                MultiGzDecoder::new(bytes).read_to_end(&mut unpacked)?;
                unpacked.as_slice()
            }
            false => bytes,
        };
        for value in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>() {
            let Ok(value) = value else { break };
            self.value(&value)?;
        }
        Ok(())
    }

    /// Finds the records in a value, whatever wraps them.
    fn value(&mut self, value: &Value) -> Result<(), std::io::Error> {
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.value(item)),
            Value::Object(map) if map.contains_key("eventName") => self.record(value),
            Value::Object(map) => map
                .get("Records")
                .map_or(Ok(()), |records| self.value(records)),
            _ => Ok(()),
        }
    }

    fn record(&mut self, record: &Value) -> Result<(), std::io::Error> {
        let text = record.to_string();
        self.sizes.push(text.len());
        self.packed
            .get_or_insert_with(|| GzEncoder::new(Vec::new(), Compression::new(6)))
            .write_all(text.as_bytes())?;
        let figures = &mut self.figures;
        figures.records += 1;
        figures.bytes += text.len() as u64;
        figures.errors += u64::from(!record["errorCode"].is_null());
        figures.without_response += u64::from(record["responseElements"].is_null());
        let kind = record["userIdentity"]["type"].as_str().unwrap_or_default();
        *figures.identities.entry(kind.to_owned()).or_default() += 1;
        self.services.insert(record["eventSource"].to_string());
        self.names.insert(record["eventName"].to_string());
        leaves(record, &mut String::new(), &mut self.paths);
        Ok(())
    }

    fn finish(mut self, path: &Path) -> Result<Figures, Error> {
        self.sizes.sort_unstable();
        let quantile = |percent: usize| {
            self.sizes
                .get(self.sizes.len() * percent / 100)
                .copied()
                .unwrap_or(0)
        };
        let (median, large) = (quantile(50), quantile(99));
        let compressed = match self.packed {
            Some(packed) => packed
                .finish()
                .map_err(|source| Error::Read {
                    path: path.to_owned(),
                    source,
                })?
                .len() as u64,
            None => 0,
        };
        let (paths, services, names) = (self.paths.len(), self.services.len(), self.names.len());
        Ok(Figures {
            compressed,
            paths,
            services,
            names,
            median,
            large,
            ..self.figures
        })
    }
}

fn leaves(value: &Value, path: &mut String, paths: &mut BTreeSet<String>) {
    let length = path.len();
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                path.push('/');
                path.push_str(key);
                leaves(value, path, paths);
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            path.push_str("[]");
            items.iter().for_each(|item| leaves(item, path, paths));
            path.truncate(length);
        }
        _ if paths.contains(path.as_str()) => {}
        _ => {
            paths.insert(path.clone());
        }
    }
}

fn percent(part: u64, of: u64) -> String {
    format!("{:.1} %", part as f64 * 100.0 / of.max(1) as f64)
}

fn push(out: &mut String, text: std::fmt::Arguments) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_a_small_file() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"Records":[{"eventName":"A","errorCode":"X","list":[{"b":1},{"b":2}]},{"eventName":"A","responseElements":{}}]}"#;
        fs::write(folder.path().join("one.json"), text).unwrap();
        fs::write(folder.path().join("notes.txt"), "no JSON at all").unwrap();
        let figures = measure(folder.path()).unwrap();
        assert_eq!(
            (figures.records, figures.errors, figures.without_response),
            (2, 1, 1)
        );
        // /eventName, /errorCode, /list[]/b; an empty object has no leaf.
        assert_eq!(figures.paths, 3);
        assert_eq!(figures.names, 1);
        assert!(table(&[("sample".to_owned(), figures)]).contains("| errors | 50.0 % |"));
    }
}
