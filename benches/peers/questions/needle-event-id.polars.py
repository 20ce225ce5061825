import polars as pl


def ask(events, given):
    return events.filter(pl.col("event_id") == given["event_id"]).select(
        pl.col("event_time").dt.epoch("us"), "event_source", "event_name", "source_ip_address")
