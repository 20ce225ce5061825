//! What is at the other end of our output: a terminal of some width, with or without colours, or a pipe.

use std::io::IsTerminal;

/// Whether results go to a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether what is said to people goes to a terminal.
pub(crate) fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// How many columns of characters results may take: those of the terminal, or of `COLUMNS` where somebody set it; `None`
/// for a pipe, which takes any number.
pub(crate) fn stdout_width() -> Option<usize> {
    let terminal = terminal_size::terminal_size_of(std::io::stdout());
    let width = terminal.map(|(width, _)| usize::from(width.0));
    width.or_else(|| std::env::var("COLUMNS").ok()?.parse().ok())
}

/// Colours, or none: only on a terminal, never where `NO_COLOR` is set or the terminal is known not to have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    /// For results.
    pub(crate) fn stdout() -> Paint {
        Paint {
            on: stdout_is_terminal() && are_wanted(),
        }
    }

    /// For what is said to people.
    pub(crate) fn stderr() -> Paint {
        Paint {
            on: stderr_is_terminal() && are_wanted(),
        }
    }

    /// Whether colours are on.
    pub(crate) fn is_on(self) -> bool {
        self.on
    }

    /// Bold, for headers.
    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Dim, for what stands in for a value.
    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    /// Red, for what is wrong or urgent.
    pub(crate) fn red(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// Yellow, for what wants attention.
    pub(crate) fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    /// In one of a few colours; neighbouring places have different ones.
    pub(crate) fn tint(self, place: usize, text: &str) -> String {
        const COLOURS: [&str; 5] = ["36", "32", "35", "34", "33"];
        self.with(COLOURS[place % COLOURS.len()], text)
    }

    fn with(self, code: &str, text: &str) -> String {
        match self.on {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}

fn are_wanted() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
}
