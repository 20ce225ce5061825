//! How `LD` and `DATA` find their end: at the nearest place where that which follows them fits.
//!
//! What follows is the rest of the sequence, then what comes after the group around it, and so on outwards. Expressions
//! that may be absent are passed; the first that must be there decides, all of it, and nothing after it counts.

use super::first::First;
use super::matcher::text;
use super::program::{Line, Node, NodeId, Program, Repeat, Separated, What};
use super::run::Runner;

/// What comes after an expression.
#[derive(Clone, Copy)]
pub(super) enum Cont<'c, 'p> {
    /// Nothing.
    End,
    /// The rest of a sequence, then what comes after it.
    Then {
        rest: &'p [NodeId],
        outer: &'c Cont<'c, 'p>,
    },
    /// The body of a repetition once more, or what comes after that.
    Again {
        body: &'p [NodeId],
        outer: &'c Cont<'c, 'p>,
    },
    /// The members of a separated group from `next` on, then what comes after it.
    Separated {
        group: &'p Separated,
        next: usize,
        outer: &'c Cont<'c, 'p>,
    },
}

impl<'p> Cont<'_, 'p> {
    /// The first expression that must follow, as far as it is plain to see.
    pub(super) fn awaited(&self, program: &'p Program) -> Option<NodeId> {
        let mut cont = *self;
        loop {
            let Cont::Then { rest, outer } = cont else {
                return None;
            };
            let mandatory = |id: &&NodeId| !program.node(**id).may_be_absent();
            match rest.iter().find(mandatory) {
                Some(id) => return Some(*id),
                None => cont = *outer,
            }
        }
    }
}

/// What can be said of one place.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    /// Something that follows fits here.
    Stop,
    /// What must follow does not fit here.
    Go,
    /// Nothing must follow.
    Open,
}

/// Where to look for the end.
struct Hint<'p> {
    /// A literal that must come next.
    literal: Option<&'p Node>,
    /// Where what follows may begin.
    first: First,
    /// Whether nothing must follow.
    open: bool,
}

