//! Texts from files: the repository's queries, and what the fuzz targets begin with.

use std::path::{Path, PathBuf};

use crate::fuzz;

/// The files under a folder of the repository, those in its folders too.
fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders = vec![root.join(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).expect("the file");
                files.push((path, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{folder}");
    files
}

/// The queries in `data/queries`.
pub(super) fn queries() -> Vec<String> {
    let all = files("data/queries").into_iter();
    all.filter(|(path, _)| path.extension().is_some_and(|extension| extension == "dql"))
        .map(|(_, text)| text)
        .collect()
}

#[test]
fn the_corpus_of_every_target_holds() {
    replay("dql_parse", fuzz::dql_parse);
    replay("dql_format", fuzz::dql_format);
    replay("dpl_parse", fuzz::dpl_parse);
    replay("kql_parse", fuzz::kql_parse);
}

fn replay(target: &str, check: fn(&str)) {
    for (_, text) in files(&format!("fuzz/corpus/{target}")) {
        check(&text);
    }
}

#[test]
fn the_queries_of_the_repository_hold() {
    for text in queries() {
        fuzz::dql_parse(&text);
        assert!(crate::dql::layout::lay_out(&text).is_ok(), "{text}");
        fuzz::dql_format(&text);
    }
}
