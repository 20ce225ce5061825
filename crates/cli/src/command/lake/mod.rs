//! `trailsift lake`: what is done with a lake as a whole, a file for each.

mod columns;
mod compact;
mod connect;
pub(super) mod info;
mod progress;
mod vacuum;
mod verify;

use crate::args::{ColumnChange, Lake};
use crate::exit::Exit;
use crate::say::Voice;

pub(super) fn run(args: Lake, voice: &Voice) -> anyhow::Result<Exit> {
    match args {
        Lake::Info { lake, format } => info::run(&lake, format),
        Lake::Verify(args) => verify::run(args, voice),
        Lake::Columns {
            change: None,
            lake,
            format,
        } => columns::run(&lake, format, voice),
        Lake::Columns {
            change: Some(ColumnChange::Add { path, kind, lake }),
            ..
        } => columns::add(&path, kind, &lake, voice),
        Lake::Compact(args) => compact::run(args, voice),
        Lake::Vacuum(args) => vacuum::run(args, voice),
        Lake::Connect { with, lake } => connect::run(with, &lake, voice),
    }
}
