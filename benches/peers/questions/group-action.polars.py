import polars as pl


def ask(events, given):
    return events.group_by("event_source", "event_name").agg(pl.len().alias("events")).sort(
        "events", "event_source", "event_name", descending=[True, False, False], nulls_last=True
    ).select("event_source", "event_name", "events")
