import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.select(
        event_source=text("$.eventSource"),
        event_name=text("$.eventName"),
    )
    return events.group_by("event_source", "event_name").agg(pl.len().alias("events")).sort(
        "events", "event_source", "event_name", descending=[True, False, False], nulls_last=True).select("event_source", "event_name", "events")
