//! Any query that can be read is laid out.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::dql_format(text));
