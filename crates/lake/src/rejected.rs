//! What could not become rows: kept byte for byte beside the table, so that nothing is lost with it.
//!
//! `LAKE/rejected/<batch>-<n>.ndjson` has a line for each, `{"object","index","at","count","reason","bytes"}` with the
//! bytes in Base64; where they are many, `"file"` names the file beside that holds them as they stood.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::upload::Upload;
use crate::{Error, Lake, folder};

/// The folder beside the table.
const FOLDER: &str = "rejected";

/// Bytes of lines after which another file is begun.
const FILE: usize = 16 << 20;

/// Bytes from which on they get a file of their own.
const LARGE: usize = 1 << 20;

/// How the names of files end that were never held whole.
const PACKED: &str = ".zst";

/// What could not become a row, or several such values that stood side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// The object that it came from.
    pub object: String,
    /// The place of the first among the object's records, from 0.
    pub index: u64,
    /// Where it begins in the object's unpacked text, in bytes.
    pub at: u64,
    /// How many values there are.
    pub count: u64,
    /// What is wrong with it, in words.
    pub reason: String,
    /// What stood there.
    pub bytes: Vec<u8>,
    /// Instead of the bytes, where they were never held whole: the file beside that has them, packed with Zstandard.
    pub file: Option<String>,
}

/// What is too large to be held whole, on its way to the disk. Flushing ends it; dropped before that, it is removed.
pub struct RejectedFile {
    path: PathBuf,
    encoder: Option<zstd::stream::write::Encoder<'static, fs::File>>,
}

