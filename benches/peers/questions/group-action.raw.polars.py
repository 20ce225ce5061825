import polars as pl


def ask(raw, given):
    shape = pl.Struct({"eventSource": pl.String, "eventName": pl.String})
    events = raw.select(pl.col("content").str.json_decode(shape)).unnest("content").select(
        event_source=pl.col("eventSource"),
        event_name=pl.col("eventName"),
    )
    return events.group_by("event_source", "event_name").agg(pl.len().alias("events")).sort(
        "events", "event_source", "event_name", descending=[True, False, False], nulls_last=True
    ).select("event_source", "event_name", "events")
