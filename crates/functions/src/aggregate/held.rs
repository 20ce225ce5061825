//! What is held of the groups of an aggregation, and how many bytes that is: asked for with every batch, so it is known,
//! not counted.

use std::mem::size_of;

use datafusion::common::Result;
use datafusion::logical_expr::EmitTo;

/// What is held of one group.
pub(super) trait Holds {
    /// Bytes that it holds outside of itself.
    fn bytes(&self) -> usize;
}

impl Holds for Vec<u8> {
    fn bytes(&self) -> usize {
        self.capacity()
    }
}

/// All groups, by their numbers.
#[derive(Debug)]
pub(super) struct Held<G> {
    groups: Vec<G>,
    /// What the groups hold outside of themselves.
    bytes: usize,
}

impl<G> Default for Held<G> {
    fn default() -> Self {
        Held {
            groups: Vec::new(),
            bytes: 0,
        }
    }
}

impl<G: Holds> Held<G> {
    /// Makes `new` groups until there are `total`.
    pub(super) fn reach(&mut self, total: usize, mut new: impl FnMut() -> G) {
        while self.groups.len() < total {
            let group = new();
            self.bytes += group.bytes();
            self.groups.push(group);
        }
    }

    /// Changes a group, if there is such a one.
    ///
    /// # Errors
    /// Those of the change.
    pub(super) fn change(
        &mut self,
        group: usize,
        change: impl FnOnce(&mut G) -> Result<()>,
    ) -> Result<()> {
        if let Some(group) = self.groups.get_mut(group) {
            let before = group.bytes();
            change(group)?;
            self.bytes = (self.bytes + group.bytes()).saturating_sub(before);
        }
        Ok(())
    }

    /// The groups that are given out, which are held no more.
    pub(super) fn emit(&mut self, emit_to: EmitTo) -> Vec<G> {
        let emitted = emit_to.take_needed(&mut self.groups);
        let bytes: usize = emitted.iter().map(Holds::bytes).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        emitted
    }

    /// Bytes of all groups, themselves among them.
    pub(super) fn size(&self) -> usize {
        self.groups.capacity() * size_of::<G>() + self.bytes
    }
}
