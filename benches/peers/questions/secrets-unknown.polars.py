import polars as pl
from polars_parts import within


def ask(events, given):
    return events.filter(
        within(given), pl.col("bucket") == "my_aws_bucket",
        pl.col("event_name") == "GetSecretValue", pl.col("error_code") == "ResourceNotFoundException",
    ).group_by("source_ip_address", "aws_region", "user_identity_arn").agg(
        pl.len(), pl.col("request_parameters_secret_id").drop_nulls().n_unique()
    ).sort("request_parameters_secret_id", descending=True)
