//! JSON with `strict=false`: names and one-word strings may stand without quotes. It is rewritten as strict JSON.

use super::matcher::Scan;

/// How deep objects and arrays may nest here.
const MAX_DEPTH: usize = 64;

/// Where the value at `at` ends, and the same value as strict JSON. None if it is malformed, nested too deeply or longer
/// than `limit` bytes.
pub(super) fn relaxed(input: &str, at: usize, limit: usize) -> Scan<(usize, String)> {
    let mut reader = Reader {
        input,
        at,
        out: String::new(),
    };
    let read = reader.value(0).filter(|()| reader.at - at <= limit);
    Scan {
        to: reader.at,
        found: read.map(|()| (reader.at, reader.out)),
    }
}

struct Reader<'i> {
    input: &'i str,
    at: usize,
    out: String,
}

impl<'i> Reader<'i> {
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.input.as_bytes()[self.at..];
        self.at += rest
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            .count();
        self.input.as_bytes().get(self.at).copied()
    }

    /// Copies `mark` if it comes next.
    fn eat(&mut self, mark: u8) -> bool {
        let found = self.peek() == Some(mark);
        if found {
            self.at += 1;
            self.out.push(char::from(mark));
        }
        found
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.input.as_bytes().get(self.at)? {
            b'{' => self.list(b'{', b'}', depth),
            b'[' => self.list(b'[', b']', depth),
            b'"' => self.quoted(),
            _ => {
                let word = self.word()?;
                // `12` and `true` are themselves; `12a` and `truely` are words.
                if json::validate(word).is_ok() {
                    self.out.push_str(word);
                } else {
                    json::write_string(word, &mut self.out);
                }
                Some(())
            }
        }
    }

    fn list(&mut self, open: u8, close: u8, depth: usize) -> Option<()> {
        self.eat(open);
        if self.eat(close) {
            return Some(());
        }
        loop {
            self.peek()?;
            if open == b'{' {
                self.name()?;
                if !self.eat(b':') {
                    return None;
                }
                self.peek()?;
            }
            self.value(depth + 1)?;
            if self.eat(close) {
                return Some(());
            }
            if !self.eat(b',') {
                return None;
            }
        }
    }

    fn name(&mut self) -> Option<()> {
        if self.input.as_bytes().get(self.at) == Some(&b'"') {
            return self.quoted();
        }
        let word = self.word()?;
        json::write_string(word, &mut self.out);
        Some(())
    }

    fn quoted(&mut self) -> Option<()> {
        let end = json::value_end(self.input, self.at, usize::MAX)?;
        self.out.push_str(&self.input[self.at..end]);
        self.at = end;
        Some(())
    }

    /// All up to white space or a character that has a meaning in JSON.
    fn word(&mut self) -> Option<&'i str> {
        let rest = &self.input[self.at..];
        let ends = |c: char| matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '"') || c <= ' ';
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += word.len();
        (!word.is_empty()).then_some(word)
    }
}
