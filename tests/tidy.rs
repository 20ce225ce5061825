//! The house's own checks: what nobody should have to remember.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What each crate may depend on of ours.
const FLOORS: &[(&str, &[&str])] = &[
    ("json", &[]),
    ("syntax", &[]),
    ("generate", &[]),
    ("lake", &[]),
    ("functions", &["json", "syntax"]),
    ("translator", &["functions", "syntax"]),
    ("rules", &["json", "syntax"]),
    ("ingest", &["json", "lake"]),
    (
        "engine",
        &[
            "functions",
            "ingest",
            "json",
            "lake",
            "rules",
            "syntax",
            "translator",
        ],
    ),
    (
        "cli",
        &[
            "engine",
            "functions",
            "generate",
            "ingest",
            "json",
            "lake",
            "rules",
            "syntax",
            "translator",
        ],
    ),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn towers_never_touch() {
    let floors: BTreeMap<&str, &[&str]> = FLOORS.iter().copied().collect();
    let mut seen = 0;
    for entry in std::fs::read_dir(workspace().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let allowed = floors
            .get(name.as_str())
            .unwrap_or_else(|| panic!("the crate `{name}` stands on no floor"));
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap();
        for line in dependencies.lines() {
            let dependency = line.split(['.', ' ', '=']).next().unwrap();
            if floors.contains_key(dependency) {
                assert!(
                    allowed.contains(&dependency),
                    "`{name}` may not know `{dependency}`"
                );
            }
        }
        seen += 1;
    }
    assert_eq!(seen, FLOORS.len());
}

#[test]
fn every_file_says_what_it_is() {
    let mut files = Vec::new();
    sources(&workspace().join("crates"), &mut files);
    sources(&workspace().join("tests"), &mut files);
    sources(&workspace().join("benches"), &mut files);
    let silent: Vec<_> = files
        .iter()
        .filter(|file| !std::fs::read_to_string(file).unwrap().starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "without a `//!` header: {silent:#?}");
}

/// Whoever reads where things are finds them there.
#[test]
fn files_that_pages_name_are_there() {
    let mut paths = Vec::new();
    for folder in [
        "crates",
        "tests",
        "benches",
        "fuzz/src",
        "fuzz/fuzz_targets",
    ] {
        sources(&workspace().join(folder), &mut paths);
    }
    let folders: Vec<PathBuf> = paths
        .iter()
        .flat_map(|path| path.ancestors().skip(1).map(Path::to_owned))
        .collect();
    paths.extend(folders);
    let mut named = 0;
    for page in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "DESIGN.md",
    ] {
        let text = std::fs::read_to_string(workspace().join(page)).unwrap();
        let names = text.split('`').skip(1).step_by(2);
        for name in names.filter(|name| name.ends_with(".rs") || name.starts_with("crates/")) {
            let is_placeholder = name.contains(' ') || name.contains("YOURS");
            if !is_placeholder {
                named += 1;
                let there = paths.iter().any(|path| path.ends_with(name));
                assert!(there, "{page} names {name}, which is not there");
            }
        }
    }
    assert!(named > 100, "{named} files are named");
}

#[test]
fn codes_are_unique_and_of_their_group() {
    let mut texts: Vec<&str> = syntax::Code::ALL.iter().map(|code| code.text()).collect();
    texts.sort_unstable();
    let count = texts.len();
    texts.dedup();
    assert_eq!(texts.len(), count, "a code stands for two things");
    assert!(
        texts
            .iter()
            .all(|text| text.len() == 5 && text.starts_with(['E', 'W']))
    );
}
