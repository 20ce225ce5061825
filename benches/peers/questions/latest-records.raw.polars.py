import polars as pl
from polars_parts import text, time


def ask(raw, given):
    events = raw.filter(text("$.errorCode") == "AccessDenied").select(
        pl.col("content"),
        event_time=time("$.eventTime"),
        event_id=text("$.eventID"),
        error_code=text("$.errorCode"),
    )
    return events.filter(pl.col("error_code") == "AccessDenied").sort(
        "event_time", "event_id", descending=[True, False], nulls_last=True
    ).limit(20).select(pl.col("event_time").dt.epoch("us"), "content")
