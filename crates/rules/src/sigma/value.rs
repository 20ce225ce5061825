//! Values: texts with wildcards and escapes, and what the modifiers make of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::condition::Part;

/// The parts of a text: `*` and `?` are wildcards; a backslash counts only before them and before a backslash.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let part = match c {
            '\\' => {
                plain.push(rest.next_if(|next| "*?\\".contains(*next)).unwrap_or(c));
                continue;
            }
            '*' => Part::Run,
            '?' => Part::One,
            c => {
                plain.push(c);
                continue;
            }
        };
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        if part == Part::One || parts.last() != Some(&Part::Run) {
            parts.push(part);
        }
    }
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    parts
}

/// The text of parts without wildcards.
pub(super) fn literal(parts: &[Part]) -> Option<String> {
    match parts {
        [] => Some(String::new()),
        [Part::Text(text)] => Some(text.clone()),
        _ => None,
    }
}

/// The three texts one of which stands in the Base64 of whatever holds these bytes, by where they begin.
pub(super) fn base64_offsets(bytes: &[u8]) -> Vec<String> {
    let offsets = 0..3;
    let texts = offsets.map(|offset: usize| {
        let mut filled = vec![b' '; offset];
        filled.extend_from_slice(bytes);
        let text = STANDARD.encode(&filled);
        // Characters at both ends also depend on the bytes around.
        let start = [0, 2, 3][offset];
        let end = text.len() - [0, 3, 2][filled.len() % 3];
        text.get(start..end).unwrap_or_default().to_owned()
    });
    texts.collect()
}

pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Every dash or slash that begins a word, as each of the five; none where that makes more than a thousand texts.
pub(super) fn windash(parts: &[Part]) -> Option<Vec<Vec<Part>>> {
    let mut all: Vec<Vec<Part>> = vec![Vec::new()];
    for part in parts {
        let Part::Text(text) = part else {
            all.iter_mut().for_each(|made| made.push(part.clone()));
            continue;
        };
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let mut texts = vec![String::new()];
        let mut before = None;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let begins = matches!(c, '-' | '/')
                && !before.is_some_and(word)
                && rest.peek().copied().is_some_and(word);
            let choices: &[char] = match begins {
                true => &['-', '/', '\u{2013}', '\u{2014}', '\u{2015}'],
                false => &[c],
            };
            texts = texts
                .iter()
                .flat_map(|text| choices.iter().map(move |choice| format!("{text}{choice}")))
                .collect();
            if texts.len() * all.len() > 1000 {
                return None;
            }
            before = Some(c);
        }
        all = all
            .iter()
            .flat_map(|made| {
                texts.iter().map(|text| {
                    let mut made = made.clone();
                    made.push(Part::Text(text.clone()));
                    made
                })
            })
            .collect();
    }
    Some(all)
}
