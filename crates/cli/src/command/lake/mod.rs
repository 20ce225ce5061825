//! `trailsift lake`: what is done with a lake as a whole, a file for each.

mod columns;
mod info;
mod verify;

use crate::args::Lake;
use crate::exit::Exit;
use crate::say::Voice;

pub(super) fn run(args: Lake, voice: &Voice) -> anyhow::Result<Exit> {
    match args {
        Lake::Info { lake, format } => info::run(&lake, format),
        Lake::Verify(args) => verify::run(args, voice),
        Lake::Columns { format } => columns::run(format, voice),
    }
}
