//! The rules that are part of the program: the folder `data/rules` as it was when it was built.

use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use rules::load::{Loaded, LoadedRule};

use crate::exit::Mistake;

static PACK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/rules");

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
