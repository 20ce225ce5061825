//! Any text is read as a query.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::dql_parse(text));
