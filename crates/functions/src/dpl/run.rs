//! The interpreter: runs a program over a text, node by node, and keeps what the nodes capture.

use memchr::memchr;
use syntax::dpl::ast::{Look, Side};

use super::capture::{Capture, Kind};
use super::follow::Cont;
use super::matcher::{Scan, identifier, network, number, text};
use super::program::{NameId, Node, NodeId, Program, Repeat, What};

/// The value of each export, in the order of [`Program::exports`].
pub type Captures<'i> = Vec<Capture<'i>>;

/// What came of running a pattern over a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome<'i> {
    /// The captures, if the pattern matched.
    pub captures: Option<Captures<'i>>,
    /// Whether the work allowed for one text was used up; then nothing matched, though something might have.
    pub gave_up: bool,
}

/// Runs `program` over `input` as the command `parse` does: from the first character on, and not necessarily to the last.
pub fn run<'i>(program: &Program, input: &'i str) -> Outcome<'i> {
    let mut runner = Runner::new(program, input, work(input));
    let end = runner.whole(0);
    runner.outcome(end)
}

/// The steps allowed for a text of this length: far above what sensible patterns need, which is some per character, and
/// few enough that no pattern takes more than a fraction of a second.
pub(super) fn work(input: &str) -> usize {
    1_000_000 + 32 * input.len()
}

/// How deep calls may nest; `LD` after `LD` after `LD` nests without parentheses.
const MAX_DEPTH: usize = 256;

/// How far look-behind reaches, in bytes.
const BEHIND: usize = 64;

/// No line: its start lies behind its end.
const NO_LINE: (usize, usize) = (usize::MAX, 0);

/// A run over one text.
pub(super) struct Runner<'p, 'i> {
    pub(super) program: &'p Program,
    pub(super) input: &'i str,
    /// What was captured, in order; whoever fails cuts it back.
    pub(super) events: Vec<(NameId, Capture<'i>)>,
    /// The steps left.
    pub(super) work: usize,
    depth: usize,
    pub(super) gave_up: bool,
    /// The line feed after the first offset, or the end of the input, as last looked up.
    line: (usize, usize),
}

/// The end of a match and its value; none where the value is the matched text itself.
pub(super) type Match<'i> = (usize, Option<Capture<'i>>);

impl<'p, 'i> Runner<'p, 'i> {
    pub(super) fn new(program: &'p Program, input: &'i str, work: usize) -> Self {
        Runner {
            program,
            input,
            events: Vec::new(),
            work,
            depth: 0,
            gave_up: false,
            line: NO_LINE,
        }
    }

    /// Runs the whole program from `at` on, anew.
    pub(super) fn whole(&mut self, at: usize) -> Option<usize> {
        self.events.clear();
        self.sequence(&self.program.body, at, &Cont::End)
            .filter(|_| !self.gave_up)
    }

