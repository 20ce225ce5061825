//! Matches sorted by rule and time, in memory as far as that goes, and merged from sorted runs on disk beyond it.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, Write};

use super::bytes::Bytes;
use super::matches::Item;

/// So many runs become one.
const FAN: usize = 16;

/// What a run is read and written through.
const BUFFER: usize = 16 << 10;

/// Takes the matches of one thread.
pub(in crate::detect) struct Sorter {
    /// How many bytes are held.
    limit: Option<usize>,
    held: Vec<Item>,
    bytes: usize,
    /// Runs of matches, those of each level made of several of the level before.
    levels: Vec<Vec<File>>,
}

impl Sorter {
    /// A sorter that holds about `limit` bytes; all that comes, without one.
    pub(in crate::detect) fn new(limit: Option<usize>) -> Sorter {
        Sorter {
            limit,
            held: Vec::new(),
            bytes: 0,
            levels: Vec::new(),
        }
    }

    /// Takes a match.
    ///
    /// # Errors
    /// Where the disk can't take what memory can't hold.
    pub(in crate::detect) fn push(&mut self, item: Item) -> io::Result<()> {
        self.bytes += item.size();
        self.held.push(item);
        match self.limit {
            Some(limit) if self.bytes > limit => self.spill(),
            _ => Ok(()),
        }
    }

    /// Sorts what is held, so that it can be merged.
    pub(in crate::detect) fn sort(&mut self) {
        self.held.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let mut run = Run::new()?;
        for item in self.held.drain(..) {
            run.push(&item)?;
        }
        self.bytes = 0;
        let mut made = run.end()?;
        // A match is written once a level, and there are few levels.
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(made);
            if self.levels[level].len() < FAN {
                break;
            }
            let runs = std::mem::take(&mut self.levels[level]);
            made = merge(runs)?;
        }
        Ok(())
    }

    /// How many runs there are.
    #[cfg(test)]
    pub(super) fn runs(&self) -> usize {
        self.levels.iter().map(Vec::len).sum()
    }

    /// The runs, so few that all can be open at once, and what is held.
    fn end(mut self) -> io::Result<(Vec<File>, Vec<Item>)> {
        self.sort();
        let mut runs: Vec<File> = self.levels.into_iter().flatten().collect();
        if runs.len() > FAN {
            runs = vec![merge(runs)?];
        }
        Ok((runs, self.held))
    }
}

/// One run of several.
fn merge(runs: Vec<File>) -> io::Result<File> {
    let mut merged = Merged::of_sources(runs.into_iter().map(Source::of).collect())?;
    let mut run = Run::new()?;
    while let Some(item) = merged.next()? {
        run.push(&item)?;
    }
    run.end()
}

/// A run that is being written.
struct Run {
    file: BufWriter<File>,
    bytes: Vec<u8>,
}

impl Run {
    fn new() -> io::Result<Run> {
        Ok(Run {
            file: BufWriter::with_capacity(BUFFER, tempfile::tempfile()?),
            bytes: Vec::new(),
        })
    }

    fn push(&mut self, item: &Item) -> io::Result<()> {
        self.bytes.clear();
        item.write(&mut self.bytes);
        self.file.write_all(&self.bytes)
    }

    fn end(self) -> io::Result<File> {
        let mut file = self
            .file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(file)
    }
}

/// Sorted matches.
enum Source {
    Held(std::vec::IntoIter<Item>),
    Run(Bytes<BufReader<File>>),
}

impl Source {
    fn of(run: File) -> Source {
        Source::Run(Bytes(BufReader::with_capacity(BUFFER, run)))
    }

    fn next(&mut self) -> io::Result<Option<Item>> {
        match self {
            Source::Held(items) => Ok(items.next()),
            Source::Run(bytes) => match bytes.is_empty()? {
                true => Ok(None),
                false => Item::read(bytes).map(Some),
            },
        }
    }
}

/// The next match of a source.
struct Head {
    item: Item,
    source: usize,
}

impl Ord for Head {
    fn cmp(&self, other: &Head) -> Ordering {
        (self.item.key(), self.source).cmp(&(other.item.key(), other.source))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

/// The matches of several sorters, in their order.
pub(in crate::detect) struct Merged {
    sources: Vec<Source>,
    heads: BinaryHeap<Reverse<Head>>,
}

impl Merged {
    /// Merges what these sorters took.
    ///
    /// # Errors
    /// Where what was written to disk can't be read.
    pub(in crate::detect) fn of(sorters: Vec<Sorter>) -> io::Result<Merged> {
        let mut sources = Vec::new();
        for sorter in sorters {
            let (runs, held) = sorter.end()?;
            sources.extend(runs.into_iter().map(Source::of));
            sources.push(Source::Held(held.into_iter()));
        }
        Merged::of_sources(sources)
    }

    fn of_sources(sources: Vec<Source>) -> io::Result<Merged> {
        let mut merged = Merged {
            heads: BinaryHeap::with_capacity(sources.len()),
            sources,
        };
        for source in 0..merged.sources.len() {
            merged.advance(source)?;
        }
        Ok(merged)
    }

    fn advance(&mut self, source: usize) -> io::Result<()> {
        if let Some(item) = self.sources[source].next()? {
            self.heads.push(Reverse(Head { item, source }));
        }
        Ok(())
    }

    /// The next match; none at the end.
    ///
    /// # Errors
    /// Where what was written to disk can't be read.
    pub(in crate::detect) fn next(&mut self) -> io::Result<Option<Item>> {
        let Some(Reverse(Head { item, source })) = self.heads.pop() else {
            return Ok(None);
        };
        self.advance(source)?;
        Ok(Some(item))
    }
}
