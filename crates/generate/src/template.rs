//! Texts with holes, the form in which APIs, identities and messages are declared: `"arn:aws:s3:::${bucket}"`.
//!
//! A template is taken apart once. Filling a hole draws on the scene alone, so the same hole holds the same value
//! everywhere in one record: the key that is asked for is the key that stands among the resources.

use crate::hole::{Hole, Scene};

/// A text with holes, taken apart.
pub(crate) struct Template(Vec<Piece>);

enum Piece {
    Text(&'static str),
    Hole(Hole, u64),
}

impl Template {
    /// Takes a text apart. A hole whose name is unknown stays as text; a test sees to it that there is none.
    pub(crate) fn new(text: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            pieces.push(Piece::Text(before));
            pieces.push(match Hole::named(name) {
                Some((hole, id)) => Piece::Hole(hole, id),
                None => Piece::Text(name),
            });
            rest = tail;
        }
        pieces.push(Piece::Text(rest));
        Self(pieces)
    }

    /// Writes the text, the holes filled for this scene, behind what `out` holds.
    pub(crate) fn write(&self, scene: &Scene, out: &mut String) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(hole, id) => hole.write(*id, scene, out),
            }
        }
    }
}

/// The names of the holes of a text that no hole has; for tests.
#[cfg(test)]
pub(crate) fn unknown_holes(text: &str) -> Vec<&str> {
    text.split("${")
        .skip(1)
        .filter_map(|after| after.split_once('}'))
        .map(|(name, _)| name)
        .filter(|name| Hole::named(name).is_none())
        .collect()
}
