//! Work shared among threads, its results taken in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::sync_channel;

/// Does `work` for 0 to `count` on `threads` threads, and gives each result to `take` on this thread, in order. Ends
/// with the first error.
pub(crate) fn in_order<T: Send, E: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads);
        for _ in 0..threads.clamp(1, count.max(1)) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
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

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_come_in_order() {
        let mut taken = Vec::new();
        let work = |place: usize| {
            std::thread::sleep(std::time::Duration::from_millis((place * 7 % 5) as u64));
            Ok::<_, ()>(place * place)
        };
        let result = in_order(20, 4, work, |place, square| {
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
        assert_eq!(in_order(1_000_000, 3, work, |_, _| Ok(())), Err("five"));
        assert_eq!(
            in_order(1_000_000, 3, Ok, |place, _| if place == 2 {
                Err("two")
            } else {
                Ok(())
            }),
            Err("two")
        );
        assert_eq!(in_order(0, 3, Ok::<usize, ()>, |_, _| Err(())), Ok(()));
    }
}
