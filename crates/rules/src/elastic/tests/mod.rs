//! The tests of rule files.
