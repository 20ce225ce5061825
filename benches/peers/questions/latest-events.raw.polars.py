import polars as pl
from polars_parts import text, time


def ask(raw, given):
    events = raw.select(
        event_time=time("$.eventTime"),
        event_id=text("$.eventID"),
        event_name=text("$.eventName"),
        user_identity_arn=text("$.userIdentity.arn"),
    )
    return events.sort("event_time", "event_id", descending=[True, False], nulls_last=True).limit(100).select(
        pl.col("event_time").dt.epoch("us"), "event_id", "event_name", "user_identity_arn")
