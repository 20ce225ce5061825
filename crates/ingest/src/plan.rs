//! What an ingest would read, without reading it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::report::Problem;
use crate::source;
use crate::{Error, Options};

/// What an ingest would read.
#[derive(Debug, Default)]
pub struct Plan {
    /// Objects and bytes by what their paths say of them.
    pub parts: BTreeMap<Part, Amount>,
    /// All together.
    pub total: Amount,
    /// How many objects were listed and are left out by the selection. Folders of a bucket that it rules out are not
    /// listed at all, and not counted.
    pub unselected: u64,
    /// Folders and files that could not be looked at.
    pub problems: Vec<Problem>,
}

/// Where objects belong by their paths; none where the paths don't say. Orders by account, region and day.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The account.
    pub account: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The day of delivery, in days since 1970-01-01.
    pub day: Option<i32>,
}

/// How much it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Objects.
    pub objects: u64,
    /// Their bytes, as they are stored.
    pub bytes: u64,
}

impl Amount {
    fn add(&mut self, bytes: u64) {
        self.objects += 1;
        self.bytes += bytes;
    }
}

/// Lists what [`ingest`](crate::ingest()) would read of `sources`. Needs a tokio runtime.
///
/// # Errors
/// [`Error`] where a source is not there or can't be listed.
pub async fn plan(sources: &[PathBuf], options: &Options) -> Result<Plan, Error> {
    let listing = source::list(sources, &options.selection, &options.s3).await?;
    let mut plan = Plan {
        unselected: listing.unselected,
        problems: listing.problems,
        ..Plan::default()
    };
    for object in listing.objects {
        let part = Part {
            account: object.key.account,
            region: object.key.region,
            day: object.key.day,
        };
        plan.parts.entry(part).or_default().add(object.size);
        plan.total.add(object.size);
    }
    Ok(plan)
}
