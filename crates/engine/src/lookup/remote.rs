//! Lookup tables of a lake in S3: the one that a query loads is brought to a folder that goes when it is read.

use std::fs;
use std::path::Path;

use futures::TryStreamExt;
use lake::{Lake, Refusal};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use tempfile::TempDir;
use translator::LookupFault;

use super::{FOLDER, LIMIT};
use crate::runtime::apart;

/// A folder with the lake's lookup tables, of which only the file that `path` names has its contents.
pub(super) fn fetch(lake: &Lake, path: &str) -> Result<TempDir, LookupFault> {
    let unreadable = |why: String| LookupFault::Unreadable(why);
    let folder = tempfile::tempdir().map_err(|error| unreadable(error.to_string()))?;
    let wanted = path.strip_prefix('/').unwrap_or(path).to_owned();
    let (lake, target) = (lake.clone(), folder.path().to_owned());
    apart(1, async move { bring(&lake, &wanted, &target).await })
        .map_err(|error| unreadable(error.to_string()))?
        .map_err(unreadable)?;
    Ok(folder)
}

async fn bring(lake: &Lake, wanted: &str, target: &Path) -> Result<(), String> {
    let store = lake.store();
    // A lake's place is the one around that of its table.
    let table = lake.table_prefix();
    let depth = table.parts().count().saturating_sub(1);
    let root: ObjectPath = table.parts().take(depth).collect();
    let refused = |error: object_store::Error| Refusal::of(&error).to_string();
    let mut objects = store.list(Some(&root.clone().join(FOLDER)));
    while let Some(object) = objects.try_next().await.map_err(refused)? {
        let Some(inside) = object.location.prefix_match(&root) else {
            continue;
        };
        let parts: Vec<String> = inside.map(|part| part.as_ref().to_owned()).collect();
        let name = parts.join("/");
        let file = parts
            .iter()
            .fold(target.to_owned(), |path, part| path.join(part));
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(|error| error.to_string())?;
        }
        let stem = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(stem, _)| stem);
        let bytes = if name != wanted && stem != wanted {
            Vec::new()
        } else if object.size > LIMIT {
            return Err(super::too_large());
        } else {
            let object = store.get(&object.location).await.map_err(refused)?;
            object.bytes().await.map_err(refused)?.to_vec()
        };
        fs::write(file, bytes).map_err(|error| error.to_string())?;
    }
    Ok(())
}
