import polars as pl
from polars_parts import within


def ask(events, given):
    return events.filter(
        within(given), pl.col("bucket") == "my_aws_bucket",
        pl.col("event_name") == "CreateKey",
        ~pl.col("request_parameters_origin").str.starts_with("AWS_").fill_null(False),
    ).select("event_name", "request_parameters_origin", "response_elements_key_metadata_key_usage", "aws_region",
             "user_identity_arn", "response_elements_key_metadata_key_id")
