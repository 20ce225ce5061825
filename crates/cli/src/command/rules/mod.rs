//! `trailsift rules`: what rules there are, whether they can be run, and whether they find what they are to find.

mod check;
mod coverage;
mod list;
mod test;

use rules::load::Loaded;
use syntax::Diagnostic;

use crate::args::Rules;
use crate::exit::Exit;
use crate::say::Voice;

pub(super) fn run(args: Rules, voice: &Voice) -> anyhow::Result<Exit> {
    match args {
        Rules::List { paths, format } => list::list(&paths, format, voice),
        Rules::Check {
            paths,
            lake,
            format,
        } => check::check(&paths, lake, format, voice),
        Rules::Coverage {
            paths,
            format,
            wide,
        } => coverage::coverage(&paths, format, wide, voice),
        Rules::Test { paths, format } => test::test(&paths, format, voice),
    }
}

/// Says what loading found odd and is `wanted`, and gives how much of it there is.
fn warnings(loaded: &Loaded, voice: &Voice, wanted: impl Fn(&Diagnostic) -> bool) -> usize {
    let warnings = loaded.warnings.iter().filter(|(_, found)| wanted(found));
    let mut count = 0;
    for (path, found) in warnings {
        count += 1;
        // Files of the program itself have no text on disk.
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        voice.diagnostics(
            &path.display().to_string(),
            text,
            std::slice::from_ref(found),
        );
    }
    count
}
