//! What each expression of a pattern took of a text, and where and why a match stopped: for people who write patterns.

use std::ops::Range;

use syntax::Span;

use super::program::{Node, NodeId, Program, What};
use super::run::{Runner, work};
use super::runs::Captures;

/// What came of running a pattern over a text, step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace<'i> {
    /// The expressions that took something, in the order of the text, groups before what is in them. Where the pattern
    /// does not match, those before the one that stopped it.
    pub taken: Vec<Taken>,
    /// The captures in the order of [`Program::exports`], and where the match ends; none if the pattern does not match.
    pub matched: Option<(Captures<'i>, usize)>,
    /// What stopped the match.
    pub stopped: Option<Stopped>,
    /// Whether the work allowed for one text was used up.
    pub gave_up: bool,
}

/// An expression and what it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The expression, in the pattern.
    pub span: Span,
    /// The bytes of the text.
    pub range: Range<usize>,
    /// Whether the expressions inside it took something, too, and are listed behind it.
    pub group: bool,
}

/// The expression at which a match ended without success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The expression, in the pattern.
    pub span: Span,
    /// Where in the text it was tried, in bytes.
    pub at: usize,
    /// What it did not find, in a few words.
    pub why: String,
    /// What `LD` or `DATA` looked for in vain, in the pattern.
    pub awaited: Option<Span>,
}

/// Runs `program` over `input` as [`super::run`] does, and tells how it went.
pub fn trace<'i>(program: &Program, input: &'i str, base_time: i64) -> Trace<'i> {
    let mut runner = Runner::new(program, input, work(input));
    runner.base_time = base_time;
    runner.tracer = Some(Box::default());
    let end = runner.whole(0);
    let matched = end.map(|end| (runner.captures(), end));
    let tracer = runner.tracer.take().unwrap_or_default();
    let stopped = tracer
        .stopped
        .filter(|_| end.is_none() && !runner.gave_up)
        .map(|(id, at, awaited)| Stopped {
            span: program.node(id).span,
            at,
            why: why(program.node(id), input, at),
            awaited: awaited.map(|id| program.node(id).span),
        });
    let entries = if end.is_some() {
        tracer.taken
    } else {
        tracer.before
    };
    let taken = entries.iter().map(|entry| Taken {
        span: program.node(entry.node).span,
        range: entry.from..entry.to,
        group: entry.group,
    });
    Trace {
        taken: taken.collect(),
        matched,
        stopped,
        gave_up: runner.gave_up,
    }
}

/// What is noted while a pattern runs.
#[derive(Debug, Default)]
pub(super) struct Tracer {
    taken: Vec<Entry>,
    /// What had been taken when the match stopped.
    before: Vec<Entry>,
    /// The expression, where it was tried, and what it looked for.
    stopped: Option<(NodeId, usize, Option<NodeId>)>,
    /// How many tests are under way, in which nothing is taken.
    testing: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    node: NodeId,
    from: usize,
    to: usize,
    /// Whether entries for what is inside it follow.
    group: bool,
}

impl Tracer {
    /// How much has been noted.
    pub(super) fn mark(&self) -> usize {
        self.taken.len()
    }

    /// Forgets what was noted since.
    pub(super) fn back_to(&mut self, mark: usize) {
        self.taken.truncate(mark);
    }

    /// An expression is tried; what is inside it comes behind.
    pub(super) fn enter(&mut self, node: NodeId, at: usize) {
        if self.testing == 0 {
            self.taken.push(Entry {
                node,
                from: at,
                to: at,
                group: false,
            });
        }
    }

    /// The expression that was entered at `mark` has taken all up to `end`.
    pub(super) fn took(&mut self, mark: usize, end: usize) {
        let group = self.taken.len() > mark + 1;
        if self.testing == 0
            && let Some(entry) = self.taken.get_mut(mark)
        {
            entry.to = end;
            entry.group = group;
        }
    }

    /// The expression that was entered at `mark` has failed. What is inside it knows better why, unless it chooses.
    pub(super) fn failed(&mut self, mark: usize, node: &Node, cont: Option<NodeId>) {
        if self.testing > 0 {
            return;
        }
        let inner = matches!(
            node.what,
            What::Group(_)
                | What::Separated(_)
                | What::Structure(_)
                | What::Array(_)
                | What::Pairs(_)
        );
        if let Some(entry) = self.taken.get(mark)
            && (!inner || node.look.is_some())
        {
            let awaited = cont.filter(|_| matches!(node.what, What::Line(_)));
            self.stopped = Some((entry.node, entry.from, awaited));
            self.before = self.taken[..mark]
                .iter()
                // Groups that are still open have taken nothing yet.
                .filter(|entry| entry.to > entry.from)
                .cloned()
                .collect();
        }
        self.back_to(mark);
    }

