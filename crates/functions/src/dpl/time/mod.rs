//! Points in time: formats in the manner of `yyyy-MM-dd HH:mm:ss`, and the three fixed ones.

mod assemble;
mod format;
mod names;
mod read;
pub(super) mod zone;

pub(super) use format::{Fault, Format};
pub(super) use names::Names;

/// What `TIMESTAMP` reads if nothing else is said.
pub(super) const DEFAULT_FORMAT: &str = "yyyy-MM-dd HH:mm:ss";
/// `ISO8601`; it knows no fraction of a second.
pub(super) const ISO_8601: &str = "yyyy-MM-ddTHH:mm:ssZ";
/// `HTTPDATE`
pub(super) const HTTP_DATE: &str = "dd/MMM/yyyy:HH:mm:ss Z";
/// `JSONTIMESTAMP`
pub(super) const JSON_TIMESTAMP: &str = "yyyy-MM-ddTHH:mm:ss.SSSZ";
