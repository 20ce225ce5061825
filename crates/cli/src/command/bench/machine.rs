//! The machine and the program that were measured: figures of others are not comparable.

use jiff::Timestamp;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

/// What a reader has to know to compare figures. What the system does not tell is none.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    /// The program's version.
    pub(super) version: &'static str,
    /// The commit it was built of, where `TRAILSIFT_COMMIT` said so when it was built.
    pub(super) commit: Option<&'static str>,
    /// Whether it was built without optimisation.
    pub(super) debug: bool,
    /// Processors that this process may use.
    pub(super) cores: u64,
    /// What they are.
    pub(super) processor: Option<String>,
    /// Bytes of memory, of the machine or of the container.
    pub(super) memory: u64,
    /// `Linux (Ubuntu 24.04), kernel 6.8.0`, say.
    pub(super) system: String,
    /// `x86_64`, say.
    pub(super) architecture: String,
    /// How many processes wanted a processor in the last minute, before the bench.
    pub(super) load: f64,
    /// When the bench began.
    pub(super) began: Timestamp,
}

impl Machine {
    /// This machine, now.
    pub(super) fn look() -> Machine {
        let what = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(what);
        let processor = system
            .cpus()
            .first()
            .map(|cpu| cpu.brand().trim().to_owned());
        let limits = system.cgroup_limits();
        let memory = system.total_memory();
        Machine {
            version: env!("CARGO_PKG_VERSION"),
            commit: option_env!("TRAILSIFT_COMMIT"),
            debug: cfg!(debug_assertions),
            cores: std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64),
            processor: processor.filter(|name| !name.is_empty()),
            memory: limits.map_or(memory, |limits| match limits.total_memory {
                0 => memory,
                limit => limit.min(memory),
            }),
            system: name(),
            architecture: System::cpu_arch(),
            load: System::load_average().one,
            began: Timestamp::now(),
        }
    }
}

fn name() -> String {
    let system = System::long_os_version();
    let system = system.unwrap_or_else(|| std::env::consts::OS.to_owned());
    match System::kernel_version() {
        Some(kernel) => format!("{system}, kernel {kernel}"),
        None => system,
    }
}
