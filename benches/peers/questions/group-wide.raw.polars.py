import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.select(
        user_identity_arn=text("$.userIdentity.arn"),
        event_name=text("$.eventName"),
        source_ip_address=text("$.sourceIPAddress"),
    )
    return events.group_by("user_identity_arn", "event_name", "source_ip_address").agg(pl.len().alias("events")).sort(
        "events", "user_identity_arn", "event_name", "source_ip_address",
        descending=[True, False, False, False], nulls_last=True).limit(20)
