//! The rules that are part of the program: the folder `data/rules` as it was when it was built.

use std::path::{Path, PathBuf};

use engine::Error;
use engine::detect::{Rule, load, parse};
use include_dir::{Dir, include_dir};

static PACK: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../data/rules");

/// The rules of these files and folders; those of the program where none are named.
///
/// # Errors
/// As [`load`].
pub(crate) fn rules(paths: &[PathBuf]) -> Result<Vec<Rule>, Error> {
    if !paths.is_empty() {
        return load(paths);
    }
    let mut rules = Vec::new();
    collect(&PACK, &mut rules)?;
    rules.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(rules)
}

/// Puts the most severe first, and rules of one severity in the order of their ids.
pub(crate) fn sort(rules: &mut [Rule]) {
    rules.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
}

fn collect(folder: &Dir<'_>, rules: &mut Vec<Rule>) -> Result<(), Error> {
    for file in folder.files() {
        let yaml = file
            .path()
            .extension()
            .is_some_and(|extension| extension == "yaml" || extension == "yml");
        if let Some(text) = file.contents_utf8()
            && yaml
        {
            rules.push(parse(&Path::new("data/rules").join(file.path()), text)?);
        }
    }
    folder.dirs().try_for_each(|folder| collect(folder, rules))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_pack_can_be_read() {
        let rules = rules(&[]).expect("rules");
        assert!(!rules.is_empty());
        let ids: HashSet<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), rules.len(), "two rules with one id");
    }
}
