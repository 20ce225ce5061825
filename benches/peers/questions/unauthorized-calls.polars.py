import polars as pl
from polars_parts import slot, within


def ask(events, given):
    return events.filter(
        within(given),
        pl.col("bucket") == "my_aws_bucket",
        pl.col("error_code").is_in(["AccessDenied", "UnauthorizedOperation"]),
    ).group_by(
        slot(given), "event_name").agg(pl.len().alias("events")).group_by("event_name").agg("slot", "events").sort(
        pl.col("events").list.mean(), "event_name", descending=[True, False], nulls_last=True
    ).limit(10).explode("slot", "events").select("slot", "event_name", "events")
