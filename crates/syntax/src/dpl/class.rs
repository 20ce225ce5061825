//! Reads the content of a character group, `[a-z_]`, `[^:digit:]`, `[[:alpha:]\s]`.

use std::{iter::Peekable, str::CharIndices};

use super::ast::{Class, ClassItem};
use super::matcher::Posix;

/// Why a character group can't be read; offsets count from the opening bracket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No closing bracket.
    Unclosed,
    /// Nothing between the brackets but the negation.
    Empty,
    /// `[:name:]` with a name that is no class, at this offset.
    UnknownClass(usize, String),
    /// A range whose end lies before its start, at this offset.
    Backwards(usize, char, char),
}

/// Reads the group that `text` begins with, `[` included; gives it and its length in bytes.
pub(super) fn class(text: &str) -> (Result<Class, Fault>, usize) {
    let mut reader = Reader {
        text,
        chars: text.char_indices().peekable(),
    };
    reader.chars.next();
    let result = reader.class();
    let end = reader.offset();
    match result {
        Err(fault @ (Fault::UnknownClass(..) | Fault::Backwards(..))) => (Err(fault), skip(text)),
        other => (other, end),
    }
}

struct Reader<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
}

impl Reader<'_> {
    fn offset(&mut self) -> usize {
        self.chars.peek().map_or(self.text.len(), |(at, _)| *at)
    }

    fn class(&mut self) -> Result<Class, Fault> {
        let negated = self
            .chars
            .next_if(|(_, c)| matches!(c, '^' | '!'))
            .is_some();
        let at = self.offset();
        if let Some(name) = bare_posix(&self.text[at..]) {
            let item = posix(name).ok_or_else(|| Fault::UnknownClass(at, name.to_owned()))?;
            self.skip_to(at + name.len() + 3);
            return Ok(Class {
                negated,
                items: vec![item],
            });
        }
        let mut items = Vec::new();
        loop {
            let at = self.offset();
            match self.chars.peek() {
                None => return Err(Fault::Unclosed),
                Some((_, ']')) => {
                    self.chars.next();
                    break;
                }
                Some((_, '[')) => {
                    if let Some(name) = nested_posix(&self.text[at..]) {
                        items.push(
                            posix(name).ok_or_else(|| Fault::UnknownClass(at, name.to_owned()))?,
                        );
                        self.skip_to(at + name.len() + 4);
                        continue;
                    }
                }
                Some(_) => {}
            }
            match self.item(at)? {
                Some(item) => items.push(item),
                None => return Err(Fault::Unclosed),
            }
        }
        if items.is_empty() {
            Err(Fault::Empty)
        } else {
            Ok(Class { negated, items })
        }
    }

    /// A character, a range or a shorthand; `None` where the text ends.
    fn item(&mut self, at: usize) -> Result<Option<ClassItem>, Fault> {
        let Some(first) = self.single() else {
            return Ok(None);
        };
        let Single::Char(from) = first else {
            return Ok(Some(first.item()));
        };
        // A hyphen that is followed by the closing bracket or by a shorthand forms no range.
        let mut ahead = self.chars.clone();
        if ahead.next().is_none_or(|(_, c)| c != '-') || ahead.peek().is_none_or(|(_, c)| *c == ']')
        {
            return Ok(Some(first.item()));
        }
        let before = self.chars.clone();
        self.chars = ahead;
        match self.single() {
            Some(Single::Char(to)) if from <= to => Ok(Some(ClassItem::Range(from, to))),
            Some(Single::Char(to)) => Err(Fault::Backwards(at, from, to)),
            _ => {
                self.chars = before;
                Ok(Some(first.item()))
            }
        }
    }

    fn single(&mut self) -> Option<Single> {
        let (_, c) = self.chars.next()?;
        if c != '\\' {
            return Some(Single::Char(c));
        }
        let (_, escaped) = self.chars.next()?;
        Some(match escaped {
            'n' => Single::Char('\n'),
            't' => Single::Char('\t'),
            'r' => Single::Char('\r'),
            'f' => Single::Char('\x0c'),
            's' => Single::Class(ClassItem::Posix(Posix::Space)),
            'S' => Single::Class(ClassItem::NotPosix(Posix::Space)),
            'd' => Single::Class(ClassItem::Posix(Posix::Digit)),
            'D' => Single::Class(ClassItem::NotPosix(Posix::Digit)),
            'w' => Single::Class(ClassItem::Posix(Posix::Word)),
            'W' => Single::Class(ClassItem::NotPosix(Posix::Word)),
            other => Single::Char(other),
        })
    }

    fn skip_to(&mut self, offset: usize) {
        while self.chars.next_if(|(at, _)| *at < offset).is_some() {}
    }
}

enum Single {
    Char(char),
    Class(ClassItem),
}

impl Single {
    fn item(self) -> ClassItem {
        match self {
            Single::Char(c) => ClassItem::Range(c, c),
            Single::Class(item) => item,
        }
    }
}

/// The name in `:name:]`.
fn bare_posix(text: &str) -> Option<&str> {
    let (name, rest) = text.strip_prefix(':')?.split_once(':')?;
    (is_name(name) && rest.starts_with(']')).then_some(name)
}

/// The name in `[:name:]`.
fn nested_posix(text: &str) -> Option<&str> {
    bare_posix(text.strip_prefix('[')?)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic())
}

fn posix(name: &str) -> Option<ClassItem> {
    if name.eq_ignore_ascii_case("any") {
        return Some(ClassItem::Any);
    }
    Posix::find(name).map(ClassItem::Posix)
}

/// The length of a faulty group: up to its first unescaped closing bracket.
fn skip(text: &str) -> usize {
    let mut escaped = false;
    let mut colon = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // `:]` ends a class name inside the group; its own bracket follows, unless the name is all there is.
            ']' if !(colon && text[at + 1..].starts_with(']')) => return at + 1,
            _ => {}
        }
        colon = c == ':';
    }
    text.len()
}
