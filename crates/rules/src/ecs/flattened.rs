//! Free objects, leaf by leaf.

use super::java::{free, print};
use super::tree::Tree;
use super::{FLATTENED_LIMIT, Source};

/// How deep leaves may lie; Elasticsearch takes none below.
const DEEPEST: usize = 20;

/// The texts of the leaves of the object at a path: all, or those whose keys are `below`. An object of which the string
/// form is too long has none.
pub(super) fn leaves(source: &dyn Source, path: &str, below: Option<&str>) -> Vec<String> {
    let mut out = Vec::new();
    let Some(tree) = free(source, path) else {
        return out;
    };
    if source.limited() && print(&tree).encode_utf16().count() >= FLATTENED_LIMIT {
        return out;
    }
    match below {
        Some(below) => at(&tree, below, &mut out),
        None => all(&tree, DEEPEST, &mut out),
    }
    out
}

fn all(tree: &Tree, deepest: usize, out: &mut Vec<String>) {
    match tree {
        Tree::Object { members, .. } if deepest > 0 => {
            let inside = members.iter();
            inside.for_each(|(_, value)| all(value, deepest - 1, out));
        }
        Tree::Object { .. } => {}
        Tree::Array(elements) => elements
            .iter()
            .for_each(|element| all(element, deepest, out)),
        Tree::Text(text) | Tree::Plain(text) => out.push(text.clone()),
    }
}

/// A key may have dots itself, so every way to cut the keys is tried.
fn at(tree: &Tree, below: &str, out: &mut Vec<String>) {
    match tree {
        Tree::Array(elements) => elements.iter().for_each(|element| at(element, below, out)),
        Tree::Object { members, .. } => {
            for (name, value) in members {
                if name == below {
                    value.texts(out);
                } else if let Some(rest) = below.strip_prefix(name.as_str())
                    && let Some(rest) = rest.strip_prefix('.')
                {
                    at(value, rest, out);
                }
            }
        }
        Tree::Text(_) | Tree::Plain(_) => {}
    }
}
