//! Files, folders and prefixes in S3 to a list of objects, in the order in which they were delivered.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lake::{S3, S3Place};
use object_store::aws::AmazonS3;
use tokio::task::spawn_blocking;

use crate::key::Key;
use crate::ledger;
use crate::report::{Problem, Reason};
use crate::{Error, Selection, bucket};

/// An object to be read.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) place: Place,
    /// The path or URL as text: what the lake knows the object by.
    pub(crate) name: String,
    /// Bytes, as they are stored.
    pub(crate) size: u64,
    /// What tells this content from another of the same size; none where that is not known.
    pub(crate) etag: Option<String>,
    /// What the path says.
    pub(crate) key: Key,
}

/// Where an object is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// On disk.
    File(PathBuf),
    /// In a bucket, under a key.
    Bucket(Arc<AmazonS3>, object_store::path::Path),
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// The selected objects: by day and minute of delivery, account and region, those of which that is not known
    /// first, then by name. Neighbours in time end up in one batch.
    pub(crate) objects: Vec<Object>,
    /// How many were left out by the selection.
    pub(crate) unselected: u64,
    /// Folders and files that could not be looked at.
    pub(crate) problems: Vec<Problem>,
    /// The URLs that were listed: sources may overlap.
    urls: HashSet<String>,
}

impl Listing {
    /// Whether this URL is listed for the first time.
    pub(crate) fn is_new(&mut self, url: &str) -> bool {
        self.urls.insert(url.to_owned())
    }
}

/// Lists `sources`, each object once: files, folders with all that is in them, and `s3://` URLs with those accounts,
/// regions and days below them that are selected.
///
/// # Errors
/// [`Error::Source`] for a source that is not there, [`Error::Empty`] and [`Error::EmptyPrefix`] for one without
/// objects, [`Error::UnsupportedSource`] for another URL, [`Error::Lake`] with S3's refusal. What can't be read deeper
/// inside a folder is a problem in the listing.
pub(crate) async fn list(
    sources: &[PathBuf],
    selection: &Selection,
    s3: &S3,
) -> Result<Listing, Error> {
    list_any(sources, selection, s3, false).await
}

/// Likewise; where there `may_be_none` a prefix without objects of what was asked for is no error.
pub(crate) async fn list_any(
    sources: &[PathBuf],
    selection: &Selection,
    s3: &S3,
    may_be_none: bool,
) -> Result<Listing, Error> {
    let (paths, places) = apart(sources)?;
    let selected = selection.clone();
    let mut listing = spawn_blocking(move || list_paths(&paths, &selected)).await??;
    for place in places {
        match bucket::list(&place, s3, selection, &mut listing).await {
            Err(Error::EmptyPrefix { .. }) if may_be_none => {}
            listed => listed?,
        }
    }
    listing.urls = HashSet::new();
    listing.objects.sort_by(|a, b| order(a).cmp(&order(b)));
    Ok(listing)
}

/// Looks whether each of `sources` is there, without listing it: before a lake is made for them.
///
/// # Errors
/// As [`list`], where a source is not there at all.
pub(crate) async fn look_at(sources: &[PathBuf], s3: &S3) -> Result<(), Error> {
    let (paths, places) = apart(sources)?;
    for path in paths {
        fs::metadata(&path).map_err(|source| Error::Source { path, source })?;
    }
    for place in places {
        bucket::look_at(&place, s3).await?;
    }
    Ok(())
}

/// The sources that are paths, and those in S3.
fn apart(sources: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<S3Place>), Error> {
    let (mut paths, mut places) = (Vec::new(), Vec::new());
    for source in sources {
        match source.to_str().filter(|text| text.contains("://")) {
            None => paths.push(source.clone()),
            Some(url) => {
                let url = url.to_owned();
                let place = S3Place::parse(&url);
                places.push(place.ok_or(Error::UnsupportedSource { url })?);
            }
        }
    }
    Ok((paths, places))
}

fn list_paths(sources: &[PathBuf], selection: &Selection) -> Result<Listing, Error> {
    let mut lister = Lister {
        selection,
        seen: HashSet::new(),
        found: 0,
        listing: Listing::default(),
    };
    for source in sources {
        let error = |error| Error::Source {
            path: source.clone(),
            source: error,
        };
        let path = std::path::absolute(source).map_err(error)?;
        let metadata = fs::metadata(&path).map_err(error)?;
        if metadata.is_dir() {
            let before = lister.found;
            lister.folder(&path).map_err(error)?;
            if lister.found == before && lister.listing.problems.is_empty() {
                return Err(Error::Empty {
                    path: source.clone(),
                });
            }
        } else {
            lister.file(path, None, &metadata);
        }
    }
    Ok(lister.listing)
}

/// What a file or folder is called, whatever links lead to it.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn order(object: &Object) -> impl Ord {
    let Key {
        account,
        region,
        day,
        minute,
    } = &object.key;
    (day, minute, account, region, &object.name)
}

struct Lister<'a> {
    selection: &'a Selection,
    /// Canonical paths that were looked at: links may lead in circles, and sources may overlap.
    seen: HashSet<PathBuf>,
    found: u64,
    listing: Listing,
}

