//! Which lines there are: commands, the lists behind them, what stands in brackets, and chains of operators.

use super::super::token::TokenKind;
use super::piece::{Piece, Pieces};
use super::writer::{Break, Writer};
use super::{INDENT, WIDTH};

/// No line is indented further: a query may be nested deeply enough for its indentation to be most of its text.
const MAX_INDENT: usize = 80;

pub(super) struct Layout<'p, 't> {
    pieces: &'p Pieces<'t>,
    writer: Writer,
}

impl<'p, 't> Layout<'p, 't> {
    pub(super) fn new(pieces: &'p Pieces<'t>) -> Self {
        Layout {
            pieces,
            writer: Writer::default(),
        }
    }

    pub(super) fn finish(self) -> String {
        self.writer.finish()
    }

    /// The whole text.
    pub(super) fn file(&mut self) {
        let end = self.pieces.end();
        let first = &self.pieces.get(0).gap;
        let then = if first.comments.is_empty() {
            Break::None
        } else if first.ends_line() {
            Break::Paragraph(0)
        } else {
            Break::Space
        };
        self.writer.gap(first, 0, then);
        self.query(0, end, 0);
        self.writer.gap(&self.pieces.get(end).gap, 0, Break::End);
    }

    /// The commands from `start` up to `end`; what stands before the first is written.
    fn query(&mut self, start: usize, end: usize, indent: usize) {
        let pipes = self
            .pieces
            .places(start, end, |piece| piece.kind == TokenKind::Pipe);
        let mut at = start;
        for pipe in pipes {
            self.command(at, pipe, indent);
            let (before, behind) = (&self.pieces.get(pipe).gap, &self.pieces.get(pipe + 1).gap);
            let moved = behind.belongs_before_pipe();
            if moved {
                let joined = before.with_those_behind_pipe(behind);
                self.writer.gap(&joined, indent, Break::Paragraph(indent));
            } else {
                self.writer.gap(before, indent, Break::Paragraph(indent));
            }
            self.writer.text("|");
            if moved {
                self.writer.text(" ");
            } else {
                self.writer.gap(behind, indent, Break::Space);
            }
            at = pipe + 1;
        }
        self.command(at, end, indent);
    }

    /// `name parameter, parameter …`
    fn command(&mut self, start: usize, end: usize, indent: usize) {
        if self.fits(start, end) {
            return self.flat(start, end);
        }
        self.writer.text(self.pieces.get(start).text);
        let inner = deeper(indent);
        let items = self.items(start + 1, end);
        if items.is_empty() {
            return;
        }
        if let [(only, _)] = items[..] {
            self.space(only, inner);
            self.item(only, end, indent);
        } else if self.keeps_together(&items) {
            self.space(start + 1, inner);
            self.on_one_line(&items, indent);
        } else {
            self.line_each(&items, inner);
        }
    }

    /// The places between commas.
    fn items(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let commas = self
            .pieces
            .places(start, end, |piece| piece.kind == TokenKind::Comma);
        let mut items = Vec::with_capacity(commas.len() + 1);
        let mut at = start;
        for comma in commas {
            items.push((at, comma));
            at = comma + 1;
        }
        if at < end {
            items.push((at, end));
        }
        items
    }

    /// Whether the parameters of a command stay on its line, with groups and blocks among them opened up: `join […], on: {…}`.
    fn keeps_together(&self, items: &[(usize, usize)]) -> bool {
        let bracketed = |item: &(usize, usize)| self.group(item.0, item.1).is_some();
        let mut others = items.iter().filter(|item| !bracketed(item));
        let few = items.first().is_some_and(bracketed) || others.clone().count() < 2;
        let calm = others.all(|item| !self.pieces.must_break(item.0, item.1));
        let commas = items.iter().skip(1).all(|(start, _)| {
            !self.pieces.get(*start).gap.breaks() && !self.pieces.get(*start - 1).gap.breaks()
        });
        let rest: usize = items
            .iter()
            .filter(|item| !bracketed(item))
            .map(|item| self.pieces.width(item.0, item.1) + 2)
            .sum();
        few && calm && commas && rest < WIDTH / 2
    }

    /// The opening bracket of an item that is a group or a block, named or not: `by: {a, b}`.
    fn group(&self, start: usize, end: usize) -> Option<usize> {
        let named = self.pieces.get(start + 1).kind == TokenKind::Colon;
        let open = if named { start + 2 } else { start };
        let piece = self.pieces.get(open);
        let is_group = piece.kind == TokenKind::BraceOpen || piece.is_block;
        (open < end && is_group && piece.partner + 1 == end).then_some(open)
    }

    /// Items on a line, groups and blocks opened up where they have to be.
    fn on_one_line(&mut self, items: &[(usize, usize)], indent: usize) {
        for (index, (start, end)) in items.iter().enumerate() {
            if index > 0 {
                self.comma(*start - 1, indent, Break::Space);
            }
            self.run(*start, *end, indent);
        }
    }

    /// Each item on its line.
    fn line_each(&mut self, items: &[(usize, usize)], indent: usize) {
        for (index, (start, end)) in items.iter().enumerate() {
            if index == 0 {
                let gap = &self.pieces.get(*start).gap;
                self.writer.gap(gap, indent, Break::Line(indent));
            } else {
                self.comma(*start - 1, indent, Break::Line(indent));
            }
            self.item(*start, *end, indent);
        }
    }

