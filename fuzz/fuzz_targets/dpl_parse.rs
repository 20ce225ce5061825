//! Any text is read as a pattern.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::dpl_parse(text));
