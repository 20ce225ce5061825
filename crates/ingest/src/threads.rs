//! Threads that live as long as a job does, and work shared among them, its results taken in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::sync_channel;

use rayon_core::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

/// Threads that wait for work. Those of each batch were new once: the allocator then kept memory for every one of them, as
/// much again as was in use. What is to do first is begun first.
pub(crate) struct Pool(ThreadPool);

impl Pool {
    /// As many threads as are asked for, one at least.
    ///
    /// # Errors
    /// Where the system gives no threads.
    pub(crate) fn new(threads: usize) -> Result<Pool, ThreadPoolBuildError> {
        let builder = ThreadPoolBuilder::new().num_threads(threads.max(1));
        let name = |place| format!("ingest {place}");
        Ok(Pool(builder.thread_name(name).build()?))
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.0.current_num_threads()
    }

    /// Does `work` once on each thread, and waits for all of them.
    pub(crate) fn on_all(&self, work: impl Fn() + Sync) {
        let work = &work;
        self.0.in_place_scope_fifo(|scope| {
            for _ in 0..self.threads() {
                scope.spawn_fifo(move |_| work());
            }
        });
    }

    /// Does `work` for 0 to `count` on all threads, and gives each result to `take` on this one, which is none of them, in
    /// order. Ends with the first error.
    pub(crate) fn in_order<T: Send, E: Send>(
        &self,
        count: usize,
        work: impl Fn(usize) -> Result<T, E> + Sync,
        take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        self.some_in_order(count, self.threads(), work, take)
    }

    /// The same on no more than `threads` threads.
    pub(crate) fn some_in_order<T: Send, E: Send>(
        &self,
        count: usize,
        threads: usize,
        work: impl Fn(usize) -> Result<T, E> + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), E>,
    ) -> Result<(), E> {
        let (next, work) = (&AtomicUsize::new(0), &work);
        let threads = threads.clamp(1, self.threads());
        self.0.in_place_scope_fifo(|scope| {
            let (sender, receiver) = sync_channel(threads);
            for _ in 0..threads.min(count.max(1)) {
                let sender = sender.clone();
                scope.spawn_fifo(move |_| {
                    loop {
                        let place = next.fetch_add(1, Relaxed);
                        // Nobody listens any more after an error.
                        if place >= count || sender.send((place, work(place))).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            let mut early = BTreeMap::new();
            let mut due = 0;
            for (place, result) in receiver {
                early.insert(place, result?);
                while let Some(result) = early.remove(&due) {
                    take(due, result)?;
                    due += 1;
                }
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;

    fn pool(threads: usize) -> Pool {
        Pool::new(threads).expect("threads")
    }

    #[test]
    fn results_come_in_order() {
        let mut taken = Vec::new();
        let work = |place: usize| {
            std::thread::sleep(std::time::Duration::from_millis((place * 7 % 5) as u64));
            Ok::<_, ()>(place * place)
        };
        let result = pool(4).in_order(20, work, |place, square| {
            taken.push((place, square));
            Ok(())
        });
        assert_eq!(result, Ok(()));
        assert_eq!(
            taken,
            (0..20)
                .map(|place| (place, place * place))
                .collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_first_error_ends_it() {
        let work = |place: usize| if place == 5 { Err("five") } else { Ok(place) };
        let pool = pool(3);
        assert_eq!(pool.in_order(1_000_000, work, |_, _| Ok(())), Err("five"));
        assert_eq!(
            pool.in_order(1_000_000, Ok, |place, _| if place == 2 {
                Err("two")
            } else {
                Ok(())
            }),
            Err("two")
        );
        assert_eq!(pool.in_order(0, Ok::<usize, ()>, |_, _| Err(())), Ok(()));
    }
}
