//! Conditions: `selection and not 1 of filter_*`.

use super::detection::{all_of, one_of};
use crate::condition::Condition;
use crate::yaml::{Place, Wrong};

/// How deep parentheses and negations may nest.
const DEPTH: usize = 64;

/// The condition that `text`, at `place`, makes of the identifiers.
pub(super) fn parse(
    text: &str,
    place: Place,
    identifiers: &[(String, Condition)],
) -> Result<Condition, Wrong> {
    let mut parser = Parser {
        text,
        at: 0,
        place,
        identifiers,
    };
    let condition = parser.or(0)?;
    match parser.peek() {
        None => Ok(condition),
        Some(token) => Err(parser.wrong(token, "expected `and`, `or` or the end here")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    place: Place,
    identifiers: &'a [(String, Condition)],
}

impl<'a> Parser<'a> {
    fn or(&mut self, depth: usize) -> Result<Condition, Wrong> {
        let mut parts = vec![self.and(depth)?];
        while self.word("or") {
            parts.push(self.and(depth)?);
        }
        Ok(one_of(parts))
    }

    fn and(&mut self, depth: usize) -> Result<Condition, Wrong> {
        let mut parts = vec![self.not(depth)?];
        while self.word("and") {
            parts.push(self.not(depth)?);
        }
        Ok(all_of(parts))
    }

    fn not(&mut self, depth: usize) -> Result<Condition, Wrong> {
        if depth > DEPTH {
            return Err(self.wrong("", "the condition nests too deep"));
        }
        if self.word("not") {
            return Ok(Condition::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.word("(") {
            let inner = self.or(depth + 1)?;
            if !self.word(")") {
                let token = self.peek().unwrap_or_default();
                return Err(self.wrong(token, "expected `)` here"));
            }
            return Ok(inner);
        }
        self.term()
    }

    fn term(&mut self) -> Result<Condition, Wrong> {
        let Some(token) = self.peek() else {
            return Err(self.wrong("", "the condition breaks off: expected an identifier"));
        };
        let start = self.at;
        self.at = self.end_of(token);
        let all = token.eq_ignore_ascii_case("all");
        if (all || token == "1" || token.eq_ignore_ascii_case("any")) && self.word("of") {
            return self.matching(all);
        }
        let known = self.identifiers.iter().find(|(name, _)| name == token);
        if let Some((_, condition)) = known {
            return Ok(condition.clone());
        }
        self.at = start;
        Err(self.wrong(token, "there is no such identifier in the detection"))
    }

    /// The identifiers that the pattern under way names.
    fn matching(&mut self, all: bool) -> Result<Condition, Wrong> {
        let Some(pattern) = self.peek() else {
            return Err(self.wrong("", "expected `them` or a pattern of identifiers"));
        };
        let them = pattern.eq_ignore_ascii_case("them");
        let named = |name: &str| match them {
            true => !name.starts_with('_'),
            false => (!name.starts_with('_') || pattern.starts_with('_')) && fits(pattern, name),
        };
        let found: Vec<Condition> = self
            .identifiers
            .iter()
            .filter(|(name, _)| named(name))
            .map(|(_, condition)| condition.clone())
            .collect();
        if found.is_empty() {
            return Err(self.wrong(pattern, "no identifier of the detection fits this pattern"));
        }
        self.at = self.end_of(pattern);
        Ok(if all { all_of(found) } else { one_of(found) })
    }

    /// The token ahead, without passing it.
    fn peek(&self) -> Option<&'a str> {
        let rest = self.text[self.at..].trim_start();
        let first = rest.chars().next()?;
        let word = |c: char| c.is_alphanumeric() || "_-*.".contains(c);
        let end = match word(first) {
            true => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        Some(&rest[..end])
    }

    fn end_of(&self, token: &str) -> usize {
        let rest = &self.text[self.at..];
        self.at + (rest.len() - rest.trim_start().len()) + token.len()
    }

    fn word(&mut self, word: &str) -> bool {
        let token = self.peek().filter(|token| token.eq_ignore_ascii_case(word));
        if let Some(token) = token {
            self.at = self.end_of(token);
        }
        token.is_some()
    }

    /// A mistake at the token ahead. The column is exact where the condition stands unquoted on one line.
    fn wrong(&self, token: &str, reason: &str) -> Wrong {
        if token == "|" {
            let reason = "aggregations left Sigma's conditions with version 2; write a correlation";
            return self.at_token(token, "|", reason);
        }
        let construct = if token.is_empty() { "condition" } else { token };
        self.at_token(token, construct, reason)
    }

    fn at_token(&self, token: &str, construct: &str, reason: &str) -> Wrong {
        let before = &self.text[..self.end_of(token) - token.len()];
        let mut place = self.place;
        if !before.contains('\n') {
            place.column += before.chars().count();
        }
        Wrong::new(place, construct, reason)
    }
}

/// Whether the pattern, in which `*` is any run, is the name.
fn fits(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}
