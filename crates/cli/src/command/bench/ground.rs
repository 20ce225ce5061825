//! Where archive and lake are made: a temporary folder, or that of `--work`. Each is made beside its place and put there when
//! it is whole. Nothing is removed but what a bench has made.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use engine::Value;

use super::report::Archive;
use crate::exit::Mistake;
use crate::human;
use crate::output::{Replacement, json_object, json_text};

/// Says that the folder is a bench's, and for what archive.
const MARKER: &str = "trailsift-bench.json";

/// Held by the bench that is at work in the folder.
const LOCK: &str = "trailsift-bench.lock";

/// In the folder of an archive that a bench made, with its figures.
const ARCHIVE_MARKER: &str = "made-by-trailsift-bench.json";

/// In the folder of a lake that a bench made, which it may remove.
const LAKE_MARKER: &str = "made-by-trailsift-bench";

/// Bytes that an event takes at most, as object and as row together: about 220 and 260, and something to spare.
const EVENT_BYTES: u64 = 600;

/// The folder of a bench.
#[derive(Debug)]
pub(super) struct Ground {
    place: Place,
    temporary: Option<tempfile::TempDir>,
    _lock: File,
}

/// Where things are in the folder. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Place {
    folder: PathBuf,
    options: generate::Options,
}

impl Ground {
    /// The folder `work`, or a temporary one, for this archive.
    ///
    /// # Errors
    /// A [`Mistake`] where the folder holds something else, another archive, or too little room; where it can't be made,
    /// or another bench is at work in it.
    pub(super) fn open(work: Option<&Path>, options: &generate::Options) -> anyhow::Result<Ground> {
        let (folder, temporary) = match work {
            Some(folder) => {
                make(folder).with_context(|| {
                    format!("the folder of --work, {}, can't be made", folder.display())
                })?;
                (folder.to_owned(), None)
            }
            None => {
                let folder = tempfile::Builder::new()
                    .prefix("trailsift-bench-")
                    .tempdir();
                let folder = folder.with_context(|| {
                    format!(
                        "a temporary folder can't be made in {}",
                        std::env::temp_dir().display()
                    )
                })?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        let place = Place {
            folder,
            options: options.clone(),
        };
        place.is_ours()?;
        let lock = place.lock()?;
        let ground = Ground {
            place,
            temporary,
            _lock: lock,
        };
        // Two benches may have come to an empty folder at once.
        ground.place.is_ours()?;
        let known = ground.place.archive()?;
        ground.place.room(known.is_some())?;
        if known.is_none() {
            ground.place.mark()?;
        }
        remove(&ground.place.partial("archive"))?;
        remove(&ground.place.partial("lake"))?;
        Ok(ground)
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Removes what is not whole, and of a temporary folder all. Says whether that is gone.
    pub(super) fn clear(&self) -> bool {
        let folders = match &self.temporary {
            Some(folder) => vec![folder.path().to_owned()],
            None => vec![self.place.partial("archive"), self.place.partial("lake")],
        };
        let failed = folders.iter().filter(|folder| remove(folder).is_err());
        failed.count() == 0
    }

    /// What is left when the bench has ended.
    pub(super) fn left(&self) -> Option<&Path> {
        match self.temporary {
            Some(_) => None,
            None => Some(&self.place.folder),
        }
    }
}

impl Place {
    /// Where all is.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the archive stands once it is whole.
    pub(super) fn archive_folder(&self) -> PathBuf {
        self.folder.join("archive")
    }

    /// Where the lake stands once it is whole.
    pub(super) fn lake_folder(&self) -> PathBuf {
        self.folder.join("lake")
    }

    /// Where something is on its way.
    pub(super) fn partial(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.partial"))
    }

    /// The archive that is there, whole.
    ///
    /// # Errors
    /// A [`Mistake`] where it is another one than is asked for, or its description can't be read.
    pub(super) fn archive(&self) -> anyhow::Result<Option<Archive>> {
        let path = self.folder.join(MARKER);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("{} can't be read", path.display()));
            }
        };
        let marker = engine::json_value(&text);
        let Some(Value::String(made)) = member(&marker, "options") else {
            return Err(Mistake::error(format!(
                "{} is no description of a bench: name another folder with --work",
                path.display()
            )));
        };
        if *made != self.shape() {
            let number = |key| match member(&marker, key) {
                Some(Value::Long(number)) => number.to_string(),
                _ => "?".to_owned(),
            };
            return Err(Mistake::error(format!(
                "{} holds another archive, of {} events, seed {}, {} days: ask for that one, or name another folder",
                self.folder.display(),
                number("events"),
                number("seed"),
                number("days")
            )));
        }
        let folder = self.archive_folder();
        if !folder.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(folder.join(ARCHIVE_MARKER)).unwrap_or_default();
        let figures = engine::json_value(&text);
        let number = |key| match member(&figures, key) {
            Some(Value::Long(number)) => u64::try_from(*number).ok(),
            _ => None,
        };
        let read = || {
            Some(Archive {
                options: self.options.clone(),
                made: generate::Summary {
                    files: number("objects")?,
                    records: number("records")?,
                    repeats: number("repeats")?,
                    bytes: number("json_bytes")?,
                    compressed: number("bytes")?,
                },
                elapsed: Duration::from_millis(number("milliseconds")?),
                again: true,
            })
        };
        let archive = read().ok_or_else(|| {
            Mistake::error(format!(
                "{} was not made by a bench: move it, or name another folder with --work",
                folder.display()
            ))
        })?;
        Ok(Some(archive))
    }

