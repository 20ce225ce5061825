//! `trailsift fmt`: a query in its canonical form.

use engine::canonical_query;
use syntax::dql::token::TokenKind;

use super::print;
use crate::args::Fmt;
use crate::exit::Exit;
use crate::say::Voice;
use crate::text;

pub(super) fn run(args: Fmt, voice: &Voice) -> anyhow::Result<Exit> {
    let text = text::read(&args.text)?;
    let (query, diagnostics) = syntax::dql::parse(&text.query);
    voice.diagnostics(&text.name, &text.query, &diagnostics);
    if diagnostics.iter().any(syntax::Diagnostic::is_error) {
        return Ok(Exit::Wrong);
    }
    // The tree has no comments, so neither has its text.
    let (tokens, _) = syntax::dql::lex(&text.query);
    let is_comment = |kind| matches!(kind, TokenKind::LineComment | TokenKind::BlockComment);
    if tokens.iter().any(|token| is_comment(token.kind)) {
        voice.warning("comments are not kept");
    }
    let canonical = canonical_query(&query);
    print(&format!("{}\n", canonical.trim_end_matches('\n')))?;
    Ok(Exit::Fine)
}
