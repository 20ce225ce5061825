//! Nothing of its own: `main.rs` holds the benches, `README.md` says what they ask and how to read them.
