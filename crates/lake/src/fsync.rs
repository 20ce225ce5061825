//! A local object store whose writes survive a power cut, for the table's log: `object_store` never syncs, and an
//! empty commit file would block the table for ever.

use std::fmt;
use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path as FsPath, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::FutureExt;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    RenameOptions, Result, UploadPart,
};
use uuid::Uuid;

use crate::{folder, step};

/// The local file system from its root. What it writes is synced before it has its name, and readable by the owner
/// alone; the rest is the inner store's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Synced(LocalFileSystem);

impl fmt::Display for Synced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Synced({})", self.0)
    }
}

impl Synced {
    /// What the inner store says of an object just written. The write stands, whatever comes of the question.
    async fn written(&self, location: &Path) -> PutResult {
        let meta = self.0.head(location).await.ok();
        PutResult {
            e_tag: meta.and_then(|meta| meta.e_tag),
            version: None,
        }
    }
}

#[async_trait]
impl ObjectStore for Synced {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        let create = match opts.mode {
            PutMode::Create => true,
            PutMode::Overwrite => false,
            // The inner store words the refusal.
            PutMode::Update(_) => return self.0.put_opts(location, payload, opts).await,
        };
        if !opts.attributes.is_empty() {
            return self.0.put_opts(location, payload, opts).await;
        }
        let path = self.0.path_to_filesystem(location)?;
        blocking(move || put(&path, &payload, create).map_err(|error| failure(&path, error)))
            .await?;
        Ok(self.written(location).await)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        if !opts.attributes.is_empty() {
            return self.0.put_multipart_opts(location, opts).await;
        }
        let path = self.0.path_to_filesystem(location)?;
        let staged = staged(&path);
        let file = {
            let staged = staged.clone();
            blocking(move || folder::create_file(&staged).map_err(|error| failure(&staged, error)))
                .await?
        };
        Ok(Box::new(Upload {
            store: self.clone(),
            location: location.clone(),
            path,
            staged: Some(staged),
            file: Arc::new(Mutex::new(file)),
            offset: 0,
        }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.0.get_ranges(location, ranges).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.0.rename_opts(from, to, options).await
    }
}

/// An upload in parts, written to a hidden file that takes its name when it is complete.
#[derive(Debug)]
struct Upload {
    store: Synced,
    location: Path,
    path: PathBuf,
    /// `None` once complete or aborted.
    staged: Option<PathBuf>,
    file: Arc<Mutex<fs::File>>,
    offset: u64,
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let offset = self.offset;
        self.offset += data.content_length() as u64;
        let file = self.file.clone();
        let path = self.path.clone();
        blocking(move || {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(offset))
                .and_then(|_| data.iter().try_for_each(|bytes| file.write_all(bytes)))
                .map_err(|error| failure(&path, error))
        })
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let staged = self.staged.take().ok_or_else(|| ended(&self.path))?;
        let file = self.file.clone();
        let path = self.path.clone();
        blocking(move || {
            // Waits for parts that are still being written.
            let file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let landed = land(&file, &staged, &path, false);
            landed.map_err(|error| failure(&path, error))
        })
        .await?;
        Ok(self.store.written(&self.location).await)
    }

    async fn abort(&mut self) -> Result<()> {
        let staged = self.staged.take().ok_or_else(|| ended(&self.path))?;
        blocking(move || fs::remove_file(&staged).map_err(|error| failure(&staged, error))).await
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(staged) = self.staged.take() {
            // Hidden from every listing; what can't be removed does no harm.
            let _ = fs::remove_file(staged);
        }
    }
}

fn put(path: &FsPath, payload: &PutPayload, create: bool) -> io::Result<()> {
    let staged = staged(path);
    step::next("object create");
    let mut file = folder::create_file(&staged)?;
    step::next("object write");
    match payload.iter().try_for_each(|bytes| file.write_all(bytes)) {
        Ok(()) => land(&file, &staged, path, create),
        Err(error) => {
            let _ = fs::remove_file(&staged);
            Err(error)
        }
    }
}

/// Makes the contents durable, then gives them their name, then makes the name durable. With `create`, an object that
/// is already there stays.
fn land(file: &fs::File, staged: &FsPath, path: &FsPath, create: bool) -> io::Result<()> {
    step::next("object sync");
    let named = file.sync_all().and_then(|()| {
        step::next("object name");
        match create {
            true => fs::hard_link(staged, path),
            false => fs::rename(staged, path),
        }
    });
    step::next("object staged");
    if create || named.is_err() {
        let _ = fs::remove_file(staged);
    }
    named?;
    step::next("object folder");
    folder::sync_parent(path)
}

/// A name of its own beside `path`. The inner store hides names that end in `#` and digits.
fn staged(path: &FsPath) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!("#{}", Uuid::new_v4().as_u128()));
    name.into()
}

fn failure(path: &FsPath, source: io::Error) -> Error {
    let path = path.display().to_string();
    let kind = source.kind();
    let source = Box::new(source);
    match kind {
        io::ErrorKind::AlreadyExists => Error::AlreadyExists { path, source },
        io::ErrorKind::NotFound => Error::NotFound { path, source },
        io::ErrorKind::PermissionDenied => Error::PermissionDenied { path, source },
        _ => Error::Generic {
            store: "Synced",
            source,
        },
    }
}

fn ended(path: &FsPath) -> Error {
    failure(path, io::Error::other("the upload has ended already"))
}

