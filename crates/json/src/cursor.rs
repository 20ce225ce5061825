//! The primitive under everything: a position in a text, moved forward one token or one value at a time, checking as
//! it goes. It works on bytes; that they are UTF-8 is the caller's to know.

use crate::string::{Text, plain_end};
use crate::{Error, Problem};

/// How deep objects and arrays may nest. CloudTrail was never seen beyond 11; the limit bounds the stacks of those
/// who walk a document by recursion.
pub const DEPTH_LIMIT: usize = 512;

/// A position in a JSON text.
///
/// Objects and arrays are walked in the same manner, and the value must be passed, by whatever method, before the
/// next is asked for:
///
/// ```
/// # fn main() -> Result<(), json::Error> {
/// let text = r#"{"a": 1, "b": [true]}"#;
/// let mut cursor = json::Cursor::new(text.as_bytes());
/// let mut names = Vec::new();
/// let mut member = cursor.first_member()?;
/// while let Some(name) = member {
///     names.push(&text[name.start..name.end]);
///     cursor.skip()?;
///     member = cursor.next_member()?;
/// }
/// cursor.finish()?;
/// assert_eq!(names, ["a", "b"]);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    /// A cursor at the first byte of `text` that is not white space.
    #[inline]
    pub fn new(text: &'a [u8]) -> Self {
        Cursor::starting(text, 0)
    }

    /// A cursor at the first byte from `at` on that is not white space.
    #[inline]
    pub fn starting(text: &'a [u8], at: usize) -> Self {
        let mut cursor = Cursor { text, at, depth: 0 };
        cursor.space();
        cursor
    }

    /// Where the cursor is, in bytes from the start of the text.
    #[inline]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The byte under the cursor; none at the end of the text.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes white space.
    #[inline]
    pub fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Checks that nothing but white space is left.
    ///
    /// # Errors
    /// [`Problem::Trailing`] otherwise.
    pub fn finish(mut self) -> Result<(), Error> {
        self.space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error(Problem::Trailing)),
        }
    }

    /// From `{` to the value of the first member, whose name is given; or past `}` if there is no member.
    ///
    /// # Errors
    /// What the grammar does not allow here, and [`Problem::Value`] if the cursor is not at `{`.
    #[inline]
    pub fn first_member(&mut self) -> Result<Option<Text>, Error> {
        self.enter(b'{')?;
        if self.peek() == Some(b'}') {
            self.leave();
            return Ok(None);
        }
        self.member().map(Some)
    }

    /// From the end of a member's value to the value of the next, whose name is given; or past `}` after the last.
    ///
    /// # Errors
    /// What the grammar does not allow here.
    #[inline]
    pub fn next_member(&mut self) -> Result<Option<Text>, Error> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                self.member().map(Some)
            }
            Some(b'}') => {
                self.leave();
                Ok(None)
            }
            _ => Err(self.unexpected(Problem::Separator)),
        }
    }

    /// From `[` to the first element (true), or past `]` if there is none (false).
    ///
    /// # Errors
    /// What the grammar does not allow here, and [`Problem::Value`] if the cursor is not at `[`.
    #[inline]
    pub fn first_element(&mut self) -> Result<bool, Error> {
        self.enter(b'[')?;
        if self.peek() == Some(b']') {
            self.leave();
            return Ok(false);
        }
        Ok(true)
    }

    /// From the end of an element to the next (true), or past `]` after the last (false).
    ///
    /// # Errors
    /// What the grammar does not allow here.
    #[inline]
    pub fn next_element(&mut self) -> Result<bool, Error> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                Ok(true)
            }
            Some(b']') => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.unexpected(Problem::Separator)),
        }
    }

    /// Past the string that begins here.
    ///
    /// # Errors
    /// A string that ends nowhere, holds a bare control character or a malformed escape; [`Problem::Value`] if the
    /// cursor is not at a quote.
    #[inline]
    pub fn string(&mut self) -> Result<Text, Error> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(Problem::Value));
        }
        let start = self.at + 1;
        let mut at = plain_end(self.text, start);
        let mut escaped = false;
        while self.text.get(at) != Some(&b'"') {
            at = plain_end(self.text, self.escape(at)?);
            escaped = true;
        }
        self.at = at + 1;
        Ok(Text {
            start,
            end: at,
            escaped,
        })
    }

    /// Past the value that begins here, of whatever type.
    ///
    /// # Errors
    /// What the grammar does not allow, and nesting beyond [`DEPTH_LIMIT`].
    pub fn skip(&mut self) -> Result<(), Error> {
        let outside = self.depth;
        // One bit for each depth: whether it is an object.
        let mut objects = [0_u64; DEPTH_LIMIT / 64 + 1];
        loop {
            match self.peek() {
                Some(b'"') => _ = self.string()?,
                Some(b'{') => {
                    if self.first_member()?.is_some() {
                        objects[self.depth / 64] |= 1 << (self.depth % 64);
                        continue;
                    }
                }
                Some(b'[') => {
                    if self.first_element()? {
                        objects[self.depth / 64] &= !(1 << (self.depth % 64));
                        continue;
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') => self.word(b"true")?,
                Some(b'f') => self.word(b"false")?,
                Some(b'n') => self.word(b"null")?,
                _ => return Err(self.unexpected(Problem::Value)),
            }
            // After a value: on to the next, out of every container that ends here.
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                let in_object = objects[self.depth / 64] >> (self.depth % 64) & 1 == 1;
                let more = if in_object {
                    self.next_member()?.is_some()
                } else {
                    self.next_element()?
                };
                if more {
                    break;
                }
            }
        }
    }

    /// Past the value that begins here if its brackets and strings are sound, however deep it nests and whatever else
    /// is wrong with it. For getting on after a value that [`skip`](Cursor::skip) refused. From `end` on nothing is looked at.
    ///
    /// # Errors
    /// Malformed strings, brackets that do not match, and the end of the text, or `end`.
    pub fn skip_balanced(&mut self, end: usize) -> Result<(), Error> {
        let mut open = Vec::new();
        loop {
            match self.peek().filter(|_| self.at < end) {
                Some(b'"') => _ = self.string()?,
                Some(bracket @ (b'{' | b'[')) => {
                    // In ASCII both closing brackets stand two places after the opening ones.
                    open.push(bracket + 2);
                    self.at += 1;
                }
                Some(bracket @ (b'}' | b']')) => {
                    if open.pop() != Some(bracket) {
                        return Err(self.error(Problem::Separator));
                    }
                    self.at += 1;
                }
                Some(b',') if open.is_empty() => return Ok(()),
                Some(_) => self.at += 1,
                None => return Err(self.error(Problem::End)),
            }
            if open.is_empty()
                && let Some(b',' | b'}' | b']') = self.peek()
            {
                return Ok(());
            }
        }
    }

    /// Past an opening bracket and the white space after it.
    #[inline]
    fn enter(&mut self, bracket: u8) -> Result<(), Error> {
        if self.peek() != Some(bracket) {
            return Err(self.unexpected(Problem::Value));
        }
        if self.depth == DEPTH_LIMIT {
            return Err(self.error(Problem::Depth));
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        Ok(())
    }

    /// Past a closing bracket.
    #[inline]
    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.at += 1;
    }

    /// Past a member's name and its colon, to its value.
    #[inline]
    fn member(&mut self) -> Result<Text, Error> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(Problem::Name));
        }
        let name = self.string()?;
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected(Problem::Colon));
        }
        self.at += 1;
        self.space();
        Ok(name)
    }

    /// Past the number that begins here: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
    fn number(&mut self) -> Result<(), Error> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => {
                self.at += 1;
                if let Some(b'0'..=b'9') = self.peek() {
                    return Err(self.error(Problem::Number));
                }
            }
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Past one digit or more.
    fn digits(&mut self) -> Result<(), Error> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err(self.unexpected(Problem::Number)),
        }
    }

    /// Past `true`, `false` or `null`.
    fn word(&mut self, word: &[u8]) -> Result<(), Error> {
        let rest = &self.text[self.at..];
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(());
        }
        let same = rest.iter().zip(word).take_while(|(a, b)| a == b).count();
        self.at += same;
        Err(self.unexpected(Problem::Value))
    }

    /// From something in a string that [`plain_end`] stopped at, and that is not the closing quote, past the escape
    /// that it is.
    fn escape(&mut self, at: usize) -> Result<usize, Error> {
        let rest = self.text.get(at..).unwrap_or_default();
        let problem = match rest {
            [
                b'\\',
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                ..,
            ] => {
                return Ok(at + 2);
            }
            [b'\\', b'u', hex @ ..] => {
                let digits = hex
                    .iter()
                    .take(4)
                    .take_while(|byte| byte.is_ascii_hexdigit());
                match digits.count() {
                    4 => return Ok(at + 6),
                    found if found == hex.len() => Problem::End,
                    _ => Problem::Escape,
                }
            }
            [] | [b'\\'] => Problem::End,
            [b'\\', ..] => Problem::Escape,
            _ => Problem::Control,
        };
        self.at = at;
        Err(self.error(problem))
    }

    #[cold]
    fn error(&self, problem: Problem) -> Error {
        Error {
            at: self.at,
            problem,
        }
    }

    /// The error for a byte that does not belong here, or for the end of the text.
    #[cold]
    fn unexpected(&self, problem: Problem) -> Error {
        self.error(match self.peek() {
            None => Problem::End,
            Some(_) => problem,
        })
    }
}
