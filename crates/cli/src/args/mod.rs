//! What may be typed. What it means is settled in [`crate::asked`] and by the commands; here no file is opened.

mod bench;
mod format;
mod keep;
mod moment;
mod s3;
mod size;

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use jiff::tz::TimeZone;

pub(crate) use bench::Bench;
pub(crate) use format::{
    Alerts, Columns, Connect, Format, Kind, Listing, Steps, Summary, TestFormat,
};
pub(crate) use moment::{Moment, Now};
pub(crate) use s3::S3;

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "trailsift",
    version,
    about = "CloudTrail archives as a lake, and DQL detection queries over it",
    after_help = "\
Examples:
  trailsift ingest ./AWSLogs --lake lake
  trailsift query 'fetch logs | summarize count(), by: {aws.region}' --lake lake

Exit codes: 0 fine, 1 alerts (with --exit-code), 2 wrong request, 3 failure, 4 some input rejected.",
    disable_help_subcommand = true
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Say nothing but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Args {
    /// What was typed. Ends the process where that can't be.
    pub(crate) fn read() -> Args {
        let matches = Args::command().get_matches();
        let args = match is_twofold(&matches) {
            false => Args::from_arg_matches(&matches),
            true => Err(Args::command().error(
                ErrorKind::ArgumentConflict,
                "the argument '--archive <SOURCE>...' cannot be used with '--lake <LAKE>': ask the one or the other",
            )),
        };
        args.unwrap_or_else(|error| error.exit())
    }
}

/// Whether both a lake and archives were typed. A lake that the environment names stands back where archives are.
fn is_twofold(matches: &ArgMatches) -> bool {
    let mut matches = matches;
    while let Some((_, inside)) = matches.subcommand() {
        matches = inside;
    }
    let typed = |name: &str| {
        let known = matches.try_contains_id(name).unwrap_or_default();
        known && matches.value_source(name) == Some(ValueSource::CommandLine)
    };
    typed("archives") && typed("location")
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Bring CloudTrail archives into a lake
    Ingest(Ingest),
    /// Run a DQL query
    Query(Query),
    /// Run an SQL query over the lake's table, cloudtrail
    Sql(Sql),
    /// Show one event, with a filter for each of its values
    Show(Show),
    /// Run detection rules and list their alerts
    Detect(Detect),
    /// List, check and test detection rules
    #[command(subcommand)]
    Rules(Rules),
    /// Say what is wrong with a query, without running it
    Check(Check),
    /// Lay a query out: one command a line, comments kept
    Fmt(Fmt),
    /// Show how a query would be answered: columns, JSON parsed, plans
    Explain(Explain),
    /// Show what each matcher of a DPL pattern takes of a text
    Pattern(Pattern),
    /// Look at a lake, and keep it in order
    #[command(subcommand)]
    Lake(Lake),
    /// Measure ingest, queries and rules over a made archive, or over a lake
    Bench(Bench),
}

/// Where the lake is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct LakeArg {
    /// The lake: a folder, or s3://BUCKET/PREFIX
    #[arg(
        long = "lake",
        value_name = "LAKE",
        env = "TRAILSIFT_LAKE",
        hide_env_values = true
    )]
    pub(crate) location: Option<String>,

    #[command(flatten)]
    pub(crate) s3: S3,
}

/// What is asked: a lake, or archives as they are.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Over {
    #[command(flatten)]
    pub(crate) lake: LakeArg,

    /// Instead of a lake: archives, read as the query runs; stands behind it. Files, folders and s3://BUCKET/PREFIX
    #[arg(long = "archive", value_name = "SOURCE", num_args = 1..)]
    pub(crate) archives: Vec<PathBuf>,

    /// The bucket (dt.system.bucket) that the events of --archive are in [default: default_logs]
    #[arg(long, value_name = "NAME", requires = "archives", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) bucket: Option<String>,
}

/// Which objects of a source are meant, by their paths.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Select {
    /// Leave out objects whose path says that they were delivered before this day
    #[arg(long, value_name = "T", value_parser = Moment::parse, allow_hyphen_values = true)]
    pub(crate) from: Option<Moment>,

    /// Leave out objects delivered more than a day after this instant
    #[arg(long, value_name = "T", value_parser = Moment::parse, allow_hyphen_values = true)]
    pub(crate) to: Option<Moment>,

    /// Only objects of this account; may be repeated
    #[arg(long = "account", value_name = "ID")]
    pub(crate) accounts: Vec<String>,

    /// Only objects of this region; may be repeated
    #[arg(long = "region", value_name = "R")]
    pub(crate) regions: Vec<String>,
}

