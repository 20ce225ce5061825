//! Folders and files that their owner alone may read, and that survive a power cut.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Creates `folder` and what is missing above it, each readable by its owner alone, each durable.
pub(crate) fn create(folder: &Path) -> io::Result<()> {
    match make(folder) {
        Ok(()) => sync_parent(folder),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = folder.parent().ok_or(error)?;
            create(parent)?;
            create(folder)
        }
        Err(error) => Err(error),
    }
}

/// Creates a file that must not exist yet, and the folders above it, readable by the owner alone.
pub(crate) fn create_file(path: &Path) -> io::Result<File> {
    match options().open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(path.parent().ok_or(error)?)?;
            options().open(path)
        }
        result => result,
    }
}

/// Makes the entry of `path` in its folder durable: a rename or a new file is not before this.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => sync(Path::new(".")),
        Some(parent) => sync(parent),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems can't open a folder; their file systems order such changes by themselves.
#[cfg(not(unix))]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn make(folder: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), allow(unused_mut))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
