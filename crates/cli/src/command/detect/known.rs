//! The alerts that were given before, by their ids, in a file: so that a run says what is new.
//!
//! A line says which version the file has, then there is one for each alert: its id, the day on which it was given first,
//! and the last on which it was found. A lock beside the file is held from reading it to writing it.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use engine::detect::{Alerts, Outcome};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::exit::Mistake;
use crate::output::Replacement;

const HEAD: &str = "trailsift alerts ";
const VERSION: &str = "1";

/// An alert that no run has found for so many days is forgotten.
const KEPT: i64 = 400;

/// The alerts given before.
pub(super) struct Known {
    path: PathBuf,
    today: Date,
    alerts: BTreeMap<String, Days>,
    /// Held until the end.
    _lock: File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Days {
    first: Date,
    last: Date,
}

impl Known {
    /// Reads the file; none is a first run.
    ///
    /// # Errors
    /// Where another run has it, it can't be read or written, or what is in it is not what we write.
    pub(super) fn open(path: &Path, today: Date) -> anyhow::Result<Known> {
        let name = path.display();
        if path.to_str().is_some_and(|path| path.contains("://")) {
            return Err(Mistake::error(format!(
                "{name} is no file: --new keeps what is known in a file on this machine"
            )));
        }
        let lock = lock(path)?;
        Replacement::try_out(path).with_context(|| format!("{name} can't be written"))?;
        let alerts = match std::fs::read(path) {
            Ok(bytes) => match read(&bytes) {
                Ok(alerts) => alerts,
                Err(reason) => bail!(
                    "{name}: {reason}; nothing was run. Bring back a copy of the file, or move it away: then all \
                     alerts count as new once more"
                ),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error).with_context(|| format!("{name} can't be read")),
        };
        Ok(Known {
            path: path.to_owned(),
            today,
            alerts,
            _lock: lock,
        })
    }

