//! Objects of a bucket, listed folder by folder where that leaves something out, and flat where it does not.

use std::sync::Arc;

use futures::stream::{FuturesUnordered, StreamExt};
use lake::{S3, S3Place};
use object_store::aws::AmazonS3;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore};

use crate::key::Key;
use crate::layout::{Visit, visit};
use crate::source::{Listing, Object, Place};
use crate::{Error, Selection};

/// Listings on their way at once.
const AT_ONCE: usize = 16;

/// What a visit brought.
#[derive(Default)]
struct Seen {
    objects: Vec<ObjectMeta>,
    /// Folders that are there.
    folders: Vec<Path>,
    /// Folders that may be there.
    named: Vec<Path>,
}

/// Adds to `listing` the objects below `place`, or the one object of that very key.
///
/// # Errors
/// [`Error::Lake`] with S3's refusal; [`Error::EmptyPrefix`] where there is nothing.
pub(crate) async fn list(
    place: &S3Place,
    s3: &S3,
    selection: &Selection,
    listing: &mut Listing,
) -> Result<(), Error> {
    let store = s3.bucket(&place.bucket).await?;
    let root = place.prefix.parts().count();
    let mut waiting = vec![place.prefix.clone()];
    let mut running = FuturesUnordered::new();
    let mut found = 0;
    loop {
        while running.len() < AT_ONCE
            && let Some(folder) = waiting.pop()
        {
            running.push(look(&store, folder, root, selection));
        }
        let Some(seen) = running.next().await else {
            break;
        };
        let Seen {
            objects,
            folders,
            named,
        } = seen.map_err(|error| lake::Error::s3(place.to_string(), &error))?;
        found += objects.len() + folders.len();
        waiting.extend(folders.into_iter().chain(named));
        for object in objects {
            take(place, &store, object, selection, listing);
        }
    }
    if found == 0 {
        let object = match place.prefix.as_ref().is_empty() {
            true => None,
            false => object(place, &store).await?,
        };
        let object = object.ok_or_else(|| Error::EmptyPrefix {
            url: place.to_string(),
        })?;
        take(place, &store, object, selection, listing);
    }
    Ok(())
}

/// Looks whether there is anything at `place`, at the cost of a request or two.
///
/// # Errors
/// As [`list`].
pub(crate) async fn look_at(place: &S3Place, s3: &S3) -> Result<(), Error> {
    let store = s3.bucket(&place.bucket).await?;
    let first = store.list(Some(&place.prefix)).next().await.transpose();
    let first = first.map_err(|error| lake::Error::s3(place.to_string(), &error))?;
    let is_bucket = place.prefix.as_ref().is_empty();
    if first.is_some() || (!is_bucket && object(place, &store).await?.is_some()) {
        return Ok(());
    }
    Err(Error::EmptyPrefix {
        url: place.to_string(),
    })
}

/// The object of the place's very key, without reading it.
async fn object(place: &S3Place, store: &AmazonS3) -> Result<Option<ObjectMeta>, Error> {
    use object_store::ObjectStoreExt;

    match store.head(&place.prefix).await {
        Ok(object) => Ok(Some(object)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(lake::Error::s3(place.to_string(), &error).into()),
    }
}

async fn look(
    store: &AmazonS3,
    folder: Path,
    root: usize,
    selection: &Selection,
) -> object_store::Result<Seen> {
    let parts: Vec<String> = folder
        .parts()
        .map(|part| part.as_ref().to_owned())
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let mut seen = Seen::default();
    match visit(&parts, root, selection) {
        Visit::Nothing => {}
        Visit::Named(names) => {
            seen.named = names
                .into_iter()
                .map(|name| folder.clone().join(name))
                .collect();
        }
        Visit::Folders => {
            let listed = store.list_with_delimiter(Some(&folder)).await?;
            seen.objects = listed.objects;
            seen.folders = listed.common_prefixes;
        }
        Visit::All => {
            let mut objects = store.list(Some(&folder));
            while let Some(object) = objects.next().await {
                seen.objects.push(object?);
            }
        }
    }
    Ok(seen)
}

fn take(
    place: &S3Place,
    store: &Arc<AmazonS3>,
    object: ObjectMeta,
    selection: &Selection,
    listing: &mut Listing,
) {
    let name = place.url(&object.location);
    // The console makes empty objects that stand for folders.
    let is_folder = object.size == 0 && !name.ends_with("json") && !name.ends_with("gz");
    if is_folder || !listing.is_new(&name) {
        return;
    }
    let key = Key::of(object.location.as_ref());
    if !selection.takes(&key) {
        listing.unselected += 1;
        return;
    }
    listing.objects.push(Object {
        place: Place::Bucket(store.clone(), object.location),
        name,
        size: object.size,
        etag: object.e_tag,
        key,
    });
}
