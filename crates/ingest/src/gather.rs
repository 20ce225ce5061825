//! Objects to a batch: all threads read, unpack and flatten until the memory for it is used or the input ends.

use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use lake::{Column, Lake};
use libdeflater::Decompressor;

use crate::begun::Begun;
use crate::block::{BLOCK, Block, Spare, room};
use crate::decode::{decode, decode_piece};
use crate::fetch::{Fetch, reason_of};
use crate::flatten::Flattener;
use crate::gunzip::{Fault, claims_more};
use crate::options::SMALLEST;
use crate::report::{Account, End, Reason};
use crate::source::Object;
use crate::threads::Pool;
use crate::unpack::{Form, form, unpack, unpacked_size};
use crate::windows::{Piece, RECORD, Windows};
use crate::{Options, Progress};

/// The most that an object may have, so that places in a block fit 32 bits and lengths 31.
const OBJECT: usize = (1 << 31) - 1;

/// The first bytes of an object, by which it is known.
const HEAD: u64 = 512;

/// Bytes of a file from which on it pays to look at its end first.
const LARGE: u64 = 256 * 1024;

/// What the threads brought together.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) blocks: Vec<Block>,
    /// The accounts of the objects that were read, each with the object's place in the listing, in that order.
    pub(crate) accounts: Vec<(usize, Account)>,
    /// How many objects of the listing are done or begun.
    pub(crate) done: usize,
    /// Large objects of which more is to come.
    pub(crate) begun: Vec<Begun>,
}

/// What a batch has to do.
enum Task<'a> {
    Object(usize, &'a Object),
    Begun(Box<Begun>),
}

/// What every batch is read with.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) fetch: &'a Fetch,
    /// Where records go that are too large to be held; they are passed over without it.
    pub(crate) lake: Option<&'a Lake>,
    pub(crate) columns: &'a [Column],
    pub(crate) options: &'a Options,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) spare: &'a Spare,
    pub(crate) pool: &'a Pool,
}

/// Reads on with those that are `begun`, and `objects` from the `first` on: all, or as many as fit a batch, but some of
/// one at least.
pub(crate) fn gather(
    objects: &[Object],
    first: usize,
    begun: Vec<Begun>,
    given: Given<'_>,
) -> Gathered {
    let options = given.options;
    let queue = Queue {
        objects,
        begun: Mutex::new(begun),
        next: AtomicUsize::new(first),
        used: AtomicUsize::new(0),
        records: AtomicU64::new(0),
        most: options.batch_records,
        budget: options.batch_memory(),
    };
    let gathered = Mutex::new(Gathered::default());
    given.pool.on_all(|| {
        let mut worker = Worker::new(given);
        worker.work(&queue);
        let mut gathered = gathered
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner());
        gathered.blocks.append(&mut worker.blocks);
        gathered.accounts.append(&mut worker.accounts);
        gathered.begun.append(&mut worker.begun);
    });
    let mut gathered = gathered
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    gathered
        .accounts
        .sort_unstable_by_key(|(ordinal, _)| *ordinal);
    gathered.done = queue.next.into_inner().min(objects.len());
    // What no thread came to any more.
    let rest = queue.begun.into_inner();
    let rest = rest.unwrap_or_else(|poisoned| poisoned.into_inner());
    gathered.begun.extend(rest);
    gathered
}

/// The objects still to be read, and the memory and records used so far.
struct Queue<'a> {
    objects: &'a [Object],
    begun: Mutex<Vec<Begun>>,
    next: AtomicUsize,
    used: AtomicUsize,
    records: AtomicU64,
    most: u64,
    budget: usize,
}

impl<'a> Queue<'a> {
    fn is_full(&self) -> bool {
        self.used.load(Relaxed) > self.budget || self.records.load(Relaxed) >= self.most
    }

    fn next(&self) -> Option<Task<'a>> {
        if self.is_full() {
            return None;
        }
        let begun = self.begun.lock().ok().and_then(|mut begun| begun.pop());
        if let Some(begun) = begun {
            return Some(Task::Begun(Box::new(begun)));
        }
        let ordinal = self.next.fetch_add(1, Relaxed);
        Some(Task::Object(ordinal, self.objects.get(ordinal)?))
    }

    /// Notes that a block has grown, by so many records.
    fn grew(&self, block: &Block, before: usize, records: u64) {
        let more = block.bytes().saturating_sub(before);
        self.used.fetch_add(more, Relaxed);
        self.records.fetch_add(records, Relaxed);
    }
}

struct Worker<'a> {
    given: Given<'a>,
    flattener: Flattener,
    decompressor: Decompressor,
    /// The object at hand, as it is stored.
    input: Vec<u8>,
    blocks: Vec<Block>,
    accounts: Vec<(usize, Account)>,
    begun: Vec<Begun>,
}

