//! What stands between two tokens: comments, and how they stand on their lines.

use super::super::token::{Token, TokenKind};

/// A comment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comment<'t> {
    /// Its text, without blanks at the end.
    pub(super) text: &'t str,
    /// Whether it goes up to the end of its line.
    pub(super) to_line_end: bool,
    /// Whether a line begins with it.
    pub(super) own_line: bool,
    /// Whether a blank line stands before it.
    pub(super) blank_before: bool,
}

/// What stands between two tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Gap<'t> {
    pub(super) comments: Vec<Comment<'t>>,
    /// Whether a line ends behind the last comment, or anywhere where there is none.
    pub(super) line_after: bool,
    /// Whether a blank line follows the last comment, or stands anywhere where there is none.
    pub(super) blank_after: bool,
}

impl<'t> Gap<'t> {
    /// Takes a token that the parser passes over.
    pub(super) fn push(&mut self, token: Token, text: &'t str) {
        if token.kind == TokenKind::Space {
            let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
            self.line_after |= breaks > 0;
            self.blank_after |= breaks > 1;
            return;
        }
        self.comments.push(Comment {
            text: text.trim_end(),
            to_line_end: token.kind == TokenKind::LineComment,
            own_line: std::mem::take(&mut self.line_after),
            blank_before: std::mem::take(&mut self.blank_after),
        });
    }

    /// Whether the comments can't stand on one line with what is around them.
    pub(super) fn breaks(&self) -> bool {
        self.comments
            .iter()
            .any(|comment| comment.to_line_end || comment.own_line)
    }

    /// Whether what follows begins a line because of the last comment.
    pub(super) fn ends_line(&self) -> bool {
        self.comments
            .last()
            .is_some_and(|last| last.to_line_end || last.own_line && self.line_after)
    }

    /// This gap and the one behind a token that is printed before both.
    pub(super) fn then(&self, next: &Gap<'t>) -> Gap<'t> {
        let mut joined = self.clone();
        joined.comments.extend(next.comments.iter().copied());
        joined.line_after = next.line_after || next.comments.is_empty() && self.line_after;
        joined.blank_after = false;
        joined
    }

    /// Whether the comments behind a pipe belong before it: they are about the command that follows, and take lines.
    pub(super) fn belongs_before_pipe(&self) -> bool {
        self.breaks() || !self.comments.is_empty() && self.line_after
    }

    /// This gap with the comments of `behind`, the one behind the pipe, each on a line of its own.
    pub(super) fn with_those_behind_pipe(&self, behind: &Gap<'t>) -> Gap<'t> {
        let mut joined = self.clone();
        let mut blank = std::mem::take(&mut joined.blank_after);
        for comment in &behind.comments {
            joined.comments.push(Comment {
                own_line: true,
                blank_before: std::mem::take(&mut blank),
                ..*comment
            });
        }
        joined
    }
}
