//! The documents: every DQL example in them runs.
