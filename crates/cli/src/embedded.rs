//! The rules and queries that are part of the program: the folders `data/rules` and `data/queries` as they were when it was
//! built.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use rules::load::{Loaded, LoadedRule};

use crate::exit::Mistake;

static PACK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/rules");

static QUERIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/queries");

/// The queries of a folder in `data/queries`, each with the name of its file, in the order of their names.
pub(crate) fn queries(folder: &str) -> Vec<(&'static str, &'static str)> {
    let files = QUERIES.get_dir(folder).into_iter().flat_map(Dir::files);
    let query = |file: &'static include_dir::File<'_>| {
        Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?))
    };
    let mut queries: Vec<_> = files.filter_map(query).collect();
    queries.sort_unstable();
    queries
}

/// The rules of these files and folders; those of the program where none are named.
///
/// # Errors
/// Where there is none at all.
pub(crate) fn rules(paths: &[PathBuf]) -> anyhow::Result<Loaded> {
    if !paths.is_empty() {
        let loaded = rules::load::load(paths);
        if loaded.rules.is_empty() && loaded.refusals.is_empty() && loaded.skipped.is_empty() {
            let named: Vec<String> = paths
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            return Err(Mistake::error(format!(
                "{}: there is no rule here: a rule is Elastic's (.toml, .ndjson, .json), Sigma's (.yml, .yaml) or ours \
                 (.yaml with a `query`)",
                named.join(", ")
            )));
        }
        return Ok(loaded);
    }
    let mut files = Vec::new();
    collect(&PACK, &mut files);
    files.sort();
    Ok(rules::load::texts(files))
}

/// The text of a rule file that is part of the program, by the path under which it is loaded.
pub(crate) fn text(path: &Path) -> Option<&'static str> {
    PACK.get_file(path.strip_prefix("data/rules").ok()?)?
        .contents_utf8()
}

/// Puts the most severe first, and rules of one severity in the order of their ids.
pub(crate) fn sort(rules: &mut [LoadedRule]) {
    rules.sort_by(|a, b| {
        let (a, b) = (&a.rule.about, &b.rule.about);
        b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id))
    });
}

fn collect(folder: &'static Dir<'_>, files: &mut Vec<(PathBuf, &'static str)>) {
    for file in folder.files() {
        if let Some(text) = file.contents_utf8() {
            files.push((Path::new("data/rules").join(file.path()), text));
        }
    }
    folder.dirs().for_each(|folder| collect(folder, files));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pack_can_be_read() {
        let loaded = rules(&[]).expect("rules");
        assert!(!loaded.rules.is_empty());
        assert_eq!(loaded.refusals, []);
        assert_eq!(loaded.warnings, []);
    }
}
