//! Scans of data files: the stock Parquet source, given less to do.
//!
//! A query needs few of a file's columns, so that of a footer only these are kept ([`footer`]). Most texts repeat, and a
//! column has few different ones: before a file is opened, conditions on such columns are decided for the texts of their
//! dictionaries ([`condition`]), which tells the rows that meet them ([`select`]). The stock source is then told to read
//! those rows, with the conditions that are left ([`source`]).

mod condition;
mod footer;
mod select;
mod source;
#[cfg(test)]
mod tests;

pub(crate) use footer::Local;
pub(crate) use source::lean;
