import polars as pl
from polars_parts import text, time, within


def ask(raw, given):
    events = raw.filter(text("$.eventName") == "GetSecretValue").select(
        event_time=time("$.eventTime"),
        event_name=text("$.eventName"),
        error_code=text("$.errorCode"),
        error_message=text("$.errorMessage"),
        source_ip_address=text("$.sourceIPAddress"),
        aws_region=text("$.awsRegion"),
        user_identity_arn=text("$.userIdentity.arn"),
    )
    return events.filter(
        within(given), pl.col("event_name") == "GetSecretValue", pl.col("error_code") == "AccessDenied",
        pl.col("error_message") == "Access to KMS is not allowed",
    ).group_by("source_ip_address", "aws_region", "user_identity_arn").agg(pl.len())
