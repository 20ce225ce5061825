import polars as pl
from polars_parts import slot, within


def ask(events, given):
    return events.filter(
        within(given),
        pl.col("bucket") == "my_aws_bucket",
        pl.col("error_code") == "Client.RequestLimitExceeded",
    ).group_by(slot(given), "event_name").agg(pl.len())