    /// The comma at `at` and the comments around it.
    fn comma(&mut self, at: usize, indent: usize, then: Break) {
        let (before, behind) = (&self.pieces.get(at).gap, &self.pieces.get(at + 1).gap);
        if before.breaks() {
            self.writer.text(",");
            return self.writer.gap(&before.then(behind), indent, then);
        }
        self.writer.gap(before, indent, Break::None);
        self.writer.text(",");
        self.writer.gap(behind, indent, then);
    }

    /// An item of a list, or the only one.
    fn item(&mut self, start: usize, end: usize, indent: usize) {
        self.chain(start, end, indent, deeper(indent));
    }

    /// Operands joined by operators, broken before the weakest of them. Further lines begin at `hang`.
    fn chain(&mut self, start: usize, end: usize, indent: usize, hang: usize) {
        if self.fits(start, end) {
            return self.flat(start, end);
        }
        let weakest = self
            .pieces
            .places(start, end, |piece| piece.level.is_some())
            .into_iter()
            .filter_map(|at| self.pieces.get(at).level)
            .min();
        let Some(weakest) = weakest else {
            return self.run(start, end, indent);
        };
        let operators = self
            .pieces
            .places(start, end, |piece| piece.level == Some(weakest));
        let mut at = start;
        let mut margin = indent;
        for operator in operators {
            self.chain(at, operator, margin, deeper(hang));
            let gap = &self.pieces.get(operator).gap;
            self.writer.gap(gap, hang, Break::Line(hang));
            self.writer.text(self.pieces.get(operator).text);
            self.space(operator + 1, hang);
            at = operator + 1;
            margin = hang;
        }
        self.chain(at, end, margin, deeper(hang));
    }

    /// Pieces on one line but for the brackets that do not fit.
    fn run(&mut self, start: usize, end: usize, indent: usize) {
        let mut at = start;
        while at < end {
            if at > start {
                self.lead(at, deeper(indent));
            }
            let piece = self.pieces.get(at);
            if piece.partner > at && !self.fits(at, piece.partner + 1) {
                self.bracket(at, indent);
                at = piece.partner;
            } else if piece.partner > at {
                self.flat(at, piece.partner + 1);
                at = piece.partner;
            } else {
                self.writer.text(piece.text);
            }
            at += 1;
        }
    }

    /// Brackets with lines of their own for what is inside.
    fn bracket(&mut self, open: usize, indent: usize) {
        let piece = self.pieces.get(open);
        let close = piece.partner;
        let inner = deeper(indent);
        self.writer.text(piece.text);
        let items = self.items(open + 1, close);
        if piece.is_block && open + 1 < close {
            let gap = &self.pieces.get(open + 1).gap;
            self.writer.gap(gap, inner, Break::Line(inner));
            self.query(open + 1, close, inner);
        } else if let [(start, end)] = items[..] {
            let gap = &self.pieces.get(start).gap;
            self.writer.gap(gap, inner, Break::Line(inner));
            // Nothing else stands here that further lines could be taken for.
            self.chain(start, end, inner, inner);
        } else if self.opens_last(open, &items) {
            self.lead(open + 1, inner);
            self.on_one_line(&items, indent);
            self.lead(close, inner);
            self.writer.text(self.pieces.get(close).text);
            return;
        } else {
            self.line_each(&items, inner);
        }
        let gap = &self.pieces.get(close).gap;
        self.writer.gap(gap, inner, Break::Line(indent));
        self.writer.text(self.pieces.get(close).text);
    }

    /// Whether only the last of several items, a group, is opened up: `in(field, {…})`.
    fn opens_last(&self, open: usize, items: &[(usize, usize)]) -> bool {
        let Some((start, end)) = items.last().filter(|_| items.len() > 1) else {
            return false;
        };
        let Some(group) = self.group(*start, *end) else {
            return false;
        };
        let close = self.pieces.get(open).partner;
        let fits = self.writer.column() + self.pieces.width(open, group + 1) <= WIDTH;
        let calm = !self.pieces.must_break(open, group + 1) && !self.pieces.get(close).gap.breaks();
        fits && calm
    }

    /// Whether the pieces fit behind what is written, with a comma or a bracket behind them.
    fn fits(&self, start: usize, end: usize) -> bool {
        !self.pieces.must_break(start, end)
            && self.writer.column() + self.pieces.width(start, end) < WIDTH
    }

    /// Pieces on one line.
    fn flat(&mut self, start: usize, end: usize) {
        for at in start..end {
            if at > start {
                self.lead(at, 0);
            }
            self.writer.text(self.pieces.get(at).text);
        }
    }

    /// What stands before the piece at `at` within a line.
    fn lead(&mut self, at: usize, indent: usize) {
        let piece: &Piece = self.pieces.get(at);
        let then = match (piece.spaced, piece.gap.comments.is_empty()) {
            (true, _) => Break::Space,
            // A comment sticks to nothing but a bracket or a comma behind it.
            (false, false) if !piece.kind.is_closer() && piece.kind != TokenKind::Comma => {
                Break::Space
            }
            (false, _) => Break::None,
        };
        self.writer.gap(&piece.gap, indent, then);
    }

    /// The blank and the comments before the piece at `at`.
    fn space(&mut self, at: usize, indent: usize) {
        self.writer
            .gap(&self.pieces.get(at).gap, indent, Break::Space);
    }
}

fn deeper(indent: usize) -> usize {
    (indent + INDENT).min(MAX_INDENT)
}
