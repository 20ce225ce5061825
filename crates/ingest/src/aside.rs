//! What can't become rows is set aside in the lake, each once, however often its object is read.

use std::collections::HashSet;
use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use lake::{Lake, Rejected};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::decoded::Aside;
use crate::report::Reason;

/// Knows what a lake has set aside, once that matters.
#[derive(Default)]
pub(crate) struct Keeper {
    known: Mutex<Option<Known>>,
}

/// Hashes of what a lake has set aside, seeded anew each time.
#[derive(Default)]
pub(crate) struct Known {
    hasher: RandomState,
    /// Of objects, places and bytes.
    places: HashSet<u64>,
    /// Of bytes alone.
    bytes: HashSet<u64>,
}

impl Known {
    /// Looks through all that `lake` has set aside.
    pub(crate) async fn of(lake: &Lake) -> Result<Known, lake::Error> {
        let mut known = Known::default();
        lake.rejected(|rejected| _ = known.add(&rejected)).await?;
        Ok(known)
    }

    /// Whether these bytes were set aside, from whatever object.
    pub(crate) fn has(&self, aside: &Aside) -> bool {
        let bytes = (&aside.bytes, &aside.file);
        self.bytes.contains(&self.hasher.hash_one(bytes))
    }

    /// Whether this is new.
    fn add(&mut self, rejected: &Rejected) -> bool {
        let Rejected {
            object,
            at,
            bytes,
            file,
            ..
        } = rejected;
        self.bytes.insert(self.hasher.hash_one((bytes, file)));
        self.places
            .insert(self.hasher.hash_one((object, at, bytes, file)))
    }
}

impl Keeper {
    /// Sets aside what the lake does not have yet of it. Durable when it returns.
    pub(crate) async fn keep(
        &self,
        lake: &Lake,
        mut rejected: Vec<Rejected>,
    ) -> Result<(), lake::Error> {
        if rejected.is_empty() {
            return Ok(());
        }
        let mut guard = self.known.lock().await;
        let mut known = match guard.take() {
            Some(known) => known,
            None => Known::of(lake).await?,
        };
        rejected.retain(|rejected| known.add(rejected));
        lake.set_aside(Uuid::new_v4(), rejected).await?;
        // After a failure what is there is looked up anew.
        *guard = Some(known);
        Ok(())
    }
}

impl Aside {
    /// It with the name of its object, in words.
    pub(crate) fn of(self, object: &str) -> Rejected {
        Rejected {
            object: object.to_owned(),
            index: self.index,
            at: self.at,
            count: self.count,
            reason: Reason::from(&self.refusal).to_string(),
            bytes: self.bytes,
            file: self.file,
        }
    }
}
