//! A data file on its way to S3: in parts while it is written, several at once, and not there before it is complete.

use std::io::{self, Write};
use std::sync::Arc;

use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

/// Bytes of a part. S3 takes 10,000 of them, and a file that has no more goes in one request.
const PART: usize = 8 << 20;

/// Parts on their way at once.
const AT_ONCE: usize = 4;

/// An upload. Its methods wait on the caller's thread, which must be one that may. Dropped before its end, it takes back
/// what is there.
pub(crate) struct Upload {
    handle: Handle,
    store: Arc<dyn ObjectStore>,
    path: Path,
    buffer: Vec<u8>,
    /// `None` as long as there is no whole part, and once it is complete.
    upload: Option<Box<dyn MultipartUpload>>,
    parts: JoinSet<object_store::Result<()>>,
    size: u64,
}

impl Upload {
    pub(crate) fn new(handle: &Handle, store: Arc<dyn ObjectStore>, path: Path) -> Upload {
        Upload {
            handle: handle.clone(),
            store,
            path,
            buffer: Vec::new(),
            upload: None,
            parts: JoinSet::new(),
            size: 0,
        }
    }

    /// Ends it. Gives the size in bytes; the object is there, and durable.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        if self.upload.is_none() {
            let whole = std::mem::take(&mut self.buffer);
            self.handle
                .block_on(self.store.put(&self.path, whole.into()))?;
            return Ok(self.size);
        }
        self.part()?;
        self.wait(0)?;
        if let Some(upload) = &mut self.upload {
            self.handle.block_on(upload.complete())?;
        }
        self.upload = None;
        Ok(self.size)
    }

    /// Sends what is collected.
    fn part(&mut self) -> io::Result<()> {
        self.wait(AT_ONCE - 1)?;
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => {
                let begun = self.handle.block_on(self.store.put_multipart(&self.path))?;
                none.insert(begun)
            }
        };
        let bytes = std::mem::replace(&mut self.buffer, Vec::with_capacity(PART));
        if !bytes.is_empty() {
            let part = upload.put_part(bytes.into());
            self.parts.spawn_on(part, &self.handle);
        }
        Ok(())
    }

    /// Waits until no more than so many parts are on their way.
    fn wait(&mut self, most: usize) -> io::Result<()> {
        while self.parts.len() > most
            && let Some(part) = self.handle.block_on(self.parts.join_next())
        {
            part??;
        }
        Ok(())
    }
}

impl Write for Upload {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PART - self.buffer.len();
        let taken = bytes.get(..room).unwrap_or(bytes);
        self.buffer.extend_from_slice(taken);
        self.size += taken.len() as u64;
        if self.buffer.len() == PART {
            self.part()?;
        }
        Ok(taken.len())
    }

    /// Parts have a least size: nothing is sent early.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(mut upload) = self.upload.take() {
            let mut parts = std::mem::take(&mut self.parts);
            // What can't be taken back goes by the bucket's rule for incomplete uploads.
            self.handle.spawn(async move {
                parts.shutdown().await;
                upload.abort().await
            });
        }
    }
}