impl<'a> Worker<'a> {
    fn new(given: Given<'a>) -> Self {
        Worker {
            given,
            flattener: Flattener::new(given.columns),
            decompressor: Decompressor::new(),
            input: Vec::new(),
            blocks: Vec::new(),
            accounts: Vec::new(),
            begun: Vec::new(),
        }
    }

    fn work(&mut self, queue: &Queue<'_>) {
        // Every thread fills a block of its own, and all of them together stay within the budget.
        let share = queue.budget / (2 * self.given.pool.threads());
        let capacity = share.clamp(SMALLEST, BLOCK);
        let mut block = self.given.spare.take(self.given.columns, capacity, None);
        while let Some(task) = queue.next() {
            let begun = match task {
                Task::Begun(begun) => Some(begun),
                Task::Object(ordinal, object) => {
                    match self.object(ordinal, object, queue, &mut block, capacity) {
                        Ok(account) => {
                            self.given.progress.read(object.size, account.records);
                            self.accounts.push((ordinal, account));
                            None
                        }
                        Err(begun) => Some(begun),
                    }
                }
            };
            if let Some(begun) = begun {
                self.pieces(*begun, queue, &mut block, capacity);
            }
            self.close(&mut block, queue, capacity);
        }
        self.blocks.push(block);
        let empty = self.blocks.extract_if(.., |block| block.rows.len() == 0);
        self.given.spare.put(empty);
    }

    /// Puts a block away that is full.
    fn close(&mut self, block: &mut Block, queue: &Queue<'_>, capacity: usize) {
        if block.text.len() >= capacity {
            self.put_away(block, queue, capacity);
        }
    }

    /// Sees to room for so many more bytes of text, in another block where this one is half full: what grows by doubling is
    /// moved, leaves holes behind, and is too large to be used again.
    fn make_room(&mut self, block: &mut Block, more: usize, queue: &Queue<'_>, capacity: usize) {
        let lacks = |text: &Vec<u8>| text.capacity() - text.len() < more;
        if lacks(&block.text) && block.text.len() > capacity / 2 {
            self.put_away(block, queue, capacity);
        }
        match block.text.is_empty() {
            _ if !lacks(&block.text) => {}
            true => self.given.spare.room(block, more.max(room(capacity))),
            false => {
                let left = room(capacity).saturating_sub(block.text.len());
                block.text.reserve_exact(more.max(left));
            }
        }
    }

    fn put_away(&mut self, block: &mut Block, queue: &Queue<'_>, capacity: usize) {
        // What is left free in it is memory too.
        let free = block.text.capacity() - block.text.len();
        queue.used.fetch_add(free, Relaxed);
        let Given { columns, spare, .. } = self.given;
        let new = spare.take(columns, capacity, Some(&block.rows));
        self.blocks.push(std::mem::replace(block, new));
    }

    /// Reads one object into the block, or begins with it where it is large.
    fn object(
        &mut self,
        ordinal: usize,
        object: &Object,
        queue: &Queue<'_>,
        block: &mut Block,
        capacity: usize,
    ) -> Result<Account, Box<Begun>> {
        let form = self.read(ordinal, object.size);
        let mut expected = 0;
        if let Ok(form) = form {
            expected = unpacked_size(form, &self.input, self.given.options.whole());
            self.make_room(block, expected, queue, capacity);
        }
        // Before it is there, so that the other threads begin with nothing that has no room beside it.
        queue.used.fetch_add(expected, Relaxed);
        let (start, before) = (block.text.len(), block.bytes());
        let fault = match form.and_then(|form| self.unpack(form, &mut block.text)) {
            Ok(fault) => fault,
            Err((end, reason)) => {
                queue.used.fetch_sub(expected, Relaxed);
                block.text.truncate(start);
                let large = matches!(reason, Reason::TooLarge | Reason::Packed(Fault::TooLarge));
                if large && self.given.options.object_limit > self.given.options.whole() {
                    let limit = self.given.options.object_limit as u64;
                    let stored = self.given.fetch.stream(ordinal);
                    let windows = stored.and_then(|stored| {
                        let room = self.given.spare.take_texts();
                        let windows = Windows::new(stored, limit, self.given.options.window());
                        let windows = windows.map(|windows| windows.within(room));
                        windows.map_err(|error| reason_of(&error))
                    });
                    return match windows {
                        Ok(windows) => Err(Box::new(Begun::new(ordinal, windows))),
                        Err(reason) => Ok(Account::nothing(End::Failed, 0, reason)),
                    };
                }
                return Ok(Account::nothing(end, self.input.len() as u64, reason));
            }
        };
        let rows = &mut block.rows;
        rows.begin(ordinal, &object.name, object.key.account.as_deref());
        let unpacked = (block.text.len() - start) as u64;
        let limit = self.given.options.object_limit.min(OBJECT);
        let decoded = decode(&mut block.text, start, limit, &mut self.flattener, rows);
        let stored = self.input.len() as u64;
        let account = Account::decoded(decoded, fault, stored, unpacked);
        queue.grew(block, before, account.records);
        queue.used.fetch_sub(expected, Relaxed);
        Ok(account)
    }

