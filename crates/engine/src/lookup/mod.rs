//! Lookup tables: files under the folder `lookups` of a lake, which `load` reads.
//!
//! `/lookups/accounts` is `LAKE/lookups/accounts.csv`, or with another of the [`EXTENSIONS`]; the extension may be
//! written out. Tables are small, so they are held in memory while their query runs.

mod read;
mod remote;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use datafusion::datasource::{MemTable, provider_as_source};
use functions::value::column::Builder;
use functions::{Type, Value};
use lake::Lake;
use translator::{Lookup, LookupFault, LookupField};

/// The folder of lookup tables, in the lake and at the head of their paths.
const FOLDER: &str = "lookups";

/// The most bytes that the file of a lookup table may have: what Grail joins at most.
const LIMIT: u64 = 128 << 20;

/// What files may be.
const EXTENSIONS: &[&str] = &["csv", "jsonl", "ndjson", "json", "parquet"];

/// The column that numbers the records.
const PLACE: &str = "place";

/// The records of a file, column by column.
type Columns = Vec<(String, Vec<Value<'static>>)>;

/// Reads the lookup table of that path from `lake`.
pub(crate) fn load(lake: &Lake, path: &str) -> Result<Lookup, LookupFault> {
    if lake.remote().is_some() {
        let folder = remote::fetch(lake, path)?;
        return load_from(folder.path(), path);
    }
    // A lake's folder is the one around that of its table.
    let folder = lake.folder().parent().ok_or(LookupFault::NoLake)?;
    load_from(folder, path)
}

/// Reads the lookup table of that path from the lake whose folder is `lake`.
fn load_from(lake: &Path, path: &str) -> Result<Lookup, LookupFault> {
    let folder = lake.join(FOLDER);
    let file = find(&folder, path)?;
    let unreadable = |why: String| LookupFault::Unreadable(why);
    let size = fs::metadata(&file)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if size > LIMIT {
        return Err(unreadable(too_large()));
    }
    let columns = read::read(&file).map_err(unreadable)?;
    table(columns).map_err(|error| unreadable(error.strip_backtrace()))
}

fn too_large() -> String {
    let limit = LIMIT >> 20;
    format!("it has more than {limit} MB, which is the most")
}

/// The file of a path. It lies in the folder, whatever the path says and whichever links there are.
fn find(folder: &Path, path: &str) -> Result<PathBuf, LookupFault> {
    let mut parts = path.split('/').skip(1);
    let plain = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':'])
    };
    if parts.next() != Some(FOLDER) {
        return Err(LookupFault::Outside);
    }
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() || !parts.iter().all(|part| plain(part)) {
        return Err(LookupFault::Outside);
    }
    let written = parts
        .iter()
        .fold(folder.to_owned(), |path, part| path.join(part));
    let with = |extension: &&str| {
        let mut name = written.clone().into_os_string();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    };
    let known = |file: &PathBuf| extension(file).is_some() && file.is_file();
    let file = std::iter::once(written.clone())
        .chain(EXTENSIONS.iter().map(with))
        .find(known)
        .ok_or_else(|| LookupFault::Unknown(names(folder)))?;
    match (fs::canonicalize(folder), fs::canonicalize(&file)) {
        (Ok(folder), Ok(file)) if file.starts_with(&folder) => Ok(file),
        (Ok(_), Ok(_)) => Err(LookupFault::Outside),
        (Err(error), _) | (_, Err(error)) => Err(LookupFault::Unreadable(error.to_string())),
    }
}

/// What a file is, by its extension.
fn extension(file: &Path) -> Option<&'static str> {
    let extension = file.extension()?.to_str()?;
    EXTENSIONS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(extension))
        .copied()
}

/// The paths of all lookup tables, in order.
fn names(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    gather(folder, &format!("/{FOLDER}"), &mut found);
    found.sort();
    found
}

fn gather(folder: &Path, path: &str, found: &mut Vec<String>) {
    // A folder that can't be read has no tables to name.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = format!("{path}/{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => gather(&entry.path(), &inner, found),
            Ok(_) => {
                if let Some(extension) = extension(&entry.path()) {
                    let bare = inner.len() - extension.len() - 1;
                    found.push(inner.get(..bare).unwrap_or(&inner).to_owned());
                }
            }
            Err(_) => {}
        }
    }
}

