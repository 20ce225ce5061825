//! Alerts on their way out, in order: one that may still grow holds back those after it.

use std::collections::VecDeque;

use super::alert::Alert;

#[derive(Default)]
pub(super) struct Outbox {
    waiting: VecDeque<(Alert, bool)>,
    /// How many have left: the number of the first that waits.
    left: u64,
}

impl Outbox {
    /// Puts an alert last and gives its number. An open one waits until it is closed.
    pub(super) fn put(&mut self, alert: Alert, open: bool) -> u64 {
        self.waiting.push_back((alert, open));
        self.left + self.waiting.len() as u64 - 1
    }

    /// An alert that is open.
    pub(super) fn open(&mut self, number: u64) -> Option<&mut Alert> {
        let place = usize::try_from(number.checked_sub(self.left)?).ok()?;
        self.waiting.get_mut(place).map(|(alert, _)| alert)
    }

    pub(super) fn close(&mut self, number: u64) {
        let place = number.checked_sub(self.left).map(usize::try_from);
        if let Some(Ok(place)) = place
            && let Some((_, open)) = self.waiting.get_mut(place)
        {
            *open = false;
        }
    }

    /// The next alert that won't change.
    pub(super) fn take(&mut self) -> Option<Alert> {
        if self.waiting.front()?.1 {
            return None;
        }
        self.left += 1;
        self.waiting.pop_front().map(|(alert, _)| alert)
    }
}
