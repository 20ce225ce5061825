//! `trailsift lake connect`: what to paste to open the lake with another engine.

use ::lake::Lake;
use engine::Settings;

use crate::args::{Connect, LakeArg};
use crate::command::print;
use crate::exit::Exit;
use crate::runtime;
use crate::s3;
use crate::say::Voice;

pub(super) fn run(with: Connect, lake: &LakeArg, voice: &Voice) -> anyhow::Result<Exit> {
    let location = runtime::location(lake)?.to_owned();
    let s3 = s3::reached(&lake.s3);
    let table = runtime::run(&Settings::default(), async move {
        Ok(Lake::open_with(&location, &s3).await?.table_location())
    })?;
    print(&text(with, &table))?;
    if with == Connect::Athena && !is_s3(&table) {
        voice.hint("Athena reads Amazon S3 alone: BUCKET stands for yours");
    }
    Ok(Exit::Fine)
}

fn is_s3(table: &str) -> bool {
    table.starts_with("s3://")
}

/// A text of SQL.
fn sql(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text of Python.
fn python(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn text(with: Connect, table: &str) -> String {
    match with {
        Connect::Duckdb => duckdb(table),
        Connect::Polars => polars(table),
        Connect::Spark => spark(table),
        Connect::Athena => athena(table),
    }
}

fn duckdb(table: &str) -> String {
    let s3 = match is_s3(table) {
        true => {
            "INSTALL httpfs; LOAD httpfs;\nCREATE SECRET (TYPE s3, PROVIDER credential_chain);\n"
        }
        false => "",
    };
    format!(
        "\
INSTALL delta; LOAD delta;
{s3}CREATE OR REPLACE VIEW cloudtrail AS SELECT * FROM delta_scan({});
SELECT event_name, count(*) AS calls FROM cloudtrail GROUP BY event_name ORDER BY calls DESC LIMIT 10;
",
        sql(table)
    )
}

fn polars(table: &str) -> String {
    format!(
        "\
# pip install polars deltalake
import polars as pl

cloudtrail = pl.scan_delta({})
print(cloudtrail.group_by(\"event_name\").len().sort(\"len\", descending=True).head(10).collect())
",
        python(table)
    )
}

fn spark(table: &str) -> String {
    // Hadoop's name for S3.
    let table = match table.strip_prefix("s3://") {
        Some(rest) => format!("s3a://{rest}"),
        None => table.to_owned(),
    };
    format!(
        "\
# Spark 3.5: pyspark --packages io.delta:delta-spark_2.12:3.3.2{} \\
#   --conf spark.sql.extensions=io.delta.sql.DeltaSparkSessionExtension \\
#   --conf spark.sql.catalog.spark_catalog=org.apache.spark.sql.delta.catalog.DeltaCatalog
spark.read.format(\"delta\").load({}).createOrReplaceTempView(\"cloudtrail\")
spark.sql(\"SELECT event_name, count(*) AS calls FROM cloudtrail GROUP BY event_name ORDER BY calls DESC LIMIT 10\").show()
",
        if table.starts_with("s3a://") {
            ",org.apache.hadoop:hadoop-aws:3.3.4"
        } else {
            ""
        },
        python(&table)
    )
}

fn athena(table: &str) -> String {
    let create = |location: &str| {
        format!(
            "\
CREATE EXTERNAL TABLE cloudtrail
LOCATION {}
TBLPROPERTIES ('table_type' = 'DELTA');
",
            sql(location)
        )
    };
    if is_s3(table) {
        return create(&format!("{}/", table.trim_end_matches('/')));
    }
    // The log last, so that it names no file that is not there yet.
    let folder = shell(table);
    format!(
        "\
-- In a shell, data files first and the log after them:
--   aws s3 sync {folder} s3://BUCKET/cloudtrail --exclude '_delta_log/*'
--   aws s3 sync {folder}/_delta_log s3://BUCKET/cloudtrail/_delta_log
{}",
        create("s3://BUCKET/cloudtrail/")
    )
}

fn shell(word: &str) -> String {
    crate::command::ingest::shell_word(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_as_its_language_wants() {
        let table = "/my \"lake\"/it's/cloudtrail";
        assert!(
            text(Connect::Duckdb, table).contains("delta_scan('/my \"lake\"/it''s/cloudtrail')")
        );
        let quoted = "(\"/my \\\"lake\\\"/it's/cloudtrail\")";
        assert!(text(Connect::Polars, table).contains(quoted));
        assert!(text(Connect::Spark, table).contains(quoted));
        assert!(
            text(Connect::Athena, table).contains("sync '/my \"lake\"/it'\\''s/cloudtrail' s3")
        );
    }

    #[test]
    fn a_lake_in_s3_is_named_as_each_engine_names_it() {
        let table = "s3://logs/lake/cloudtrail";
        assert!(text(Connect::Duckdb, table).contains("CREATE SECRET"));
        assert!(text(Connect::Spark, table).contains("(\"s3a://logs/lake/cloudtrail\")"));
        assert_eq!(
            text(Connect::Athena, table),
            "CREATE EXTERNAL TABLE cloudtrail\nLOCATION 's3://logs/lake/cloudtrail/'\nTBLPROPERTIES ('table_type' = 'DELTA');\n"
        );
    }
}