    /// Takes the alerts that were given before out of these outcomes, and notes all. Gives how many there were.
    ///
    /// # Errors
    /// Those of the files of alerts that memory could not hold.
    pub(super) fn sift(&mut self, outcomes: &mut [Outcome<'_>]) -> io::Result<u64> {
        let mut known = 0;
        for alerts in outcomes
            .iter_mut()
            .filter_map(|one| one.alerts.as_mut().ok())
        {
            alerts.retain(|alert| match self.alerts.get_mut(&alert.id) {
                Some(days) => {
                    days.last = days.last.max(self.today);
                    known += 1;
                    false
                }
                None => true,
            })?;
        }
        let new = outcomes.iter().filter_map(|one| one.alerts.as_ref().ok());
        for alert in new.flat_map(Alerts::iter) {
            let alert = alert?;
            let days = Days {
                first: self.today,
                last: self.today,
            };
            self.alerts.insert(alert.id.clone(), days);
        }
        Ok(known)
    }

    /// Writes the file: only once the alerts have reached their reader.
    ///
    /// # Errors
    /// Where it can't be written; what stood there stays.
    pub(super) fn save(self) -> anyhow::Result<()> {
        let write = || {
            let mut file = Replacement::open(&self.path)?;
            writeln!(file, "{HEAD}{VERSION}")?;
            let oldest = self.today.saturating_sub(KEPT.days());
            for (id, days) in self.alerts.iter().filter(|(_, days)| days.last >= oldest) {
                writeln!(file, "{id} {} {}", days.first, days.last)?;
            }
            file.commit()
        };
        write().with_context(|| {
            format!(
                "{} can't be written; the alerts above will count as new again",
                self.path.display()
            )
        })
    }
}

/// The lock of a file that is replaced is one beside it.
fn lock(path: &Path) -> anyhow::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let made = crate::output::create(&name);
    let file = made.with_context(|| format!("{} can't be written", name.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "{} is in use by another run; wait for its end, or give each its own file",
            path.display()
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{} can't be locked", name.display()))
        }
    }
}

/// What a file says, or what is wrong with it.
fn read(bytes: &[u8]) -> Result<BTreeMap<String, Days>, String> {
    let foreign = || "this is no file of known alerts".to_owned();
    let text = std::str::from_utf8(bytes).map_err(|_| foreign())?;
    let (head, rest) = text.split_once('\n').ok_or_else(foreign)?;
    match head.strip_prefix(HEAD) {
        Some(VERSION) => {}
        Some(version) if version.bytes().all(|byte| byte.is_ascii_digit()) => {
            return Err("it was written by another version of trailsift".to_owned());
        }
        _ => return Err(foreign()),
    }
    if !rest.is_empty() && !rest.ends_with('\n') {
        return Err("its last line is cut off".to_owned());
    }
    let mut alerts = BTreeMap::new();
    for (number, line) in (2..).zip(rest.lines()) {
        let Some((id, days)) = entry(line) else {
            return Err(format!("line {number} is no alert"));
        };
        if alerts.insert(id.to_owned(), days).is_some() {
            return Err(format!("line {number} has an alert a second time"));
        }
    }
    Ok(alerts)
}

fn entry(line: &str) -> Option<(&str, Days)> {
    let mut parts = line.split(' ');
    let (id, first, last) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let days = Days {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
    };
    (sound && parts.next().is_none()).then_some((id, days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn saved(path: &Path, today: &str, ids: &[&str]) {
        let mut known = Known::open(path, day(today)).expect("open");
        for id in ids {
            let today = day(today);
            let entry = known.alerts.entry((*id).to_owned());
            let days = entry.or_insert(Days {
                first: today,
                last: today,
            });
            days.last = today;
        }
        known.save().expect("saved");
    }

    #[test]
    fn what_is_written_is_read_and_what_is_old_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state");
        saved(&path, "2026-01-01", &["0a", "0b"]);
        saved(&path, "2026-02-01", &["0b", "0c"]);
        let text = std::fs::read_to_string(&path).expect("read");
        assert_eq!(
            text,
            "trailsift alerts 1\n0a 2026-01-01 2026-01-01\n0b 2026-01-01 2026-02-01\n0c 2026-02-01 2026-02-01\n"
        );
        // 400 days after the first of January is the fifth of February a year later.
        saved(&path, "2027-02-05", &[]);
        assert_eq!(std::fs::read_to_string(&path).expect("read"), text);
        saved(&path, "2027-02-06", &[]);
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(!text.contains("0a") && text.contains("0b"), "{text}");
    }

    #[test]
    fn what_is_broken_is_no_first_run() {
        let good = "trailsift alerts 1\n0a 2026-01-01 2026-01-01\n";
        assert_eq!(read(good.as_bytes()).map(|alerts| alerts.len()), Ok(1));
        for (text, reason) in [
            ("", "this is no file of known alerts"),
            ("trailsift alerts 1", "this is no file of known alerts"),
            ("{\"version\":1}\n", "this is no file of known alerts"),
            (
                "trailsift alerts 2\n",
                "it was written by another version of trailsift",
            ),
            (&good[..good.len() - 1], "its last line is cut off"),
            ("trailsift alerts 1\n\n", "line 2 is no alert"),
            ("trailsift alerts 1\n0a 2026-01-01\n", "line 2 is no alert"),
            (
                "trailsift alerts 1\nxy 2026-01-01 2026-01-01\n",
                "line 2 is no alert",
            ),
            (
                &good.replace("\n0a", "\n0a 2026-01-01 2026-01-01\n0a"),
                "line 3 has an alert a second time",
            ),
        ] {
            assert_eq!(read(text.as_bytes()).expect_err(text), reason, "{text}");
        }
        assert!(read(b"trailsift alerts 1\n\xff").is_err());
    }

    #[test]
    fn two_runs_do_not_share_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state");
        let first = Known::open(&path, day("2026-01-01")).expect("open");
        let second = Known::open(&path, day("2026-01-01"));
        let error = second.err().expect("locked").to_string();
        assert!(error.contains("in use by another run"), "{error}");
        drop(first);
        assert!(Known::open(&path, day("2026-01-01")).is_ok());
    }
}