/// What may be used.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Resources {
    /// Memory to stay under, such as 512MB or 4GiB; what needs more spills to disk
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(crate) memory: Option<usize>,

    /// Threads to work with [default: one for each core]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,
}

/// When things happened, and how that is shown.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Time {
    /// What now() is: an instant, or `latest` for one second after the newest event [default: the clock]
    #[arg(long, value_name = "T|latest", value_parser = Now::parse)]
    pub(crate) now: Option<Now>,

    /// Events from this instant on, where the query has no timeframe: 2024-11-25, 2024-11-25T09:00:00Z, -7d
    #[arg(long, value_name = "T", value_parser = Moment::parse, allow_hyphen_values = true)]
    pub(crate) from: Option<Moment>,

    /// Events before this instant, likewise
    #[arg(long, value_name = "T", value_parser = Moment::parse, allow_hyphen_values = true)]
    pub(crate) to: Option<Moment>,

    /// Time zone of display, alignment and series: Europe/Vienna, +02:00
    #[arg(long, value_name = "TZ", default_value = "UTC", value_parser = moment::timezone)]
    pub(crate) timezone: TimeZone,
}

/// The text of a query.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct QueryText {
    /// The query; `-` reads it from standard input
    #[arg(value_name = "QUERY", conflicts_with = "file")]
    pub(crate) query: Option<String>,

    /// Read the query from this file
    #[arg(long, short, value_name = "F")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift ingest ./AWSLogs --lake lake --from 2024-11-01 --to 2024-12-01 --account 111122223333
  trailsift ingest s3://org-trail/AWSLogs --lake s3://our-lakes/audit --from -7d --region eu-west-1 --dry-run

Files, folders and s3:// URLs: JSON as CloudTrail, CloudWatch, EventBridge, Firehose and others wrap it, plain, gzip or \
Zstandard. Of a bucket only the accounts, regions and days asked for are listed; docs/s3.md has the permissions that it \
takes. The same may be ingested again: what the lake has already is folded.")]
pub(crate) struct Ingest {
    /// Files, folders and s3://BUCKET/PREFIX with CloudTrail logs
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) lake: LakeArg,

    /// The bucket (dt.system.bucket) to put the events in
    #[arg(long, value_name = "NAME", default_value = "default_logs")]
    pub(crate) bucket: String,

    #[command(flatten)]
    pub(crate) select: Select,

    /// Read nothing, and say which objects would be read: how many and how large, by account, region and day
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Commit after about so many events; a crash loses no more work than that
    #[arg(long, value_name = "N", default_value_t = 1 << 20, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) batch: u64,

    /// List the repeats that were folded in this file, which only its owner can read: a line of JSON each
    #[arg(long, value_name = "FILE")]
    pub(crate) repeats: Option<PathBuf>,

    /// Read objects again that were ingested before and have not changed since
    #[arg(long)]
    pub(crate) again: bool,

    /// How to write the summary: `table` for people, on standard error, or `json`
    #[arg(long, value_name = "F", default_value = "table")]
    pub(crate) format: Summary,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift query 'fetch logs, from: -30min | summarize count()' --lake lake --now latest
  trailsift query --file failures.dql --from 2024-11-25 --to 2024-11-26 --archive ./AWSLogs --format csv

Without --format: a table on a terminal, ndjson in a pipe, and in a file what its name ends with. With --archive nothing \
is written, and each query reads anew what was delivered in its timeframe and on the day after; `--now latest` needs one \
more pass, over everything. Exit code 4: some of it was rejected.")]
pub(crate) struct Query {
    #[command(flatten)]
    pub(crate) text: QueryText,

    #[command(flatten)]
    pub(crate) over: Over,

    #[command(flatten)]
    pub(crate) time: Time,

    #[command(flatten)]
    pub(crate) shape: Shape,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

/// How records are written, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Shape {
    /// How to write the records [default: table on a terminal, else ndjson]
    #[arg(long, value_name = "F")]
    pub(crate) format: Option<Format>,

