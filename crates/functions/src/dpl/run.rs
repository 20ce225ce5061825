//! The interpreter: runs a program over a text, node by node, and keeps what the nodes capture.

use memchr::memchr;
use syntax::dpl::ast::{Look, Side};

use super::capture::{Capture, Kind};
use super::follow::Cont;
use super::matcher::{Scan, identifier, network, number, text};
use super::program::{NameId, Node, NodeId, Program, Repeat, What};
use super::runs::Captures;
use super::trace::Tracer;

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
    /// The moment whose year formats without year take, in nanoseconds since 1970.
    pub(super) base_time: i64,
    depth: usize,
    /// The bytes of JSON text that were read.
    pub(super) json_bytes: usize,
    pub(super) gave_up: bool,
    /// The line feed after the first offset, or the end of the input, as last looked up.
    line: (usize, usize),
    /// Who wants to know how it goes, if somebody does.
    pub(super) tracer: Option<Box<Tracer>>,
}

/// How much had been captured and noted at some point.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) events: usize,
    taken: usize,
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
            base_time: 0,
            depth: 0,
            json_bytes: 0,
            gave_up: false,
            line: NO_LINE,
            tracer: None,
        }
    }

    /// Where the captures stand now.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            events: self.events.len(),
            taken: self.tracer.as_ref().map_or(0, |tracer| tracer.mark()),
        }
    }

    /// Drops what was captured since.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.events.truncate(mark.events);
        if let Some(tracer) = &mut self.tracer {
            tracer.back_to(mark.taken);
        }
    }

    /// Makes a test, of which nothing remains but its outcome.
    pub(super) fn test<T>(&mut self, test: impl FnOnce(&mut Self) -> T) -> T {
        let mark = self.events.len();
        if let Some(tracer) = &mut self.tracer {
            tracer.begin_test();
        }
        let outcome = test(self);
        if let Some(tracer) = &mut self.tracer {
            tracer.end_test();
        }
        self.events.truncate(mark);
        outcome
    }

    /// Runs the whole program from `at` on, anew.
    pub(super) fn whole(&mut self, at: usize) -> Option<usize> {
        self.events.clear();
        self.sequence(&self.program.body, at, &Cont::End)
            .filter(|_| !self.gave_up)
    }

    /// Goes over to the next text, with the whole work that is allowed for one.
    pub(super) fn begin(&mut self, input: &'i str) {
        self.enter(input);
        self.work = work(input);
        self.depth = 0;
        self.gave_up = false;
    }

    /// The captures of a run that has succeeded.
    pub(super) fn captures(&mut self) -> Captures<'i> {
        let mut captures = vec![Capture::Null; self.program.exports.len()];
        self.captures_into(&mut captures);
        captures
    }

    /// The same, put into a place for each export.
    pub(super) fn captures_into(&mut self, captures: &mut [Capture<'i>]) {
        captures.fill(Capture::Null);
        for (name, value) in self.events.drain(..) {
            if let Some(slot) = self.program.slots[name] {
                captures[slot] = value;
            }
        }
        for (capture, export) in captures.iter_mut().zip(&self.program.exports) {
            if export.kind == Kind::Dynamic && !matches!(capture, Capture::Null | Capture::Text(_))
            {
                let mut text = String::new();
                capture.write(&mut text);
                *capture = Capture::Text(text.into());
            }
        }
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
        let mark = self.mark();
        if let Some(tracer) = &mut self.tracer {
            tracer.enter(id, at);
        }
        let end = match node.look {
            Some(look) => self.look(node, look, at),
            None => self.present(node, at, cont),
        };
        if let Some(tracer) = &mut self.tracer {
            match end {
                Some(end) => tracer.took(mark.taken, end),
                None => tracer.failed(mark.taken, node, cont.awaited(program)),
            }
        }
        self.depth -= 1;
        match end {
            None => {
                self.events.truncate(mark.events);
                (node.optional && !self.gave_up).then_some(at)
            }
            end => end,
        }
    }

    /// Matches a node that is there, and keeps its value if it is exported.
    fn present(&mut self, node: &'p Node, at: usize, cont: &Cont<'_, 'p>) -> Option<usize> {
        let (end, value) = self.attempt(node, at, cont)?;
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
        let found = self.test(|runner| match look.side {
            Side::Ahead => runner.attempt(node, at, &Cont::End).is_some(),
            Side::Behind => runner.behind(node, at),
        });
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
            What::SmartscapeId => identifier::smartscape(bytes, at)
                .map(|end| (end, Some(Capture::Smartscape(input[at..end].into())))),
            What::Time(format) => typed(format.read(input, at, self.base_time), Capture::Timestamp),
            What::Json(json) => self.json(json, at),
            What::JsonArray(json) => self.json_array(json, at),
            What::JsonValue(json) => self.json_value(json, at),
            What::Xml(xml) => self
                .scanned(at, xml.read(input, at))
                .map(|(end, text)| (end, Some(Capture::Text(text.into())))),
            What::Pairs(body) => self.pairs(body, node.repeat, at, cont),
            What::Array(scoped) => self.array(scoped, node.repeat, at, cont),
            What::Structure(scoped) => self.structure(scoped, at, cont),
            What::Enum(list) => self
                .charge(list.entries.len() / 16)
                .then(|| typed(list.read(input, at), Capture::Long))?,
            What::Group(body) => self.sequence(body, at, cont).map(plain),
            What::Separated(group) => self.separated(group, at, cont).map(plain),
            What::Alternatives(branches) => {
                let mark = self.mark();
                branches.iter().find_map(|branch| {
                    self.back_to(mark);
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
