//! `trailsift rules coverage`: which rules are run and which are not, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use engine::{OutputField, Type, Value};
use jiff::tz::TimeZone;
use rules::load::{Coverage, Loaded};

use crate::args::{Format, Listing};
use crate::embedded;
use crate::escape::visible;
use crate::exit::Exit;
use crate::human;
use crate::output::{self, Destination, Look, text_field};
use crate::say::Voice;

/// How many files of a group are named.
const NAMED: usize = 3;

pub(super) fn coverage(
    paths: &[PathBuf],
    format: Option<Listing>,
    wide: bool,
    voice: &Voice,
) -> anyhow::Result<Exit> {
    let loaded = embedded::rules(paths)?;
    let format = format.map_or_else(|| output::usual(None), Into::into);
    let mut destination = Destination::open(None)?;
    let look = destination.look(TimeZone::UTC, wide, false);
    if format == Format::Table {
        page(&loaded, &look, &mut destination.out)?;
    } else {
        let coverage = loaded.coverage();
        let rows = coverage.iter().map(row);
        output::list(format, &fields(), rows, look, &mut destination.out)?;
    }
    destination.out.flush()?;
    if format != Format::Table {
        voice.hint(&headline(&loaded));
    }
    Ok(match nothing_was_read(&loaded) {
        true => Exit::Wrong,
        false => Exit::Fine,
    })
}

/// Whether no file held anything that could be told to be a rule.
fn nothing_was_read(loaded: &Loaded) -> bool {
    let unknown = loaded
        .refusals
        .iter()
        .all(|refusal| refusal.language.is_empty());
    loaded.rules.is_empty() && loaded.skipped.is_empty() && unknown
}

fn fields() -> Vec<OutputField> {
    let mut fields: Vec<OutputField> = [
        "file",
        "id",
        "name",
        "type",
        "language",
        "supported",
        "reason",
    ]
    .map(text_field)
    .into();
    fields[5].ty = Type::Boolean;
    fields
}

fn row(rule: &Coverage) -> Vec<Value> {
    let text = |text: &str| Value::String(text.to_owned());
    vec![
        text(&rule.file.display().to_string()),
        text(&rule.id),
        text(&rule.name),
        text(&rule.kind),
        text(&rule.language),
        Value::Boolean(rule.supported),
        text(&rule.reason),
    ]
}

/// `1,234 rules: 900 run, 300 can't be run, 34 are for other data`
fn headline(loaded: &Loaded) -> String {
    let (run, refused, other) = (
        loaded.rules.len(),
        loaded.refusals.len(),
        loaded.skipped.len(),
    );
    let total = (run + refused + other) as u64;
    let mut text = format!(
        "{}: {} run",
        human::counted(total, "rule"),
        human::count(run as u64)
    );
    if refused > 0 {
        let _ = write!(text, ", {} can't be run", human::count(refused as u64));
    }
    if other > 0 {
        let verb = if other == 1 { "is" } else { "are" };
        let _ = write!(
            text,
            ", {} {verb} for other data",
            human::count(other as u64)
        );
    }
    text
}

/// The page for people: how many, of which kinds, and why others are not run.
fn page(loaded: &Loaded, look: &Look, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}\n", headline(loaded))?;
    let mut kinds: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for rule in loaded.coverage() {
        let counts = kinds.entry((rule.language, rule.kind)).or_default();
        counts.0 += 1;
        counts.1 += i64::from(rule.supported);
    }
    let mut fields: Vec<OutputField> = ["language", "type", "rules", "run"].map(text_field).into();
    fields[2].ty = Type::Long;
    fields[3].ty = Type::Long;
    let known = |text: String| match text.as_str() {
        "" => Value::Null,
        _ => Value::String(text),
    };
    let rows = kinds.into_iter().map(|((language, kind), (all, run))| {
        vec![
            known(language),
            known(kind),
            Value::Long(all),
            Value::Long(run),
        ]
    });
    output::list(Format::Table, &fields, rows, look.clone(), out)?;
    let refused = loaded
        .refusals
        .iter()
        .map(|refusal| (refusal.reason.as_str(), refusal.path.as_path()));
    group("can't be run", refused, look, out)?;
    let skipped = loaded
        .skipped
        .iter()
        .map(|skipped| (skipped.reason.as_str(), skipped.path.as_path()));
    group("are for other data", skipped, look, out)
}

/// Rules that are not run, by why: the commonest reasons first. Reasons that differ in what they quote are one.
fn group<'a>(
    title: &str,
    rules: impl Iterator<Item = (&'a str, &'a Path)>,
    look: &Look,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut groups: BTreeMap<String, Vec<(&str, &Path)>> = BTreeMap::new();
    for (reason, path) in rules {
        groups
            .entry(unquoted(reason))
            .or_default()
            .push((reason, path));
    }
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", look.paint.bold(title))?;
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, rules)| std::cmp::Reverse(rules.len()));
    for (reason, rules) in groups {
        let same = rules.iter().all(|(other, _)| *other == rules[0].0);
        let reason = if same { rules[0].0 } else { &reason };
        writeln!(
            out,
            "{:>6}  {}",
            human::count(rules.len() as u64),
            visible(reason)
        )?;
        let mut names: Vec<String> = rules
            .iter()
            .map(|(_, path)| path.display().to_string())
            .collect();
        names.dedup();
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let more = match more {
            0 => String::new(),
            more => format!(" and {} more", human::count(more as u64)),
        };
        let line = format!("{}{more}", visible(&names.join(", ")));
        writeln!(out, "        {}", look.paint.dim(&line))?;
    }
    Ok(())
}

/// The reason with `…` in place of what it quotes.
fn unquoted(reason: &str) -> String {
    let mut out = String::with_capacity(reason.len());
    for (place, part) in reason.split('`').enumerate() {
        out.push_str(if place % 2 == 0 { part } else { "`…`" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_what_they_quote_are_one() {
        assert_eq!(unquoted("the key `a` is not `b`"), "the key `…` is not `…`");
        assert_eq!(unquoted("no"), "no");
    }

    #[test]
    fn a_page_sums_up_and_says_why() {
        let own = |id: &str| {
            format!("id: {id}\nname: n\ndescription: d\nseverity: low\nquery: fetch logs\n")
        };
        let sigma = |id: &str, service: &str| {
            format!(
                "title: {id}\nid: {id}\nlogsource: {{product: aws, service: {service}}}\ndetection:\n  s: {{eventName: A}}\n  condition: s\n"
            )
        };
        let texts = [
            ("a.yaml", own("a")),
            ("b.yaml", own("a")),
            ("c.yaml", own("a")),
            ("d.yml", sigma("d", "cloudtrail")),
            ("e.yml", sigma("e", "guardduty")),
            ("f.yaml", "query: [".to_owned()),
        ];
        let texts = texts
            .iter()
            .map(|(path, text)| (PathBuf::from(path), text.as_str()));
        let loaded = rules::load::texts(texts);
        let mut out = Vec::new();
        page(&loaded, &Look::plain(None), &mut out).expect("written");
        let page = String::from_utf8(out).expect("text");
        assert!(
            page.starts_with("6 rules: 2 run, 3 can't be run, 1 is for other data\n\n"),
            "{page}"
        );
        assert!(page.contains("dql       query      3    1\n"), "{page}");
        assert!(page.contains("sigma     rule       2    1\n"), "{page}");
        assert!(page.contains("\n     2  its id `a` is that of the rule in a.yaml, line 1, which is used\n        b.yaml, c.yaml\n"), "{page}");
        assert_eq!(loaded.coverage().len(), 6);
        assert!(!nothing_was_read(&loaded));
    }
}
