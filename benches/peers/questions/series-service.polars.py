import polars as pl
from polars_parts import slot


def ask(events, given):
    return events.filter(pl.col("event_time").is_not_null()).group_by(slot(given), "event_source").agg(
        pl.len()).sort("event_source", nulls_last=True)
