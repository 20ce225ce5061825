//! The allocator, and how soon it gives back what was freed.

/// Many short-lived allocations on many threads are what queries and ingests do.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The milliseconds after which mimalloc gives memory back. It reads them as the process begins, and has no other way to be
/// told without `unsafe`.
const DELAY: &str = "MIMALLOC_PURGE_DELAY";

/// Of a second, as mimalloc has it, an ingest under `--memory 512MiB` held 200 MiB that it did not use; of nothing, it
/// spends a sixth more time with the system.
const SOON: &str = "20";

/// Begins this process anew with an allocator that gives memory back soon, for what is to stay within a bound however long
/// it runs; unless the environment says how soon. Comes before anything is done. It takes some milliseconds.
#[cfg(unix)]
pub(crate) fn gives_back_soon() {
    use std::os::unix::process::CommandExt;

    let Ok(program) = std::env::current_exe() else {
        return;
    };
    if std::env::var_os(DELAY).is_some() {
        return;
    }
    let mut words = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = words.next() {
        again.arg0(name);
    }
    // Comes back only where the system refuses. Then it holds a little more than it should.
    let _ = again.args(words).env(DELAY, SOON).exec();
}

#[cfg(not(unix))]
pub(crate) fn gives_back_soon() {}
