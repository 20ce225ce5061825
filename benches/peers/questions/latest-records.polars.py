import polars as pl


def ask(events, given):
    return events.filter(pl.col("error_code") == "AccessDenied").sort(
        "event_time", "event_id", descending=[True, False], nulls_last=True
    ).limit(20).select(pl.col("event_time").dt.epoch("us"), "content")
