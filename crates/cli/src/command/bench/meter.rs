//! What this process has used: processor time, memory at its peak, bytes from disk. What the system does not tell is none.

use std::time::Duration;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Looks at this process.
#[derive(Debug)]
pub(super) struct Meter {
    system: System,
    pid: Option<Pid>,
    /// Whether the peak could be set back, so that it is that of what came since.
    reset: bool,
}

impl Meter {
    pub(super) fn new() -> Meter {
        Meter {
            system: System::new(),
            pid: sysinfo::get_current_pid().ok(),
            reset: false,
        }
    }

    /// Processor time since the process began, of all its threads, in the system's steps: on Linux of 10 ms.
    pub(super) fn processor(&mut self) -> Option<Duration> {
        let pid = self.pid?;
        let what = ProcessRefreshKind::nothing().with_cpu().without_tasks();
        self.system
            .refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
        let process = self.system.process(pid)?;
        Some(Duration::from_millis(process.accumulated_cpu_time()))
    }

    /// Begins to look for a new peak of memory.
    pub(super) fn reset_peak(&mut self) {
        self.reset = proc::reset_peak();
    }

    /// The most bytes that were resident since [`Meter::reset_peak`].
    pub(super) fn peak(&self) -> Option<u64> {
        proc::peak().filter(|_| self.reset)
    }

    /// The bytes that are resident now.
    pub(super) fn resident() -> Option<u64> {
        proc::resident()
    }

    /// Bytes that the system fetched from disk for this process since it began.
    pub(super) fn from_disk() -> Option<u64> {
        proc::from_disk()
    }
}

#[cfg(target_os = "linux")]
mod proc {
    use std::fs;

    /// 5 is the command for the peak alone.
    pub(super) fn reset_peak() -> bool {
        fs::write("/proc/self/clear_refs", "5").is_ok()
    }

    pub(super) fn peak() -> Option<u64> {
        status("VmHWM:")
    }

    pub(super) fn resident() -> Option<u64> {
        status("VmRSS:")
    }

    fn status(name: &str) -> Option<u64> {
        let kib = value(&fs::read_to_string("/proc/self/status").ok()?, name)?;
        Some(kib * 1_024)
    }

    pub(super) fn from_disk() -> Option<u64> {
        value(&fs::read_to_string("/proc/self/io").ok()?, "read_bytes:")
    }

    /// The number behind a name.
    fn value(text: &str, name: &str) -> Option<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod proc {
    pub(super) fn reset_peak() -> bool {
        false
    }

    pub(super) fn peak() -> Option<u64> {
        None
    }

    pub(super) fn resident() -> Option<u64> {
        None
    }

    pub(super) fn from_disk() -> Option<u64> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_takes_processor_time() {
        let mut meter = Meter::new();
        let Some(before) = meter.processor() else {
            return;
        };
        let began = std::time::Instant::now();
        let mut sum = 0_u64;
        while began.elapsed() < Duration::from_millis(200) {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        let after = meter.processor().expect("told before");
        assert!(after > before, "{before:?} {after:?}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_peak_is_that_of_what_came_since() {
        const LARGE: usize = 256 << 20;
        let mut meter = Meter::new();
        meter.reset_peak();
        let Some(before) = meter.peak() else {
            return;
        };
        let block = std::hint::black_box(vec![1_u8; LARGE]);
        let with = meter.peak().expect("told before");
        assert!(with >= LARGE as u64, "{before} {with}");
        assert!(block.len() == LARGE);
    }
}
