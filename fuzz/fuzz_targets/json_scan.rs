//! Any text is scanned as JSON, and serde_json is the judge.

#![no_main]

#[path = "../src/scan.rs"]
mod scan;

libfuzzer_sys::fuzz_target!(|text: &str| scan::json_scan(text));
