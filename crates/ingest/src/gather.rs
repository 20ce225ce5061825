//! Objects to a batch: all threads read, unpack and flatten until the memory for it is used or the input ends.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use lake::Column;
use libdeflater::Decompressor;

use crate::block::Block;
use crate::decode::{BYTE_ORDER_MARK, decode};
use crate::flatten::Flattener;
use crate::gunzip::{Fault, MAGIC, gunzip};
use crate::report::{Account, End, Reason};
use crate::source::Object;
use crate::{Options, Progress, unzstd};

/// Bytes of text after which a block is closed.
const BLOCK: usize = 32 << 20;

/// A block this small is still worth its columns.
const SMALLEST: usize = 1 << 20;

/// The most that an object may have, so that places in a block fit 32 bits and lengths 31.
const OBJECT: usize = (1 << 31) - 1;

/// The first bytes of an object, by which it is known.
const HEAD: u64 = 512;

/// What the threads brought together.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) blocks: Vec<Block>,
    /// The accounts of the objects that were read, each with the object's place in the listing, in that order.
    pub(crate) accounts: Vec<(usize, Account)>,
    /// How many objects of the listing are done.
    pub(crate) done: usize,
}

/// Reads `objects` from the `first` on: all, or as many as fit a batch, but at least one.
pub(crate) fn gather(
    objects: &[Object],
    first: usize,
    columns: &[Column],
    options: &Options,
    progress: &dyn Progress,
) -> Gathered {
    let queue = Queue {
        objects,
        next: AtomicUsize::new(first),
        used: AtomicUsize::new(0),
        records: AtomicU64::new(0),
        most: options.batch_records,
        // Half of the memory is for writing.
        budget: options.memory / 2,
    };
    let gathered = Mutex::new(Gathered::default());
    let threads = options.threads.clamp(1, (objects.len() - first).max(1));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut worker = Worker::new(columns, options, progress);
                worker.work(&queue);
                let mut gathered = gathered
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner());
                gathered.blocks.append(&mut worker.blocks);
                gathered.accounts.append(&mut worker.accounts);
            });
        }
    });
    let mut gathered = gathered
        .into_inner()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    gathered
        .accounts
        .sort_unstable_by_key(|(ordinal, _)| *ordinal);
    gathered.done = first + gathered.accounts.len();
    gathered
}

/// The objects still to be read, and the memory and records used so far.
struct Queue<'a> {
    objects: &'a [Object],
    next: AtomicUsize,
    used: AtomicUsize,
    records: AtomicU64,
    most: u64,
    budget: usize,
}

impl<'a> Queue<'a> {
    fn next(&self) -> Option<(usize, &'a Object)> {
        if self.used.load(Relaxed) > self.budget || self.records.load(Relaxed) >= self.most {
            return None;
        }
        let ordinal = self.next.fetch_add(1, Relaxed);
        Some((ordinal, self.objects.get(ordinal)?))
    }
}

struct Worker<'a> {
    columns: &'a [Column],
    options: &'a Options,
    progress: &'a dyn Progress,
    flattener: Flattener,
    decompressor: Decompressor,
    /// The object at hand, as it is stored.
    input: Vec<u8>,
    blocks: Vec<Block>,
    accounts: Vec<(usize, Account)>,
}

impl<'a> Worker<'a> {
    fn new(columns: &'a [Column], options: &'a Options, progress: &'a dyn Progress) -> Self {
        Worker {
            columns,
            options,
            progress,
            flattener: Flattener::new(columns),
            decompressor: Decompressor::new(),
            input: Vec::new(),
            blocks: Vec::new(),
            accounts: Vec::new(),
        }
    }

    fn work(&mut self, queue: &Queue<'_>) {
        // Every thread fills a block of its own, and all of them together stay within the budget.
        let share = queue.budget / (2 * self.options.threads.max(1));
        let capacity = share.clamp(SMALLEST, BLOCK);
        let mut block = Block::new(self.columns, capacity);
        while let Some((ordinal, object)) = queue.next() {
            let before = block.bytes();
            let account = self.object(ordinal, object, &mut block);
            queue
                .used
                .fetch_add(block.bytes().saturating_sub(before), Relaxed);
            queue.records.fetch_add(account.records, Relaxed);
            self.progress.read(object.size, account.records);
            self.accounts.push((ordinal, account));
            if block.text.len() >= capacity {
                self.blocks.push(std::mem::replace(
                    &mut block,
                    Block::new(self.columns, capacity),
                ));
            }
        }
        self.blocks.push(block);
        self.blocks.retain(|block| block.rows.len() > 0);
    }

    /// Reads one object into the block.
    fn object(&mut self, ordinal: usize, object: &Object, block: &mut Block) -> Account {
        let start = block.text.len();
        let fault = match self.unpack(object, &mut block.text) {
            Ok(fault) => fault,
            Err((end, reason)) => {
                block.text.truncate(start);
                return Account::nothing(end, self.input.len() as u64, reason);
            }
        };
        let rows = &mut block.rows;
        rows.begin(ordinal, &object.name, object.key.account.as_deref());
        let unpacked = (block.text.len() - start) as u64;
        let limit = self.options.object_limit.min(OBJECT);
        let decoded = decode(&mut block.text, start, limit, &mut self.flattener, rows);
        Account::decoded(&decoded, fault, self.input.len() as u64, unpacked)
    }

    /// Appends an object's text, and says if it broke off.
    fn unpack(
        &mut self,
        object: &Object,
        text: &mut Vec<u8>,
    ) -> Result<Option<Fault>, (End, Reason)> {
        let limit = self.options.object_limit.min(OBJECT);
        let unreadable = |error: io::Error| (End::Failed, Reason::Unreadable(error.kind()));
        self.input.clear();
        let mut file = File::open(&object.path).map_err(unreadable)?;
        file.by_ref()
            .take(HEAD)
            .read_to_end(&mut self.input)
            .map_err(unreadable)?;
        let gzip = self.input.starts_with(&MAGIC);
        let zstd = self.input.starts_with(&unzstd::MAGIC);
        if !gzip && !zstd && !is_json(&self.input) {
            return Err((End::Skipped, Reason::NotJson));
        }
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
        let start = text.len();
        let mut unpacked = match (gzip, zstd) {
            (true, _) => gunzip(&mut self.decompressor, &self.input, limit, text),
            (_, true) => unzstd::unzstd(&self.input, limit, text),
            _ => {
                text.extend_from_slice(&self.input);
                Ok(())
            }
        };
        // Firehose packs once more what CloudWatch Logs has packed.
        if unpacked.is_ok()
            && text
                .get(start..)
                .is_some_and(|text| text.starts_with(&MAGIC))
        {
            let inner = text.split_off(start);
            unpacked = gunzip(&mut self.decompressor, &inner, limit, text);
        }
        match unpacked {
            Ok(()) => Ok(None),
            Err(Fault::TooLarge) => Err((End::Failed, Reason::Packed(Fault::TooLarge))),
            Err(fault) => Ok(Some(fault)),
        }
    }
}

/// Whether an object begins as JSON of records does.
fn is_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head);
    matches!(head.trim_ascii_start().first(), Some(b'{' | b'['))
}