impl Lister<'_> {
    /// Lists a folder and those in it, without recursion: paths can be deep.
    fn folder(&mut self, root: &Path) -> io::Result<()> {
        // The root itself must be readable; what is below may fail by itself.
        fs::read_dir(root)?;
        let mut folders = vec![(root.to_owned(), None)];
        while let Some((folder, known)) = folders.pop() {
            let canonical = known.unwrap_or_else(|| canonical(&folder));
            if !self.seen.insert(canonical.clone()) {
                // A folder that another source led to counts for this one too.
                self.found += u64::from(folder == root);
                continue;
            }
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.problem(&folder, &error);
                    continue;
                }
            };
            for entry in entries {
                let entry = match entry {
                    Ok(entry) => entry,
                    Err(error) => {
                        self.problem(&folder, &error);
                        continue;
                    }
                };
                let path = entry.path();
                // Only a link leads elsewhere; asking the system for every file would cost more than opening it.
                let linked = entry.file_type().map_or(true, |kind| kind.is_symlink());
                let known = (!linked).then(|| canonical.join(entry.file_name()));
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => folders.push((path, known)),
                    Ok(metadata) => self.file(path, known, &metadata),
                    Err(error) => self.problem(&path, &error),
                }
            }
        }
        Ok(())
    }

    /// Takes a file, whose canonical path is perhaps known.
    fn file(&mut self, path: PathBuf, known: Option<PathBuf>, metadata: &Metadata) {
        self.found += 1;
        // Pipes and devices would block or never end.
        if !metadata.is_file() {
            return self.problem(&path, &io::ErrorKind::InvalidInput.into());
        }
        if !self.seen.insert(known.unwrap_or_else(|| canonical(&path))) {
            return;
        }
        let name = path.to_string_lossy().into_owned();
        let key = Key::of(&name);
        if !self.selection.takes(&key) {
            self.listing.unselected += 1;
            return;
        }
        self.listing.objects.push(Object {
            place: Place::File(path),
            name,
            size: metadata.len(),
            etag: ledger::etag(metadata),
            key,
        });
    }

    fn problem(&mut self, path: &Path, error: &io::Error) {
        self.listing.problems.push(Problem {
            object: path.to_string_lossy().into_owned(),
            at: None,
            reason: Reason::Unreadable(error.kind()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn listed(sources: &[PathBuf]) -> Result<Listing, Error> {
        list(sources, &Selection::default(), &S3::default()).await
    }

    async fn names(sources: &[PathBuf], root: &Path) -> Vec<String> {
        let listing = listed(sources).await.expect("listed");
        let name = |object: &Object| {
            let path = Path::new(&object.name);
            let inside = path.strip_prefix(root).expect("inside");
            inside.to_string_lossy().into_owned()
        };
        listing.objects.iter().map(name).collect()
    }

    #[tokio::test]
    async fn objects_come_in_the_order_of_delivery() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a path");
        let log = |account: &str, region: &str, day: u32, minute: u32| {
            format!(
                "AWSLogs/{account}/CloudTrail/{region}/2024/01/{day:02}/\
                 {account}_CloudTrail_{region}_202401{day:02}T00{minute:02}Z_x.json.gz"
            )
        };
        let expected = [
            "a.json".to_owned(),
            "z/b.json".to_owned(),
            log("222222222222", "us-east-1", 1, 5),
            log("111111111111", "eu-west-1", 1, 7),
            log("111111111111", "us-east-1", 1, 7),
            log("111111111111", "eu-west-1", 2, 0),
        ];
        for path in expected.iter().rev() {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, "{}").expect("written");
        }
        assert_eq!(names(std::slice::from_ref(&root), &root).await, expected);
        // Sources that overlap give each object once.
        assert_eq!(
            names(&[root.clone(), root.join("a.json"), root.join("z")], &root).await,
            expected
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn links_in_a_circle_end() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().canonicalize().expect("a path");
        fs::create_dir(root.join("a")).expect("made");
        fs::write(root.join("a/x.json"), "{}").expect("written");
        std::os::unix::fs::symlink(&root, root.join("a/up")).expect("linked");
        std::os::unix::fs::symlink(root.join("nowhere"), root.join("a/dangling")).expect("linked");
        assert_eq!(
            names(std::slice::from_ref(&root), &root).await,
            ["a/x.json"]
        );
        let listing = listed(&[root]).await.expect("listed");
        assert_eq!(listing.problems.len(), 1);
    }

    #[tokio::test]
    async fn what_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().to_owned();
        let listed = async |source: PathBuf| super::tests::listed(&[source]).await;
        assert!(matches!(
            listed(root.clone()).await,
            Err(Error::Empty { .. })
        ));
        assert!(matches!(
            listed(root.join("missing")).await,
            Err(Error::Source { .. })
        ));
        for url in ["gs://bucket/prefix", "s3://bucket/a//b"] {
            assert!(matches!(
                listed(url.into()).await,
                Err(Error::UnsupportedSource { .. })
            ));
        }
    }
}
