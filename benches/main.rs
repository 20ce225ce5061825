//! The benches, each one question a function: parts that need no lake, and the whole way.

// A bench that can't be set up has nothing to say.
#![allow(clippy::unwrap_used)]

mod function;
mod parts;
mod patterns;
mod rule;
mod whole;

// As in the binary: what is measured is what runs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}