    /// Puts the archive in its place, and notes it.
    ///
    /// # Errors
    /// Where that can't be written.
    pub(super) fn keep_archive(&self, archive: &Archive) -> anyhow::Result<()> {
        let (partial, place) = (self.partial("archive"), self.archive_folder());
        let millis = u64::try_from(archive.elapsed.as_millis()).unwrap_or(u64::MAX);
        let figures = json_object([
            ("objects", long(archive.made.files)),
            ("records", long(archive.made.records)),
            ("repeats", long(archive.made.repeats)),
            ("json_bytes", long(archive.made.bytes)),
            ("bytes", long(archive.made.compressed)),
            ("milliseconds", long(millis)),
        ]);
        let put = || {
            fs::write(partial.join(ARCHIVE_MARKER), json_text(&figures))?;
            fs::rename(&partial, &place)
        };
        put().with_context(|| format!("the archive can't be put to {}", place.display()))
    }

    /// Begins a lake: its folder, empty.
    ///
    /// # Errors
    /// Where it can't be made.
    pub(super) fn begin_lake(&self) -> anyhow::Result<PathBuf> {
        let folder = self.partial("lake");
        let begin = || {
            remove(&folder)?;
            make(&folder)
        };
        begin().with_context(|| format!("{} can't be made", folder.display()))?;
        Ok(folder)
    }

    /// Puts the lake in its place, instead of the one that a bench made before.
    ///
    /// # Errors
    /// Where there is a lake that no bench made, and where the file system refuses.
    pub(super) fn keep_lake(&self) -> anyhow::Result<()> {
        let (partial, place) = (self.partial("lake"), self.lake_folder());
        self.may_replace_lake()?;
        let put = || {
            fs::write(partial.join(LAKE_MARKER), "")?;
            remove(&place)?;
            fs::rename(&partial, &place)
        };
        put().with_context(|| format!("the lake can't be put to {}", place.display()))
    }

    /// Whether the lake's place is free, or taken by what a bench made.
    ///
    /// # Errors
    /// A [`Mistake`] where it is not.
    pub(super) fn may_replace_lake(&self) -> anyhow::Result<()> {
        let place = self.lake_folder();
        if place.exists() && !place.join(LAKE_MARKER).exists() {
            return Err(Mistake::error(format!(
                "{} was not made by a bench and is not replaced: move it, name another folder, or ask it with --lake",
                place.display()
            )));
        }
        Ok(())
    }

    /// Whether the folder is a bench's, or empty.
    fn is_ours(&self) -> anyhow::Result<()> {
        if self.folder.join(MARKER).exists() {
            return Ok(());
        }
        let entries = fs::read_dir(&self.folder);
        let mut entries = entries
            .with_context(|| format!("the folder {} can't be read", self.folder.display()))?;
        let other =
            |entry: io::Result<fs::DirEntry>| entry.map_or(true, |entry| entry.file_name() != LOCK);
        if entries.any(other) {
            return Err(Mistake::error(format!(
                "{} holds something else than a bench: name an empty folder with --work, or one that is not there yet",
                self.folder.display()
            )));
        }
        Ok(())
    }

    fn lock(&self) -> anyhow::Result<File> {
        let path = self.folder.join(LOCK);
        let open = fs::OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path);
        let file = open.with_context(|| format!("{} can't be written", path.display()))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Mistake::error(format!(
                "another bench is at work in {}: wait for it, or name another folder with --work",
                self.folder.display()
            ))),
            // A file system without locks: two at once are then nobody's fault but theirs.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        }
    }

    /// Whether there is room for what will be made.
    #[cfg(unix)]
    fn room(&self, archive_is_there: bool) -> anyhow::Result<()> {
        let Ok(found) = rustix::fs::statvfs(&self.folder) else {
            return Ok(());
        };
        let free = found.f_bavail.saturating_mul(found.f_frsize);
        let share = if archive_is_there { 2 } else { 1 };
        let needed = self.options.events.saturating_mul(EVENT_BYTES) / share;
        if needed > free {
            return Err(Mistake::error(format!(
                "a bench of {} events takes about {}, and {} has {} free: name a folder elsewhere with --work, or fewer \
                 events with --events",
                human::count(self.options.events),
                human::bytes(needed),
                self.folder.display(),
                human::bytes(free)
            )));
        }
        Ok(())
    }

    #[cfg(not(unix))]
    fn room(&self, _archive_is_there: bool) -> anyhow::Result<()> {
        Ok(())
    }

    /// Notes whose the folder is, and for which archive.
    fn mark(&self) -> anyhow::Result<()> {
        let marker = json_object([
            ("made_by", Value::String("trailsift bench".to_owned())),
            ("events", long(self.options.events)),
            ("seed", long(self.options.seed)),
            ("days", long(u64::from(self.options.days))),
            ("options", Value::String(self.shape())),
        ]);
        let path = self.folder.join(MARKER);
        let write = || {
            let mut file = Replacement::open(&path)?;
            writeln!(file, "{}", json_text(&marker))?;
            file.commit()
        };
        write().with_context(|| format!("{} can't be written", path.display()))
    }

    /// All that the archive depends on.
    fn shape(&self) -> String {
        format!("{:?}", self.options)
    }
}

fn long(number: u64) -> Value {
    Value::Long(i64::try_from(number).unwrap_or(i64::MAX))
}

fn member<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let Value::Record(members) = value else {
        return None;
    };
    let found = members.iter().find(|(name, _)| name == key)?;
    Some(&found.1)
}

/// Makes a folder that only its owner can look into; one that is there stays as it is.
fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Removes a folder that a bench has made, if it is there.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
