//! A data file on its way to S3: in parts while it is written, several at once, and not there before it is complete.

use std::io::{self, Write};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Handle;

/// Bytes of a part. S3 takes 10,000 of them, and a file that has no more goes in one request.
const PART: usize = 8 << 20;

/// Parts on their way at once.
const AT_ONCE: usize = 4;

/// Bytes that are collected before they are handed on.
const CHUNK: usize = 1 << 20;

/// An upload. Its methods wait on the caller's thread, which must be one that may.
pub(crate) struct Upload {
    handle: Handle,
    chunk: Vec<u8>,
    /// `None` once it is complete, or has failed.
    parts: Option<BufWriter>,
    size: u64,
}

impl Upload {
    pub(crate) fn new(handle: &Handle, store: Arc<dyn ObjectStore>, path: Path) -> Upload {
        let parts = BufWriter::with_capacity(store, path, PART).with_max_concurrency(AT_ONCE);
        Upload {
            handle: handle.clone(),
            chunk: Vec::with_capacity(CHUNK),
            parts: Some(parts),
            size: 0,
        }
    }

    /// Ends it. Gives the size in bytes; the object is there, and durable.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        self.hand_on()?;
        // What fails here is aborted when `self` is dropped.
        if let Some(parts) = &mut self.parts {
            self.handle.block_on(parts.shutdown())?;
        }
        self.parts = None;
        Ok(self.size)
    }

    fn hand_on(&mut self) -> io::Result<()> {
        let parts = self.parts.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        self.handle.block_on(parts.write_all(&self.chunk))?;
        self.chunk.clear();
        Ok(())
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.chunk.len() + bytes.len() > CHUNK {
            self.hand_on()?;
        }
        self.chunk.extend_from_slice(bytes);
        self.size += bytes.len() as u64;
        Ok(bytes.len())
    }

    /// Parts have a least size: nothing is sent early.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(mut parts) = self.parts.take() {
            // What can't be aborted goes by the bucket's rule for incomplete uploads.
            self.handle.spawn(async move { parts.abort().await });
        }
    }
}
