import polars as pl
from polars_parts import text


def ask(raw, given):
    events = raw.select(
        user_agent=text("$.userAgent"),
    )
    return events.group_by("user_agent").agg(pl.len().alias("events")).sort(
        "events", "user_agent", descending=[True, False], nulls_last=True).limit(10)