impl<'p> Runner<'p, '_> {
    /// Where `LD` or `DATA` at `at` ends.
    pub(super) fn line(
        &mut self,
        line: Line,
        repeat: Repeat,
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<usize> {
        let limit = if line.across {
            self.input.len()
        } else {
            self.line_end(at)
        };
        let first = text::skip(self.input, at, limit, repeat.min)?;
        let last = text::cut(self.input, at, limit, repeat.max);
        if !self.charge((last - at) / 64) {
            return None;
        }
        if repeat.min == repeat.max {
            return Some(last);
        }
        let hint = self.hint(cont);
        match hint.literal {
            Some(node) => self.line_before_literal(node, first, last, cont),
            None => self.line_before(&hint, first, last, cont),
        }
    }

    fn line_before_literal(
        &mut self,
        node: &'p Node,
        first: usize,
        last: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<usize> {
        let What::Literal(literal) = &node.what else {
            return None;
        };
        let bytes = self.input.as_bytes();
        let window = &bytes[..bytes.len().min(last + literal.text.len())];
        let mut at = first;
        loop {
            let found = literal.finder.find(&window[at..]).map(|offset| at + offset);
            if !self.charge(1 + (found.unwrap_or(last).max(at) - at) / 64) {
                return None;
            }
            let found = found?;
            // One copy is found; several take a test of their own.
            if node.repeat.min <= 1 || self.follows(cont, found) == Verdict::Stop {
                return Some(found);
            }
            at = text::skip(self.input, found, self.input.len(), 1)?;
            if at > last {
                return None;
            }
        }
    }

    fn line_before(
        &mut self,
        hint: &Hint<'p>,
        first: usize,
        last: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<usize> {
        let input = self.input;
        let mut at = first;
        while at < last {
            if !hint.first.anywhere {
                let found = hint.first.find(input.as_bytes(), at, last - 1);
                if !self.charge((found.unwrap_or(last) - at) / 16) {
                    return None;
                }
                let Some(found) = found else { break };
                at = found;
            }
            if input.is_char_boundary(at) && self.follows(cont, at) == Verdict::Stop {
                return Some(at);
            }
            if self.gave_up {
                return None;
            }
            at += 1;
        }
        // The last place takes every test: here the input may end, and here an open end is reached.
        match self.follows(cont, last) {
            Verdict::Go => None,
            _ if self.gave_up => None,
            Verdict::Open if !hint.open => None,
            _ => Some(last),
        }
    }

    fn hint(&self, cont: &Cont<'_, 'p>) -> Hint<'p> {
        let mut first = First::default();
        let mut cont = *cont;
        let mut alone = true;
        loop {
            match cont {
                Cont::End => {
                    return Hint {
                        literal: None,
                        first,
                        open: true,
                    };
                }
                Cont::Then { rest, outer } => {
                    let Some((id, rest)) = rest.split_first() else {
                        cont = *outer;
                        continue;
                    };
                    let node = self.program.node(*id);
                    let absent = node.may_be_absent();
                    if let (What::Literal(literal), None, false, true) =
                        (&node.what, node.look, absent, alone)
                        && !literal.text.is_empty()
                    {
                        return Hint {
                            literal: Some(node),
                            first,
                            open: false,
                        };
                    }
                    first = first.or(node.first);
                    if !absent {
                        return Hint {
                            literal: None,
                            first,
                            open: false,
                        };
                    }
                    alone = false;
                    cont = Cont::Then { rest, outer };
                }
                Cont::Again { body, outer } => {
                    let head = First::sequence(body.iter().map(|id| {
                        let node = self.program.node(*id);
                        (node.first, node.may_be_absent())
                    }));
                    first = first.or(head);
                    alone = false;
                    cont = *outer;
                }
                Cont::Separated { group, next, outer } => {
                    if next < group.items.len() {
                        first = first.or(First::sequence(
                            group
                                .separator
                                .iter()
                                .map(|id| (self.program.node(*id).first, false)),
                        ));
                        if next < group.mandatory_end {
                            return Hint {
                                literal: None,
                                first,
                                open: false,
                            };
                        }
                    }
                    alone = false;
                    cont = *outer;
                }
            }
        }
    }

    /// Tests what follows at `at`; what the test captures is thrown away.
    fn follows(&mut self, cont: &Cont<'_, 'p>, at: usize) -> Verdict {
        self.test(|runner| runner.walk(cont, at))
    }

    fn walk(&mut self, cont: &Cont<'_, 'p>, start: usize) -> Verdict {
        let mut at = start;
        let mut cont = *cont;
        let mut passed = false;
        loop {
            match cont {
                Cont::End => {
                    return if at > start {
                        Verdict::Stop
                    } else {
                        Verdict::Open
                    };
                }
                Cont::Then { rest, outer } => {
                    let Some((id, rest)) = rest.split_first() else {
                        cont = *outer;
                        continue;
                    };
                    let after = Cont::Then { rest, outer };
                    let end = self.step(*id, at, &after);
                    if !self.program.node(*id).may_be_absent() {
                        return if end.is_some() {
                            Verdict::Stop
                        } else {
                            Verdict::Go
                        };
                    }
                    passed = true;
                    at = end.unwrap_or(at);
                    cont = after;
                }
                Cont::Again { body, outer } => {
                    // Where a separator may stand between two rounds, its absence begins no new one: each character
                    // of the text would.
                    let separated = at > start || !passed;
                    let head = Cont::Then {
                        rest: body,
                        outer: &Cont::End,
                    };
                    if separated && self.walk(&head, at) == Verdict::Stop {
                        return Verdict::Stop;
                    }
                    cont = *outer;
                }
                Cont::Separated { group, next, outer } => {
                    if next < group.items.len() {
                        let found = self.sequence(&group.separator, at, &Cont::End).is_some();
                        if found {
                            return Verdict::Stop;
                        }
                        if next < group.mandatory_end {
                            return Verdict::Go;
                        }
                    }
                    cont = *outer;
                }
            }
        }
    }
}
