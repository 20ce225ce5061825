//! The threads that planning and execution run on.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};

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
