//! The same lake through DuckDB and Polars, where there is a Python with the packages `deltalake`, `duckdb` and `polars`: the
//! one that `TRAILSIFT_PYTHON` names, which must have them, or else `python3`, without which nothing is tested here.

use std::path::Path;
use std::process::Command;

use crate::run::{Folder, log, record};

/// Prints what each engine counts: all rows, those whose declared column has a value, its sum, those of a day, days.
const SCRIPT: &str = r#"
import sys
import duckdb, polars
from deltalake import DeltaTable

path = sys.argv[1]
# Nothing is fetched, not even a part of DuckDB.
duckdb = duckdb.connect(config={"autoinstall_known_extensions": "false"})
files = DeltaTable(path).file_uris()
rows = duckdb.sql(f"""
    SELECT count(*), count(request_parameters_max_keys), sum(request_parameters_max_keys)::BIGINT,
           count(*) FILTER (event_date = '2024-03-11'), count(DISTINCT event_date), count(DISTINCT content)
    FROM read_parquet({files!r}, union_by_name = true, hive_partitioning = true)
""").fetchall()[0]
print("duckdb", *rows)
lake = polars.scan_delta(path)
column = polars.col("request_parameters_max_keys")
day = polars.col("event_date")
rows = lake.select(
    polars.len().alias("rows"),
    column.count().alias("values"),
    column.sum().alias("sum"),
    (day == polars.date(2024, 3, 11)).sum().alias("day"),
    day.drop_nulls().n_unique().alias("days"),
    polars.col("content").n_unique().alias("contents"),
).collect().row(0)
print("polars", *rows)
"#;

/// A Python that has the packages, if there is one.
fn python() -> Option<String> {
    let named = std::env::var("TRAILSIFT_PYTHON").ok();
    let python = named.as_deref().unwrap_or("python3");
    let packages = ["-c", "import deltalake, duckdb, polars"];
    let found = Command::new(python).args(packages).output();
    let found = found.is_ok_and(|output| output.status.success());
    assert!(
        found || named.is_none(),
        "{python} lacks deltalake, duckdb or polars"
    );
    found.then(|| python.to_owned())
}

fn counted(python: &str, lake: &Path) -> String {
    let output = Command::new(python)
        .args(["-c", SCRIPT])
        .arg(lake.join("cloudtrail"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[allow(clippy::print_stderr)]
fn duckdb_and_polars_count_the_same_events_before_and_after_maintenance() {
    let Some(python) = python() else {
        return eprintln!("skipped: no python3 with deltalake, duckdb and polars");
    };
    let folder = Folder::new();
    let ingest = |part: u32| {
        let records: Vec<String> = (0..50)
            .map(|id| {
                let keys = format!("\"requestParameters\":{{\"maxKeys\":{id}}}");
                let time = format!("2024-03-1{}T0{part}:00:{id:02}Z", id % 2);
                record(&format!("{part}-{id}"), &time, &keys)
            })
            .chain([record(&format!("{part}-none"), "then", "")])
            .collect();
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        let name = format!("archive/{part}.json");
        folder.file(&name, log(&records).as_bytes());
        folder.run(&["ingest", &name, "--lake", "lake"]).with(0);
    };
    let run = |arguments: &[&str]| {
        folder
            .run(&[arguments, &["--lake", "lake"]].concat())
            .with(0)
    };
    let count = || counted(&python, &folder.path("lake"));
    let expected = |values: u32, sum: u32| {
        let figures = format!("153 {values} {sum} 75 2 153");
        format!("duckdb {figures}\npolars {figures}\n")
    };

    ingest(1);
    ingest(2);
    run(&[
        "lake",
        "columns",
        "add",
        "requestParameters.maxKeys",
        "--type",
        "long",
    ]);
    ingest(3);
    // The first two ingests' files do not have the column, which other engines read as null.
    assert_eq!(count(), expected(50, 1_225));
    run(&["lake", "compact"]);
    assert_eq!(count(), expected(150, 3_675));
    run(&["lake", "vacuum", "--keep", "0s", "--force"]);
    assert_eq!(count(), expected(150, 3_675));
}
