import polars as pl


def ask(events, given):
    return events.group_by("user_agent").agg(pl.len().alias("events")).sort(
        "events", "user_agent", descending=[True, False], nulls_last=True).limit(10)
