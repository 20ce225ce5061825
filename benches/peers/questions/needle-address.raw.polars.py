import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.filter(text("$.sourceIPAddress") == given["address"]).select(
        source_ip_address=text("$.sourceIPAddress"),
        user_identity_arn=text("$.userIdentity.arn"),
        event_name=text("$.eventName"),
    )
    return events.filter(
        pl.col("source_ip_address") == given["address"],
    ).group_by("user_identity_arn", "event_name").agg(
        pl.len()).sort("user_identity_arn", "event_name", nulls_last=True)
