//! `trailsift fmt`: a query laid out for people, or in its canonical form.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use engine::canonical_query;
use syntax::Diagnostic;
use syntax::dql::layout::lay_out;
use syntax::dql::token::TokenKind;

use super::print;
use crate::args::{Fmt, QueryText};
use crate::exit::Exit;
use crate::say::Voice;
use crate::text::{self, Text};

pub(super) fn run(args: Fmt, voice: &Voice) -> anyhow::Result<Exit> {
    if !args.write.is_empty() {
        return write_all(&args, voice);
    }
    let text = text::read(&args.text)?;
    let Some(formatted) = format(&args, &text, voice) else {
        return Ok(Exit::Wrong);
    };
    if !args.check {
        print(&formatted)?;
        return Ok(Exit::Fine);
    }
    // What is typed on a command line has no line break at its end.
    let typed = args.text.file.is_none() && args.text.query.as_deref() != Some("-");
    let same = formatted == text.query || typed && formatted.trim_end() == text.query;
    if same {
        return Ok(Exit::Fine);
    }
    print(&format!("{}\n", text.name))?;
    Ok(Exit::Wrong)
}

/// The text of the query as it was asked for; `None`, and said why, where it has errors.
fn format(args: &Fmt, text: &Text, voice: &Voice) -> Option<String> {
    let complain =
        |diagnostics: &[Diagnostic]| voice.diagnostics(&text.name, &text.query, diagnostics);
    if !args.canonical {
        return lay_out(&text.query)
            .map_err(|diagnostics| complain(&diagnostics))
            .ok();
    }
    let (query, diagnostics) = syntax::dql::parse(&text.query);
    complain(&diagnostics);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return None;
    }
    // The tree has no comments, so neither has its text.
    let (tokens, _) = syntax::dql::lex(&text.query);
    let is_comment = |kind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment);
    if tokens.iter().any(|token| is_comment(token.kind)) {
        voice.warning("comments are not kept");
    }
    Some(format!(
        "{}\n",
        canonical_query(&query).trim_end_matches('\n')
    ))
}

/// Lays out the queries in files and writes them back, all of them or, where one has errors, none.
fn write_all(args: &Fmt, voice: &Voice) -> anyhow::Result<Exit> {
    let mut changed = Vec::new();
    let mut broken = false;
    for path in &args.write {
        let text = text::read(&QueryText {
            query: None,
            file: Some(path.clone()),
        })?;
        match format(args, &text, voice) {
            Some(formatted) if formatted == text.query => {}
            Some(formatted) => changed.push((path, text.name, formatted)),
            None => broken = true,
        }
    }
    if broken {
        voice.say("nothing was written");
        return Ok(Exit::Wrong);
    }
    for (path, name, formatted) in changed {
        replace(path, &formatted).with_context(|| format!("{name} can't be written"))?;
        voice.hint(&format!("{name} is laid out"));
    }
    Ok(Exit::Fine)
}

/// Puts a text in a file's place at once: whoever reads it sees the old text or the new one.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // A link stays one; what it leads to is replaced.
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.as_file()
        .set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.persist(&path)?;
    Ok(())
}
