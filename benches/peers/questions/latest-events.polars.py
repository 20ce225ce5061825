import polars as pl


def ask(events, given):
    return events.sort("event_time", "event_id", descending=[True, False], nulls_last=True).limit(100).select(
        pl.col("event_time").dt.epoch("us"), "event_id", "event_name", "user_identity_arn")
