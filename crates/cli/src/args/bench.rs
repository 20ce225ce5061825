//! `trailsift bench`, as it is typed.

use std::path::PathBuf;

use super::{Now, Resources, S3, Summary};

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift bench --events 10000000 --work /data/bench --output bench.json
  trailsift bench --lake lake --only needle,group-wide --rounds 20 --wide

Families for --only: count, needle, group, series, top, latest, tutorial, whole, rules. docs/bench.md says what is measured, \
and how. Nothing is written to the lake of --lake.

Exit codes: 0 fine, 2 wrong request, 3 failure, of a single question too; the others are measured.")]
pub(crate) struct Bench {
    /// Ask this lake, instead of one that is made: a folder, or s3://BUCKET/PREFIX
    #[arg(
        long,
        value_name = "LAKE",
        conflicts_with_all = ["events", "seed", "days", "work", "no_ingest"]
    )]
    pub(crate) lake: Option<String>,

    #[command(flatten)]
    pub(crate) s3: S3,

    /// How many events to make
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=100_000_000_000))]
    pub(crate) events: u64,

    /// What the events are drawn from: the same seed makes the same archive
    #[arg(long, value_name = "N", default_value_t = 2024)]
    pub(crate) seed: u64,

    /// How many days the events are spread over
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub(crate) days: u32,

    /// Keep archive and lake in this folder, and use the archive again when it is asked for again [default: a temporary
    /// folder, removed at the end]
    #[arg(long, value_name = "DIR")]
    pub(crate) work: Option<PathBuf>,

    /// Use the lake in the folder of --work again, and measure no ingest
    #[arg(long, requires = "work")]
    pub(crate) no_ingest: bool,

    /// Ask only these questions, or families of questions; may be repeated, or separated by commas
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) only: Vec<String>,

    /// How often each question is asked warm; cold as often, but three times at most
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) rounds: u32,

    /// What now() is: an instant, or `latest` for one second after the newest event [default: latest]
    #[arg(long, value_name = "T|latest", value_parser = Now::parse)]
    pub(crate) now: Option<Now>,

    #[command(flatten)]
    pub(crate) resources: Resources,

    /// How to write the report: `table` for people, or `json` [default: table, or what the name of the file says]
    #[arg(long, value_name = "F")]
    pub(crate) format: Option<Summary>,

    /// Write the report to this file, which only its owner can read
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Leave out no column of the table
    #[arg(long)]
    pub(crate) wide: bool,
}
