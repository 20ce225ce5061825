//! Ids of alerts: a hash over what makes an alert this one. It is SHA-256: who writes events must not be able to give two
//! alerts one id, and so hide one.

use std::fmt::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::condition::Field;

/// A hash under way. Every part goes in with its length, so that no two lists of parts look alike.
#[derive(Clone)]
pub(super) struct Identity(Sha256);

impl Identity {
    /// Of an alert of this kind of this rule.
    pub(super) fn new(kind: &str, rule: &str) -> Identity {
        Identity(Sha256::new()).text(kind).text(rule)
    }

    pub(super) fn text(mut self, text: &str) -> Identity {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text);
        self
    }

    pub(super) fn number(mut self, number: i64) -> Identity {
        self.0.update(number.to_le_bytes());
        self
    }

    pub(super) fn fields(self, fields: &[Field]) -> Identity {
        let begun = self.number(fields.len() as i64);
        fields.iter().fold(begun, |hash, field| match field {
            Field::Path(path) => path
                .iter()
                .fold(hash.number(path.len() as i64), |hash, key| hash.text(key)),
            Field::Ecs(name) => hash.number(-1).text(name),
            Field::Anywhere => hash.number(-2),
        })
    }

    pub(super) fn key(self, key: &[Option<Arc<str>>]) -> Identity {
        let begun = self.number(key.len() as i64);
        key.iter().fold(begun, |hash, value| match value {
            Some(value) => hash.number(1).text(value),
            None => hash.number(0),
        })
    }

    /// 32 hexadecimal digits.
    pub(super) fn done(self) -> String {
        let mut text = String::with_capacity(32);
        for byte in &self.0.finalize()[..16] {
            // A string takes whatever is written.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}
