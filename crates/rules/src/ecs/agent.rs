//! Programs by their user agents, with the patterns of uap-core, as Elasticsearch does it.
//!
//! The patterns are compiled once, when the first user agent is read. Reading one takes microseconds to milliseconds;
//! whoever reads many should do so once for each different one.

use std::sync::OnceLock;

use ua_parser::{Regexes, device, os, user_agent};

use super::tree::text;
use super::{Source, Values};

const PATTERNS: &str = include_str!("../../../../data/user-agents/regexes.yaml");

/// What stands for a program that no pattern knows.
const OTHER: &str = "Other";

struct Patterns {
    programs: user_agent::Extractor<'static>,
    systems: os::Extractor<'static>,
    devices: device::Extractor<'static>,
}

/// The compiled patterns; a test reads them, so that they are always there.
fn patterns() -> Option<&'static Patterns> {
    static PATTERNS_COMPILED: OnceLock<Option<Patterns>> = OnceLock::new();
    PATTERNS_COMPILED
        .get_or_init(|| {
            let all: Regexes<'static> = serde_saphyr::from_str(PATTERNS).ok()?;
            let programs = user_agent::Builder::new()
                .push_all(all.user_agent_parsers)
                .ok()?;
            let systems = os::Builder::new().push_all(all.os_parsers).ok()?;
            let devices = device::Builder::new().push_all(all.device_parsers).ok()?;
            Some(Patterns {
                programs: programs.build().ok()?,
                systems: systems.build().ok()?,
                devices: devices.build().ok()?,
            })
        })
        .as_ref()
}

/// Runs `read` on the patterns and the user agent, if there is one.
fn read(source: &dyn Source, read: impl Fn(&'static Patterns, &str) -> Option<String>) -> Values {
    let agent = text(source, "userAgent");
    agent
        .and_then(|agent| read(patterns()?, &agent))
        .into_iter()
        .collect()
}

/// The parts up to the first that is missing or empty, with dots between.
fn version<'a>(parts: impl IntoIterator<Item = Option<&'a str>>) -> Option<String> {
    let parts: Vec<&str> = parts
        .into_iter()
        .map_while(|part| part.filter(|part| !part.is_empty()))
        .collect();
    (!parts.is_empty()).then(|| parts.join("."))
}

pub(super) fn name(source: &dyn Source) -> Values {
    read(source, |patterns, agent| {
        let found = patterns.programs.extract(agent);
        Some(found.map_or(OTHER.to_owned(), |found| found.family.into_owned()))
    })
}

pub(super) fn program_version(source: &dyn Source) -> Values {
    read(source, |patterns, agent| {
        let found = patterns.programs.extract(agent)?;
        version([found.major, found.minor, found.patch, found.patch_minor])
    })
}

/// Name and version of the operating system.
fn system(patterns: &'static Patterns, agent: &str) -> Option<(String, Option<String>)> {
    let found = patterns.systems.extract(agent)?;
    let parts = [
        found.major.as_deref(),
        found.minor.as_deref(),
        found.patch.as_deref(),
        found.patch_minor.as_deref(),
    ];
    let version = version(parts);
    Some((found.os.into_owned(), version))
}

pub(super) fn system_name(source: &dyn Source) -> Values {
    read(source, |patterns, agent| {
        system(patterns, agent).map(|(name, _)| name)
    })
}

pub(super) fn system_version(source: &dyn Source) -> Values {
    read(source, |patterns, agent| system(patterns, agent)?.1)
}

pub(super) fn system_full(source: &dyn Source) -> Values {
    read(source, |patterns, agent| {
        let (name, version) = system(patterns, agent)?;
        Some(version.map_or(name.clone(), |version| format!("{name} {version}")))
    })
}

pub(super) fn device(source: &dyn Source) -> Values {
    read(source, |patterns, agent| {
        let found = patterns.devices.extract(agent);
        Some(found.map_or(OTHER.to_owned(), |found| found.device.into_owned()))
    })
}
