//! The binary run in a folder of its own, and the archives that it is given.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A folder that goes when the test has ended.
pub(crate) struct Folder(tempfile::TempDir);

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ended {
    /// Checks the exit code, and says all there is where it is another one.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Ended {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Checks that standard error has all these texts, in this order.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Ended {
        let mut rest = self.err.as_str();
        for text in texts {
            match rest.find(text) {
                Some(at) => rest = &rest[at + text.len()..],
                None => panic!("`{text}` is not said, or not in its place\n{}", self.err),
            }
        }
        self
    }

    /// Checks standard output.
    #[track_caller]
    pub(crate) fn prints(self, out: &str) -> Ended {
        assert_eq!(self.out, out, "{}", self.err);
        self
    }
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A folder with a lake `lake` of the records.
    pub(crate) fn with_lake(records: &[&str]) -> Folder {
        let folder = Folder::new();
        folder.file("archive/log.json", log(records).as_bytes());
        folder
            .run(&["ingest", "archive", "--lake", "lake"])
            .with(0)
            .prints("");
        folder
    }

    /// Where something in it is.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and the folders that it is in.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Runs the binary to its end, with nothing on standard input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, &[], "")
    }

    /// Runs the binary to its end, with variables of the environment and a text on standard input.
    pub(crate) fn run_with(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        input: &str,
    ) -> Ended {
        let mut command = self.command(arguments);
        command.envs(variables.iter().copied());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The binary with its arguments, all streams piped.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trailsift"));
        // Whoever runs the tests may have keys or a profile of their own.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("AWS_") {
                command.env_remove(name);
            }
        }
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env_remove("TRAILSIFT_LAKE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// A CloudTrail log file.
pub(crate) fn log(records: &[&str]) -> String {
    format!("{{\"Records\":[{}]}}", records.join(","))
}

/// A record, with more members between its braces.
pub(crate) fn record(id: &str, time: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        "{{\"eventVersion\":\"1.08\",\"eventID\":\"{id}\",\"eventTime\":\"{time}\",\"eventName\":\"ListKeys\"{comma}{more}}}"
    )
}

/// The content as one member of gzip.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Whether a file that nobody may read can be read all the same, as root can.
#[cfg(unix)]
pub(crate) fn may_read_anything(path: &Path) -> bool {
    std::fs::read(path).is_ok() || std::fs::read_dir(path).is_ok()
}

/// Takes all rights from a file or folder.
#[cfg(unix)]
pub(crate) fn lock(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o0)).unwrap();
}

/// Gives them back, so that it can be removed.
#[cfg(unix)]
pub(crate) fn unlock(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
}
