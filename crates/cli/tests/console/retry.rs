//! Objects that could not be read, or not to their end, and were repaired under the same name: the next ingest reads them,
//! each event is there once, and the summary adds up every time.

use std::time::{Duration, SystemTime};

use crate::crash::{has_each_once, ingest, knows_all, object};
use crate::run::{Ended, Folder, gzip};

/// Writes an object anew as something else, long ago.
fn becomes(folder: &Folder, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let whole = std::fs::read(folder.path(name)).unwrap();
    let path = folder.file(name, &change(whole));
    let file = std::fs::File::options().write(true).open(path).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(7_200);
    file.set_modified(long_ago).unwrap();
}

/// What stands before an event's id, and so of a log only whole records.
fn before(id: u32, log: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(log).unwrap();
    let end = text.find(&format!("\"{id:06}\"")).unwrap();
    log[..end].to_vec()
}

/// The numbers of the summary's line of events: read, new, folded, rejected. They add up.
#[track_caller]
fn events(ended: &Ended) -> [u64; 4] {
    let line = ended.err.lines().find(|line| line.starts_with("events "));
    let numbers: Vec<u64> = line
        .unwrap()
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [read, new, folded, rejected] = numbers[..] else {
        panic!("{}", ended.err);
    };
    assert_eq!(read, new + folded + rejected, "{}", ended.err);
    [read, new, folded, rejected]
}

#[cfg(unix)]
#[test]
fn what_was_repaired_is_read_by_the_next_ingest_and_once() {
    let folder = Folder::new();
    let all = [
        ("archive/cut.json", 4..10),
        ("archive/gaps.json", 10..15),
        ("archive/late.json", 15..18),
        ("archive/packed.json.gz", 18..218),
    ];
    object(&folder, "archive/fine.json", 0..4);
    all.iter()
        .for_each(|(name, ids)| object(&folder, name, ids.clone()));
    // Truncated; as large as it shall be, with nothing in it from some place on; not begun; truncated and packed.
    becomes(&folder, "archive/cut.json", |log| before(6, &log));
    becomes(&folder, "archive/gaps.json", |log| {
        let mut start = before(13, &log);
        start.resize(log.len(), 0);
        start
    });
    becomes(&folder, "archive/late.json", |_| Vec::new());
    becomes(&folder, "archive/packed.json.gz", |log| {
        let whole = gzip(&log);
        whole[..whole.len() / 2].to_vec()
    });
    // Of a disk that is not there.
    std::os::unix::fs::symlink(
        folder.path("disk/away.json"),
        folder.path("archive/away.json"),
    )
    .unwrap();

    let ended = folder.run(&ingest(&["archive"])).with(4).says(&[
        "objects  6 found = 1 read + 3 broken + 1 left alone + 1 failed\n",
        "away.json: it can't be read",
    ]);
    let [read, new, ..] = events(&ended);
    // Four, two of six, three of five, some of what is packed.
    assert!((4 + 2 + 3 + 1..4 + 2 + 3 + 200).contains(&read), "{read}");
    assert_eq!(read, new);

    // What has not changed is not read again, but for what failed.
    let ended = folder
        .run(&ingest(&["archive"]))
        .with(4)
        .says(&["objects  6 found = 0 read + 5 known + 1 failed\n"]);
    assert_eq!(events(&ended), [0; 4]);

    all.iter()
        .for_each(|(name, ids)| object(&folder, name, ids.clone()));
    becomes(&folder, "archive/packed.json.gz", |log| gzip(&log));
    object(&folder, "disk/away.json", 218..221);
    let ended = folder
        .run(&ingest(&["archive"]))
        .with(0)
        .says(&["objects  6 found = 5 read + 1 known\n"]);
    // All but the four of the one that was fine; what was read of them before is folded.
    assert_eq!(events(&ended), [217, 221 - read, read - 4, 0]);
    has_each_once(&folder, 221);
    let ended = knows_all(&folder, &["archive"], 6);
    assert_eq!(events(&ended), [0; 4]);
}
