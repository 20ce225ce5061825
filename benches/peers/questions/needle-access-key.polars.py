import polars as pl


def ask(events, given):
    return events.filter(pl.col("user_identity_access_key_id") == given["access_key"]).group_by("event_name").agg(
        pl.len(), pl.col("event_time").min().dt.epoch("us").alias("first"),
        pl.col("event_time").max().dt.epoch("us").alias("last")
    ).sort("event_name", nulls_last=True)
