import polars as pl
from polars_parts import text, time


def ask(raw, given):
    events = raw.filter(text("$.userIdentity.accessKeyId") == given["access_key"]).select(
        user_identity_access_key_id=text("$.userIdentity.accessKeyId"),
        event_name=text("$.eventName"),
        event_time=time("$.eventTime"),
    )
    return events.filter(pl.col("user_identity_access_key_id") == given["access_key"]).group_by("event_name").agg(
        pl.len(), pl.col("event_time").min().dt.epoch("us").alias("first"),
        pl.col("event_time").max().dt.epoch("us").alias("last")
    ).sort("event_name", nulls_last=True)
