import polars as pl
from polars_parts import within


def ask(events, given):
    return events.filter(
        within(given), pl.col("bucket") == "my_aws_bucket",
        pl.col("event_source") == "signin.amazonaws.com", pl.col("event_name") == "ConsoleLogin",
        pl.col("response_elements_console_login") == "Failure",
    ).group_by(
        "source_ip_address", "error_message", "aws_region", "user_identity_arn", "additional_event_data_mfa_used"
    ).agg(pl.len())
