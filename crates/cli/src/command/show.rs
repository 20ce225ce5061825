//! `trailsift show`: one event as a tree, and behind each of its values a filter that finds its like.

use std::fmt::Write;

use engine::{Engine, Event};
use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthStr;

use super::print;
use crate::args::Show;
use crate::escape::visible;
use crate::exit::{Exit, Mistake};
use crate::human;
use crate::output;
use crate::path::{self, Leaf, Line};
use crate::runtime;
use crate::say::Voice;
use crate::terminal::Paint;

/// The most that the tree takes of a line; behind it stand the filters, which hold every value whole.
const TREE: usize = 56;

/// Longer keys do not move the values of others.
const KEY: usize = 24;

pub(super) fn run(args: Show, voice: &Voice) -> anyhow::Result<Exit> {
    let location = runtime::location(&args.lake)?.to_owned();
    let settings = runtime::settings(&args.resources, &args.lake);
    let id = args.event_id;
    let (id, events, covered) = runtime::run(&settings.clone(), async move {
        let engine = Engine::open(&location, settings).await?;
        let events = engine.show(&id).await?;
        Ok((id, events, engine.covered()))
    })?;
    if events.is_empty() {
        return Err(not_found(&id, covered));
    }
    if events.len() > 1 {
        voice.warning(&format!(
            "{} events have this id and different contents; one of them may be forged",
            human::count(events.len() as u64)
        ));
    }
    let paint = Paint::stdout();
    let pages: Vec<String> = events.iter().map(|event| page(event, paint)).collect();
    print(&pages.join("\n"))?;
    Ok(Exit::Fine)
}

fn not_found(id: &str, covered: Option<(i64, i64)>) -> anyhow::Error {
    let stamp = |nanos| output::instant(nanos, &TimeZone::UTC);
    Mistake::error(match covered {
        Some((first, last)) => format!(
            "no event of the lake has the eventID {id}; the lake covers {} to {}",
            stamp(first),
            stamp(last)
        ),
        None => format!("no event has the eventID {id}: the lake is empty"),
    })
}

fn page(event: &Event, paint: Paint) -> String {
    let mut page = String::new();
    let mut head = |name: &str, value: &str| {
        // Writing to a text does not fail.
        let _ = writeln!(
            page,
            "{} {}",
            paint.dim(&format!("{name:<6}")),
            visible(value)
        );
    };
    head(
        "source",
        &format!("{}, record {} from 0", event.source, event.source_index),
    );
    if event.conflict {
        head("", "another record with this eventID has other content");
    }
    if event.content.len() > lake::cloudtrail::JSON_LIMIT {
        head(
            "",
            "this record is over DQL's limit for JSON: `parse` gives null for it, and no filter below finds it",
        );
    }
    head("query", "fetch logs | parse content, \"JSON:event\"");
    page.push('\n');
    let lines = path::tree(&event.content);
    if lines.is_empty() {
        let _ = writeln!(page, "{}", visible(&event.content));
    }
    page.push_str(&tree(&lines, paint));
    page
}

/// The tree with its filters aligned behind it.
fn tree(lines: &[Line], paint: Paint) -> String {
    let keys = key_widths(lines);
    let drawn: Vec<Drawn> = lines
        .iter()
        .zip(keys)
        .map(|(line, keys)| Drawn::of(line, keys))
        .collect();
    let with_filter = drawn
        .iter()
        .zip(lines)
        .filter(|(_, line)| filter(line).is_some());
    let width = with_filter
        .map(|(drawn, _)| drawn.width())
        .max()
        .unwrap_or(0)
        .min(TREE);
    let mut out = String::new();
    for (drawn, line) in drawn.iter().zip(lines) {
        let value = output::fit(&drawn.value, width.saturating_sub(drawn.key.width()).max(8));
        let _ = write!(out, "{}{value}", paint.bold(&drawn.key));
        if let Some(filter) = filter(line) {
            let rest = width.saturating_sub(drawn.key.width() + value.width());
            let _ = write!(out, "{:rest$}  {}", "", paint.dim(&visible(filter)));
        } else if let Some(leaf) = &line.leaf {
            let _ = write!(out, "  {}", paint.dim(&leaf.path));
        }
        out.push('\n');
    }
    out
}

/// The width of the widest key among the values of the same record or array, for each line.
fn key_widths(lines: &[Line]) -> Vec<usize> {
    // The record or array of each depth that the line at hand lies in, by its place in `widest`.
    let mut around: Vec<usize> = Vec::new();
    let mut widest: Vec<usize> = Vec::new();
    let mut within = Vec::with_capacity(lines.len());
    for line in lines {
        around.truncate(line.depth + 1);
        if around.len() <= line.depth {
            around.push(widest.len());
            widest.push(0);
        }
        let group = around.last().copied().unwrap_or_default();
        within.push(group);
        if let (Some(_), Some(width)) = (&line.leaf, widest.get_mut(group)) {
            *width = (*width).max(visible(&line.key).width()).min(KEY);
        }
    }
    within
        .into_iter()
        .map(|group| widest.get(group).copied().unwrap_or_default())
        .collect()
}

fn filter(line: &Line) -> Option<&str> {
    line.leaf.as_ref()?.filter.as_deref()
}

/// A line of the tree: the key with its indent and the blanks behind it, and the value.
struct Drawn {
    key: String,
    value: String,
}

impl Drawn {
    fn of(line: &Line, keys: usize) -> Drawn {
        let indent = "  ".repeat(line.depth);
        let key = visible(&line.key);
        let Some(Leaf { json, .. }) = &line.leaf else {
            return Drawn {
                key: format!("{indent}{key}"),
                value: String::new(),
            };
        };
        let blanks = keys.saturating_sub(key.width()) + 2;
        Drawn {
            key: format!("{indent}{key}{:blanks$}", ""),
            value: visible(json).into_owned(),
        }
    }

    fn width(&self) -> usize {
        self.key.width() + self.value.width()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_stand_behind_the_tree() {
        let lines = path::tree(r#"{"a":"x","bcd":{"e":1,"f":[]},"hi":null,"j":{"key":2}}"#);
        let expected = r#"
a   "x"   | filter event[a] == "x"
bcd
  e  1    | filter event[bcd][e] == 1
  f  []  event[bcd][f]
hi  null  | filter isNull(event[hi])
j
  key  2  | filter event[j][key] == 2
"#;
        assert_eq!(tree(&lines, Paint::default()), expected.trim_start());
    }

    #[test]
    fn long_values_are_whole_in_their_filter() {
        let long = "0123456789".repeat(20);
        let shown = tree(
            &path::tree(&format!(r#"{{"policy":"{long}","b":"y"}}"#)),
            Paint::default(),
        );
        assert!(shown.contains("…  | filter event[policy]"), "{shown}");
        assert!(shown.contains(&format!("== \"{long}\"")), "{shown}");
        let filters: Vec<_> = shown
            .lines()
            .map(|line| line.split("| filter").next().map(UnicodeWidthStr::width))
            .collect();
        assert_eq!(filters, [Some(58), Some(58)]);
    }

    #[test]
    fn event_text_steers_no_terminal() {
        let event = Event {
            content: "{\"a\":\"\\u001b[2J\",\"\u{202e}b\":\"\u{9b}\"}".to_owned(),
            source: "x\u{1b}y".to_owned(),
            source_index: 0,
            conflict: true,
        };
        let page = page(&event, Paint::default());
        assert!(
            !page.contains(|character: char| character != '\n' && character.is_control()),
            "{page:?}"
        );
        assert!(!page.contains('\u{202e}'));
    }
}
