//! Patterns compiled once, however many batches, threads and queries ask for them.

use std::sync::{Arc, Mutex, PoisonError};

use syntax::{Code, Diagnostic, Span};

use crate::dpl::{self, Options, Program};
use crate::zone;

/// How many patterns are kept; a query has a handful.
const KEPT: usize = 64;

struct Entry {
    pattern: String,
    zone: String,
    program: Arc<Program>,
}

/// The patterns used last, the latest at the end. What is kept follows from its key alone, so that nobody can tell
/// whether it was.
static KNOWN: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// The program of `pattern`, where times without a zone are in the one that is named `zone` ([`crate::zone`]).
///
/// # Errors
/// Everything that is wrong with the pattern; spans lie in `pattern`.
pub fn pattern(pattern: &str, zone: &str) -> Result<Arc<Program>, Vec<Diagnostic>> {
    let take = |known: &mut Vec<Entry>| {
        let at = known
            .iter()
            .rposition(|entry| entry.pattern == pattern && entry.zone == zone)?;
        let entry = known.remove(at);
        let program = Arc::clone(&entry.program);
        known.push(entry);
        Some(program)
    };
    let lock = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(program) = take(&mut lock()) {
        return Ok(program);
    }
    let Some(time_zone) = zone::named(zone) else {
        let message = format!("there is no time zone `{zone}`");
        let span = Span::new(0, pattern.len());
        return Err(vec![Diagnostic::error(
            Code::BadPatternParameter,
            span,
            message,
        )]);
    };
    // Compiled outside the lock: others need not wait.
    let program = Arc::new(dpl::compile_with(pattern, &Options { time_zone })?);
    let mut known = lock();
    if known.len() >= KEPT {
        known.remove(0);
    }
    known.push(Entry {
        pattern: pattern.to_owned(),
        zone: zone.to_owned(),
        program: Arc::clone(&program),
    });
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compiled_once_and_the_latest_are_kept() {
        let first = pattern("INT:a", "UTC").unwrap();
        assert!(Arc::ptr_eq(&first, &pattern("INT:a", "UTC").unwrap()));
        assert!(!Arc::ptr_eq(
            &first,
            &pattern("INT:a", "Asia/Tokyo").unwrap()
        ));
        for n in 0..2 * KEPT {
            pattern(&format!("INT:a{n}"), "UTC").unwrap();
        }
        assert!(KNOWN.lock().unwrap().len() <= KEPT);
        assert!(pattern("INT:a", "Nowhere/Near").is_err());
        assert!(pattern("EMAIL:a", "UTC").is_err());
    }
}
