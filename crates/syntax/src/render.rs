//! Diagnostics to the text that a person reads.
