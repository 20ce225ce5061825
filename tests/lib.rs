//! Nothing of its own: the cases are in `cases.rs`, the house's checks in `tidy.rs`, and `README.md` says how to add one.