    /// Reads on with a large object until the batch is full or the object ends.
    fn pieces(&mut self, mut begun: Begun, queue: &Queue<'_>, block: &mut Block, capacity: usize) {
        let object = &queue.objects[begun.ordinal];
        let (mut account, given) = (Account::begun(), begun.windows.given());
        let lake = self.given.lake;
        loop {
            let (mut before, counted) = (block.bytes(), account.records);
            let step = match begun.next(lake) {
                Ok(Some(Piece::Text { mut text, shift })) => {
                    // An empty block takes the piece as it is.
                    if !block.text.is_empty() {
                        self.make_room(block, text.len(), queue, capacity);
                    }
                    before = block.bytes();
                    let start = block.text.len();
                    // An empty one gives its own room for the next.
                    match start {
                        0 => std::mem::swap(&mut block.text, &mut text),
                        _ => block.text.extend_from_slice(&text),
                    }
                    begun.windows.reuse(text);
                    let rows = &mut block.rows;
                    rows.begin(begun.ordinal, &object.name, object.key.account.as_deref());
                    let decoded = decode_piece(
                        &mut block.text,
                        start,
                        RECORD,
                        &mut self.flattener,
                        rows,
                        begun.parts.records,
                    );
                    begun.enter(decoded, shift, object, lake, &mut account)
                }
                Ok(Some(Piece::Large(large))) => {
                    begun.enter_large(large, object, lake, &mut account)
                }
                Ok(Some(Piece::Broken { at })) => {
                    begun.parts.enter_broken(at);
                    Ok(())
                }
                Ok(None) => {
                    account.stored = object.size;
                    begun.end(lake, &mut account)
                }
                Err(error) => Err(error),
            };
            if let Err(error) = step {
                // What can't be removed does no harm: nobody reads it.
                let _ = begun.discard(lake);
                account.end = End::Failed;
                account.problems.push((None, reason_of(&error)));
            }
            queue.grew(block, before, account.records - counted);
            self.close(block, queue, capacity);
            if account.end != End::Partly || queue.is_full() {
                break;
            }
        }
        account.unpacked = begun.windows.given() - given;
        let ended = account.end != End::Partly;
        if ended {
            self.given.progress.read(object.size, begun.parts.records);
            self.given.spare.put_texts(begun.windows.take_room());
        }
        self.accounts.push((begun.ordinal, account));
        if !ended {
            self.begun.push(begun);
        }
    }

    /// Reads an object as it is stored, and says in which form that is.
    fn read(&mut self, ordinal: usize, size: u64) -> Result<Form, (End, Reason)> {
        let limit = self.given.options.whole();
        let unreadable = |error: io::Error| (End::Failed, reason_of(&error));
        self.input.clear();
        let mut file = self
            .given
            .fetch
            .read(ordinal)
            .map_err(|reason| (End::Failed, reason))?;
        file.by_ref()
            .take(HEAD)
            .read_to_end(&mut self.input)
            .map_err(unreadable)?;
        let Some(form) = form(&self.input) else {
            return Err((End::Skipped, Reason::NotJson));
        };
        if size > limit as u64 {
            return Err((End::Failed, Reason::TooLarge));
        }
        // Where it is read piece by piece in the end, it is not read whole first.
        let in_pieces = form == Form::Gzip && limit < self.given.options.object_limit;
        let claims = |last, packed| in_pieces && claims_more(last, packed, limit);
        let last = || self.given.fetch.last(ordinal);
        if size >= LARGE && last().is_some_and(|last| claims(last, size as usize)) {
            return Err((End::Failed, Reason::Packed(Fault::TooLarge)));
        }
        self.input.reserve(size as usize);
        // One byte more than allowed shows that there is more.
        let room = (limit as u64)
            .saturating_sub(self.input.len() as u64)
            .saturating_add(1);
        file.take(room)
            .read_to_end(&mut self.input)
            .map_err(unreadable)?;
        if self.input.len() > limit {
            return Err((End::Failed, Reason::TooLarge));
        }
        let last = self.input.last_chunk::<4>();
        if last.is_some_and(|last| claims(*last, self.input.len())) {
            // It is read again from its beginning, perhaps for long.
            self.input = Vec::new();
            return Err((End::Failed, Reason::Packed(Fault::TooLarge)));
        }
        Ok(form)
    }

    /// Appends the text of the object that was read, and says if it broke off.
    fn unpack(&mut self, form: Form, text: &mut Vec<u8>) -> Result<Option<Fault>, (End, Reason)> {
        let limit = self.given.options.whole();
        match unpack(&mut self.decompressor, form, &self.input, limit, text) {
            Ok(()) => Ok(None),
            Err(Fault::TooLarge) => Err((End::Failed, Reason::Packed(Fault::TooLarge))),
            Err(fault) => Ok(Some(fault)),
        }
    }
}
