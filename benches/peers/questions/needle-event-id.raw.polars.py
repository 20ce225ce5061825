import polars as pl
from polars_parts import text, time


def ask(raw, given):
    events = raw.filter(text("$.eventID") == given["event_id"]).select(
        event_id=text("$.eventID"),
        event_time=time("$.eventTime"),
        event_source=text("$.eventSource"),
        event_name=text("$.eventName"),
        source_ip_address=text("$.sourceIPAddress"),
    )
    return events.filter(pl.col("event_id") == given["event_id"]).select(
        pl.col("event_time").dt.epoch("us"), "event_source", "event_name", "source_ip_address")
