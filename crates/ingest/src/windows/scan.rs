//! Where brackets and strings stand in a text that comes bit by bit, and where values, elements and arrays of records end.

use memchr::memchr3;

/// The arrays that records come in, by what they are in the beginning of an object.
const ARRAYS: [&str; 4] = ["Records", "Events", "logEvents", "records"];

/// More bytes than any of their names has.
const NAME: usize = 16;

/// What is known of a text up to a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    /// Up to where it is known.
    pub(super) at: usize,
    depth: usize,
    string: bool,
    root: u8,
    /// Behind the quote that opened the last string directly in the root object, as long as that is at hand.
    key: Option<usize>,
    /// The array of records that this string names.
    name: Option<&'static str>,
    /// The array of records that is open, by its name; an array that is the root has none.
    pub(super) array: Option<Option<&'static str>>,
    /// Behind its bracket.
    pub(super) open: usize,
    /// Behind the last value that is complete.
    pub(super) top: Option<usize>,
    /// The last comma between elements of an array of records, which may have ended behind it.
    pub(super) inner: Option<Mark>,
    /// Where the last array of records ended.
    pub(super) close: Option<Mark>,
    /// Whether to stop, and where.
    stop: Option<Stop>,
}

/// A place in an array of records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) at: usize,
    /// The array's name, as `Scan::array` has it.
    pub(super) array: Option<&'static str>,
}

/// What to stop at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The end of an element of the array of records.
    Element,
    /// The end of the outermost value, or an array of records in it.
    Root,
}

impl Scan {
    /// Goes on to the end of the text, or to where it is to stop.
    pub(super) fn run(&mut self, text: &[u8], ended: bool) {
        while let Some(&byte) = text.get(self.at) {
            if self.string {
                let Some(found) = memchr3(b'"', b'\\', b'\n', &text[self.at..]) else {
                    self.at = text.len();
                    return;
                };
                self.at += found;
                match text[self.at] {
                    b'"' => self.unquote(text),
                    b'\\' if self.at + 1 == text.len() && !ended => return,
                    b'\\' => self.at += 1,
                    _ if self.array.is_some() || self.stop.is_some() => {}
                    // No string has a line's end in it: a line is broken, and the next is a value of its own.
                    _ => match text.get(self.at + 1) {
                        None if !ended => return,
                        Some(b'{') => {
                            *self = Scan {
                                at: self.at,
                                top: Some(self.at),
                                ..Scan::default()
                            }
                        }
                        _ => {}
                    },
                }
                self.at += 1;
            } else {
                match byte {
                    b'"' => {
                        self.string = true;
                        if self.depth == 1 {
                            self.key = Some(self.at + 1);
                        }
                    }
                    b'{' | b'[' => self.enter(byte),
                    b'}' | b']' => self.leave(),
                    b',' if self.depth == self.base() => {
                        self.inner = self.mark().or(self.inner);
                    }
                    b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => self.outside(),
                    _ => {}
                }
                self.at += 1;
            }
            if self.stop.and_then(|stop| self.end(stop)).is_some() {
                return;
            }
        }
    }

    fn unquote(&mut self, text: &[u8]) {
        self.string = false;
        match self.depth {
            0 => self.top = Some(self.at + 1),
            1 => {
                let key = self.key.and_then(|key| text.get(key..self.at));
                self.name = ARRAYS.into_iter().find(|name| Some(name.as_bytes()) == key);
            }
            _ => {}
        }
    }

    /// What stands before this place is complete, if anything does.
    fn outside(&mut self) {
        if self.at > 0 || self.stop.is_some() {
            self.top = Some(self.at);
        }
    }

    fn enter(&mut self, bracket: u8) {
        let opens = match (self.depth, bracket) {
            (0, _) => {
                self.outside();
                self.root = bracket;
                (bracket == b'[').then_some(None)
            }
            (1, b'[') if self.root == b'{' => self.name.map(Some),
            _ => self.array,
        };
        if opens != self.array {
            self.array = opens;
            self.open = self.at + 1;
        }
        self.depth += 1;
    }

    fn leave(&mut self) {
        if self.depth == self.base()
            && let Some(close) = self.mark()
        {
            self.array = None;
            self.close = Some(close);
        }
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.top = Some(self.at + 1);
            self.inner = None;
        }
    }

    /// The place at hand, where an array of records is open.
    fn mark(&self) -> Option<Mark> {
        let (at, array) = (self.at, self.array?);
        Some(Mark { at, array })
    }

    /// Stops from now on at an end that is not passed yet.
    pub(super) fn stop_at(&mut self, stop: Stop) {
        self.close = None;
        self.stop = Some(stop);
    }

    /// Where to stop, once that is passed.
    pub(super) fn end(&self, stop: Stop) -> Option<usize> {
        match stop {
            Stop::Element => self.inner.or(self.close).map(|mark| mark.at),
            Stop::Root => self.top.or(self.array.map(|_| self.open)),
        }
    }

    /// The array of records that is open is this one.
    pub(super) fn reopen(&mut self, array: &Scan) {
        (self.array, self.root) = (array.array, array.root);
    }

    /// The depth of the elements.
    fn base(&self) -> usize {
        if self.root == b'[' { 1 } else { 2 }
    }

    /// What stands before the elements of the array in a text of its own, and behind them.
    pub(super) fn brackets(&self) -> (String, &'static str) {
        match self.array.flatten() {
            Some(name) => (format!("{{\"{name}\":["), "]}"),
            None => ("[".to_owned(), "]"),
        }
    }

    /// The scan of a text that begins with these brackets.
    pub(super) fn within(&self, open: usize) -> Scan {
        Scan {
            at: open,
            depth: self.base(),
            root: self.root,
            array: self.array,
            open,
            ..Scan::default()
        }
    }

    /// How much of such a text is not looked at again, where what is passed is to be forgotten.
    pub(super) fn passed(&self, text: &[u8], ended: bool) -> usize {
        let at = self.at.min(text.len());
        if ended || self.stop != Some(Stop::Root) {
            return at;
        }
        // A name may stand in two parts, and so may the end of a line and the value behind it.
        let key = self.key.filter(|key| self.string && at - key <= NAME);
        let line = text.get(..at).is_some_and(|text| text.ends_with(b"\n"));
        key.filter(|_| self.depth == 1)
            .unwrap_or(at - usize::from(line))
    }

    /// Forgets the first bytes of the text.
    pub(super) fn forget(&mut self, bytes: usize) {
        self.at -= bytes;
        self.key = self.key.and_then(|key| key.checked_sub(bytes));
    }
}
