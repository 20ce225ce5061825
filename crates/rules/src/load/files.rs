//! Which files to read.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Loaded;
use crate::fixture;

/// A file to read.
pub(super) struct File {
    pub(super) path: PathBuf,
    /// Whether it was named itself, and not found in a folder.
    pub(super) named: bool,
}

/// The files of these paths, each once, and for files that are named themselves the tests beside them. A folder that can't be read is refused.
pub(super) fn collect(paths: &[PathBuf], loaded: &mut Loaded) -> Vec<File> {
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        gather(path, true, &mut seen, &mut files, loaded);
    }
    files
}

fn gather(
    path: &Path,
    named: bool,
    seen: &mut HashSet<PathBuf>,
    files: &mut Vec<File>,
    loaded: &mut Loaded,
) {
    // Links may lead around in circles, or to one file twice.
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if !seen.insert(real) {
        return;
    }
    if !path.is_dir() {
        if named {
            let tests = fixture::beside(path).into_iter();
            for tests in tests.filter(|tests| tests.is_file()) {
                gather(&tests, false, seen, files, loaded);
            }
        }
        let path = path.to_owned();
        files.push(File { path, named });
        return;
    }
    let entries: std::io::Result<Vec<_>> = std::fs::read_dir(path).and_then(Iterator::collect);
    let mut inside: Vec<PathBuf> = match entries {
        Ok(entries) => entries.iter().map(std::fs::DirEntry::path).collect(),
        Err(error) => {
            loaded.refuse_file(path, format!("this folder can't be read: {error}"));
            return;
        }
    };
    inside.sort();
    for path in inside {
        if path.is_dir() || kind(&path).is_some() {
            gather(&path, false, seen, files, loaded);
        }
    }
}

/// How the rules of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Toml,
    Json,
    Yaml,
}

/// How they are by the file's name, or none for a file that holds no rules.
pub(super) fn kind(path: &Path) -> Option<Written> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "toml" => Some(Written::Toml),
        "json" | "ndjson" => Some(Written::Json),
        "yml" | "yaml" => Some(Written::Yaml),
        _ => None,
    }
}
