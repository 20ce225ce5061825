//! One JSON scanner for ingest and for queries: what a record's text says must not depend on who reads it.
//!
//! The grammar is RFC 8259, read strictly, over text that stays where it is: answers are slices of the document. The
//! rules that the RFC leaves open are settled here, once:
//!
//! * of several members with one name, the **last** counts, at every level;
//! * names are compared after their escapes are undone;
//! * an escaped lone surrogate is valid and reads as U+FFFD;
//! * a number without fraction and exponent that fits 64 bits is a long, any other number a double;
//! * nesting deeper than [`DEPTH_LIMIT`] is an error.
//!
//! ```
//! use json::{Kind, Step};
//!
//! let record = r#"{"eventName":"GetSecretValue","resources":[{"ARN":"a"},{"ARN":"b"}]}"#;
//! let path = [Step::Key("resources"), Step::Index(-1), Step::Key("ARN")];
//! let raw = json::get(record, &path)?.unwrap_or("null");
//! assert_eq!(json::classify(raw), Kind::String);
//! assert_eq!(json::as_string(raw).as_deref(), Some("b"));
//! # Ok::<(), json::Error>(())
//! ```
//!
//! Reading order: [`Cursor`] (one step at a time), `find` (paths), `kind` (single values), `string` (escapes),
//! `canonical` (whole values in one form).

mod canonical;
mod cursor;
mod error;
mod find;
mod kind;
mod string;

pub use canonical::{canonical, equal, normalize};
pub use cursor::{Cursor, DEPTH_LIMIT};
pub use error::{Error, Problem};
pub use find::{
    Member, Step, elements, get, get_trusted, members, object_end, validate, value_end,
};
pub use kind::{Kind, as_boolean, as_double, as_long, as_string, classify};
pub use string::{Text, unescape, write_string};
