//! The command line as it is typed.

use clap::{CommandFactory, Parser};

use crate::args::{Args, Command, Format, Lake, Moment, Now, Rules, Summary, TestFormat};

fn parse(line: &str) -> Result<Command, String> {
    let words = std::iter::once("trailsift").chain(line.split_whitespace());
    Args::try_parse_from(words)
        .map(|args| args.command)
        .map_err(|error| error.to_string())
}

#[test]
fn the_parser_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn every_command_has_two_examples() {
    let mut commands = vec![Args::command()];
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().cloned());
        if !command.has_subcommands() || command.get_name() == "trailsift" {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            let examples = help.lines().filter(|line| {
                line.trim_start().starts_with("trailsift ") || line.contains("=lake trailsift ")
            });
            assert_eq!(examples.count(), 2, "{}", command.get_name());
        }
    }
}

#[test]
fn queries() {
    let Ok(Command::Query(query)) = parse(
        "query - --lake l --now latest --from -7d --to -30min --timezone Europe/Vienna --format grail --wide",
    ) else {
        panic!("a query");
    };
    assert_eq!(query.text.query.as_deref(), Some("-"));
    assert_eq!(query.over.lake.location.as_deref(), Some("l"));
    assert_eq!(query.time.now, Some(Now::Latest));
    assert_eq!(query.time.from, Moment::parse("-7d").ok());
    assert_eq!(query.time.to, Moment::parse("-30min").ok());
    assert_eq!(query.time.timezone.iana_name(), Some("Europe/Vienna"));
    assert_eq!(query.shape.format, Some(Format::Grail));
    assert!(query.shape.wide);
    assert!(matches!(parse("sql q --lake l"), Ok(Command::Sql(_))));
    let Ok(Command::Query(query)) = parse("query q --archive a s3://b/c --bucket my") else {
        panic!("a query");
    };
    assert_eq!(query.over.archives.len(), 2);
    assert_eq!(query.over.bucket.as_deref(), Some("my"));
    assert!(parse("explain q --archive a --archive b --analyze").is_ok());
    assert!(parse("query --file q.dql --memory 512MB --threads 2 --output o.csv").is_ok());
    for wrong in [
        "query q --file q.dql",
        "query q --format xml",
        "query q --timezone Mars",
        "query q --from yesterday",
        "query q --memory lots",
        "query q --threads 0",
        "query q extra",
        "query q --archive",
        "query q --bucket b",
        "query q --archive a --bucket=",
        "sql q --steps optimized",
        "",
    ] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn other_commands() {
    let Ok(Command::Ingest(ingest)) =
        parse("ingest a b --lake l --bucket my --account 1 --account 2 --region r --format json")
    else {
        panic!("an ingest");
    };
    assert_eq!(ingest.sources.len(), 2);
    assert_eq!(ingest.bucket, "my");
    assert_eq!(ingest.select.accounts, ["1", "2"]);
    assert_eq!(ingest.format, Summary::Json);
    assert!(parse("ingest --lake l").is_err());

    assert!(matches!(parse("show id --lake l"), Ok(Command::Show(show)) if show.event_id == "id"));
    assert!(
        matches!(parse("detect --rules a --rules b --exit-code"), Ok(Command::Detect(detect))
        if detect.rules.len() == 2 && detect.exit_code)
    );
    assert!(
        matches!(parse("rules list a"), Ok(Command::Rules(Rules::List { paths, .. })) if paths.len() == 1)
    );
    assert!(matches!(
        parse("rules check"),
        Ok(Command::Rules(Rules::Check {
            format: Summary::Table,
            ..
        }))
    ));
    assert!(matches!(
        parse("rules coverage a b --format csv --wide"),
        Ok(Command::Rules(Rules::Coverage { paths, wide: true, .. })) if paths.len() == 2
    ));
    assert!(matches!(
        parse("rules test a --format junit"),
        Ok(Command::Rules(Rules::Test {
            format: TestFormat::Junit,
            ..
        }))
    ));
    assert!(parse("rules test --format csv").is_err());
    assert!(matches!(
        parse("lake info --lake l"),
        Ok(Command::Lake(Lake::Info { .. }))
    ));
    assert!(matches!(
        parse("lake columns"),
        Ok(Command::Lake(Lake::Columns { .. }))
    ));
    assert!(parse("rules").is_err());
    let quiet = Args::try_parse_from(["trailsift", "fmt", "q", "--quiet"]).expect("parsed");
    assert!(quiet.quiet && matches!(quiet.command, Command::Fmt(_)));
}
