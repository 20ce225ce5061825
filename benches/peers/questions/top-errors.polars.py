import polars as pl


def ask(events, given):
    return events.filter(
        pl.col("error_code").is_not_null(),
    ).group_by("error_code", "user_identity_arn").agg(pl.len().alias("events")).sort(
        "events", "error_code", "user_identity_arn", descending=[True, False, False], nulls_last=True).limit(20)
