//! Any text is read as a query in Kibana's language.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| fuzz::kql_parse(text));
