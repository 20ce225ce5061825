import polars as pl
from polars_parts import slot, text, time


def ask(raw, given):
    events = raw.select(
        event_time=time("$.eventTime"),
        error_code=text("$.errorCode"),
    )
    return events.filter(pl.col("event_time").is_not_null()).group_by(slot(given)).agg(
        pl.col("error_code").is_in(["AccessDenied", "UnauthorizedOperation"]).sum(), pl.len())
