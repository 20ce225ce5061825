import polars as pl
from polars_parts import slot, text, time, within


def ask(raw, given):
    events = raw.filter(text("$.errorCode") == "Client.RequestLimitExceeded").select(
        event_time=time("$.eventTime"),
        error_code=text("$.errorCode"),
        event_name=text("$.eventName"),
    )
    return events.filter(
        within(given),
        pl.col("error_code") == "Client.RequestLimitExceeded",
    ).group_by(slot(given), "event_name").agg(pl.len())
