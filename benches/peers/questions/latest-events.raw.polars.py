import polars as pl
from polars_parts import instant


def ask(raw, given):
    shape = pl.Struct({
        "eventTime": pl.String,
        "eventID": pl.String,
        "eventName": pl.String,
        "userIdentity": pl.Struct({"arn": pl.String}),
    })
    events = raw.select(pl.col("content").str.json_decode(shape)).unnest("content").select(
        event_time=instant(pl.col("eventTime")),
        event_id=pl.col("eventID"),
        event_name=pl.col("eventName"),
        user_identity_arn=pl.col("userIdentity").struct.field("arn"),
    )
    return events.sort("event_time", "event_id", descending=[True, False], nulls_last=True).limit(100).select(
        pl.col("event_time").dt.epoch("us"), "event_id", "event_name", "user_identity_arn")