/// The records as a table of DataFusion's. A column has the type that all its values have, or any.
fn table(columns: Columns) -> datafusion::common::Result<Lookup> {
    let rows = columns
        .iter()
        .map(|(_, values)| values.len())
        .max()
        .unwrap_or(0);
    let mut fields = Vec::new();
    let mut schema = vec![Field::new(PLACE, DataType::Int64, false)];
    let places = Int64Array::from_iter_values(0..i64::try_from(rows).unwrap_or(i64::MAX));
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(places)];
    for (place, (name, values)) in columns.into_iter().enumerate() {
        let types = values.iter().map(Value::ty);
        let ty = match types.fold(Type::Null, |all, ty| all.or(&ty)) {
            Type::Null => Type::String,
            ty => ty,
        };
        let mut builder = Builder::new(&ty, rows);
        values.iter().for_each(|value| builder.push(value));
        (values.len()..rows).for_each(|_| builder.push(&Value::Null));
        let column = format!("column{place}");
        schema.push(Field::new(&column, ty.arrow(), true));
        arrays.push(builder.finish());
        fields.push(LookupField { name, column, ty });
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(schema)), arrays)?;
    let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
    Ok(Lookup {
        source: provider_as_source(Arc::new(table)),
        fields,
        place: PLACE.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let lake = tempfile::tempdir().unwrap();
        let lookups = lake.path().join(FOLDER);
        fs::create_dir_all(lookups.join("deep")).unwrap();
        fs::write(lookups.join("a.csv"), "x,y\n1,\n").unwrap();
        fs::write(
            lookups.join("deep/b.jsonl"),
            "{\"x\":1}\n\n{\"y\":[true]}\n",
        )
        .unwrap();
        fs::write(lookups.join("broken.json"), "{\"x\":1}\n{\"x\":\n").unwrap();
        fs::write(lake.path().join("secret.csv"), "s\n1\n").unwrap();
        lake
    }

    #[test]
    fn tables_are_found_with_and_without_their_extension() {
        let lake = folder();
        for path in ["/lookups/a", "/lookups/a.csv"] {
            let table = load_from(lake.path(), path).map_err(|_| path).unwrap();
            let types: Vec<_> = table
                .fields
                .iter()
                .map(|field| (&*field.name, &field.ty))
                .collect();
            // Numbers of a CSV stay texts: account ids begin with zeros.
            assert_eq!(types, [("x", &Type::String), ("y", &Type::String)]);
        }
        let table = load_from(lake.path(), "/lookups/deep/b")
            .map_err(|_| ())
            .unwrap();
        let types: Vec<_> = table.fields.iter().map(|field| field.ty.clone()).collect();
        assert_eq!(types, [Type::Long, Type::Array(Box::new(Type::Boolean))]);
    }

    #[test]
    fn paths_do_not_lead_out() {
        let lake = folder();
        for path in [
            "/secret",
            "/lookups/../secret",
            "/lookups//a",
            "/lookups/",
            "/lookups",
            "/lookups/./a",
            "/lookups/..\\secret",
            "/",
        ] {
            let found = load_from(lake.path(), path).err();
            assert!(matches!(found, Some(LookupFault::Outside)), "{path}");
        }
        #[cfg(unix)]
        {
            let link = lake.path().join("lookups/link.csv");
            std::os::unix::fs::symlink(lake.path().join("secret.csv"), link).unwrap();
            let found = load_from(lake.path(), "/lookups/link").err();
            assert!(matches!(found, Some(LookupFault::Outside)));
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        let lake = folder();
        match load_from(lake.path(), "/lookups/c").err() {
            Some(LookupFault::Unknown(known)) => {
                assert_eq!(known, ["/lookups/a", "/lookups/broken", "/lookups/deep/b"]);
            }
            other => panic!("{other:?}"),
        }
        match load_from(lake.path(), "/lookups/broken").err() {
            Some(LookupFault::Unreadable(why)) => assert!(why.contains("line 2"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}
