//! `trailsift bench`: an archive made, ingested and asked, or a lake asked, and what that took.
//!
//! Reading order: this file, `question` (what is asked), `job` (one thing after the other), `ground` (where archive and lake are),
//! `needle` (which values are asked for), `measure` with `cold`, `meter` and `checksum` (a question), `report`, which `head` and
//! `page` show to people and `object` gives to programs.

mod checksum;
mod cold;
mod ground;
mod head;
mod job;
mod machine;
mod measure;
mod meter;
mod needle;
mod object;
mod page;
mod question;
mod report;
mod told;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use self::ground::Ground;
use self::job::{Job, archive_options};
use self::machine::Machine;
use self::report::{Outcome, Report};
use self::told::Told;
use crate::args::{Bench, LakeArg, Summary};
use crate::exit::Exit;
use crate::output::{Destination, Replacement};
use crate::runtime;
use crate::say::Voice;

/// How long a bench that is broken off waits for what is being written.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(args: Bench, voice: &Voice) -> anyhow::Result<Exit> {
    let began = Instant::now();
    let machine = Machine::look();
    let questions = question::choose(question::all()?, &args.only)?;
    if let Some(path) = &args.output {
        Replacement::try_out(path).with_context(|| unwritable(path))?;
    }
    if machine.debug {
        voice.warning("this program was built without optimisation: its figures mean nothing");
    }
    let lake = LakeArg {
        location: args.lake.clone(),
        s3: args.s3.clone(),
    };
    let settings = runtime::settings(&args.resources, &lake);
    let ground = match &args.lake {
        Some(_) => None,
        None => Some(Ground::open(args.work.as_deref(), &archive_options(&args))?),
    };
    let told = Arc::new(Told::new(*voice));
    let job = Job {
        args: args.clone(),
        place: ground.as_ref().map(|ground| ground.place().clone()),
        settings: settings.clone(),
        machine,
        began,
        told: Arc::clone(&told),
        voice: *voice,
    };
    let stopping = Arc::clone(&told);
    let kept = ground.as_ref().and_then(Ground::left).map(Path::to_owned);
    let interruption = match (&ground, &kept) {
        (None, _) => "interrupted".to_owned(),
        (Some(_), None) => "interrupted: nothing is left".to_owned(),
        (Some(_), Some(folder)) => format!(
            "interrupted: what was whole is kept in {}, nothing else",
            folder.display()
        ),
    };
    let report = runtime::run_out(&settings, PATIENCE, async move {
        let mut work = tokio::spawn(job.run(questions));
        tokio::select! {
            done = &mut work => done.context("the bench broke off")?,
            () = interrupted() => {
                stopping.stop();
                work.abort();
                Err(anyhow::anyhow!(interruption))
            }
        }
    });
    told.end();
    if let Some(ground) = ground.filter(|ground| !ground.clear()) {
        voice.warning(&format!(
            "something in {} could not be removed: remove it yourself",
            ground.place().folder().display()
        ));
    }
    let report = report?;
    write(&report, &args)?;
    if let Some(folder) = kept {
        voice.hint(&format!(
            "archive and lake are kept in {}",
            folder.display()
        ));
    }
    for (question, outcome) in &report.questions {
        if let Outcome::Failed(why) = outcome {
            voice.failure(&format!("{} failed: {why}", question.name));
        }
    }
    Ok(match report.failed() {
        0 => Exit::Fine,
        _ => Exit::Failed,
    })
}

/// Ends when the user or the system wants us to.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                Ok(()) = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn unwritable(path: &Path) -> String {
    format!("{} can't be written", path.display())
}

/// Writes the report where it is to go.
fn write(report: &Report, args: &Bench) -> anyhow::Result<()> {
    let file = args.output.as_deref();
    let is_json = |path: &Path| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    };
    let format = args.format.unwrap_or(match file.is_some_and(is_json) {
        true => Summary::Json,
        false => Summary::Table,
    });
    let mut destination = Destination::open(None)?;
    let look = destination.look(jiff::tz::TimeZone::UTC, args.wide, file.is_some());
    let text = match format {
        Summary::Table => page::page(report, &look),
        Summary::Json => object::text(report),
    };
    let Some(path) = file else {
        let out = &mut destination.out;
        return out
            .write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .context("the report can't be written");
    };
    let put = || {
        let mut file = Replacement::open(path)?;
        file.write_all(text.as_bytes())?;
        file.commit()
    };
    put().with_context(|| unwritable(path))
}
