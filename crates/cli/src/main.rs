//! `trailsift`: CloudTrail archives into a lake, and detection queries over it. The only part that prints, reads the
//! environment, or ends the process.
//!
//! Reading order: [`args`] (what may be typed), [`command`] (a file for each), [`output`] (a file for each format), then
//! what they share.

mod args;
mod command;
mod output;

mod allocator;
mod asked;
mod crash;
mod embedded;
mod escape;
mod exit;
mod human;
mod path;
mod runtime;
mod s3;
mod say;
mod terminal;
mod text;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

use crate::args::Args;
use crate::exit::Exit;
use crate::say::Voice;

fn main() -> ExitCode {
    let args = Args::read();
    crash::watch();
    let voice = Voice::new(args.quiet);
    let exit = match command::run(args.command, &voice) {
        Ok(exit) => exit,
        // Whoever reads us has seen enough: `trailsift query … | head`.
        Err(error) if exit::is_broken_pipe(&error) => Exit::Fine,
        Err(error) => {
            voice.error(&error);
            Exit::of(&error)
        }
    };
    exit.into()
}
