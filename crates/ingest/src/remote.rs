//! A large object of S3 as a reader: range by range, the next one on its way while this one is read. However long the
//! reader rests between two batches, no connection waits for it.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf, Bytes};
use lake::Refusal;
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Bytes of a range.
const RANGE: u64 = 8 << 20;

/// What a request gives.
struct Part {
    bytes: Bytes,
    /// Bytes of the whole object.
    size: u64,
    etag: Option<String>,
}

/// An object of S3 that is read range by range. Its reads wait on the caller's thread, which must be one that may.
pub(crate) struct Remote {
    handle: Handle,
    store: Arc<AmazonS3>,
    path: Path,
    now: Bytes,
    /// The range that comes next.
    next: Option<JoinHandle<Result<Part, Refusal>>>,
    /// Where the range after that begins.
    at: u64,
}

/// A refusal as an [`io::Error`].
#[derive(Debug)]
struct Refused(Refusal);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

/// The refusal that an error of a reader is, if it is one.
pub(crate) fn refusal(error: &io::Error) -> Option<Refusal> {
    let refused: &Refused = error.get_ref()?.downcast_ref()?;
    Some(refused.0)
}

impl Remote {
    /// Asks for the first range.
    pub(crate) fn new(handle: &Handle, store: &Arc<AmazonS3>, path: &Path) -> Remote {
        let mut remote = Remote {
            handle: handle.clone(),
            store: store.clone(),
            path: path.clone(),
            now: Bytes::new(),
            next: None,
            at: 0,
        };
        remote.ask(None);
        remote
    }

    /// Asks for the next range of the object in the state that `etag` names, of whatever state at first.
    fn ask(&mut self, etag: Option<String>) {
        let (store, path) = (self.store.clone(), self.path.clone());
        let options = GetOptions {
            range: Some(GetRange::Bounded(self.at..self.at + RANGE)),
            if_match: etag,
            ..GetOptions::default()
        };
        self.at += RANGE;
        self.next = Some(self.handle.spawn(async move {
            let part = async {
                let got = store.get_opts(&path, options).await?;
                let (size, etag) = (got.meta.size, got.meta.e_tag.clone());
                let bytes = got.bytes().await?;
                Ok(Part { bytes, size, etag })
            };
            part.await
                .map_err(|error: object_store::Error| Refusal::of(&error))
        }));
    }
}

impl Read for Remote {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.now.is_empty()
            && let Some(next) = self.next.take()
        {
            let part = self.handle.block_on(next)?;
            let part = part.map_err(|refusal| io::Error::other(Refused(refusal)))?;
            if self.at < part.size {
                self.ask(part.etag);
            }
            self.now = part.bytes;
        }
        let count = into.len().min(self.now.len());
        self.now.copy_to_slice(&mut into[..count]);
        Ok(count)
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        if let Some(next) = self.next.take() {
            next.abort();
        }
    }
}
