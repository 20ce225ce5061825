//! The threads that planning and execution run on.

use std::future::Future;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};

use crate::Error;

/// Stacks deep enough for plans of a thousand commands: the passes over a plan recurse, a frame a node.
const STACK: usize = 64 << 20;

/// A runtime with `threads` workers whose stacks are deep enough for any plan.
///
/// # Errors
/// Where the system gives no threads.
pub fn runtime(threads: usize) -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(threads.max(1))
        .thread_stack_size(STACK)
        .enable_all()
        .build()
}

/// Runs `work` to its end on a worker of `runtime`, and so on a deep stack; the calling thread only waits.
///
/// # Errors
/// [`Error::Interrupted`] where the worker died.
pub fn run<T: Send + 'static>(
    runtime: &Runtime,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    runtime
        .block_on(runtime.spawn(work))
        .map_err(|error| Error::Interrupted(error.to_string()))
}

/// Runs `work` to its end on threads of its own, and waits for them; may be called from anywhere. What other threads of
/// the runtime around it do goes on meanwhile, connections to stores for example, which both use.
///
/// # Errors
/// [`Error::Interrupted`] where a thread died, or the system gives none.
pub(crate) fn apart<T: Send + 'static>(
    threads: usize,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Error> {
    let thread = std::thread::spawn(move || {
        let runtime = runtime(threads).map_err(|error| Error::Interrupted(error.to_string()))?;
        run(&runtime, work)
    });
    let wait = || {
        let ended = thread.join();
        ended.unwrap_or_else(|_| Err(Error::Interrupted("a thread ended early".to_owned())))
    };
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
        _ => wait(),
    }
}
