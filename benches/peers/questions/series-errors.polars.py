import polars as pl
from polars_parts import slot


def ask(events, given):
    return events.filter(pl.col("event_time").is_not_null()).group_by(slot(given)).agg(
        pl.col("error_code").is_in(["AccessDenied", "UnauthorizedOperation"]).sum(), pl.len())
