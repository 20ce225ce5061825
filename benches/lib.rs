//! Nothing of its own: `parts.rs` and `whole.rs` hold the benches, `README.md` says what they ask and how to read them.