    /// Write to this file, which only its owner can read
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Cut nothing in tables
    #[arg(long)]
    pub(crate) wide: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift sql 'SELECT event_name, count(*) AS n FROM cloudtrail GROUP BY 1 ORDER BY n DESC LIMIT 10' --lake lake
  trailsift sql --file report.sql --from -7d --archive s3://org-trail/AWSLogs --format csv --output report.csv

The table has a column for each of `trailsift lake columns`. The dialect is DataFusion's; statements that change something are refused.")]
pub(crate) struct Sql {
    #[command(flatten)]
    pub(crate) text: SqlText,

    #[command(flatten)]
    pub(crate) over: Over,

    #[command(flatten)]
    pub(crate) time: Time,

    #[command(flatten)]
    pub(crate) shape: Shape,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

/// The text of an SQL statement.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SqlText {
    /// The statement; `-` reads it from standard input
    #[arg(value_name = "SQL", conflicts_with = "file")]
    pub(crate) query: Option<String>,

    /// Read the statement from this file
    #[arg(long, short, value_name = "F")]
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift show 6d3f1d0e-9a0f-4b0e-8f3c-1f0a4a4f7f11 --lake lake
  TRAILSIFT_LAKE=lake trailsift show 6d3f1d0e-9a0f-4b0e-8f3c-1f0a4a4f7f11")]
pub(crate) struct Show {
    /// The event's eventID
    #[arg(value_name = "EVENT_ID")]
    pub(crate) event_id: String,

    #[command(flatten)]
    pub(crate) lake: LakeArg,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift detect --lake lake --now latest
  trailsift detect --lake lake --rules ./rules --exceptions known.yaml --new alerts.state --output report.html --exit-code

Without --rules: the rules that are part of this program. A rule's own timeframe counts before --from and --to.
Without --format: a table on a terminal, ndjson in a pipe, and in a file what its name ends with.

Exit codes: 0 fine, 1 alerts (with --exit-code; with --new, new ones), 2 wrong request or rule, 3 failure, 4 rules left out.")]
pub(crate) struct Detect {
    /// Rule files, and folders of them; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(crate) rules: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) over: Over,

    #[command(flatten)]
    pub(crate) time: Time,

    /// How to write the alerts
    #[arg(long, value_name = "F")]
    pub(crate) format: Option<Alerts>,

    /// Write to this file, which only its owner can read
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// A MaxMind database (.mmdb) of cities or networks, for rules that ask where an address is; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(crate) geo: Vec<PathBuf>,

    /// Leave out events of the agents, addresses, principals and accounts in this YAML file
    #[arg(long, value_name = "FILE")]
    pub(crate) exceptions: Option<PathBuf>,

    /// Give only alerts that are not in this file yet, and add them to it
    #[arg(long, value_name = "FILE")]
    pub(crate) new: Option<PathBuf>,

    /// How many alerts each run of a rule gives at most, instead of what the rule says
    #[arg(long, value_name = "N")]
    pub(crate) max_signals: Option<u64>,

    /// Say for each rule what it matched, gave and cost
    #[arg(long)]
    pub(crate) figures: bool,

    /// End with code 1 where there are alerts
    #[arg(long)]
    pub(crate) exit_code: bool,

