import polars as pl
from polars_parts import slot, text, time, within


def ask(raw, given):
    events = raw.filter(text("$.errorCode").is_in(["AccessDenied", "UnauthorizedOperation"])).select(
        event_time=time("$.eventTime"),
        error_code=text("$.errorCode"),
        event_name=text("$.eventName"),
    )
    return events.filter(within(given), pl.col("error_code").is_in(["AccessDenied", "UnauthorizedOperation"])).group_by(
        slot(given), "event_name").agg(pl.len().alias("events")).group_by("event_name").agg("slot", "events").sort(
        pl.col("events").list.mean(), "event_name", descending=[True, False], nulls_last=True
    ).limit(10).explode("slot", "events").select("slot", "event_name", "events")