    /// What follows is a test.
    pub(super) fn begin_test(&mut self) {
        self.testing += 1;
    }

    /// The test has ended.
    pub(super) fn end_test(&mut self) {
        self.testing = self.testing.saturating_sub(1);
    }
}

/// What `node` did not find at `at`.
fn why(node: &Node, input: &str, at: usize) -> String {
    if let Some(look) = node.look {
        let what = if look.negated {
            "what must not be there is"
        } else {
            "what must be there is not"
        };
        return what.to_owned();
    }
    let rest = &input[at..];
    let (min, max) = (node.repeat.min, node.repeat.max);
    let characters = |count: usize| match count {
        1 => "one character".to_owned(),
        count => format!("{count} characters"),
    };
    match &node.what {
        What::Literal(_) if min > 1 => format!("this text does not stand here {min} times"),
        What::Literal(_) => "this text does not stand here".to_owned(),
        What::Class(_) if min > 1 => {
            format!("there are not {} of this class here", characters(min))
        }
        What::Class(_) => "no character of this class stands here".to_owned(),
        What::Line(line) => {
            let limit = if line.across {
                rest.len()
            } else {
                rest.find('\n').unwrap_or(rest.len())
            };
            let end = if line.across { "text" } else { "line" };
            let left = rest[..limit].chars().count();
            if left < min {
                format!("the {end} ends before there are {}", characters(min))
            } else if left > max {
                format!("nothing within {} fits what follows", characters(max))
            } else {
                format!("nothing up to the end of the {end} fits what follows")
            }
        }
        What::Quoted(quoted) if !rest.starts_with(char::from(quoted.mark)) => {
            "no quote opens here".to_owned()
        }
        What::Quoted(_) => {
            format!("the quoted text is not closed, or has not {min} to {max} characters")
        }
        What::Word => format!("no text of {min} to {max} characters stands here"),
        What::Begin => "this is not the beginning of the text".to_owned(),
        What::Middle => "this is the beginning of the text".to_owned(),
        What::End => "the text goes on here".to_owned(),
        What::Integer(integer) => {
            let digits = rest.trim_start_matches(['+', '-']);
            if digits
                .starts_with(|c: char| c.is_ascii_digit() || (integer.hex && c.is_ascii_hexdigit()))
            {
                format!(
                    "the number is not within {} and {}",
                    integer.bounds.start(),
                    integer.bounds.end()
                )
            } else {
                "no whole number stands here".to_owned()
            }
        }
        What::Decimal(decimal)
            if rest
                .trim_start_matches(['+', '-'])
                .starts_with(|c: char| c.is_ascii_digit()) =>
        {
            format!(
                "the number is not within {:?} and {:?}",
                decimal.bounds.start(),
                decimal.bounds.end()
            )
        }
        What::Decimal(_) => "no number stands here".to_owned(),
        What::Boolean => "neither `true` nor `false` stands here".to_owned(),
        What::Ip(versions) => match (versions.v4, versions.v6) {
            (true, false) => "no IPv4 address stands here".to_owned(),
            (false, true) => "no IPv6 address stands here".to_owned(),
            _ => "no IP address stands here".to_owned(),
        },
        What::CreditCard => "no credit card number with a right check digit stands here".to_owned(),
        What::Uuid => "no UUID stands here".to_owned(),
        What::SmartscapeId => "no Smartscape identifier stands here".to_owned(),
        What::Time(_) => "no time of this format stands here, or none that exists".to_owned(),
        What::Json(_) if !rest.starts_with('{') => "no JSON object begins here".to_owned(),
        What::Json(json) => format!(
            "the JSON object is malformed, longer than {} bytes, or lacks a member that must be there",
            json.limit
        ),
        What::JsonArray(_) if !rest.starts_with('[') => "no JSON array begins here".to_owned(),
        What::JsonArray(json) | What::JsonValue(json) => format!(
            "there is no JSON value of this type here, or it is longer than {} bytes",
            json.limit
        ),
        What::Xml(xml) => format!(
            "no well-formed XML document of at most {} bytes stands here, or it lacks the wanted element",
            xml.limit
        ),
        What::Enum(_) => "none of the texts stands here".to_owned(),
        What::Alternatives(_) => "none of the alternatives fits here".to_owned(),
        What::Array(_) | What::Pairs(_) => format!("there are not {min} repetitions"),
        What::Group(_) | What::Separated(_) | What::Structure(_) => {
            "this does not fit here".to_owned()
        }
    }
}