/// Runs file work where it can't hold up other tasks.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await?
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt;
    use object_store::{ObjectStoreExt, UpdateVersion};

    use super::*;

    /// A store and a folder in it.
    fn folder() -> (tempfile::TempDir, Synced, Path) {
        let folder = tempfile::tempdir().unwrap();
        let prefix = Path::from_absolute_path(folder.path().canonicalize().unwrap()).unwrap();
        (folder, Synced::default(), prefix)
    }

    async fn names(store: &Synced, prefix: &Path) -> Vec<String> {
        let listed: Vec<ObjectMeta> = store.list(Some(prefix)).try_collect().await.unwrap();
        let mut names: Vec<_> = listed
            .iter()
            .map(|meta| meta.location.filename().unwrap().to_owned())
            .collect();
        names.sort();
        names
    }

    /// What the operating system shows, staged files too.
    fn on_disk(folder: &tempfile::TempDir) -> usize {
        fs::read_dir(folder.path()).unwrap().count()
    }

    #[tokio::test]
    async fn creating_what_is_there_fails_and_leaves_it() {
        let (folder, store, prefix) = folder();
        let path = prefix.clone().join("0.json");
        let create = || PutOptions::from(PutMode::Create);
        store
            .put_opts(&path, "first".into(), create())
            .await
            .unwrap();
        let refused = store.put_opts(&path, "second".into(), create()).await;
        assert!(
            matches!(refused, Err(Error::AlreadyExists { .. })),
            "{refused:?}"
        );
        assert_eq!(
            store.get(&path).await.unwrap().bytes().await.unwrap(),
            "first"
        );
        assert_eq!(names(&store, &prefix).await, ["0.json"]);
        assert_eq!(on_disk(&folder), 1);
    }

    #[tokio::test]
    async fn of_many_creating_one_name_at_once_one_succeeds() {
        let (folder, store, prefix) = folder();
        let path = prefix.join("1.json");
        let puts = (0..16).map(|n| {
            let (store, path) = (store.clone(), path.clone());
            async move {
                store
                    .put_opts(&path, n.to_string().into(), PutMode::Create.into())
                    .await
                    .map(|_| n)
            }
        });
        let winners: Vec<_> = futures::future::join_all(puts)
            .await
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(winners.len(), 1);
        let stored = store.get(&path).await.unwrap().bytes().await.unwrap();
        assert_eq!(stored, winners[0].to_string());
        assert_eq!(on_disk(&folder), 1);
    }

    #[tokio::test]
    async fn overwriting_replaces_and_makes_folders() {
        let (_folder, store, prefix) = folder();
        let path = prefix.join("a").join("b").join("c");
        store.put(&path, "first".into()).await.unwrap();
        let put = store.put(&path, "second, longer".into()).await.unwrap();
        let meta = store.head(&path).await.unwrap();
        assert_eq!(put.e_tag, meta.e_tag);
        assert_eq!(meta.size, 14);
        assert_eq!(store.get_range(&path, 8..14).await.unwrap(), "longer");
        assert_eq!(
            store.get_ranges(&path, &[0..6, 6..7]).await.unwrap(),
            ["second", ","]
        );
    }

    #[tokio::test]
    async fn an_upload_is_there_when_it_is_complete_and_not_before() {
        let (folder, store, prefix) = folder();
        let path = prefix.clone().join("checkpoint.parquet");
        let mut upload = store.put_multipart(&path).await.unwrap();
        let first = upload.put_part("first ".into());
        let second = upload.put_part("second".into());
        // In whatever order parts are written, they are in theirs.
        second.await.unwrap();
        first.await.unwrap();
        assert_eq!(names(&store, &prefix).await, [""; 0]);
        let put = upload.complete().await.unwrap();
        assert_eq!(put.e_tag, store.head(&path).await.unwrap().e_tag);
        assert_eq!(
            store.get(&path).await.unwrap().bytes().await.unwrap(),
            "first second"
        );
        assert!(upload.complete().await.is_err());
        drop(upload);
        assert_eq!(on_disk(&folder), 1);
    }

    #[tokio::test]
    async fn an_upload_that_is_given_up_leaves_nothing() {
        let (folder, store, prefix) = folder();
        let path = prefix.join("x");
        let mut upload = store.put_multipart(&path).await.unwrap();
        upload.put_part("half".into()).await.unwrap();
        upload.abort().await.unwrap();
        let mut upload = store.put_multipart(&path).await.unwrap();
        upload.put_part("half".into()).await.unwrap();
        drop(upload);
        assert_eq!(on_disk(&folder), 0);
        assert!(matches!(
            store.head(&path).await,
            Err(Error::NotFound { .. })
        ));
    }

    #[tokio::test]
    async fn the_rest_is_the_inner_stores() {
        let (folder, store, prefix) = folder();
        let at = |name: &str| prefix.clone().join(name);
        for name in ["a", "b", "c"] {
            store.put(&at(name), name.into()).await.unwrap();
        }
        store.rename(&at("a"), &at("d")).await.unwrap();
        store.copy(&at("b"), &at("e")).await.unwrap();
        assert!(store.copy_if_not_exists(&at("b"), &at("c")).await.is_err());
        store.delete(&at("b")).await.unwrap();
        assert_eq!(names(&store, &prefix).await, ["c", "d", "e"]);
        let offset: Vec<_> = store
            .list_with_offset(Some(&prefix), &at("c"))
            .try_collect()
            .await
            .unwrap();
        assert_eq!(offset.len(), 2);
        assert_eq!(
            store
                .list_with_delimiter(Some(&prefix))
                .await
                .unwrap()
                .objects
                .len(),
            3
        );

        let update = PutMode::Update(UpdateVersion {
            e_tag: None,
            version: None,
        });
        let refused = store.put_opts(&at("c"), "x".into(), update.into()).await;
        assert!(
            matches!(refused, Err(Error::NotImplemented { .. })),
            "{refused:?}"
        );
        assert_eq!(on_disk(&folder), 3);
    }
}