impl Drop for RejectedFile {
    fn drop(&mut self) {
        if self.encoder.is_some() {
            // What can't be removed does no harm: nobody reads it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

impl Write for RejectedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.encoder {
            Some(encoder) => encoder.write(bytes),
            None => Err(io::ErrorKind::WriteZero.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if let Some(encoder) = &mut self.encoder {
            encoder.do_finish()?;
            encoder.get_ref().sync_all()?;
            self.encoder = None;
        }
        Ok(())
    }
}

impl Lake {
    /// Begins a file for something that is too large to be held whole, under a name that nobody reads until
    /// [`land_rejected`](Lake::land_rejected). Blocks.
    ///
    /// # Errors
    /// Where it can't be made.
    pub fn rejected_file(&self, staged: &str) -> io::Result<RejectedFile> {
        let path = self.staged(staged);
        let file = folder::create_file(&path)?;
        let encoder = zstd::stream::write::Encoder::new(file, 1)?;
        Ok(RejectedFile {
            path,
            encoder: Some(encoder),
        })
    }

    /// Where such a file is written: beside its later place, or for a lake in S3 among the temporary files of this machine.
    fn staged(&self, staged: &str) -> PathBuf {
        match self.remote() {
            Some(_) => std::env::temp_dir().join(format!("trailsift{staged}")),
            None => self.folder().with_file_name(FOLDER).join(staged),
        }
    }

    /// Gives such a file its name, durably; where that is there already, it is the same file. To S3 it is brought, and
    /// removed here. Blocks.
    ///
    /// # Errors
    /// Where that fails.
    pub fn land_rejected(&self, staged: &str, name: &str) -> io::Result<()> {
        let staged = self.staged(staged);
        if let Some(handle) = self.remote() {
            let path = self.rejected_folder().join(name);
            let mut upload = Upload::new(handle, self.store(), path);
            let brought = fs::File::open(&staged)
                .and_then(|mut file| io::copy(&mut file, &mut upload))
                .and_then(|_| upload.finish());
            fs::remove_file(&staged)?;
            return brought.map(drop);
        }
        let target = self.folder().with_file_name(FOLDER).join(name);
        fs::rename(staged, &target)?;
        folder::sync_parent(&target)
    }

    /// Removes such a file that is not needed. Blocks.
    ///
    /// # Errors
    /// Where that fails.
    pub fn discard_rejected(&self, staged: &str) -> io::Result<()> {
        fs::remove_file(self.staged(staged))
    }

    /// Keeps what could not become rows, in files named for `batch`. Durable when it returns, readable by the owner
    /// alone.
    ///
    /// # Errors
    /// [`Error::NoPermission`] or [`Error::Io`] where it can't be written.
    pub async fn set_aside(&self, batch: Uuid, rejected: Vec<Rejected>) -> Result<(), Error> {
        let (mut lines, mut files, mut large) = (String::new(), 0, 0);
        let mut rejected = rejected.into_iter().peekable();
        while let Some(one) = rejected.next() {
            let mut line = json!({
                "object": one.object,
                "index": one.index,
                "at": one.at,
                "count": one.count,
                "reason": one.reason,
            });
            if let Some(file) = one.file {
                line["file"] = file.into();
            } else if one.bytes.len() < LARGE {
                line["bytes"] = STANDARD.encode(&one.bytes).into();
            } else {
                let name = format!("{batch}-{large}.bytes");
                large += 1;
                line["file"] = name.as_str().into();
                self.put_rejected(&name, one.bytes).await?;
            }
            lines.push_str(&line.to_string());
            lines.push('\n');
            if lines.len() >= FILE || rejected.peek().is_none() {
                let name = format!("{batch}-{files}.ndjson");
                files += 1;
                let bytes = std::mem::take(&mut lines).into_bytes();
                self.put_rejected(&name, bytes).await?;
            }
        }
        Ok(())
    }

    /// Gives all that was set aside to `take`, a file at a time. What is no line of ours is passed over.
    ///
    /// # Errors
    /// [`Error::NoPermission`] or [`Error::Io`] where it can't be read.
    pub async fn rejected(&self, mut take: impl FnMut(Rejected)) -> Result<(), Error> {
        let folder = self.rejected_folder();
        let store = self.store();
        let files: Vec<_> = store
            .list(Some(&folder))
            .map_ok(|meta| meta.location)
            .try_collect()
            .await
            .map_err(|error| self.rejected_error(error))?;
        for file in files {
            if file.extension() != Some("ndjson") {
                continue;
            }
            let lines = self.read_rejected(&file).await?;
            for line in lines.split(|&byte| byte == b'\n') {
                let Ok(line) = serde_json::from_slice::<Value>(line) else {
                    continue;
                };
                let mut packed = None;
                let bytes = match (line["bytes"].as_str(), line["file"].as_str()) {
                    (None, Some(name)) if name.ends_with(PACKED) => {
                        packed = Some(name.to_owned());
                        Vec::new()
                    }
                    (Some(bytes), _) => STANDARD.decode(bytes).unwrap_or_default(),
                    (_, Some(name)) => self.read_rejected(&folder.clone().join(name)).await?,
                    _ => continue,
                };
                take(Rejected {
                    bytes,
                    file: packed,
                    ..described(&line)
                });
            }
        }
        Ok(())
    }

    /// How many values were set aside. The bytes that have files of their own are not read.
    ///
    /// # Errors
    /// As [`rejected`](Lake::rejected).
    pub async fn count_rejected(&self) -> Result<u64, Error> {
        let store = self.store();
        let files: Vec<_> = store
            .list(Some(&self.rejected_folder()))
            .map_ok(|meta| meta.location)
            .try_collect()
            .await
            .map_err(|error| self.rejected_error(error))?;
        let mut count = 0;
        for file in files {
            if file.extension() == Some("ndjson") {
                for line in self
                    .read_rejected(&file)
                    .await?
                    .split(|&byte| byte == b'\n')
                {
                    let line = serde_json::from_slice::<Value>(line).unwrap_or_default();
                    count += line["count"].as_u64().unwrap_or_default();
                }
            }
        }
        Ok(count)
    }

    fn rejected_folder(&self) -> Path {
        let mut parts: Vec<_> = self.table_prefix().parts().collect();
        parts.pop();
        Path::from_iter(parts).join(FOLDER)
    }

    async fn put_rejected(&self, name: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let path = self.rejected_folder().join(name);
        let put = self.store().put(&path, PutPayload::from(bytes)).await;
        put.map(drop).map_err(|error| self.rejected_error(error))
    }

    async fn read_rejected(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let read = async { self.store().get(path).await?.bytes().await }.await;
        read.map(Vec::from)
            .map_err(|error| self.rejected_error(error))
    }

    fn rejected_error(&self, error: object_store::Error) -> Error {
        if self.remote().is_some() {
            return Error::s3(format!("{}/../{FOLDER}", self.table_location()), &error);
        }
        let kind = match &error {
            object_store::Error::PermissionDenied { .. } => io::ErrorKind::PermissionDenied,
            object_store::Error::NotFound { .. } => io::ErrorKind::NotFound,
            _ => io::ErrorKind::Other,
        };
        let folder = self.folder().with_file_name(FOLDER);
        Error::io(&folder, io::Error::new(kind, error))
    }
}

fn described(line: &Value) -> Rejected {
    let number = |name: &str| line[name].as_u64().unwrap_or_default();
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    Rejected {
        object: text("object"),
        index: number("index"),
        at: number("at"),
        count: number("count"),
        reason: text("reason"),
        ..Rejected::default()
    }
}