    /// Cut nothing in tables
    #[arg(long)]
    pub(crate) wide: bool,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

/// What is to be done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// List rules
    #[command(after_help = "\
Examples:
  trailsift rules list
  trailsift rules list ./rules --format json")]
    List {
        /// Rule files, and folders of them [default: those that are part of this program]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How to write them
        #[arg(long, value_name = "F")]
        format: Option<Listing>,
    },
    /// Say what is wrong or odd about rules, with its place
    #[command(after_help = "\
Examples:
  trailsift rules check ./rules
  trailsift rules check ./rules/one.yaml --lake lake")]
    Check {
        /// Rule files, and folders of them [default: those that are part of this program]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        lake: LakeArg,
        /// How to write what there is to say: `table` for people, on standard error, or `json`
        #[arg(long, value_name = "F", default_value = "table")]
        format: Summary,
    },
    /// Say which rules are run here and which are not, and why
    #[command(after_help = "\
Examples:
  trailsift rules coverage ./detection-rules/rules/integrations/aws
  trailsift rules coverage ./sigma/rules ./ours --format json

Exit code 2: nothing that was named could be read.")]
    Coverage {
        /// Rule files, and folders of them [default: those that are part of this program]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How to write it
        #[arg(long, value_name = "F")]
        format: Option<Listing>,
        /// Cut nothing in tables
        #[arg(long)]
        wide: bool,
    },
    /// Run the tests of rules: events, and the alerts that they are to give
    #[command(after_help = "\
Examples:
  trailsift rules test
  trailsift rules test ./rules --format junit > rules.xml

Tests stand in a rule of ours, or in NAME.test.yaml beside NAME.toml or NAME.yml; docs/rules.md has their form.
Exit code 2: a test failed, or a rule can't be read.")]
    Test {
        /// Rule files, and folders of them [default: those that are part of this program]
        #[arg(value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// How to write what became of them
        #[arg(long, value_name = "F", default_value = "table")]
        format: TestFormat,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift check 'fetch logs | filter aws.regio == \"us-east-1\"'
  trailsift check --file a.dql --file b.dql --lake lake --format json")]
pub(crate) struct Check {
    /// The query; `-` reads it from standard input
    #[arg(value_name = "QUERY", conflicts_with = "files")]
    pub(crate) query: Option<String>,

    /// Check the query in this file; may be repeated
    #[arg(long = "file", short, value_name = "F")]
    pub(crate) files: Vec<PathBuf>,

    /// How to write what there is to say: `table` for people, on standard error, or `json`
    #[arg(long, value_name = "F", default_value = "table")]
    pub(crate) format: Summary,

    #[command(flatten)]
    pub(crate) lake: LakeArg,

    #[command(flatten)]
    pub(crate) time: Time,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift fmt 'fetch logs|filter aws.region==\"us-east-1\"|limit 5'
  trailsift fmt --write queries/*.dql

White space changes and nothing else; comments stay. A query with errors is not touched.")]
pub(crate) struct Fmt {
    #[command(flatten)]
    pub(crate) text: QueryText,

    /// Print the canonical form instead: names, literals and the order of parameters made uniform, comments left out
    #[arg(long)]
    pub(crate) canonical: bool,

    /// Print nothing but the names of the queries that would change, and end with 2 if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Write the query of each of these files back to it
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["query", "file", "check", "canonical"])]
    pub(crate) write: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift explain 'fetch logs | parse content, \"JSON:event\" | filter event[eventName] == \"CreateKey\"' --lake lake
  trailsift explain --analyze --file query.dql --archive ./AWSLogs")]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) text: QueryText,

    #[command(flatten)]
    pub(crate) over: Over,

    /// Run the query, and say what each step cost; its records are thrown away
    #[arg(long)]
    pub(crate) analyze: bool,

    /// The plans as DataFusion writes them, nothing left out
    #[arg(long)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) time: Time,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  trailsift pattern \"LD ':secret:' STRING:id\" 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db'
  trailsift pattern \"IPADDR:ip ' ' LD:rest\" --file access.log --format ndjson

Without INPUT and --file: standard input, a text a line. Exit code 4: some texts do not match.")]
pub(crate) struct Pattern {
    /// The pattern, in the Dynatrace Pattern Language
    #[arg(value_name = "PATTERN")]
    pub(crate) pattern: String,

    /// The text; `-` reads standard input
    #[arg(value_name = "INPUT", conflicts_with = "file")]
    pub(crate) input: Option<String>,

    /// Read the texts from this file, one a line
    #[arg(long, short, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// Take the file, or standard input, as one text
    #[arg(long)]
    pub(crate) whole: bool,

    /// How to write it
    #[arg(long, value_name = "F", default_value = "table")]
    pub(crate) format: Steps,

    /// Cut nothing
    #[arg(long)]
    pub(crate) wide: bool,

    /// Time zone of times that name none: Europe/Vienna, +02:00
    #[arg(long, value_name = "TZ", default_value = "UTC", value_parser = moment::timezone)]
    pub(crate) timezone: TimeZone,
}

/// What is to be seen of a lake.
#[derive(Debug, Subcommand)]
pub(crate) enum Lake {
    /// What a lake holds: events, days, files, oddities
    #[command(after_help = "\
Examples:
  trailsift lake info --lake lake
  trailsift lake info --lake lake --format json")]
    Info {
        #[command(flatten)]
        lake: LakeArg,
        /// How to write it
        #[arg(long, value_name = "F", default_value = "table")]
        format: Summary,
    },
    /// Whether a lake holds all that its sources hold, byte for byte and column by column
    #[command(after_help = "\
Examples:
  trailsift lake verify ./AWSLogs --lake lake --from 2024-11-01 --to 2024-12-01 --format json
  trailsift lake verify s3://my-trail/AWSLogs --lake s3://my-lake/trail

Reads the sources again and compares every record. Exit code 4: something is missing or different, or an object can't \
be read. Nothing is changed.")]
    Verify(Verify),
    /// The columns of a lake, and how DQL reaches them
    #[command(
        args_conflicts_with_subcommands = true,
        after_help = "\
Without a lake these are the columns that every lake has.

Examples:
  trailsift lake columns
  trailsift lake columns --lake lake --format markdown > columns.md
  trailsift lake columns add requestParameters.maxKeys --type long --lake lake"
    )]
    Columns {
        #[command(subcommand)]
        change: Option<ColumnChange>,
        #[command(flatten)]
        lake: LakeArg,
        /// How to write them
        #[arg(long, value_name = "F")]
        format: Option<Columns>,
    },
    /// Merge the small files of each day, and fill columns that were declared since
    #[command(after_help = "\
Safe beside ingests and queries, and may be ended at any moment. The files that were merged stay \
for those who are reading them, until `trailsift lake vacuum`.

Examples:
  trailsift lake compact --lake lake --dry-run
  trailsift lake compact --lake lake --memory 2GiB")]
    Compact(Compact),
    /// Remove files and entries of the log that nobody needs any more
    #[command(after_help = "\
Removed are files that were replaced, and files that a killed ingest left, once that is longer ago \
than the time to keep; and old entries of the log, of which a checkpoint is written first.

Examples:
  trailsift lake vacuum --lake lake --dry-run
  trailsift lake vacuum --lake lake --keep 30d")]
    Vacuum(Vacuum),
    /// Print what to paste to open the lake with another engine
    #[command(after_help = "\
Examples:
  trailsift lake connect duckdb --lake lake
  trailsift lake connect athena --lake lake")]
    Connect {
        /// The engine
        #[arg(value_name = "ENGINE")]
        with: Connect,
        #[command(flatten)]
        lake: LakeArg,
    },
}

/// What can be done to the columns of a lake.
#[derive(Debug, Subcommand)]
pub(crate) enum ColumnChange {
    /// Declare one more column for this lake
    #[command(after_help = "\
What is ingested from now on has it; `trailsift lake compact` fills it in for what is there. Answers \
are the same before and after: where the column is not filled, the records' text is read.

Examples:
  trailsift lake columns add requestParameters.maxKeys --type long --lake lake
  trailsift lake columns add 'event[requestParameters][x-amz-acl]' --lake lake")]
    Add {
        /// Where in the record: keys joined by dots, or in brackets as DQL has them
        #[arg(value_name = "PATH")]
        path: String,
        /// What the column takes; a value of another type is found in the text
        #[arg(long = "type", value_name = "TYPE", default_value = "text")]
        kind: Kind,
        #[command(flatten)]
        lake: LakeArg,
    },
}

/// `trailsift lake compact`.
#[derive(Debug, clap::Args)]
pub(crate) struct Compact {
    #[command(flatten)]
    pub(crate) lake: LakeArg,
    /// The size of a data file to aim at [default: 256MiB]
    #[arg(long, value_name = "SIZE", value_parser = size::parse)]
    pub(crate) target_size: Option<usize>,
    /// Pack records as densely as pays, once and for all: for days that no events come to any more
    #[arg(long)]
    pub(crate) dense: bool,
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) resources: Resources,
    /// How to write the summary
    #[arg(long, value_name = "F", default_value = "table")]
    pub(crate) format: Summary,
}

/// `trailsift lake vacuum`.
#[derive(Debug, clap::Args)]
pub(crate) struct Vacuum {
    #[command(flatten)]
    pub(crate) lake: LakeArg,
    /// How long files are kept after they were replaced, or written and not committed
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = keep::parse)]
    pub(crate) keep: std::time::Duration,
    /// Allow less than a day: no ingest and no query is running
    #[arg(long)]
    pub(crate) force: bool,
    /// List what would be removed, and remove nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// How to write the summary
    #[arg(long, value_name = "F", default_value = "table")]
    pub(crate) format: Summary,
}

/// `trailsift lake verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    /// What was ingested: files, folders with all that is in them, `s3://BUCKET/PREFIX`
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) lake: LakeArg,

    #[command(flatten)]
    pub(crate) select: Select,

    /// How to write the report
    #[arg(long, value_name = "F", default_value = "table")]
    pub(crate) format: Summary,

    #[command(flatten)]
    pub(crate) resources: Resources,
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(threads @ 1..=1024) => Ok(threads),
        _ => Err("a number from 1 to 1024 was expected".to_owned()),
    }
}
