//! A text cut into parts, with what took each part above it: as many parts side by side as there is room for.

use unicode_width::UnicodeWidthStr;

use super::fit;
use crate::terminal::Paint;

/// The widest that a part is shown, unless nothing is to be cut.
const WIDEST: usize = 36;

/// What stands between two parts.
const BETWEEN: &str = " │ ";

/// A part of a text.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// What took it.
    pub(crate) taker: String,
    /// The text itself, made fit to be shown.
    pub(crate) text: String,
    /// How it stands out.
    pub(crate) tone: Tone,
}

/// How a part stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It was taken; neighbours have different colours.
    Taken,
    /// Nothing took it.
    Left,
    /// Here it went wrong.
    Wrong,
}

/// The lines of a gloss, each within `width` columns where there is a width; without one nothing is cut.
pub(crate) fn gloss(parts: &[Part], width: Option<usize>, paint: Paint) -> Vec<String> {
    let widest = width.map_or(usize::MAX, |width| width.min(WIDEST));
    let mut lines = Vec::new();
    let (mut above, mut below, mut used) = (String::new(), String::new(), 0);
    for (place, part) in parts.iter().enumerate() {
        let taker = fit(&part.taker, widest);
        let text = fit(&part.text, widest);
        let room = taker.width().max(text.width());
        let next = used + room + if used > 0 { BETWEEN.width() } else { 0 };
        if used > 0 && width.is_some_and(|width| next > width) {
            lines.push(std::mem::take(&mut above));
            lines.push(std::mem::take(&mut below));
            lines.push(String::new());
            used = 0;
        }
        if used > 0 {
            above += &paint.dim(BETWEEN);
            below += &paint.dim(BETWEEN);
            used += BETWEEN.width();
        }
        let last = place + 1 == parts.len();
        above += &padded(&paint.dim(&taker), room - taker.width(), last);
        let painted = match part.tone {
            Tone::Taken => paint.tint(place, &text),
            Tone::Left => paint.dim(&text),
            Tone::Wrong => paint.red(&text),
        };
        below += &padded(&painted, room - text.width(), last);
        used += room;
    }
    lines.extend([above, below]);
    lines
        .iter()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Text with so many blanks behind it, unless nothing follows.
fn padded(painted: &str, blanks: usize, last: bool) -> String {
    let blanks = if last { 0 } else { blanks };
    format!("{painted}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(taker: &str, text: &str) -> Part {
        Part {
            taker: taker.to_owned(),
            text: text.to_owned(),
            tone: Tone::Taken,
        }
    }

    #[test]
    fn parts_stand_under_what_took_them() {
        let parts = [part("LD", "key"), part("':'", ":"), part("INT:n", "42")];
        assert_eq!(
            gloss(&parts, None, Paint::default()),
            ["LD  │ ':' │ INT:n", "key │ :   │ 42"]
        );
    }

    #[test]
    fn lines_keep_to_the_width() {
        let parts: Vec<_> = (0..20)
            .map(|n| part(&format!("matcher{n}"), &"日本x".repeat(n)))
            .collect();
        for width in 1..60 {
            for line in gloss(&parts, Some(width), Paint::default()) {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}
