//! The string form of a free object: what Java prints of a map. Rules match on it, so its order, too, must be Java's.

use super::Source;
use super::tree::{Tree, tree};

/// The string form of the free object at a path.
pub(super) fn string(source: &dyn Source, path: &str) -> Vec<String> {
    free(source, path)
        .map(|tree| print(&tree))
        .into_iter()
        .collect()
}

/// The free object at a path, without what the integration takes out of it before it prints it.
pub(super) fn free(source: &dyn Source, path: &str) -> Option<Tree> {
    let tree = tree(source, path)?;
    let user_name = path == "additionalEventData" && super::user::is_user_authentication(source);
    match tree {
        Tree::Object {
            mut members,
            parsed,
        } if user_name => {
            members.retain(|(name, _)| name != "UserName");
            (!members.is_empty()).then_some(Tree::Object { members, parsed })
        }
        tree => Some(tree),
    }
}

/// The string form.
pub(super) fn print(tree: &Tree) -> String {
    let mut out = String::new();
    write(tree, &mut out);
    out
}

fn write(tree: &Tree, out: &mut String) {
    match tree {
        Tree::Text(text) => out.push_str(text),
        Tree::Plain(text) => out.push_str(&plain(text)),
        Tree::Array(elements) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                write(element, out);
            }
            out.push(']');
        }
        Tree::Object { members, parsed } => {
            let size = size(*parsed);
            let mut ordered: Vec<&(String, Tree)> = members.iter().collect();
            // A stable sort: keys of one slot stay in order.
            ordered.sort_by_key(|(name, _)| slot(name, size));
            out.push('{');
            for (position, (name, value)) in ordered.into_iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                out.push_str(name);
                out.push('=');
                write(value, out);
            }
            out.push('}');
        }
    }
}

/// How many slots a map has that was filled with so many keys: it doubles once more than three quarters are taken.
fn size(keys: usize) -> u32 {
    let mut size: u32 = 16;
    while keys as u64 * 4 > u64::from(size) * 3 && size < 1 << 30 {
        size *= 2;
    }
    size
}

/// The slot of a key in a map of `size` slots, a power of two.
fn slot(key: &str, size: u32) -> u32 {
    let hash = key.encode_utf16().fold(0_u32, |hash, unit| {
        hash.wrapping_mul(31).wrapping_add(unit.into())
    });
    (hash ^ (hash >> 16)) & (size - 1)
}

/// A number as Java prints it; `true` and `false` as they are.
fn plain(text: &str) -> String {
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return text.to_owned();
    }
    if !text.contains(['.', 'e', 'E']) {
        return if text == "-0" {
            "0".to_owned()
        } else {
            text.to_owned()
        };
    }
    text.parse().map_or_else(|_| text.to_owned(), double)
}

/// A double as Java's `Double.toString`: plain from a thousandth up to ten million, else with an exponent.
fn double(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = value.abs();
    if value == 0.0 || (1e-3..1e7).contains(&magnitude) {
        // The shortest digits that read back as the same double, always with a fraction.
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if digits.contains('.') => format!("{digits}E{exponent}"),
        Some((digits, exponent)) => format!("{digits}.0E{exponent}"),
        None => text,
    }
}