    /// The outcome of a run that ended at `end`.
    pub(super) fn outcome(&mut self, end: Option<usize>) -> Outcome<'i> {
        Outcome {
            captures: end.map(|_| self.captures()),
            gave_up: self.gave_up,
        }
    }

    /// The captures of a run that has succeeded.
    pub(super) fn captures(&mut self) -> Captures<'i> {
        let mut captures = vec![Capture::Null; self.program.exports.len()];
        for (name, value) in self.events.drain(..) {
            if let Some(slot) = self.program.slots[name] {
                captures[slot] = value;
            }
        }
        for (capture, export) in captures.iter_mut().zip(&self.program.exports) {
            if export.kind == Kind::Json && !matches!(capture, Capture::Null | Capture::Json(_)) {
                let mut text = String::new();
                capture.write_json(&mut text);
                *capture = Capture::Json(text.into());
            }
        }
        captures
    }

    /// Goes over to another text; gives the one before.
    pub(super) fn enter(&mut self, text: &'i str) -> &'i str {
        self.line = NO_LINE;
        std::mem::replace(&mut self.input, text)
    }

    /// Takes `steps` from the work that is left; false if there is no more.
    pub(super) fn charge(&mut self, steps: usize) -> bool {
        match self.work.checked_sub(steps) {
            Some(left) if !self.gave_up => self.work = left,
            _ => self.gave_up = true,
        }
        !self.gave_up
    }

    /// Matches `body` from `at` on, `cont` being what comes after it.
    pub(super) fn sequence(
        &mut self,
        body: &'p [NodeId],
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<usize> {
        let mut at = at;
        for (index, id) in body.iter().enumerate() {
            at = self.step(
                *id,
                at,
                &Cont::Then {
                    rest: &body[index + 1..],
                    outer: cont,
                },
            )?;
        }
        Some(at)
    }

    /// Matches one node with all that stands around it.
    pub(super) fn step(&mut self, id: NodeId, at: usize, cont: &Cont<'_, 'p>) -> Option<usize> {
        if self.depth == MAX_DEPTH {
            self.gave_up = true;
        }
        if !self.charge(1) {
            return None;
        }
        self.depth += 1;
        let program = self.program;
        let node = program.node(id);
        let end = match node.look {
            Some(look) => self.look(node, look, at),
            None => self.present(node, at, cont),
        };
        self.depth -= 1;
        match end {
            None if node.optional && !self.gave_up => Some(at),
            end => end,
        }
    }

    /// Matches a node that is there, and keeps its value if it is exported.
    fn present(&mut self, node: &'p Node, at: usize, cont: &Cont<'_, 'p>) -> Option<usize> {
        let mark = self.events.len();
        let Some((end, value)) = self.attempt(node, at, cont) else {
            self.events.truncate(mark);
            return None;
        };
        if let Some(name) = node.export {
            let value = match (&node.constant, value) {
                (Some(constant), _) => constant.clone(),
                (None, Some(value)) => value,
                (None, None) => Capture::Str(self.input[at..end].into()),
            };
            self.events.push((name, value));
        }
        Some(end)
    }

    fn look(&mut self, node: &'p Node, look: Look, at: usize) -> Option<usize> {
        let mark = self.events.len();
        let found = match look.side {
            Side::Ahead => self.attempt(node, at, &Cont::End).is_some(),
            Side::Behind => self.behind(node, at),
        };
        self.events.truncate(mark);
        (found != look.negated).then_some(at)
    }

    /// Whether a match that begins shortly before `at` ends there.
    fn behind(&mut self, node: &'p Node, at: usize) -> bool {
        let input = self.input;
        if let (What::Literal(literal), Repeat::ONCE) = (&node.what, node.repeat) {
            return at > 0 && literal.text.len() <= BEHIND && input[..at].ends_with(&*literal.text);
        }
        (at.saturating_sub(BEHIND)..at).rev().any(|start| {
            input.is_char_boundary(start)
                && self.charge(1)
                && self
                    .attempt(node, start, &Cont::End)
                    .is_some_and(|(end, _)| end == at)
        })
    }

    /// Matches what a node is made of.
    pub(super) fn attempt(
        &mut self,
        node: &'p Node,
        at: usize,
        cont: &Cont<'_, 'p>,
    ) -> Option<Match<'i>> {
        let input = self.input;
        let bytes = input.as_bytes();
        let plain = |end: usize| (end, None);
        match &node.what {
            What::Literal(literal) => self
                .scanned(
                    at,
                    repeated(bytes, at, literal.text.as_bytes(), node.repeat),
                )
                .map(plain),
            What::Class(set) => self.scanned(at, set.run(input, at, node.repeat)).map(plain),
            What::Line(line) => {
                let end = self.line(*line, node.repeat, at, cont)?;
                Some((end, (line.skip && end == at).then_some(Capture::Null)))
            }
            What::Quoted(form) => self
                .scanned(at, text::quoted(input, at, *form, node.repeat))
                .map(string),
            What::Word => self
                .scanned(at, text::word(input, at, node.repeat))
                .map(string),
            What::Begin => (at == 0).then_some(plain(at)),
            What::Middle => (at > 0).then_some(plain(at)),
            What::End => (at == input.len()).then_some(plain(at)),
            What::Integer(integer) => {
                typed(self.scanned(at, integer.read(bytes, at)), Capture::Long)
            }
            What::Decimal(decimal) => {
                typed(self.scanned(at, decimal.read(input, at)), Capture::Double)
            }
            What::Boolean => typed(number::boolean(bytes, at), Capture::Boolean),
            What::Ip(versions) => typed(network::ip(input, at, *versions), Capture::Ip),
            What::CreditCard => typed(identifier::credit_card(bytes, at), Capture::Long),
            What::Uuid => identifier::uuid(bytes, at).map(plain),
            What::SmartscapeId => identifier::smartscape(bytes, at).map(plain),
            What::Time(format) => typed(format.read(input, at), Capture::Timestamp),
            What::Json(json) => self.json(json, at),
            What::JsonArray(json) => self.json_array(json, at),
            What::JsonValue(json) => self.json_value(json, at),
            What::Pairs(body) => self.pairs(body, node.repeat, at, cont),
            What::Array(scoped) => self.array(scoped, node.repeat, at, cont),
            What::Structure(scoped) => self.structure(scoped, at, cont),
            What::Enum(list) => self
                .charge(list.entries.len() / 16)
                .then(|| typed(list.read(input, at), Capture::Long))?,
            What::Group(body) => self.sequence(body, at, cont).map(plain),
            What::Separated(group) => self.separated(group, at, cont).map(plain),
            What::Alternatives(branches) => {
                let mark = self.events.len();
                branches.iter().find_map(|branch| {
                    self.events.truncate(mark);
                    self.sequence(branch, at, cont).map(plain)
                })
            }
        }
    }

    /// Charges for a scan that began at `at`.
    pub(super) fn scanned<T>(&mut self, at: usize, scan: Scan<T>) -> Option<T> {
        let affordable = self.charge((scan.to - at) / 16);
        scan.found.filter(|_| affordable)
    }

    /// The end of the line that `at` is in, its line feed excluded.
    pub(super) fn line_end(&mut self, at: usize) -> usize {
        let (from, to) = self.line;
        if from <= at && at <= to {
            return to;
        }
        let rest = &self.input.as_bytes()[at..];
        let end = memchr(b'\n', rest).map_or(self.input.len(), |length| at + length);
        self.charge((end - at) / 64);
        self.line = (at, end);
        end
    }
}

/// The end of as many copies of `part` as there are, if they are enough.
fn repeated(input: &[u8], at: usize, part: &[u8], repeat: Repeat) -> Scan<usize> {
    if part.is_empty() {
        return Scan {
            to: at,
            found: Some(at),
        };
    }
    let mut end = at;
    let mut count = 0;
    while count < repeat.max && input[end..].starts_with(part) {
        end += part.len();
        count += 1;
    }
    Scan {
        to: end,
        found: (count >= repeat.min).then_some(end),
    }
}

fn string(text: text::Text<'_>) -> Match<'_> {
    (text.end, Some(Capture::Str(text.value)))
}

fn typed<'i, T>(
    found: Option<(usize, T)>,
    capture: impl Fn(T) -> Capture<'i>,
) -> Option<Match<'i>> {
    found.map(|(end, value)| (end, Some(capture(value))))
}
