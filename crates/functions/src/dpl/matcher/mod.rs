//! Single matchers: each looks at the input from one offset on and says where its match ends, and what it means.

/// What came of looking at the input from an offset on.
pub(super) struct Scan<T> {
    /// How far it was looked, found or not: what the work amounts to.
    pub(super) to: usize,
    pub(super) found: Option<T>,
}

pub(super) mod class;
pub(super) mod identifier;
pub(super) mod network;
pub(super) mod number;
pub(super) mod text;
