import polars as pl
from polars_parts import instant, slot


def ask(raw, given):
    shape = pl.Struct({"eventTime": pl.String, "eventSource": pl.String})
    events = raw.select(pl.col("content").str.json_decode(shape)).unnest("content").select(
        event_time=instant(pl.col("eventTime")),
        event_source=pl.col("eventSource"),
    )
    return events.filter(pl.col("event_time").is_not_null()).group_by(slot(given), "event_source").agg(
        pl.len()).sort("event_source", nulls_last=True)
