//! Running a program over texts: one, or one after the other.

use super::capture::Capture;
use super::program::Program;
use super::run::Runner;

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
/// Formats without year take that of 1970.
pub fn run<'i>(program: &Program, input: &'i str) -> Outcome<'i> {
    let mut runs = Runs::new(program, 0);
    let captures = runs.run(input).map(|captures| captures.to_vec());
    Outcome {
        captures,
        gave_up: runs.gave_up(),
    }
}

/// Runs one program over many texts that live equally long; what it needs to do so it allocates once.
pub struct Runs<'p, 'i> {
    runner: Runner<'p, 'i>,
    captures: Captures<'i>,
}

impl<'p, 'i> Runs<'p, 'i> {
    /// Runs of `program`; formats without year take that of `base_time`, in nanoseconds since 1970.
    pub fn new(program: &'p Program, base_time: i64) -> Self {
        let mut runner = Runner::new(program, "", 0);
        runner.base_time = base_time;
        Runs {
            runner,
            captures: vec![Capture::Null; program.exports.len()],
        }
    }

    /// Sets the base time of the runs that follow.
    pub fn set_base_time(&mut self, base_time: i64) {
        self.runner.base_time = base_time;
    }

    /// As [`run`]: the value of each export, if the pattern matches.
    pub fn run(&mut self, input: &'i str) -> Option<&mut [Capture<'i>]> {
        self.runner.begin(input);
        self.runner.whole(0)?;
        self.runner.captures_into(&mut self.captures);
        Some(&mut self.captures)
    }

    /// Whether the pattern matches the next text from its first character to its last; false too where the work
    /// allowed for one text does not suffice.
    pub fn matches_whole(&mut self, input: &'i str) -> bool {
        self.runner.begin(input);
        self.runner.whole(0) == Some(input.len())
    }

    /// The bytes of JSON text that all runs so far have read.
    pub fn json_bytes(&self) -> usize {
        self.runner.json_bytes
    }

    /// Whether the last run used up the work allowed for one text; then nothing matched, though something might have.
    pub fn gave_up(&self) -> bool {
        self.runner.gave_up
    }
}
