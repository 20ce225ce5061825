//! Which files are to be written anew: the small ones of a day that has several, those of an older layout, and where all
//! are to be packed densely those that are not.

use std::collections::BTreeMap;

use lake::{File, Packing, Snapshot};

/// Files of one day that become others together.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The day, in days since 1970-01-01; none for events without a usable time.
    pub date: Option<i32>,
    /// The files.
    pub files: Vec<File>,
    /// How many files of about the size aimed at will hold what they hold.
    pub outputs: usize,
}

impl Task {
    /// The bytes of the files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }

    /// The events in them, as the log has it.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }
}

/// The tasks of a snapshot, by day, for files of about `target` bytes. A day is left alone that has at most one file
/// below half of that, and none of an older layout. Files that are large enough stay as they are, whatever comes in
/// late: rewriting them with every late event would cost far more than a second file does. For dense packing every file is
/// chosen that is not packed so, and with it the small ones of its day.
pub fn plan(snapshot: &Snapshot, target: u64, packing: Packing) -> Vec<Task> {
    let mut days: BTreeMap<Option<i32>, Vec<&File>> = BTreeMap::new();
    for file in &snapshot.files {
        days.entry(file.date).or_default().push(file);
    }
    let tasks = days.into_iter().filter_map(|(date, files)| {
        let old = |file: &File| {
            let loose = packing == Packing::Dense && !file.dense;
            loose || file.layout < snapshot.layout.number
        };
        let chosen = |file: &&File| old(file) || file.size < target / 2;
        let files: Vec<File> = files.into_iter().filter(chosen).cloned().collect();
        let worth = files.len() > 1 || files.iter().any(old);
        let bytes: u64 = files.iter().map(|file| file.size).sum();
        // Rounded down: two files just above the size rather than three below it.
        let outputs = usize::try_from(bytes / target.max(1)).unwrap_or(1).max(1);
        worth.then_some(Task {
            date,
            files,
            outputs,
        })
    });
    tasks.collect()
}
