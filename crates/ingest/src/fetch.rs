//! Objects of S3 brought ahead of the threads that read them, as many as the memory for it holds; files are opened as
//! they are.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Buf, Bytes};
use lake::Refusal;
use object_store::ObjectStoreExt;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::Options;
use crate::remote::{Remote, refusal};
use crate::report::Reason;
use crate::source::{Object, Place};

/// Objects on their way or waiting to be read at once. S3 takes tens of milliseconds for each, however small.
const AT_ONCE: usize = 64;

/// What is brought, shared by all batches of an ingest.
pub(crate) struct Fetch {
    objects: Arc<[Object]>,
    handle: Handle,
    /// Bytes that may be on their way or waiting; a single object may have more.
    budget: u64,
    /// An object with more bytes is not brought whole.
    limit: u64,
    ahead: Mutex<Ahead>,
}

#[derive(Default)]
struct Ahead {
    /// The first object that was not started.
    next: usize,
    started: HashMap<usize, JoinHandle<Result<Bytes, Refusal>>>,
    bytes: u64,
}

impl Fetch {
    /// Begins nothing yet. Needs a tokio runtime, which must go on as long as objects are read.
    pub(crate) fn new(objects: Arc<[Object]>, options: &Options) -> Fetch {
        Fetch {
            objects,
            handle: Handle::current(),
            // An eighth of the memory: what is read ahead comes on top of the batch.
            budget: (options.memory / 8) as u64,
            limit: options.whole() as u64,
            ahead: Mutex::default(),
        }
    }

    /// The bytes of an object, and those after it started. Waits on the caller's thread, which must be one that may.
    pub(crate) fn read(&self, ordinal: usize) -> Result<Box<dyn Read + Send>, Reason> {
        let unreadable = |kind| Reason::Unreadable(kind);
        let object = self
            .objects
            .get(ordinal)
            .ok_or(unreadable(io::ErrorKind::NotFound))?;
        if matches!(object.place, Place::File(_)) || object.size > self.limit {
            return self.stream(ordinal);
        }
        let mut ahead = self.ahead();
        self.start(&mut ahead, ordinal);
        let task = ahead.started.remove(&ordinal);
        drop(ahead);
        let task = task.ok_or(unreadable(io::ErrorKind::NotFound))?;
        let bytes = self.handle.block_on(task);
        let mut ahead = self.ahead();
        ahead.bytes = ahead.bytes.saturating_sub(object.size);
        self.start(&mut ahead, ordinal);
        match bytes {
            Ok(Ok(bytes)) => Ok(Box::new(bytes.reader())),
            Ok(Err(refusal)) => Err(Reason::Refused(refusal)),
            Err(_) => Err(unreadable(io::ErrorKind::Interrupted)),
        }
    }

    /// The last four bytes of a file; none of an object in S3, which is on its way as a whole.
    pub(crate) fn last(&self, ordinal: usize) -> Option<[u8; 4]> {
        let Place::File(path) = &self.objects.get(ordinal)?.place else {
            return None;
        };
        let mut file = File::open(path).ok()?;
        let mut last = [0; 4];
        file.seek(SeekFrom::End(-4)).ok()?;
        file.read_exact(&mut last).ok()?;
        Some(last)
    }

    /// The bytes of an object, of one in S3 range by range as they are asked for, however many they are. Waits likewise.
    pub(crate) fn stream(&self, ordinal: usize) -> Result<Box<dyn Read + Send>, Reason> {
        match self.objects.get(ordinal).map(|object| &object.place) {
            Some(Place::File(path)) => match File::open(path) {
                Ok(file) => Ok(Box::new(file)),
                Err(error) => Err(Reason::Unreadable(error.kind())),
            },
            Some(Place::Bucket(store, path)) => {
                let remote = Remote::new(&self.handle, store, path);
                Ok(Box::new(remote))
            }
            None => Err(Reason::Unreadable(io::ErrorKind::NotFound)),
        }
    }

    /// Starts what the memory has room for, and what comes up to `ordinal` in any case.
    fn start(&self, ahead: &mut Ahead, ordinal: usize) {
        while let Some(object) = self.objects.get(ahead.next) {
            // Those before it were handed to other threads, which are about to ask.
            let must = ahead.next <= ordinal;
            let room = ahead.started.len() < AT_ONCE && ahead.bytes + object.size <= self.budget;
            if !must && !room {
                return;
            }
            if object.size <= self.limit
                && let Some(task) = self.spawn(ahead.next)
            {
                ahead.bytes += object.size;
                ahead.started.insert(ahead.next, task);
            }
            ahead.next += 1;
        }
    }

    fn spawn(&self, ordinal: usize) -> Option<JoinHandle<Result<Bytes, Refusal>>> {
        let Place::Bucket(store, path) = &self.objects.get(ordinal)?.place else {
            return None;
        };
        let (store, path) = (store.clone(), path.clone());
        Some(self.handle.spawn(async move {
            let bytes = async { store.get(&path).await?.bytes().await };
            bytes.await.map_err(|error| Refusal::of(&error))
        }))
    }

    fn ahead(&self) -> MutexGuard<'_, Ahead> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an error of a reader means.
pub(crate) fn reason_of(error: &io::Error) -> Reason {
    match refusal(error) {
        Some(refusal) => Reason::Refused(refusal),
        None => Reason::Unreadable(error.kind()),
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        for (_, task) in self.ahead().started.drain() {
            task.abort();
        }
    }
}
