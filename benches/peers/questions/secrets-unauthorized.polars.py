import polars as pl
from polars_parts import within


def ask(events, given):
    return events.filter(
        within(given),
        pl.col("bucket") == "my_aws_bucket",
        pl.col("event_name") == "GetSecretValue",
        pl.col("error_code") == "AccessDenied",
    ).with_columns(
        secret_id=pl.col("error_message").str.extract(r"^[^\r\n]+?:secret:([^\x00-\x20\x7f]+)", 1)
    ).filter(pl.col("secret_id").is_not_null()).group_by(
        "source_ip_address", "aws_region", "user_identity_arn", "secret_id").agg(pl.len())
