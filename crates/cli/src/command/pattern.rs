//! `trailsift pattern`: what each matcher of a pattern took of a text, and where and why a match stopped.

use std::fs::File;
use std::io::{self, BufRead, Write};

use anyhow::Context;
use engine::Value;
use functions::dpl::{self, Kind, Program, Trace};
use syntax::Span;
use unicode_width::UnicodeWidthStr;

use crate::args::{Pattern, Steps};
use crate::asked;
use crate::escape::visible;
use crate::exit::{Exit, Mistake};
use crate::human;
use crate::output::{Part, Tone, gloss, json_object, json_text};
use crate::say::Voice;
use crate::terminal::{self, Paint};

/// How wide the view is where there is no terminal.
const WIDTH: usize = 100;

/// The most parts of one text that are shown.
const PARTS: usize = 200;

/// How much is shown of a text where a match stopped, in characters.
const REST: usize = 24;

pub(super) fn run(args: Pattern, voice: &Voice) -> anyhow::Result<Exit> {
    let options = dpl::Options {
        time_zone: args.timezone.clone(),
    };
    let program = match dpl::compile_with(&args.pattern, &options) {
        Ok(program) => program,
        Err(diagnostics) => {
            voice.diagnostics("pattern", &args.pattern, &diagnostics);
            return Ok(Exit::Wrong);
        }
    };
    let mut work = Work {
        pattern: &args.pattern,
        program: &program,
        base: asked::clock(),
        format: args.format,
        width: (!args.wide).then(|| terminal::stdout_width().unwrap_or(WIDTH)),
        paint: Paint::stdout(),
        texts: 0,
        matched: 0,
        out: io::BufWriter::new(io::stdout().lock()),
    };
    if work.format == Steps::Json {
        work.out.write_all(b"[")?;
    }
    match (&args.input, &args.file) {
        (Some(text), _) if text != "-" => work.text(text)?,
        (None, Some(path)) if path.as_os_str() != "-" => {
            let name = path.display();
            let file = File::open(path).with_context(|| format!("{name} can't be read"))?;
            work.read(io::BufReader::new(file), &name.to_string(), args.whole)?;
        }
        _ => work.read(io::stdin().lock(), "standard input", args.whole)?,
    }
    if work.format == Steps::Json {
        work.out.write_all(b"]\n")?;
    }
    work.out.flush()?;
    if work.texts > 1 {
        voice.hint(&format!(
            "{} of {} match",
            human::count(work.matched),
            human::counted(work.texts, "text")
        ));
    }
    Ok(if work.matched == work.texts {
        Exit::Fine
    } else {
        Exit::Partial
    })
}

/// A pattern and the texts so far.
struct Work<'p, W: Write> {
    pattern: &'p str,
    program: &'p Program,
    base: i64,
    format: Steps,
    width: Option<usize>,
    paint: Paint,
    texts: u64,
    matched: u64,
    out: W,
}

