//! The text as it grows: line breaks, indentation, and the comments of a gap.

use super::gap::Gap;

/// What stands between what was written and what comes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Break {
    /// Nothing.
    None,
    /// A blank.
    Space,
    /// A line break, then so many blanks.
    Line(usize),
    /// The same, with the blank lines that the gap has, one at most in a row.
    Paragraph(usize),
    /// The end of the text.
    End,
}

#[derive(Default)]
pub(super) struct Writer {
    out: String,
    /// The columns of the last line.
    column: usize,
}

impl Writer {
    pub(super) fn column(&self) -> usize {
        self.column
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    /// Writes a token or a comment.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rsplit_once('\n') {
            Some((_, last)) => self.column = last.chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    /// Writes the comments of `gap`, those on their own lines behind `indent` blanks, and then `then`, or a line break
    /// where a comment asks for one.
    pub(super) fn gap(&mut self, gap: &Gap, indent: usize, then: Break) {
        let paragraphs = matches!(then, Break::Paragraph(_) | Break::End);
        let sticks =
            matches!(then, Break::None | Break::Space) && self.out.ends_with(['(', '[', '{']);
        let mut line_ended = false;
        for (index, comment) in gap.comments.iter().enumerate() {
            if comment.own_line || line_ended {
                self.line(indent, paragraphs && comment.blank_before);
            } else if index > 0 || !sticks {
                self.text(" ");
            }
            self.text(comment.text);
            line_ended = comment.to_line_end;
        }
        match then {
            Break::Line(columns) => self.line(columns, false),
            Break::Paragraph(columns) => self.line(columns, gap.blank_after),
            Break::End => {}
            _ if gap.ends_line() => self.line(indent, false),
            Break::Space => self.text(" "),
            Break::None => {}
        }
    }

    /// Begins a line, unless nothing was written yet.
    fn line(&mut self, indent: usize, blank: bool) {
        if self.out.is_empty() {
            return;
        }
        if blank {
            self.out.push('\n');
        }
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }
}
