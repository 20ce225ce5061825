import polars as pl
from polars_parts import text, time, within


def ask(raw, given):
    events = raw.filter(text("$.eventName") == "ConsoleLogin").select(
        event_time=time("$.eventTime"),
        event_source=text("$.eventSource"),
        event_name=text("$.eventName"),
        response_elements_console_login=text("$.responseElements.ConsoleLogin"),
        source_ip_address=text("$.sourceIPAddress"),
        error_message=text("$.errorMessage"),
        aws_region=text("$.awsRegion"),
        user_identity_arn=text("$.userIdentity.arn"),
        additional_event_data_mfa_used=text("$.additionalEventData.MFAUsed"),
    )
    return events.filter(
        within(given), pl.col("event_source") == "signin.amazonaws.com", pl.col("event_name") == "ConsoleLogin",
        pl.col("response_elements_console_login") == "Failure",
    ).group_by(
        "source_ip_address", "error_message", "aws_region", "user_identity_arn", "additional_event_data_mfa_used"
    ).agg(pl.len())
