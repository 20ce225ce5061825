//! Everything that is said to a person, on standard error: errors always, the rest unless `--quiet`.

use std::io::Write;

use syntax::{Diagnostic, Severity};

use crate::escape::visible;
use crate::terminal::{self, Paint};

/// How we speak. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    quiet: bool,
    paint: Paint,
}

impl Voice {
    /// A voice that keeps to errors where `quiet` says so.
    pub(crate) fn new(quiet: bool) -> Voice {
        Voice {
            quiet,
            paint: Paint::stderr(),
        }
    }

    /// Whether somebody listens who sees lines change: then there may be progress bars.
    pub(crate) fn may_animate(&self) -> bool {
        !self.quiet && terminal::stderr_is_terminal()
    }

    /// Whether nothing but errors is to be said.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says something in one line or several, whose words are our own or made visible.
    pub(crate) fn say(&self, lines: &str) {
        if !self.quiet {
            write(lines);
        }
    }

    /// Says something that helps.
    pub(crate) fn hint(&self, line: &str) {
        self.say(&self.paint.dim(&visible(line)));
    }

    /// Says what is not as it should be, though the work goes on.
    pub(crate) fn warning(&self, line: &str) {
        self.say(&format!(
            "{}: {}",
            self.paint.yellow("warning"),
            visible(line)
        ));
    }

    /// Says why the work ended, quiet or not.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        // Errors that show their cause as themselves would say it twice.
        let mut said = String::new();
        for cause in error.chain().map(ToString::to_string) {
            if said.is_empty() {
                said = cause;
            } else if !said.contains(&cause) {
                said = format!("{said}: {cause}");
            }
        }
        self.failure(&said);
    }

    /// Says what failed, quiet or not. Further lines are indented: nothing in a message passes for one of its own.
    pub(crate) fn failure(&self, message: &str) {
        let lines: Vec<_> = message.lines().map(visible).collect();
        write(&format!(
            "{}: {}",
            self.paint.red("error"),
            lines.join("\n  ")
        ));
    }

    /// Says what is to be said of a text: errors always, the rest unless quiet; what is merely worth knowing in a line.
    pub(crate) fn diagnostics(&self, name: &str, text: &str, diagnostics: &[Diagnostic]) {
        let (known, wrong): (Vec<_>, Vec<_>) = diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.is_error() || !self.quiet)
            .cloned()
            .partition(|diagnostic| diagnostic.severity == Severity::Info);
        if !wrong.is_empty() {
            write(&syntax::render::render(
                name,
                text,
                &wrong,
                self.paint.is_on(),
            ));
        }
        for diagnostic in known {
            let help = diagnostic
                .help
                .map_or_else(String::new, |help| format!("; {help}"));
            self.say(&format!(
                "{}: {}",
                self.paint.bold("note"),
                visible(&format!("{}{help}", diagnostic.message))
            ));
        }
    }
}

/// There is nobody to tell where standard error is gone.
fn write(lines: &str) {
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    let _ = write!(std::io::stderr().lock(), "{lines}{end}");
}
