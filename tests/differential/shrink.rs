//! Cuts a failure down: fewer records, fewer filters, while the answers still differ.

use super::archive::Archive;
use super::difference;
use super::query::{Aggregate, Last, Query};

/// Lakes that are made at most while a failure is cut down.
const TRIES: usize = 150;

/// A smaller archive and query whose answers differ too, and how.
pub fn shrink(mut archive: Archive, mut query: Query) -> (Archive, Query, String) {
    let mut tries = TRIES;
    for place in (0..query.filters.len()).rev() {
        let mut smaller = query.clone();
        smaller.filters.remove(place);
        if fails(&archive, &smaller, &mut tries).is_some() {
            query = smaller;
        }
    }
    for place in (0..width(&query.last)).rev() {
        let smaller = Query {
            last: narrower(&query.last, place),
            ..query.clone()
        };
        if fails(&archive, &smaller, &mut tries).is_some() {
            query = smaller;
        }
    }
    let mut step = count(&archive).div_ceil(2);
    while step > 0 {
        let mut start = 0;
        while start < count(&archive) {
            let smaller = without(&archive, start, step);
            match fails(&smaller, &query, &mut tries) {
                Some(_) => archive = smaller,
                None => start += step,
            }
        }
        step /= 2;
    }
    let difference = fails(&archive, &query, &mut 1)
        .unwrap_or_else(|| "the difference does not come again".to_owned());
    (archive, query, difference)
}

/// How the answers differ, in a new lake; none too where the tries are used up.
fn fails(archive: &Archive, query: &Query, tries: &mut usize) -> Option<String> {
    *tries = tries.checked_sub(1)?;
    let folder = tempfile::tempdir().unwrap();
    let lake = archive.lake(folder.path());
    difference(&lake, &archive.records(), query)
}

fn count(archive: &Archive) -> usize {
    archive
        .objects
        .iter()
        .map(|object| object.records.len())
        .sum()
}

/// The archive without `length` records from `start` on. Objects stay, empty if need be.
fn without(archive: &Archive, start: usize, length: usize) -> Archive {
    let mut smaller = archive.clone();
    let mut place = 0;
    for object in &mut smaller.objects {
        object.records.retain(|_| {
            place += 1;
            !(start..start + length).contains(&(place - 1))
        });
    }
    smaller
}

/// How many fields may be left out.
fn width(last: &Last) -> usize {
    match last {
        Last::Fields(items) | Last::Added(items) if items.len() > 1 => items.len(),
        Last::Series { by, .. } => by.len(),
        // What is taken of a group depends on what it is grouped by.
        Last::Summary { aggregates, by } => {
            let takes = |one: &Aggregate| matches!(one, Aggregate::TakeAny(_));
            if aggregates.iter().any(takes) {
                0
            } else {
                by.len()
            }
        }
        _ => 0,
    }
}

/// The same command without one of its fields or groups, if another is left.
fn narrower(last: &Last, place: usize) -> Last {
    let mut last = last.clone();
    match &mut last {
        Last::Fields(items) | Last::Added(items) if items.len() > 1 && place < items.len() => {
            items.remove(place);
        }
        Last::Summary { by, .. } | Last::Series { by, .. } if place < by.len() => {
            by.remove(place);
        }
        _ => {}
    }
    last
}
