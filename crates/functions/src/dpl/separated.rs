//! Groups with `fs`: members with a separator between them, some of which may be absent.

use super::follow::Cont;
use super::program::{NodeId, Separated};
use super::run::Runner;

impl<'p> Runner<'p, '_> {
    /// Matches a separated group.
    ///
    /// An optional member before the last mandatory one is there with its separator, or its separator alone is there, or
    /// neither; the optional members at the end bring the separator before them in the same manner.
    pub(super) fn separated(
        &mut self,
        group: &'p Separated,
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<usize> {
        let mut at = at;
        for (index, id) in group.items.iter().enumerate() {
            let next = index + 1;
            let rest = Cont::Separated {
                group,
                next,
                outer: cont,
            };
            at = if next > group.mandatory_end {
                self.trailing(group, *id, index, at, &rest)
            } else if next == group.mandatory_end {
                self.step(*id, at, &rest)?
            } else if self.program.node(*id).may_be_absent() {
                self.leading(group, *id, at, &rest)
            } else {
                let end = self.step(*id, at, &rest)?;
                self.separator(group, end)?
            };
        }
        Some(at)
    }

    /// An optional member that is followed by a mandatory one.
    fn leading(
        &mut self,
        group: &'p Separated,
        id: NodeId,
        at: usize,
        rest: &Cont<'_, 'p>,
    ) -> usize {
        let mark = self.mark();
        let with = self
            .step(id, at, rest)
            .and_then(|end| self.separator(group, end));
        if let Some(end) = with {
            return end;
        }
        self.back_to(mark);
        self.separator(group, at).unwrap_or(at)
    }

    /// An optional member at the end; the very first of a group has no separator before it.
    fn trailing(
        &mut self,
        group: &'p Separated,
        id: NodeId,
        index: usize,
        at: usize,
        rest: &Cont<'_, 'p>,
    ) -> usize {
        let start = if index == 0 {
            Some(at)
        } else {
            self.separator(group, at)
        };
        match start {
            Some(start) => self.step(id, start, rest).unwrap_or(start),
            None => at,
        }
    }

    fn separator(&mut self, group: &'p Separated, at: usize) -> Option<usize> {
        self.sequence(&group.separator, at, &Cont::End)
    }
}
