//! Diagnostics to the text that a person reads, after rustc's manner.
//!
//! The text of a query may come from anywhere: what could steer a terminal or hide other text is shown by
//! name, `<U+001B>`, and never sent as it is.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{Diagnostic, Severity, Span};

/// How many diagnostics are shown; text that is no query at all can give one for every character.
const MOST: usize = 50;

/// The diagnostics of `text` for a person, each with the lines that it is about. `source_name` stands before the
/// line numbers; `color` asks for ANSI colors. Ends with a line break unless it is empty.
pub fn render(source_name: &str, text: &str, diagnostics: &[Diagnostic], color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(MOST) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&one(&renderer, source_name, text, diagnostic));
        out.push('\n');
    }
    if diagnostics.len() > MOST {
        out.push_str(&format!("\n… and {} more\n", diagnostics.len() - MOST));
    }
    out
}

/// The place of the byte `offset`: line and column, both from 1, the column in characters.
pub fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..boundary(text, offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

fn one(renderer: &Renderer, source_name: &str, text: &str, diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let excerpt = Excerpt::new(text, diagnostic);
    let primary = AnnotationKind::Primary.span(excerpt.range(diagnostic.span));
    let mut snippet = Snippet::source(excerpt.text.as_str())
        .path(visible_line(source_name))
        .line_start(excerpt.first_line)
        .annotation(match diagnostic.label.as_str() {
            "" => primary,
            label => primary.label(visible_line(label)),
        });
    for label in &diagnostic.labels {
        let range = excerpt.range(label.span);
        snippet = snippet.annotation(
            AnnotationKind::Context
                .span(range)
                .label(visible_line(&label.text)),
        );
    }
    let title = level
        .primary_title(visible_line(&diagnostic.message))
        .id(diagnostic.code.text());
    let mut group = Group::with_title(title).element(snippet);
    let fix = fix(text, diagnostic);
    for help in diagnostic.help.iter().chain(&fix) {
        group = group.element(Level::HELP.message(visible_line(help)));
    }
    renderer.render(&[group])
}

/// The fix in words.
fn fix(text: &str, diagnostic: &Diagnostic) -> Option<String> {
    let fix = diagnostic.fix.as_ref()?;
    let replaced = text.get(fix.span.range()).unwrap_or_default().trim();
    let replacement = fix.replacement.trim();
    Some(match (replaced, replacement) {
        ("", _) => format!("add {}", code(replacement)),
        (_, "") => format!("leave out {}", code(replaced)),
        _ if fix.span == diagnostic.span => format!("write {}", code(replacement)),
        _ => format!("write {} instead of {}", code(replacement), code(replaced)),
    })
}

/// A piece of code in a sentence; what has backticks itself gets two of them, as Markdown has it.
pub(crate) fn code(text: &str) -> String {
    let fence = if text.contains('`') {
        ["`` ", " ``"]
    } else {
        ["`"; 2]
    };
    format!("{}{text}{}", fence[0], fence[1])
}

/// The lines that a diagnostic is about, made fit to be shown.
struct Excerpt<'t> {
    /// The whole text.
    source: &'t str,
    /// Where the excerpt begins in it.
    start: usize,
    /// The number of the first line.
    first_line: usize,
    /// What is shown, line breaks as `\n`.
    text: String,
    /// Where the lengths of source and shown text differ: the end of a character in the excerpt's source, and the
    /// end of what stands for it in `text`.
    replaced: Vec<(usize, usize)>,
}

impl<'t> Excerpt<'t> {
    fn new(source: &'t str, diagnostic: &Diagnostic) -> Self {
        let all = diagnostic
            .labels
            .iter()
            .fold(diagnostic.span, |all, label| all.to(label.span));
        let (start, end) = (boundary(source, all.start), boundary(source, all.end));
        let start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = source[end..]
            .find('\n')
            .map_or(source.len(), |newline| end + newline);
        let mut text = String::new();
        let mut replaced = Vec::new();
        let lines = &source[start..end];
        for (offset, character) in lines.char_indices() {
            let after = offset + character.len_utf8();
            match character {
                // The renderer knows how wide it makes a tab.
                '\n' | '\t' => text.push(character),
                '\r' if lines[after..].starts_with('\n') || start + after == end => {
                    replaced.push((after, text.len()))
                }
                _ if is_harmless(character) => text.push(character),
                _ => {
                    text.push_str(&name(character));
                    replaced.push((after, text.len()));
                }
            }
        }
        Excerpt {
            source,
            start,
            first_line: position(source, start).0,
            text,
            replaced,
        }
    }

    /// Where `span` is in the shown text.
    fn range(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.shown(span.start);
        start..self.shown(span.end).max(start)
    }

    fn shown(&self, offset: usize) -> usize {
        let offset = boundary(self.source, offset).saturating_sub(self.start);
        let before = self
            .replaced
            .partition_point(|(source, _)| *source <= offset);
        let shown = match before
            .checked_sub(1)
            .and_then(|last| self.replaced.get(last))
        {
            Some((source, shown)) => shown + (offset - source),
            None => offset,
        };
        shown.min(self.text.len())
    }
}

/// The last boundary between characters at or before `offset`.
fn boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A message on one line, fit to be shown, not endlessly long.
fn visible_line(message: &str) -> String {
    const LONGEST: usize = 300;
    let mut out = String::new();
    let mut blank = false;
    for (count, character) in message.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        match character {
            '\n' | '\r' | '\t' | ' ' => {
                if !blank {
                    out.push(' ');
                }
            }
            _ if is_harmless(character) => out.push(character),
            _ => out.push_str(&name(character)),
        }
        blank = character.is_whitespace();
    }
    out
}

