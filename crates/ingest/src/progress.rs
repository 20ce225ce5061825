//! What somebody who waits may be told.

/// Told how far an ingest is. Called from several threads, often: it must be quick.
pub trait Progress: Send + Sync {
    /// So many objects with so many bytes, as they are stored, will be read.
    fn listed(&self, objects: u64, bytes: u64) {
        let _ = (objects, bytes);
    }

    /// One more object has been read: its bytes as they are stored, and its events.
    fn read(&self, bytes: u64, events: u64) {
        let _ = (bytes, events);
    }

    /// So many events more are encoded and on disk, but not in the lake yet.
    fn written(&self, events: u64) {
        let _ = events;
    }

    /// A batch of so many events is in the lake, as this version of its table.
    fn committed(&self, version: u64, events: u64) {
        let _ = (version, events);
    }
}

/// Nobody waits.
impl Progress for () {}