impl<W: Write> Work<'_, W> {
    /// The texts of a file: its lines, or all of it.
    fn read(&mut self, mut from: impl BufRead, name: &str, whole: bool) -> anyhow::Result<()> {
        let unreadable = || format!("{name} can't be read");
        let not_text = || Mistake::error(format!("{name} is not UTF-8"));
        if whole {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes).with_context(unreadable)?;
            let text = String::from_utf8(bytes).map_err(|_| not_text())?;
            return Ok(self.text(&text)?);
        }
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).with_context(unreadable)? > 0 {
            let text = std::str::from_utf8(&line).map_err(|_| not_text())?;
            let text = text.strip_suffix('\n').unwrap_or(text);
            self.text(text.strip_suffix('\r').unwrap_or(text))?;
            line.clear();
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        let trace = dpl::trace(self.program, text, self.base);
        if self.texts > 0 {
            let between = match self.format {
                Steps::Json => ",\n",
                Steps::Table => "\n",
                Steps::Ndjson => "",
            };
            self.out.write_all(between.as_bytes())?;
        }
        self.texts += 1;
        self.matched += u64::from(trace.matched.is_some());
        match self.format {
            Steps::Table => self.view(text, &trace),
            Steps::Json => write!(self.out, "{}", json_text(&self.record(text, &trace))),
            Steps::Ndjson => writeln!(self.out, "{}", json_text(&self.record(text, &trace))),
        }
    }

    /// For a person.
    fn view(&mut self, text: &str, trace: &Trace<'_>) -> io::Result<()> {
        let parts = self.parts(text, trace);
        let shown = &parts[..parts.len().min(PARTS)];
        for line in gloss(shown, self.width, self.paint) {
            writeln!(self.out, "{line}")?;
        }
        if parts.len() > shown.len() {
            let more = format!("… and {} more parts", parts.len() - shown.len());
            writeln!(self.out, "{}", self.paint.dim(&more))?;
        }
        if trace.gave_up {
            let said = "no match: the pattern takes more work than is allowed for one text";
            return writeln!(self.out, "\n{}", self.paint.red(said));
        }
        if let Some(stopped) = &trace.stopped {
            let written = |span: Span| visible(self.pattern.get(span.range()).unwrap_or_default());
            let before = text[..stopped.at].chars().count();
            let mut said = format!(
                "no match: {} at character {}: {}",
                written(stopped.span),
                before + 1,
                stopped.why
            );
            if let Some(awaited) = stopped.awaited {
                said = format!("{said}: {}", written(awaited));
            }
            return writeln!(self.out, "\n{}", self.paint.red(&said));
        }
        let fields = self.fields(trace);
        if fields.is_empty() {
            return Ok(());
        }
        writeln!(self.out)?;
        let name_room = fields.iter().map(|(name, ..)| visible(name).width()).max();
        let type_room = fields.iter().map(|(_, ty, _)| ty.width()).max();
        for (name, ty, value) in &fields {
            let name = visible(name);
            let name_blanks = " ".repeat(name_room.unwrap_or(0) - name.width());
            let type_blanks = " ".repeat(type_room.unwrap_or(0) - ty.width());
            writeln!(
                self.out,
                "{}{name_blanks}  {}{type_blanks}  {}",
                self.paint.bold(&name),
                self.paint.dim(ty),
                visible(&json_text(value))
            )?;
        }
        Ok(())
    }

    /// The parts of a text, what nothing took included.
    fn parts(&self, text: &str, trace: &Trace<'_>) -> Vec<Part> {
        let matcher = |range: std::ops::Range<usize>| {
            let written = self.pattern.get(range).unwrap_or_default();
            visible(&written.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
        };
        let mut parts = Vec::new();
        let mut end = 0;
        for taken in trace.taken.iter().filter(|taken| !taken.group) {
            end = taken.range.end;
            parts.push(Part {
                taker: matcher(taken.span.range()),
                text: visible(&text[taken.range.clone()]).into_owned(),
                tone: Tone::Taken,
            });
        }
        if let Some(stopped) = &trace.stopped {
            let rest = &text[stopped.at..];
            let cut = rest
                .char_indices()
                .nth(REST)
                .map_or(rest.len(), |(at, _)| at);
            let more = if cut < rest.len() { "…" } else { "" };
            parts.push(Part {
                taker: matcher(stopped.span.range()),
                text: format!("{}{more}", visible(&rest[..cut])),
                tone: Tone::Wrong,
            });
        } else if end < text.len() {
            parts.push(Part {
                taker: "(not taken)".to_owned(),
                text: visible(&text[end..]).into_owned(),
                tone: Tone::Left,
            });
        }
        parts
    }

    /// The exports: name, type and value.
    fn fields(&self, trace: &Trace<'_>) -> Vec<(String, &'static str, Value)> {
        let Some((captures, _)) = &trace.matched else {
            return Vec::new();
        };
        let exports = self.program.exports().iter();
        exports
            .zip(captures)
            .map(|(export, capture)| {
                let value = capture.value();
                let ty = value.type_name().unwrap_or_else(|| type_name(export.kind));
                (export.name.clone(), ty, Value::from(value))
            })
            .collect()
    }

    /// For a program.
    fn record(&self, text: &str, trace: &Trace<'_>) -> Value {
        let long = |number: usize| Value::Long(i64::try_from(number).unwrap_or(i64::MAX));
        let written = |range: std::ops::Range<usize>| {
            Value::String(self.pattern.get(range).unwrap_or_default().to_owned())
        };
        let taken = trace
            .taken
            .iter()
            .filter(|taken| !taken.group)
            .map(|taken| {
                json_object([
                    ("matcher", written(taken.span.range())),
                    ("start", long(taken.range.start)),
                    ("end", long(taken.range.end)),
                    ("text", Value::String(text[taken.range.clone()].to_owned())),
                ])
            });
        let types = self.fields(trace);
        let stopped = trace.stopped.as_ref().map_or(Value::Null, |stopped| {
            json_object([
                ("matcher", written(stopped.span.range())),
                ("at", long(stopped.at)),
                ("why", Value::String(stopped.why.clone())),
                (
                    "awaited",
                    stopped
                        .awaited
                        .map_or(Value::Null, |awaited| written(awaited.range())),
                ),
            ])
        });
        json_object([
            ("input", Value::String(text.to_owned())),
            ("matched", Value::Boolean(trace.matched.is_some())),
            ("gaveUp", Value::Boolean(trace.gave_up)),
            ("taken", Value::Array(taken.collect())),
            (
                "end",
                trace
                    .matched
                    .as_ref()
                    .map_or(Value::Null, |(_, end)| long(*end)),
            ),
            (
                "types",
                Value::Record(
                    types
                        .iter()
                        .map(|(name, ty, _)| (name.clone(), Value::String((*ty).to_owned())))
                        .collect(),
                ),
            ),
            (
                "fields",
                match &trace.matched {
                    Some(_) => Value::Record(
                        types
                            .into_iter()
                            .map(|(name, _, value)| (name, value))
                            .collect(),
                    ),
                    None => Value::Null,
                },
            ),
            ("stopped", stopped),
        ])
    }
}

/// The type that the values of an export have, where there is one.
fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Long => "long",
        Kind::Double => "double",
        Kind::Boolean => "boolean",
        Kind::Timestamp => "timestamp",
        Kind::Ip => "ip",
        Kind::Smartscape => "smartscape_id",
        Kind::Record => "record",
        Kind::Array => "array",
        Kind::Json | Kind::Dynamic => "any",
    }
}