/// Whether a character shows itself and nothing else: neither a control character nor one that is invisible,
/// breaks lines, or changes the direction of writing.
pub fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The name of a character that must not be shown itself: `<U+001B>`.
pub fn name(character: char) -> String {
    format!("<U+{:04X}>", u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::{position, render};
    use crate::{Code, Diagnostic, Span};

    fn at(text: &str, part: &str) -> Diagnostic {
        let start = text.find(part).expect("the part");
        Diagnostic::error(
            Code::UnknownField,
            Span::new(start, start + part.len()),
            "no such thing",
        )
    }

    /// The lines of the excerpt, without message and help.
    fn excerpt(text: &str, diagnostic: Diagnostic) -> String {
        let rendered = render("q", text, &[diagnostic], false);
        rendered.lines().skip(1).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn all_there_is_to_say() {
        let text = "fetch logs\n| filter eventNam == 1\n";
        let diagnostic = at(text, "eventNam")
            .label("did you mean `eventName`?")
            .also(Span::new(0, 5), "from here")
            .help("fields are case-sensitive")
            .fix(Span::new(20, 28), "eventName");
        let expected = "\
error[E0302]: no such thing
 --> q:2:10
  |
1 | fetch logs
  | ----- from here
2 | | filter eventNam == 1
  |          ^^^^^^^^ did you mean `eventName`?
  |
  = help: fields are case-sensitive
  = help: write `eventName`
";
        assert_eq!(
            render("q", text, std::slice::from_ref(&diagnostic), false),
            expected
        );
        assert!(render("q", text, &[diagnostic], true).contains("\u{1b}["));
        assert_eq!(render("q", text, &[], true), "");
    }

    #[test]
    fn fixes_in_words() {
        let text = "a b";
        let fix = |span, replacement: &str| {
            let rendered = render("q", text, &[at(text, "b").fix(span, replacement)], false);
            rendered.lines().last().map(str::to_string)
        };
        let table = [
            (Span::new(2, 3), "c", "write `c`"),
            (Span::new(0, 3), "c", "write `c` instead of `a b`"),
            (Span::new(2, 3), "`c d`", "write `` `c d` ``"),
            (Span::new(2, 3), "", "leave out `b`"),
            (Span::at(1), ", ", "add `,`"),
        ];
        for (span, replacement, words) in table {
            assert_eq!(fix(span, replacement), Some(format!("  = help: {words}")));
        }
    }

    #[test]
    fn carets_stand_under_what_they_mean() {
        let table = [
            (
                "\ta\tb x",
                "x",
                " --> q:1:6\n  |\n1 |     a    b x\n  |            ^",
            ),
            ("日本 x", "x", " --> q:1:4\n  |\n1 | 日本 x\n  |      ^"),
            ("é x", "x", " --> q:1:3\n  |\n1 | é x\n  |   ^"),
            ("a\r\nb x\r\nc", "x", " --> q:2:3\n  |\n2 | b x\n  |   ^"),
            ("日本", "日本", " --> q:1:1\n  |\n1 | 日本\n  | ^^^^"),
        ];
        for (text, part, expected) in table {
            assert_eq!(excerpt(text, at(text, part)), expected, "{text:?}");
        }
    }

    #[test]
    fn places_without_width() {
        let none =
            |at| Diagnostic::error(Code::UnexpectedToken, Span::at(at), "something is missing");
        assert_eq!(excerpt("ab", none(2)), " --> q:1:3\n  |\n1 | ab\n  |   ^");
        assert_eq!(excerpt("ab", none(1)), " --> q:1:2\n  |\n1 | ab\n  |  ^");
        assert_eq!(
            excerpt("ab\r\ncd", none(2)),
            " --> q:1:3\n  |\n1 | ab\n  |   ^"
        );
        for (text, offset) in [("", 0), ("a\n", 2), ("a\n\n", 3), ("é", 1), ("a", 99)] {
            assert!(excerpt(text, none(offset)).contains('^'), "{text:?}");
        }
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let text = "a \u{1b}[31m\u{9b}\u{202e}\u{200b}\u{7}\rx y";
        let diagnostic = at(text, "x")
            .label(text)
            .also(Span::new(0, 1), text)
            .help(text)
            .fix(Span::new(0, 9), text);
        let rendered = render(
            text,
            text,
            &[Diagnostic {
                message: text.to_string(),
                ..diagnostic
            }],
            false,
        );
        let steers = |character: char| {
            character != '\n' && (character.is_control() || "\u{202e}\u{200b}".contains(character))
        };
        assert!(!rendered.contains(steers), "{rendered:?}");
        let line = rendered
            .lines()
            .position(|line| line.starts_with("1 |"))
            .expect("the line");
        let lines: Vec<&str> = rendered.lines().collect();
        assert!(
            lines[line]
                .starts_with("1 | a <U+001B>[31m<U+009B><U+202E><U+200B><U+0007><U+000D>x y"),
            "{rendered}"
        );
        assert_eq!(lines[line].find('x'), lines[line + 1].find('^'));
    }

    #[test]
    fn there_is_an_end_to_it() {
        let text = "x".repeat(100);
        let many = vec![at(&text, "x"); 70];
        assert!(render("q", &text, &many, false).ends_with("\n… and 20 more\n"));
    }

    #[test]
    fn positions_count_characters_from_one() {
        let text = "aé\r\n日x\n";
        let table = [
            (0, (1, 1)),
            (1, (1, 2)),
            (3, (1, 3)),
            (5, (2, 1)),
            (8, (2, 2)),
            (10, (3, 1)),
            (99, (3, 1)),
            (2, (1, 2)),
        ];
        for (offset, expected) in table {
            assert_eq!(position(text, offset), expected, "{offset}");
        }
    }
}
